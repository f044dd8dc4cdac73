"""The roll of members as a list that is taken in, and as papers with names that the book-keeper prints."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heli.files.documents import Align, Document, PaperTable, Paragraph
from heli.kernel.faults import Fault, Refused
from heli.ledger.catalogues import roll_columns
from heli.ledger.models import Collective, DividendPlan, MemberClass, RollMember
from heli.ledger.rules.members import HUNDREDTHS, shares_said
from heli.ledger.statement_sheet import signed_paper, yuan
from heli.ledger.types import RollLine
from heli.places.imports.queries import ListRow, number_in, read_list
from heli.records.words import words_of


def heads() -> dict[str, str]:
    """The headings of the list in the reader's language, by column."""
    return {key: str(word) for key, word in words_of(roll_columns()).items()}


def read_roll(content: bytes, name: str) -> tuple[list[RollLine], str, list[str]]:
    """The lines of a list, the hash of the file, how it was read. Raises `Refused` with every fault by its row."""
    known = heads()
    columns = roll_columns().entries.items()
    also = {known[key]: (*_words(one.more["also"]), one.words.zh, one.words.en) for key, one in columns}
    listed = read_list(content, name, list(known.values()), also)
    lines, found = [], []
    for row in listed.rows:
        reader = _Reader(row, known)
        lines.append(reader.line())
        found += reader.found
    if not listed.rows:
        found.append(Fault("list_empty", _("The list holds no row."), field="file"))
    if found:
        raise Refused(found)
    return lines, hashlib.sha256(content).hexdigest(), listed.said()


def _words(given: Any) -> tuple[str, ...]:
    return tuple(map(str, given))


class _Reader:
    def __init__(self, row: ListRow, known: Mapping[str, str]) -> None:
        self.row, self.known, self.found = row, known, list[Fault]()
        self.source = _("row %(row)s") % {"row": row.number}

    def line(self) -> RollLine:
        number, household = self.whole("number", 1), self.whole("household", 1)
        words = {str(label): key for key, label in MemberClass.words().items()}
        typed = self.row.text(self.known["sort"])
        sort = words.get(typed, "") if typed else MemberClass.MEMBER.value
        if not sort:
            text = _("Write one of: %(names)s.") % {"names": ", ".join(words)}
            self.found.append(Fault("unknown", text, field=self.known["sort"], source=self.source))
        name = self.row.text(self.known["name"]).strip()
        return RollLine(number, household, name, sort, self.whole("shares", HUNDREDTHS), self.source)

    def whole(self, key: str, each: int) -> int:
        """A number times `each`, which must be whole."""
        typed = self.row.text(self.known[key])
        number = number_in(typed) if typed else Decimal(0) if key == "shares" else None
        if number is None or number * each != int(number * each) or number < 0:
            text = _("Write a number, shares with two places at most.")
            self.found.append(Fault("number_unreadable", text, field=self.known[key], source=self.source))
            return 0
        return int(number * each)


def roll_paper(one: Collective, rows: Sequence[RollMember], names: Mapping[int, str], **told: Any) -> Document:
    """The roll with names, for filing with the town and the county (Art. 12) and for the wall of the office."""
    words = MemberClass.words()
    lines = [
        [str(row.number), str(row.household), names.get(row.number, ""), str(words[row.sort]), shares_said(row.shares)]
        for row in rows
    ]
    aligns = (Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT, Align.RIGHT)
    table = PaperTable(list(heads().values()), lines, widths=[2, 2, 4, 3, 3], aligns=aligns)
    return signed_paper(_("Roll of members"), [Paragraph(one.body.name, indent=False), table], **told)


def dividend_paper(plan: DividendPlan, rows: Sequence[RollMember], names: Mapping[int, str], **told: Any) -> Document:
    """Who gets how much, with a place to sign; printed by the holder."""
    amounts = plan.result["amounts"]
    lines = [
        [str(row.number), str(row.household), names.get(row.number, ""), shares_said(row.shares),
         yuan(amounts[str(row.number)]), ""]
        for row in rows if str(row.number) in amounts
    ]  # fmt: skip
    known = heads()
    columns = [
        known["number"],
        known["household"],
        known["name"],
        known["shares"],
        _("Amount (yuan)"),
        pgettext("list", "Signature"),
    ]
    lines.append([_("Sum"), "", "", shares_said(plan.shares), yuan(plan.paid_fen), ""])
    aligns = (Align.RIGHT, Align.RIGHT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT)
    title = _("List of the dividend of %(year)s") % {"year": plan.year}
    table = PaperTable(columns, lines, widths=[2, 2, 3, 2, 3, 3], aligns=aligns)
    return signed_paper(title, [Paragraph(plan.collective.body.name, indent=False), table], **told)
