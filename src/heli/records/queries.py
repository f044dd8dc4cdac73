"""Reads of ledgers: the rows an actor reaches, one row, its history and evidence, the places a form may name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from heli.bodies import queries as bodies
from heli.kernel.access import Actor, scope
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About, whole
from heli.records.fields import Field, FieldKind
from heli.records.ledgers import Ledger, ledgers
from heli.records.models import Event, LedgerEvidence, LedgerRow, urgency
from heli.records.rules import AGES, age_days, days_late

LEVELS = (Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE)


def part_of(actor: Actor, about: About, action: str, path: str = "place") -> Q:
    """The condition that a row's place lies in the actor's part of the district; a place that was merged counts to it."""
    if whole(actor, about, action):
        return Q()
    return Q(**{f"{path}__in": places.in_scope(scope(actor, action)).values("pk")})


def rows_of(ledger: Ledger, actor: Actor, about: About) -> QuerySet[Any]:
    """The rows of an about in the actor's part of it, with whom they name."""
    return _with_holders(ledger, ledger.model._default_manager.filter(seen_of(ledger, actor, about), about=about.id))


def seen_of(ledger: Ledger, actor: Actor, about: About) -> Q:
    """The condition that the actor sees a row of the about: by its place, or (`Ledger.named`) by the organisation it names."""
    mine = part_of(actor, about, ledger.reads)
    _holder, sees = ledger.named
    return mine if not sees or whole(actor, about, sees) else mine & by_name(ledger, actor)


def rows_everywhere(ledger: Ledger, actor: Actor) -> QuerySet[Any]:
    """The rows at the actor's places, whatever they are about, with whom they name."""
    mine = Q(place__in=places.in_scope(scope(actor, ledger.reads)).values("pk"))
    return _with_holders(ledger, ledger.model._default_manager.filter(mine & by_name(ledger, actor)))


def by_name(ledger: Ledger, actor: Actor) -> Q:
    """The condition that the actor sees a row by the organisation it names, or all rows at its place (`Ledger.named`)."""
    holder, sees = ledger.named
    if not sees or actor.is_system:
        return Q()
    own = scope(actor, ledger.reads).body_ids
    there = Q(place__in=places.in_scope(scope(actor, sees)).values("pk"))
    return there | Q(**{f"{holder}_body__in": own}) | Q(**{f"{holder}_body__parent__in": own})


