"""The roll of members: what a line must say. Pure."""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from heli.kernel.faults import Finding
from heli.ledger.types import RollLine

KEPT_YEARS = 5
"""Years after which an ended line loses its name (农村集体经济组织法第五十七条)."""
LONGEST_NAME, HUNDREDTHS = 40, 100


def check_lines(lines: Sequence[RollLine], known: Collection[int], ended: Collection[int]) -> Iterator[Finding]:
    """What cannot be, each by its row: a number twice or one that ended, a new line without a name, digits in a name."""
    seen = set[int]()
    for line in lines:
        given = {"number": line.number}
        if line.number in seen:
            yield Finding("number_twice", given, "number", line.source)
        seen.add(line.number)
        if line.number in ended:
            yield Finding("number_ended", given, "number", line.source)
        if not line.name and line.number not in known:
            yield Finding("name_missing", given, "name", line.source)
        if len(line.name) > LONGEST_NAME or any(sign.isdigit() for sign in line.name):
            yield Finding("name_only", given, "name", line.source)
        if not 0 <= line.shares <= 10**12:
            yield Finding("shares_below", given, "shares", line.source)


def shares_said(hundredths: int) -> str:
    """Shares as people write them: "12", "12.5"."""
    return f"{Decimal(hundredths) / HUNDREDTHS:f}"
