"""Published figures in scope, beside Heli's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from heli.figures import catalogue
from heli.figures.models import ReportedFigure
from heli.figures.queries.evaluating import evaluate
from heli.figures.types import Value
from heli.kernel.access import Actor, scope
from heli.kernel.lint import Claim, Flag, read
from heli.places import queries as places

READ = "figures.read"


def claims_in_scope(actor: Actor) -> QuerySet[ReportedFigure]:
    """Published figures of places that the actor reads, newest first."""
    found = ReportedFigure.objects.select_related("place")
    reach = scope(actor, READ)
    return found if reach.everything else found.filter(place__in=places.in_scope(reach))


def find_claim(public_id: str, actor: Actor) -> ReportedFigure | None:
    """The published figure behind a public id, if the actor's scope reaches its place."""
    return claims_in_scope(actor).filter(public_id=public_id).first()


def claim_of(row: ReportedFigure) -> Claim:
    """The claim as it was entered."""
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.claim.items()
    }
    return Claim(text=row.text, **given)


def flags_of(row: ReportedFigure) -> list[Flag]:
    """What the lint found on entry."""
    return [Flag(code, facts, is_warning) for code, facts, is_warning in row.flags]


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure beside Heli's own number of the same place and day; `agrees` is None where there is none."""

    row: ReportedFigure
    own: Value | None
    agrees: bool | None


def compare(actor: Actor, rows: Sequence[ReportedFigure]) -> list[Compared]:
    """Published figures beside Heli's own, rounded to as many decimals as were published; an evaluation per day and district."""
    own: dict[int, Value | None] = {}
    named = [row for row in rows if row.figure]
    key = _day_and_district
    for (day, district), group in groupby(sorted(named, key=key), key=key):
        members = list(group)
        known = {row.figure: catalogue.find(row.figure, day) for row in members}
        figures = [figure for figure in known.values() if figure is not None]
        found = evaluate(actor, figures, district_ids=[district], on=day)
        own.update({row.pk: found.of(row.figure, row.place_id) for row in members})
    return [Compared(row, own.get(row.pk), _agrees(row, own.get(row.pk))) for row in rows]


def _day_and_district(row: ReportedFigure) -> tuple[date, int]:
    return row.on, row.place.district_id or row.place_id


def _agrees(row: ReportedFigure, own: Value | None) -> bool | None:
    written = read(row.text)
    if own is None or written is None or not own.is_known:
        return None
    number = own.number(written.decimals)
    return number is not None and number.replace(",", "") == written.text()
