"""The list of a ledger: its columns follow from what is said about fields."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heli.places import queries as places
from heli.records.due import dues
from heli.records.fields import Field, FieldKind, ShownIn
from heli.records.inbox import DueWhen, InboxLine
from heli.records.ledgers import Ledger
from heli.records.queries import LedgerLine, by_urgency
from heli.ui.columns import DASH, Column, Kind, written
from heli.ui.tables import Exceptions, Table


def works_column(works: Mapping[str, str], rows: Iterable[Any] | None = None) -> Column:
    """Which work a row belongs to, by the names of what is open; to be filtered by, and seen where there are several: among
    the `rows` of a sequence, or of all works where the rows are a queryset (None)."""
    several = len(works if rows is None else {row.about for row in rows}) > 1
    return Column(
        "work", _("Part of which work"), value=lambda row: works.get(row.about, ""), path="about", filter=several,
        choices={name: key for key, name in works.items()} if rows is None else None, screen=several,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list needs beside its rows. `towns`: names by key, to be chosen from; `known`: how many rows there are, where it
    is known; `works`: the names of what rows of several abouts are about; `hidden`: fields that the reader does not see of
    every row, and so neither sorts nor searches by.
    """

    present: Callable[[list[Any]], Sequence[LedgerLine]]
    towns: Mapping[int, str]
    district_ids: Collection[int] | None = None
    works: Mapping[str, str] | None = None
    hidden: frozenset[str] = frozenset()
    known: int | None = None
    is_sample: bool = False


def ledger_table(ledger: Ledger, request: HttpRequest, rows: QuerySet[Any], listed: Listed) -> Table:
    """The list: number, the field that names a row, the place, then the other fields, where it stands, when it was settled.

    Filtered, searched, sorted and cut into pages by the database.
    """
    fields = ledger.fields
    drawn = {name: _column(one, is_hidden=name in listed.hidden) for name, one in fields.items()}
    named = replace(drawn[ledger.title], link=lambda line: ledger.url("row", line.about, line.public_id))
    first = [
        Column("number", _("No."), kind="integer"), named, drawn["place"], Column("heir", _("goes on in"), screen=False),
        Column("town", _("Town"), path="town_id", filter=True, choices={name: key for key, name in listed.towns.items()},
               labels=listed.towns),
        *([works_column(listed.works)] if listed.works is not None else []),
    ]  # fmt: skip
    rest = [
        drawn[name]
        for name, one in fields.items()
        if ShownIn.EXPORT in one.where and name not in ("place", ledger.title)
    ]
    states = ledger.states.words()
    keys = {key: key for key in states}
    ends = [Column("status", _("Status"), labels=states, badge=_tone(ledger), filter=True, choices=keys)]
    if f"{ledger.closed}_on" in ledger.columns:
        ends.append(Column("closed_on", _("Closed on"), kind="date", path=f"{ledger.closed}_on"))
    if "due_on" in fields:
        ends.append(Column("late", _("Days late"), kind="integer", screen=False))
    return Table(
        ledger.name, request, by_urgency(ledger, rows), [*first, *rest, *ends], cards=True,
        exceptions=Exceptions(_("Only what is open"), ~Q(status__in=ledger.ended)),
        caption=ledger.words.caption or ledger.words.tab, sample=listed.is_sample, replaces=ledger.words.replaces,
        search=[
            partial(_says, one, listed.district_ids)
            for name, one in fields.items() if one.search and name not in listed.hidden
        ],
        present=listed.present, known=listed.known,
    )  # fmt: skip


def _says(one: Field, district_ids: Collection[int] | None, word: str) -> Q:
    """The condition that a field says a word: a place by its name or its town's, a holder by name or office."""
    if one.kind is FieldKind.PLACE:
        keys = places.named(word, district_ids)
        return Q(**{f"{one.name}__in": keys}) | Q(town__in=keys)
    paths = [one.name]
    if one.kind is FieldKind.HOLDER:
        paths = [f"{one.name}_{path}" for path in ("person__name", "person__office", "body__name")]
    # What has no letters of two cases is compared as it stands, which costs the database a third.
    how = "icontains" if word.lower() != word.upper() else "contains"
    return reduce(or_, (Q(**{f"{path}__{how}": word}) for path in paths))


def inbox_table(request: HttpRequest, lines: Sequence[InboxLine]) -> Table:
    """What waits for a reader, by sort and day."""
    return Table(
        "inbox", request, lines,
        [
            Column("title", _("What"), value=lambda line: line.one.title, template="records/inbox_title.html"),
            Column("place", _("Place"), value=lambda line: f"{line.place} {line.town}".strip()),
            Column("town", _("Town"), filter=True, screen=False),
            Column("kind", _("Kind"), value=lambda line: line.due.id, filter=True,
                   labels={due.id: gettext(due.title) for due in dues()}),
            Column("about", _("Part of which work"), filter=True, screen=len({line.about for line in lines}) > 1),
            Column("due_on", _("Due"), kind="date", value=lambda line: line.one.due_on, template="records/inbox_due.html"),
            Column("when", _("Due when"), labels=DueWhen.words(), screen=False, filter=True),
            Column("note", _("Note"), value=lambda line: line.one.note, screen=False),
        ],
        caption=_("What waits for you"), empty=_("Nothing waits for you."), search=("one__title", "place", "town", "one__note"),
        page_size=25, cards=True,
    )  # fmt: skip


def _tone(ledger: Ledger) -> Callable[[LedgerLine], str]:
    return lambda line: ledger.states(line.status).tone


def _column(one: Field, *, is_hidden: bool = False) -> Column:
    """A field as a column; the due day says how late it is."""
    is_filter, is_shown = one.filter and not is_hidden, ShownIn.LIST in one.where
    column = Column(one.name, one.label, screen=is_shown, filter=is_filter, sort=not is_hidden)
    if one.kind is FieldKind.PLACE:
        return replace(column, path=f"{one.name}_id")
    if one.kind is FieldKind.HOLDER:
        return replace(column, path=f"{one.name}_body__name")
    if one.kind is FieldKind.DAY:
        return replace(column, kind="date", template="records/due.html" if one.name == "due_on" else "")
    if one.kind is FieldKind.CHOICE:
        words = one.words()
        return replace(column, labels=words, choices={key: key for key in words})
    if one.is_counted:
        kind: Kind = "integer" if one.kind is FieldKind.NUMBER else "decimal"
        return replace(column, kind=kind, value=_number(one), unit=unit(one), path=one.name)
    return column


def _number(one: Field) -> Callable[[LedgerLine], Any]:
    def shown(line: LedgerLine) -> Any:
        value = line.values[one.name]
        return None if value is None else one.typed(value)

    return shown


def unit(one: Field) -> Any:
    """The unit a number is shown in."""
    return {FieldKind.MONEY: _("yuan"), FieldKind.AREA: _("mu")}.get(one.kind, "")


def shown_value(one: Field, value: Any) -> str:
    """A value in words, as lists and pages write it."""
    if value is None or value == "":
        return DASH
    if one.kind is FieldKind.CHOICE:
        return str(one.words().get(value, value))
    if one.is_counted:
        return (
            f"{written(one.typed(value), 'integer' if one.kind is FieldKind.NUMBER else 'decimal')} {unit(one)}".strip()
        )
    return written(value, "date" if one.kind is FieldKind.DAY else "text")
