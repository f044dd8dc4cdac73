"""Reads of ledgers: the rows an actor reaches, one row, its history and evidence, the places a form may name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from heli.bodies import queries as bodies
from heli.kernel.access import Actor, scope
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About, whole
from heli.records.fields import Field, FieldKind
from heli.records.ledgers import Ledger, ledgers
from heli.records.models import Event, LedgerEvidence, LedgerRow
from heli.records.rules import age_days, days_late

LEVELS = (Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE)


def part_of(actor: Actor, about: About, action: str, path: str = "place") -> Q:
    """The condition that a row's place lies in the actor's part of the district; a place that was merged counts to it."""
    if whole(actor, about, action):
        return Q()
    return Q(**{f"{path}__in": places.in_scope(scope(actor, action)).values("pk")})


def rows_of(ledger: Ledger, actor: Actor, about: About) -> QuerySet[Any]:
    """The rows of an about in the actor's part of it, with whom they name."""
    found = ledger.model._default_manager.filter(part_of(actor, about, ledger.reads), about=about.id)
    return _with_holders(ledger, found)


def rows_everywhere(ledger: Ledger, actor: Actor) -> QuerySet[Any]:
    """The rows at the actor's places, whatever they are about, with whom they name."""
    mine = places.in_scope(scope(actor, ledger.reads)).values("pk")
    return _with_holders(ledger, ledger.model._default_manager.filter(place__in=mine))


def find_row(ledger: Ledger, actor: Actor, about: About, public_id: str) -> Any:
    """A row by its public id, if the actor reaches it; else None."""
    return rows_of(ledger, actor, about).filter(public_id=public_id).first()


