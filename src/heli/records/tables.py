"""The list of a ledger: its columns follow from what is said about fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heli.records.due import dues
from heli.records.fields import Field, FieldKind, ShownIn
from heli.records.inbox import DueWhen, InboxLine
from heli.records.ledgers import Ledger
from heli.records.queries import LedgerLine
from heli.ui.columns import DASH, Column, written
from heli.ui.tables import Exceptions, Table


def works_column(works: Mapping[str, str], rows: Iterable[Any]) -> Column:
    """Which work a row belongs to, by the names of what is open; to be filtered by, and seen where there are several."""
    several = len({row.about for row in rows}) > 1
    return Column(
        "work", _("Part of which work"), value=lambda row: works.get(row.about, ""), filter=several, screen=several
    )


def ledger_table(
    ledger: Ledger,
    request: HttpRequest,
    lines: Sequence[LedgerLine],
    *,
    sample: bool,
    works: Mapping[str, str] | None = None,
) -> Table:
    """The list: number, the field that names a row, the place, then the other fields, where it stands, when it was settled.

    `works`: the names of what rows of several abouts are about.
    """
    fields = ledger.fields
    named = replace(_column(fields[ledger.title]), link=lambda line: ledger.url("row", line.about, line.public_id))
    first = [
        Column("number", _("No."), kind="integer"), named, _column(fields["place"]),
        Column("heir", _("goes on in"), screen=False), Column("town", _("Town"), filter=True),
        *([works_column(works, lines)] if works is not None else []),
    ]  # fmt: skip
    rest = [
        _column(one)
        for one in fields.values()
        if ShownIn.EXPORT in one.where and one.name not in ("place", ledger.title)
    ]
    ends = [Column("status", _("Status"), labels=ledger.states.words(), badge=_tone(ledger), filter=True)]
    if f"{ledger.closed}_on" in ledger.columns:
        ends.append(Column("closed_on", _("Closed on"), kind="date"))
    if "due_on" in fields:
        ends.append(Column("late", _("Days late"), kind="integer", screen=False))
    return Table(
        ledger.name, request, sorted(lines, key=_urgency), [*first, *rest, *ends], cards=True,
        exceptions=Exceptions(_("Only what is open"), lambda line: not line.is_done),
        caption=ledger.words.caption or ledger.words.tab,
        search=("town", *(one.name for one in fields.values() if one.search)), sample=sample,
        replaces=ledger.words.replaces,
    )  # fmt: skip


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


def _urgency(line: LedgerLine) -> tuple[bool, int, int]:
    """What is open before what is settled, the longest past its day first, then as numbered."""
    return (line.is_done, -line.late, line.number)


def _tone(ledger: Ledger) -> Callable[[LedgerLine], str]:
    return lambda line: ledger.states(line.status).tone


def _column(one: Field) -> Column:
    """A field as a column; the due day says how late it is."""
    column = Column(one.name, one.label, screen=ShownIn.LIST in one.where, filter=one.filter)
    if one.kind is FieldKind.DAY:
        return replace(column, kind="date", template="records/due.html" if one.name == "due_on" else "")
    if one.kind is FieldKind.CHOICE:
        return replace(column, labels=one.words())
    if one.is_counted:
        return replace(
            column, kind="integer" if one.kind is FieldKind.NUMBER else "decimal", value=_number(one), unit=unit(one)
        )
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