def by_urgency(ledger: Ledger, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What is open before what is settled, what is due first on top, then as numbered (`models.urgent` is its index)."""
    return rows.order_by(*urgency(ledger.ended, has_due_day="due_on" in ledger.columns))


def find_row(ledger: Ledger, actor: Actor, about: About, public_id: str) -> Any:
    """A row by its public id, if the actor reaches it; else None."""
    return rows_of(ledger, actor, about).filter(public_id=public_id).first()


def _with_holders(ledger: Ledger, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(*_followed(ledger))


def _followed(ledger: Ledger) -> list[str]:
    holders = [one.name for one in ledger.fields.values() if one.kind is FieldKind.HOLDER]
    files = [one.name for one in ledger.fields.values() if one.kind is FieldKind.FILE]
    return ["place", *files, *(f"{name}_{which}" for name in holders for which in ("person", "body"))]


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

    `is_over`: nothing waits any more; `late`: calendar days after the due day; `age`: days since it was found or entered.
    Fields are attributes too.
    """

    ledger: Ledger
    entry: Any
    values: Mapping[str, Any]
    town: str
    heir: str
    status: str
    is_over: bool
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
                is_over=row.status in ledger.ended,
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
    total: int = 0
    done: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def rate(self) -> Ratio:
        """The share settled."""
        return Ratio(self.done, self.total)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.key, self.total + other.total, self.done + other.done, self.in_time + other.in_time,
            self.late + other.late,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tallied:
    """What adds up over the rows of a ledger, counted by the database: by state, by fields, by town, the open ones by age."""

    rows: tuple[tuple[Mapping[str, Any], Tally], ...]

    def by(self, name: str) -> list[Tally]:
        """The statistic by one of its dimensions, the largest first; what is settled has no age and is left out there."""
        found: dict[str, Tally] = {}
        for keys, line in self.rows:
            key = str(keys[name] or "")
            if key or name != "age":
                found[key] = found.get(key, Tally(key)) + line
        return sorted(found.values(), key=lambda one: (-one.total, one.key))

    def all(self) -> Tally:
        """The statistic over all rows."""
        return sum((line for _keys, line in self.rows), Tally(""))

    def standing(self, states: Collection[str]) -> int:
        """How many stand in these states."""
        return sum(line.total for keys, line in self.rows if keys["status"] in states)


def tallied(ledger: Ledger, rows: QuerySet[Any], on: date, groups: Sequence[str] | None) -> Tallied:
    """What adds up over rows on a day, in one query; by these fields, town and age, or (None) by state alone."""
    names: dict[str, tuple[str, ...]] = {"status": ("status",)}
    if groups is not None:
        names |= {name: _group_columns(ledger.fields[name]) for name in groups}
        names |= {"town": ("town_id",), "age": ("age",)}
        rows = rows.annotate(age=_age(ledger, on))
    is_done, is_open = Q(status=ledger.done.value), ~Q(status__in=ledger.ended)
    given: dict[str, Any] = {"n": Count("*"), "n_done": Count(Value(1), filter=is_done)}
    given |= {"n_in_time": given["n_done"], "n_late": Value(0)}
    if "due_on" in ledger.columns:
        closed = f"{ledger.closed}_on" in ledger.columns
        past: Any = Coalesce(f"{ledger.closed}_on", Value(on)) if closed else Value(on)
        given["n_in_time"] = Count(Value(1), filter=is_done & (Q(due_on=None) | Q(due_on__gte=past)))
        given["n_late"] = Count(Value(1), filter=is_open & Q(due_on__lt=on))
    columns = [column for found in names.values() for column in found]
    counted = rows.select_related(None).order_by().values(*columns).annotate(**given)
    found = []
    for line in counted:
        keys = {name: _group_key([line[column] for column in of]) for name, of in names.items()}
        found.append((keys, Tally("", line["n"], line["n_done"], line["n_in_time"], line["n_late"])))
    return Tallied(tuple(found))


def _group_columns(one: Field) -> tuple[str, ...]:
    if one.kind is not FieldKind.HOLDER:
        return (one.name,)
    return (f"{one.name}_person__name", f"{one.name}_person__office", f"{one.name}_body__name")


def _group_key(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else " ".join(str(value) for value in values if value)


def _age(ledger: Ledger, on: date) -> Any:
    """The class of age of what is open, by the day it was found or else entered; "" for what is settled."""
    column = "found_on" if "found_on" in ledger.columns else "opened_at__date"
    classes = [
        When(**{f"{column}__gte": on - timedelta(days=last)}, then=Value(name))
        for name, last in AGES
        if last is not None
    ]
    open_ones = Case(*classes, default=Value(AGES[-1][0]))
    return Case(When(status__in=ledger.ended, then=Value("")), default=open_ones, output_field=CharField())


def rows_at(ledger: Ledger, actor: Actor, place_ids: Collection[int]) -> QuerySet[Any]:
    """The rows of a ledger about those of the places that the actor may read it at, the oldest first."""
    readable = places.reached_among(scope(actor, ledger.reads), place_ids)
    found = ledger.model._default_manager.filter(by_name(ledger, actor), place__in=readable)
    return found.order_by("opened_at", "number")


def count_rows_at(place_ids: Collection[int]) -> list[tuple[Ledger, int]]:
    """Ledgers that have rows at some places, and how many; a query for each ledger."""
    counted = (
        (ledger, ledger.model._default_manager.filter(place_id__in=place_ids).count()) for ledger in ledgers().values()
    )
    return [(ledger, count) for ledger, count in counted if count]