def _with_holders(ledger: Ledger, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(*_followed(ledger)) if _followed(ledger) else rows


def _followed(ledger: Ledger) -> list[str]:
    holders = [one.name for one in ledger.fields.values() if one.kind is FieldKind.HOLDER]
    files = [one.name for one in ledger.fields.values() if one.kind is FieldKind.FILE]
    return [*files, *(f"{name}_{which}" for name in holders for which in ("person", "body"))]


def events_of(ledger: Ledger, row: LedgerRow) -> QuerySet[Event]:
    """What happened to a row, from the first."""
    return Event.objects.filter(ledger=ledger.name, row=row.public_id)


def evidence_of(ledger: Ledger, row: LedgerRow) -> QuerySet[LedgerEvidence]:
    """What shows how a row was settled."""
    return LedgerEvidence.objects.filter(ledger=ledger.name, row=row.public_id).select_related("file")


def targets(actor: Actor, about: About, on: date, action: str) -> list[PlaceRow]:
    """The places that the actor may name in a form: the district, its towns, the villages the about runs over; by code."""
    rows = places.places_on(about.district_id, on, levels=LEVELS)
    mine = None
    if not whole(actor, about, action):
        mine = set(places.in_scope(scope(actor, action)).values_list("pk", flat=True))
    own = about.villages if any(row.id in about.villages for row in rows if row.level is Level.VILLAGE) else None
    return [
        row
        for row in rows
        if (mine is None or row.id in mine) and (row.level is not Level.VILLAGE or own is None or row.id in own)
    ]


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names of the places on some rows, and where those that ended go on."""

    names: Mapping[int, str]
    heirs: Mapping[int, int]

    def of(self, place_id: int | None) -> str:
        """The name of a place; nothing for none."""
        return self.names.get(place_id, "") if place_id is not None else ""

    def heir_of(self, place_id: int) -> str:
        """The name of the village a place goes on in; nothing while it stands."""
        return self.of(self.heirs.get(place_id))


def names_for(rows: Iterable[Any], about: About | None, on: date) -> RowNames:
    """Names of `place` and `town` of rows; of one about those of the successors of merged places too. Two queries."""
    listed = list(rows)
    heirs = about.kind.heirs(about, {row.place_id for row in listed}) if about is not None else {}
    keys = {key for row in listed for key in (row.place_id, row.town_id) if key is not None}
    return RowNames(places.names_at(keys | set(heirs.values()), on), heirs)


def holder_of(row: Any, prefix: str) -> bodies.Holder | None:
    """Who is charged by a row."""
    return bodies.holder_of(getattr(row, f"{prefix}_person"), getattr(row, f"{prefix}_body"))


def value_of(one: Field, row: Any) -> Any:
    """A field of a row as forms and rules take it: a place as its key, a holder as its key in words, the rest as stored."""
    if one.kind is FieldKind.HOLDER:
        holder = holder_of(row, one.name)
        return holder.key if holder else ""
    return getattr(row, f"{one.name}_id" if one.kind is FieldKind.PLACE else one.name)


def values_of(ledger: Ledger, row: Any) -> dict[str, Any]:
    """All fields of a row; holders must have been read with it."""
    return {one.name: value_of(one, row) for one in ledger.fields.values()}


@dataclass(frozen=True)
class LedgerLine:
    """A row as lists, statistics and pages show it: `values` by field, ready to be read; names of places and holders in words.

    `late`: calendar days after the due day; `age`: days since it was found or entered. Fields are attributes too.
    """

    ledger: Ledger
    entry: Any
    values: Mapping[str, Any]
    town: str
    heir: str
    status: str
    is_done: bool
    closed_on: date | None
    late: int
    age: int

    def __getattr__(self, name: str) -> Any:
        """A field's value, or what the row itself has."""
        if name.startswith("__") or "values" not in self.__dict__:
            raise AttributeError(name)
        return self.values[name] if name in self.values else getattr(self.entry, name)


def lines_of(
    ledger: Ledger, actor: Actor, about: About | None, on: date, rows: Sequence[Any] | None = None
) -> list[LedgerLine]:
    """The ledger of the actor's part (or some rows of it), without an about all of the actor's; a constant number of queries.

    What only some may see (`Field.seen_by`) is None where the actor is none of them.
    """
    if rows is None:
        rows = list(rows_of(ledger, actor, about) if about is not None else rows_everywhere(ledger, actor))
    entries = rows
    kept = ledger.fields.values()
    names = names_for(entries, about, on)
    keys = {row.place_id for row in entries}
    seen = {right: places.reached_among(scope(actor, right), keys) for right in {one.seen_by for one in kept} - {""}}

    def shown(one: Field, row: Any) -> Any:
        if one.seen_by and row.place_id not in seen[one.seen_by]:
            return None
        if one.kind is FieldKind.PLACE:
            return names.of(row.place_id)
        if one.kind is not FieldKind.HOLDER:
            return getattr(row, one.name)
        holder = holder_of(row, one.name)
        return holder.title if holder else ""

    found = []
    for row in entries:
        closed_on = getattr(row, f"{ledger.closed}_on", None)
        begun = getattr(row, "found_on", None) or localdate(row.opened_at)
        found.append(
            LedgerLine(
                ledger=ledger,
                entry=row,
                values={one.name: shown(one, row) for one in kept},
                town=names.of(row.town_id),
                heir=names.heir_of(row.place_id),
                status=row.status,
                is_done=row.status == ledger.done,
                closed_on=closed_on,
                late=days_late(getattr(row, "due_on", None), closed_on, on),
                age=age_days(begun, closed_on, on),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of a statistic: all rows of a sort, the settled ones, those settled in time, and the open ones that are late."""

    key: str
    total: int
    done: int
    in_time: int
    late: int

    @property
    def rate(self) -> Ratio:
        """The share settled."""
        return Ratio(self.done, self.total)


def tally(key: str, lines: Sequence[LedgerLine]) -> Tally:
    """The statistic over some rows."""
    done = [line for line in lines if line.is_done]
    late = sum(line.late > 0 and not line.is_done for line in lines)
    return Tally(key, len(lines), len(done), sum(not line.late for line in done), late)


def tally_by(lines: Sequence[LedgerLine], name: str) -> list[Tally]:
    """The statistic by a field, or "town", the largest first."""
    groups: dict[str, list[LedgerLine]] = {}
    for line in lines:
        groups.setdefault(str(getattr(line, name) or ""), []).append(line)
    return sorted((tally(key, group) for key, group in groups.items()), key=lambda one: (-one.total, one.key))


def rows_at(ledger: Ledger, actor: Actor, place_ids: Collection[int]) -> QuerySet[Any]:
    """The rows of a ledger about those of the places that the actor may read it at, the oldest first."""
    readable = places.reached_among(scope(actor, ledger.reads), place_ids)
    return ledger.model._default_manager.filter(place__in=readable).order_by("opened_at", "number")


def count_rows_at(place_ids: Collection[int]) -> list[tuple[Ledger, int]]:
    """Ledgers that have rows at some places, and how many; a query for each ledger."""
    counted = (
        (ledger, ledger.model._default_manager.filter(place_id__in=place_ids).count()) for ledger in ledgers().values()
    )
    return [(ledger, count) for ledger, count in counted if count]
