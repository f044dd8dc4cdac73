"""The dividend of a co-operative to the fen: losses, reserve and welfare first, the rest by shares.

What a province adds (the base of the reserve, its floor, how much one may hold) stands in `data/dividend.toml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from heli.kernel.faults import Finding, Unsound
from heli.kernel.quantities import largest_remainder
from heli.ledger.types import Dividend, DividendAsked, DividendLaw, DividendLeft

ALL_BP = 10_000


def share_out(asked: DividendAsked, law: DividendLaw) -> Dividend:
    """What is set aside, paid and carried forward, by the first status that applies. Raises `Unsound` for impossible numbers."""
    if found := list(check_dividend(asked)):
        raise Unsound(*found)
    if asked.reserve_bp + asked.welfare_bp < law.least_bp:
        return Dividend("reserve_too_low", need_bp=law.least_bp)
    surplus = asked.income_fen - asked.expense_fen
    base = max(0, surplus + (min(0, asked.brought_forward_fen) if law.are_losses_first else 0))
    reserve = _part_up(base, asked.reserve_bp)
    welfare = min(_part_up(base, asked.welfare_bp), base - reserve)
    left = surplus + asked.brought_forward_fen - reserve - welfare
    kept = DividendLeft(surplus, reserve, welfare, max(0, left))
    if left <= 0:
        return Dividend("nothing", kept)
    shares = sum(asked.shares.values())
    wanted = left
    if asked.per_share_fen is not None:
        wanted = asked.per_share_fen * shares // 100
    elif asked.pot_fen is not None:
        wanted = asked.pot_fen
    if wanted > left:
        return Dividend("too_much", kept, short_fen=wanted - left)
    units = wanted // asked.unit_fen
    numbers = sorted(asked.shares)
    parts = largest_remainder(units, [asked.shares[number] for number in numbers])
    over = (number for number in numbers if law.most_bp and ALL_BP * asked.shares[number] > law.most_bp * shares)
    return Dividend(
        "planned",
        kept,
        paid_fen=units * asked.unit_fen,
        carried_fen=left - units * asked.unit_fen,
        amounts={number: part * asked.unit_fen for number, part in zip(numbers, parts, strict=True)},
        over_holding=tuple(over),
    )


def share_out_but(asked: DividendAsked, law: DividendLaw, never_fen: int) -> Dividend:
    """The same, where so much of what is left is never distributed: money for reserved land 留用地 (浙江条例第十条)."""
    found = share_out(asked, law)
    if found.status != "planned" or not never_fen or found.left is None:
        return found
    most = found.left.distributable_fen - never_fen
    if asked.pot_fen is None and asked.per_share_fen is None:
        return share_out(replace(asked, pot_fen=most), law) if most > 0 else Dividend("nothing", found.left)
    return found if found.paid_fen <= most else Dividend("too_much", found.left, short_fen=found.paid_fen - most)


def compute_raise(before: tuple[int, int], now: tuple[int, int]) -> tuple[int, int]:
    """By how much more of its surplus a year paid out than the one before, as a fraction: (surplus, paid) of both.

    A surplus 9.98 % higher and 1,200 yuan a share instead of 1,000 make 1.2 / 1.0998 = 1.0911.
    """
    return now[1] * before[0], now[0] * before[1]


def check_dividend(asked: DividendAsked) -> Iterator[Finding]:
    """Numbers that no year can have; each with its field."""
    amounts: Mapping[str, int | None] = {
        "income_fen": asked.income_fen,
        "expense_fen": asked.expense_fen,
        "pot_fen": asked.pot_fen,
        "per_share_fen": asked.per_share_fen,
    }
    yield from (
        Finding("below_zero", {"key": name}, name) for name, fen in amounts.items() if fen is not None and fen < 0
    )
    if asked.unit_fen < 1:
        yield Finding("too_small", {"key": "unit_fen", "least": 1}, "unit_fen")
    for name, rate in (("reserve_bp", asked.reserve_bp), ("welfare_bp", asked.welfare_bp)):
        if not 0 <= rate <= ALL_BP:
            yield Finding("rate", {"key": name}, name)
    if asked.reserve_bp + asked.welfare_bp > ALL_BP:
        yield Finding("rates", {"sum": asked.reserve_bp + asked.welfare_bp}, "welfare_bp")
    if asked.pot_fen is not None and asked.per_share_fen is not None:
        yield Finding("pot_and_per_share", field="per_share_fen")
    if min(asked.shares.values(), default=0) >= 0 and not sum(asked.shares.values()):
        yield Finding("no_shares", field="holders")
    for number, shares in asked.shares.items():
        if shares < 0:
            yield Finding("below_zero", {"key": f"holders.{number}.shares"}, f"holders.{number}.shares")


def check_roll(numbers: Sequence[int]) -> Iterator[Finding]:
    """A number of the roll stands for one line."""
    seen = set[int]()
    for place, number in enumerate(numbers):
        if number in seen:
            yield Finding("number_twice", {"number": number}, f"holders.{place}.no")
        seen.add(number)


def _part_up(base: int, rate_bp: int) -> int:
    return -(-base * rate_bp // ALL_BP)
