"""A ledger as a list in Excel: its empty template, and reading one with every mistake named by its row."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from heli.bodies.queries import holders_in
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.quantities import round_half_up
from heli.places.imports.queries import ListRow, ReadList, day_in, number_in, read_list
from heli.records.abouts import About
from heli.records.fields import Field, FieldKind, ShownIn
from heli.records.ledgers import Ledger
from heli.records.queries import targets
from heli.records.services import Draft
from heli.ui.exports import template_xlsx

Known = Mapping[str, Sequence[Any]]


def heads(ledger: Ledger) -> list[str]:
    """The headings of the list in order."""
    return [one.heading for one in ledger.at(ShownIn.EXCEL)]


def template_file(ledger: Ledger) -> bytes:
    """An empty list with its headings."""
    return template_xlsx(str(ledger.words.caption or ledger.words.tab), heads(ledger))


def read_drafts(
    content: bytes, name: str, *, ledger: Ledger, actor: Actor, about: About, on: date
) -> tuple[list[Draft], str, ReadList]:
    """The rows of a list, the hash of the file, and how it was read. Raises `Refused` with every fault by its row."""
    columns = ledger.at(ShownIn.EXCEL)
    listed = read_list(content, name, heads(ledger), {one.heading: one.headings for one in columns})
    if len(listed.rows) > ledger.most:
        text = _("A list holds at most %(most)s rows; divide it.") % {"most": ledger.most}
        raise Refused(Fault("list_long", text, field="file"))
    known = {one.name: _known(one, ledger, actor, about, on) for one in ledger.at(ShownIn.EXCEL)}
    found: list[Fault] = []
    drafts = []
    for row in listed.rows:
        reader = _Reader(row, known, listed)
        drafts.append(Draft({one.name: reader.value(one) for one in ledger.at(ShownIn.EXCEL)}, reader.source))
        found += reader.found
    found = found or list(check_totals([one.heading for one in columns if one.is_counted], listed))
    if found:
        raise Refused(found)
    if not drafts:
        raise Refused(Fault("list_empty", _("The list holds no row."), field="file"))
    return drafts, hashlib.sha256(content).hexdigest(), listed


def check_totals(headings: Sequence[str], listed: ReadList) -> Iterator[Fault]:
    """Rows that add up must say what their lines add up to: all of them, those above, or those since the last such row."""
    last = 0
    for total in listed.totals:
        for heading in headings:
            said = number_in(total.text(heading))
            if said is None:
                continue
            sums = [
                sum(
                    (number_in(row.text(heading)) or Decimal(0) for row in listed.rows if first < row.number < end),
                    Decimal(0),
                )
                for first, end in ((0, 10**12), (0, total.number), (last, total.number))
            ]
            if said not in sums:
                text = _("It says %(said)s, but its lines add up to %(sum)s. Correct the line or the total.")
                source = _("row %(row)s") % {"row": total.number}
                added = sums[0] if total is listed.totals[-1] else sums[2]
                yield Fault("total_contradicts", text % {"said": said, "sum": added}, field=heading, source=source)
        last = total.number


def _known(one: Field, ledger: Ledger, actor: Actor, about: About, on: date) -> Known:
    """What the words of a column may name."""
    known: dict[str, list[Any]] = {}
    if one.kind is FieldKind.CHOICE:
        return {word: [key] for word, key in one.keys().items()}
    if one.kind is FieldKind.PLACE:
        for row in targets(actor, about, on, ledger.enters):
            for word in {row.name, row.code, f"{row.parent_name}{row.name}"} - {"", None}:
                known.setdefault(word, []).append(row.id)
    if one.kind is FieldKind.HOLDER:
        for holder in holders_in(about.district_id, on):
            known.setdefault(holder.name, []).append(holder.key)
    return known


class _Reader:
    """Reads one row, collecting what is wrong with it."""

    def __init__(self, row: ListRow, known: Mapping[str, Known], listed: ReadList) -> None:
        self.row, self.known, self.listed = row, known, listed
        self.source = _("row %(row)s") % {"row": row.number}
        self.found: list[Fault] = []

    def wrong(self, one: Field, code: str, message: str) -> None:
        self.found.append(Fault(code, message, field=one.heading, source=self.source))

    def value(self, one: Field) -> Any:
        """The value of a cell as the services take it; None when it is empty or something is wrong with it."""
        word = self.row.text(one.heading)
        if not word:
            if one.required:
                self.wrong(one, one.empty().code, one.empty().message)
            return "" if one.kind in (FieldKind.TEXT, FieldKind.CHOICE, FieldKind.HOLDER) else None
        if one.kind is FieldKind.TEXT:
            return word
        if one.kind is FieldKind.DAY:
            return self.day(one, word)
        return self.number(one, word) if one.is_counted else self.named(one, word)

    def named(self, one: Field, word: str) -> Any:
        """The one thing a word names."""
        same = self.known[one.name].get(word, ())
        if len(same) == 1:
            return same[0]
        if same:
            self.wrong(one, "several", _("“%(word)s” is there more than once: give its code.") % {"word": word})
        elif one.kind is FieldKind.CHOICE:
            names = ", ".join(map(str, one.words().values()))
            self.wrong(one, "unknown", _("Write one of: %(names)s.") % {"names": names})
        else:
            self.wrong(one, "unknown", _("“%(word)s” is not there.") % {"word": word})
        return None

    def day(self, one: Field, word: str) -> date | None:
        """A day."""
        found = day_in(word)
        if found is None:
            self.wrong(one, "day_unreadable", _("“%(word)s” is not a day: write 2026-03-02.") % {"word": word})
        return found

    def number(self, one: Field, word: str) -> int | None:
        """A number, in the unit people type unless the column names another (万元, 平方米)."""
        try:
            found = Decimal(word.replace(",", "").replace("，", ""))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or (one.kind is FieldKind.NUMBER and found != int(found)):
            self.wrong(one, "number_unreadable", _("“%(word)s” is not a number.") % {"word": word})
            return None
        each = self.listed.unit(one.heading, one.kind.value)
        if each is not None:
            # Yuan and m² are kept in hundredths.
            return round_half_up(int(found.scaleb(6)) * each.numerator, each.denominator * 10_000)
        value: int = one.stored(found)
        return value
