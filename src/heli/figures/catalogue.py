"""Every figure that a context declares: collected from the contexts' `figures.py`, checked at start-up."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

from django.core.exceptions import ImproperlyConfigured

from heli.kernel.declare import Additivity, Figure
from heli.kernel.offers import offered

CONTEXTS = (
    "places", "planning", "assemblies",
    "campaigns", "problems", "risks", "consultation", "inquiries", "rounds", "meetings", "warnings",
)  # fmt: skip
"""The order in which the registry lists the contexts that offer figures; others follow."""
ID = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_0-9]*)+")
TIMES_100 = ("%", "percentage points")
"""Units of ratios that are shown times a hundred."""
MOST_DECIMALS = 6


@cache
def declared() -> tuple[Figure, ...]:
    """All figures of all contexts, in order. Raises `ImproperlyConfigured` naming every wrong declaration."""
    rank = {context: at for at, context in enumerate(CONTEXTS)}
    found = sorted(offered("figures", "FIGURES"), key=lambda figure: rank.get(figure.id.partition(".")[0], len(rank)))
    if mistakes := mistakes_in(found):
        raise ImproperlyConfigured("; ".join(mistakes))
    return tuple(found)


def in_force(on: date) -> Mapping[str, Figure]:
    """The figures as they are defined on the day, by id."""
    return {figure.id: figure for figure in declared() if holds(figure, on)}


def find(figure_id: str, on: date) -> Figure | None:
    """A figure as it is defined on the day; None where there is none of that name then."""
    return in_force(on).get(figure_id)


def holds(figure: Figure, on: date) -> bool:
    """Whether the definition is in force on the day."""
    return figure.valid_from <= on and (figure.valid_to is None or on < figure.valid_to)


def versions_of(figure_id: str) -> Sequence[Figure]:
    """Every version of a figure, oldest first."""
    return sorted((figure for figure in declared() if figure.id == figure_id), key=lambda figure: figure.version)


def mistakes_in(figures: Iterable[Figure]) -> list[str]:
    """What is wrong with the declarations, in words for the programmer who made them."""
    found: list[str] = []
    by_id: dict[str, list[Figure]] = {}
    for figure in figures:
        by_id.setdefault(figure.id, []).append(figure)
        found += [f"figure {figure.id}: {what}" for what in _mistakes_of(figure)]
    for name, versions in by_id.items():
        ordered = sorted(versions, key=lambda figure: figure.valid_from)
        if len({figure.version for figure in versions}) < len(versions):
            found.append(f"figure {name}: two declarations have the same version")
        for earlier, later in pairwise(ordered):
            if earlier.valid_to is None or earlier.valid_to > later.valid_from:
                found.append(f"figure {name}: versions {earlier.version} and {later.version} hold on the same days")
    return found


def _mistakes_of(figure: Figure) -> list[str]:
    wrong = {
        "its id is not context.name": ID.fullmatch(figure.id) is None,
        "it has no version": figure.version < 1,
        "it lacks title, meaning, unit or source": not all((figure.title, figure.meaning, figure.unit, figure.source)),
        "its action is not context.action": ID.fullmatch(figure.action) is None,
        "its decimals are out of range": not 0 <= figure.decimals <= MOST_DECIMALS,
        "a percentage is a ratio": figure.unit in TIMES_100 and not figure.is_ratio,
        "it is carried by people or by area": figure.carried_by not in ("population", "area"),
        "its period is empty": figure.valid_to is not None and figure.valid_to <= figure.valid_from,
        "what adds up over time must add up over places": figure.over_time is Additivity.SUM
        and figure.over_places is not Additivity.SUM,
    }
    return [what for what, is_wrong in wrong.items() if is_wrong]
