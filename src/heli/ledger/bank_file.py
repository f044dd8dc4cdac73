"""A statement of any bank, read through the one sheet reader: day, what came in or went out, balance, purpose, serial number.

Who the other side is, its account and its remarks are not read; long numbers within the purpose are hidden.
"""

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from heli.kernel.faults import Fault, Refused
from heli.kernel.quantities import YUAN
from heli.ledger.catalogues import BankForms, bank_forms
from heli.ledger.rules.bank import BankRow, check_chain, compute_order
from heli.ledger.texts import as_fault
from heli.places.imports.queries import ListRow, ReadList, day_in, number_in, read_list
from heli.records.lists import check_totals

LONG_NUMBER = re.compile(r"\d{6,}")
MOMENT = re.compile(r"^(\d{8}|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)[T\s]*\d{1,2}[:：]?\d{2}[:：]?\d{0,2}.*$")
"""A day with the time behind it."""
HUNDRED = 100
TOLD = ("read_sheet", "read_sheets", "read_totals", "read_unit_line", "read_column_unit", "read_not")
"""What is said and kept of how it was read; what stands above the header names the account."""
MONEY = ("money_in", "money_out", "amount", "balance")


def read_statement(content: bytes, name: str) -> tuple[list[BankRow], ReadList]:
    """The lines of a bank's list, oldest first, and how it was read. Raises `Refused` with every fault by its row."""
    forms = bank_forms()
    listed = read_list(content, name, list(forms.columns), forms.columns)
    found: list[Fault] = []
    rows = [row for one in listed.rows if (row := _row(one, listed, forms, found)) is not None]
    if not found:
        found += check_totals(MONEY[:3], listed)
    if not found and not rows:
        found.append(Fault("list_empty", _("The list holds no row."), field="file"))
    if not found:
        rows = compute_order(rows)
        found += [as_fault(one) for one in check_chain(rows)]
    if found:
        raise Refused(found)
    return rows, replace(listed, decisions=tuple(one for one in listed.decisions if one.code in TOLD))


def _row(one: ListRow, listed: ReadList, forms: BankForms, found: list[Fault]) -> BankRow | None:
    source = _("row %(row)s") % {"row": one.number}
    on = day_in(MOMENT.sub(r"\1", one.text("day")))
    if on is None:
        text = _("“%(word)s” is not a day: write 2026-03-02.") % {"word": one.text("day")}
        found.append(Fault("day_unreadable", text, field="day", source=source))
    before = len(found)
    fens = {name: _fen(one, name, listed, found, source) for name in MONEY}
    fen = _moved(one, fens, forms)
    if not fen:
        # A line of a fee that was waived moves nothing; an amount that nobody can tell the side of is a fault.
        if fen is None and len(found) == before:
            text = _("Say what came in or went out: two columns, one with a sign, or one with a mark for each side.")
            found.append(Fault("amount_missing", text, field="amount", source=source))
        return None
    words = LONG_NUMBER.sub("…", unicodedata.normalize("NFKC", one.text("text")).strip())[:120]
    return None if on is None else BankRow(one.number, on, fen, fens["balance"], one.text("serial")[:60], words)


def _moved(one: ListRow, fens: dict[str, int | None], forms: BankForms) -> int | None:
    came, went, amount = (fens[name] for name in MONEY[:3])
    if came is not None or went is not None:
        return (came or 0) - abs(went or 0)
    side = unicodedata.normalize("NFKC", one.text("side")).strip().lower()
    if amount is None or not side:
        return amount
    if side in forms.side_in:
        return abs(amount)
    return -abs(amount) if side in forms.side_out else None


def _fen(one: ListRow, name: str, listed: ReadList, found: list[Fault], source: str) -> int | None:
    """An amount in fen; None where the cell is empty."""
    word = one.text(name).removeprefix("¥").removeprefix("￥").replace("+", "").strip()
    if not word or word in ("-", "--", "—"):
        return None
    number = number_in(word)
    each = listed.unit(name, "money")
    typed = None if number is None else number * Decimal(each.numerator if each else 1)
    if typed is None or typed * HUNDRED != int(typed * HUNDRED):
        text = _("“%(word)s” is no amount in yuan and fen.") % {"word": word}
        found.append(Fault("number_unreadable", text, field=name, source=source))
        return None
    return YUAN.stored(typed)
