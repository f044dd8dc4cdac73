"""The one evaluator: values of figures for all places of some districts, in a constant number of queries."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np

from heli.figures.types import Value
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Additivity, Ask, Figure, Rows
from heli.kernel.pairs import Ints, Pairs
from heli.places import queries as places
from heli.places.queries import Structure
from heli.places.types import LEVEL_ORDER


@dataclass(frozen=True)
class Evaluation:
    """Values of figures for every place of the asked districts that the reader may see.

    `places_on` is the day whose places the values stand on: the asked day, or the one they were restated to.
    """

    ask: Ask
    places_on: date
    figures: Mapping[str, Figure]
    values: Mapping[str, Pairs]
    structure: Structure

    def of(self, figure_id: str, place_id: int) -> Value | None:
        """The number of one place; None where there is none or the reader may not see it."""
        pair = self.values[figure_id].get(place_id) if figure_id in self.values else None
        return None if pair is None else Value(self.figures[figure_id], *pair)

    def all_of(self, figure_id: str) -> dict[int, Value]:
        """The numbers of all places, towns and districts among them."""
        figure = self.figures[figure_id]
        return {place: Value(figure, *pair) for place, pair in self.values[figure_id].items()}

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Names of the places that have a value, on that day."""
        keys = {int(key) for pairs in self.values.values() for key in pairs}
        return places.names_at(keys, self.places_on)


def evaluate(
    actor: Actor,
    figures: Iterable[Figure],
    *,
    district_ids: Collection[int],
    on: date,
    at: datetime | None = None,
    restated_to: date | None = None,
) -> Evaluation:
    """Values of figures for villages, towns and districts on a day, as far as the actor reaches.

    What adds up is added up along the places' parents of that day; ratios from numerator and denominator. `at`: what was
    known at that moment. `restated_to`: the values of `on` carried along the lineage to the places of that later day, each
    total conserved; what does not add up has no restated values. Raises `ValueError` where that day is the earlier one.
    """
    day = restated_to or on
    if day < on:
        raise ValueError("figures are restated forwards only")
    chosen = {figure.id: figure for figure in figures}
    ask = Ask(district_ids=tuple(sorted(district_ids)), on=on, at=at)
    structure = places.structure_on(ask.district_ids, day)
    if day == on:
        ask.shared("places.structure", lambda: structure)
    visible = {action: _visible(actor, action, structure) for action in {one.action for one in chosen.values()}}
    values = {}
    for name, figure in chosen.items():
        seen = visible[figure.action]
        values[name] = _values(figure, ask, structure).only(seen) if len(seen) else Pairs(seen, seen)
    return Evaluation(ask, day, chosen, values, structure)


def _values(figure: Figure, ask: Ask, structure: Structure) -> Pairs:
    pairs = Pairs.of(figure.evaluate(ask))
    if figure.over_places is not Additivity.SUM:
        return pairs if structure.on == ask.on else Pairs(pairs.places[:0], pairs.numerators[:0])
    if structure.on != ask.on:
        columns = (pairs.numerators, pairs.denominators) if figure.is_ratio else (pairs.numerators,)
        carried = places.carried(
            pairs.places,
            columns,
            after=ask.on,
            until=structure.on,
            district_ids=ask.district_ids,
            carried_by=figure.carried_by,
        )
        # Which shares are unknown is the same for both integers of a ratio, so both stand at the same places.
        moved = [structure.with_joint(one.places, one.values, one.joint) for one in carried]
        pairs = Pairs(moved[0][0], moved[0][1], moved[1][1] if figure.is_ratio else None)
    return roll_up(pairs, structure, is_ratio=figure.is_ratio)


def roll_up(pairs: Pairs, structure: Structure, *, is_ratio: bool) -> Pairs:
    """Values added up along the parents, from the lowest level to the highest.

    A place has a value when it or anything below has one. Values of places that did not stand that day are left out.
    """
    pairs = pairs.only(structure.places)
    size = len(structure.places)
    slots = np.searchsorted(structure.places, pairs.places)
    above, below, known = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, bool)
    above[slots], below[slots], known[slots] = pairs.numerators, pairs.denominators, True
    parent = np.searchsorted(structure.places, structure.parents)
    has_parent = np.isin(structure.parents, structure.places)
    for level in reversed(range(len(LEVEL_ORDER))):
        here = np.flatnonzero((structure.levels == level) & known & has_parent)
        np.add.at(above, parent[here], above[here])
        np.add.at(below, parent[here], below[here])
        known[parent[here]] = True
    return Pairs(structure.places[known], above[known], below[known] if is_ratio else None)


def _visible(actor: Actor, action: str, structure: Structure) -> Ints:
    """The places of the structure that the actor reaches, ascending; a district is seen with everything under it."""
    reach = scope(actor, action)
    if reach.everything:
        return structure.places
    whole = np.isin(structure.districts, np.array(sorted(places.whole_districts(reach)), np.int64))
    rest = structure.places[~whole]
    if not len(rest) or not reach.place_ids:
        return structure.places[whole]
    within = places.in_scope(reach).filter(district_id__in=set(structure.districts.tolist()))
    keys = np.array(sorted(within.values_list("pk", flat=True)), np.int64)
    return structure.places[whole | np.isin(structure.places, keys)]


def visible_places(actor: Actor, action: str, district_ids: Collection[int], on: date) -> set[int] | None:
    """The places of districts on a day that the actor may see under an action; None for all of them."""
    reach = scope(actor, action)
    if reach.everything or places.whole_districts(reach).issuperset(district_ids):
        return None
    return set(_visible(actor, action, places.structure_on(district_ids, on)).tolist())


def rows_behind(actor: Actor, figure: Figure, place_id: int, on: date, at: datetime | None = None) -> Rows:
    """The rows behind the number of a place, as far as the actor reaches; empty where the place is out of reach."""
    return rows_of_places(actor, figure, [place_id], on, at)


def rows_of_places(
    actor: Actor, figure: Figure, place_ids: Collection[int], on: date, at: datetime | None = None
) -> Rows:
    """The rows behind the numbers of several places of one day together."""
    standing = places.rows_of(place_ids, on)
    districts = tuple(sorted({row.district_id for row in standing.values() if row.district_id is not None}))
    structure = places.structure_on(districts, on)
    asked = [structure.below(place) for place in place_ids]
    below = np.unique(np.concatenate(asked)) if asked else np.empty(0, np.int64)
    seen = np.intersect1d(below, _visible(actor, figure.action, structure), assume_unique=True)
    if not len(seen):
        return Rows([], [])
    ask = Ask(district_ids=districts, on=on, at=at)
    ask.shared("places.structure", lambda: structure)
    return figure.rows(ask, seen.tolist())
