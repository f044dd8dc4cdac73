"""Books as journals of other programs, which recount them: hledger and beancount, to the fen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from heli.ledger.rules.books import LEVEL

HLEDGER, BEANCOUNT = "hledger", "beancount"
FORMATS = (HLEDGER, BEANCOUNT)


@dataclass(frozen=True, slots=True)
class ExportLine:
    """A line of a posted voucher as it is exported: the holder's public id, the voucher's day, number and words."""

    holder: str
    on: date
    number: str
    text: str
    account: str
    fen: int


def write_journal(
    lines: Sequence[ExportLine], form: str, classes: Mapping[str, str], roots: Mapping[str, str]
) -> Iterator[str]:
    """The lines of the file; `lines` are ordered by day, each voucher's together. Roots of accounts by class."""
    names = {
        (line.holder, line.account): f"{roots[classes[line.account[:LEVEL]]]}:H{line.holder}:{line.account}"
        for line in lines
    }
    last = {(line.holder, line.account): at for at, line in enumerate(lines)}
    writer = _write_hledger if form == HLEDGER else _write_beancount
    yield from writer(lines, names, last)


def _write_hledger(
    lines: Sequence[ExportLine], names: Mapping[tuple[str, str], str], last: Mapping[tuple[str, str], int]
) -> Iterator[str]:
    yield "commodity 1000.00 CNY"
    yield from (f"account {name}" for name in sorted(names.values()))
    stands: dict[tuple[str, str], int] = {}
    for at, line, is_first in _marked(lines):
        if is_first:
            yield ""
            yield f"{line.on} ({line.number}) {_plain(line.text)}"
        key = line.holder, line.account
        stands[key] = stands.get(key, 0) + line.fen
        asserted = f" = {_amount(stands[key])} CNY" if last[key] == at else ""
        yield f"    {names[key]}  {_amount(line.fen)} CNY{asserted}"


def _write_beancount(
    lines: Sequence[ExportLine], names: Mapping[tuple[str, str], str], last: Mapping[tuple[str, str], int]
) -> Iterator[str]:
    first = lines[0].on if lines else date.min
    yield 'option "operating_currency" "CNY"'
    yield from (f"{first} open {name} CNY" for name in sorted(names.values()))
    stands: dict[tuple[str, str], int] = {}
    for _at, line, is_first in _marked(lines):
        if is_first:
            yield ""
            yield f'{line.on} * "{line.number}" "{_plain(line.text)}"'
        key = line.holder, line.account
        stands[key] = stands.get(key, 0) + line.fen
        yield f"  {names[key]}  {_amount(line.fen)} CNY"
    yield ""
    for key, at in sorted(last.items(), key=lambda one: one[1]):
        yield f"{lines[at].on + timedelta(days=1)} balance {names[key]}  {_amount(stands[key])} ~ 0.00 CNY"


def _marked(lines: Iterable[ExportLine]) -> Iterator[tuple[int, ExportLine, bool]]:
    """Each line with its place, and whether a voucher begins with it."""
    before: tuple[str, str] | None = None
    for at, line in enumerate(lines):
        voucher = line.holder, line.number
        yield at, line, voucher != before
        before = voucher


def _plain(text: str) -> str:
    """Words that no journal takes for more than words."""
    return "".join(letter if letter not in ';|"\\=@' and letter.isprintable() else " " for letter in text).strip()


def _amount(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
