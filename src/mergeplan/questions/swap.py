"""Scattered plots swapped into core blocks so that nobody loses: heli.swap/1, exactly and by stages.

Village i brings `quota[i]` units worth `value[i]` fen; block b takes `capacity[b]` units at `price[b]` fen each. One after
the other, each proven before the next: the least gain in basis points as large as possible and never below 0, the total value
as large as possible, as few (village, block) pairs as possible. HiGHS proposes; every proposal is counted again in whole
numbers, and what it says cannot be is asked in the largest unit that all prices are multiples of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from time import monotonic
from typing import Any

from mergeplan.questions.programme import Optimum, Programme
from mergeplan.questions.reading import FormReader
from mergeplan.questions.space import Space, find_space
from mergeplan.types import MergeplanError

SWAP_FORM = "heli.swap/1"
SWAP_KEYS = ("unit_m2", "quota_units", "value_fen", "capacity_units", "price_fen_per_unit", "too_far")
SECONDS = 60.0
"""What all stages together may take unless told otherwise."""
BP = 10_000

Allocation = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class SwapQuestion:
    """Villages with units of quota and their value in fen, blocks with capacity and price in fen a unit; blocks in `reach`."""

    unit_m2: int
    quota: tuple[int, ...]
    value: tuple[int, ...]
    capacity: tuple[int, ...]
    price: tuple[int, ...]
    reach: tuple[tuple[int, ...], ...]

    @cached_property
    def grain(self) -> int:
        """The largest number of fen that all prices are multiples of."""
        return gcd(*self.price) or 1

    def worth(self, row: Sequence[int]) -> int:
        """Fen that a village's units in the blocks are worth."""
        return sum(price * units for price, units in zip(self.price, row, strict=True))

    def total(self, units: Allocation) -> int:
        """Fen that all units are worth."""
        return sum(map(self.worth, units))

    def least_gain(self, units: Allocation) -> int:
        """The smallest gain of a village in basis points, rounded down."""
        return min(BP * (self.worth(row) - own) // own for row, own in zip(units, self.value, strict=True))

    def need(self, i: int, gain_bp: int) -> int:
        """Grains that village i must have to gain so much, rounded up."""
        return -(-self.value[i] * (BP + gain_bp) // (BP * self.grain))

    def holds(self, units: Allocation) -> bool:
        """Whether quotas are kept, capacities suffice and nothing is too far."""
        return (
            all(sum(row) == quota and min(row) >= 0 for row, quota in zip(units, self.quota, strict=True))
            and all(sum(column) <= most for column, most in zip(zip(*units, strict=True), self.capacity, strict=True))
            and all(b in near for row, near in zip(units, self.reach, strict=True) for b, x in enumerate(row) if x)
        )


@dataclass(frozen=True, slots=True)
class SwapAnswer:
    """The best allocation found and what no allocation can better; a `status` other than optimal says why it is not proven or not
    good: no_space (`space` says who), worse_off (somebody loses whatever is done), undecided (whether somebody must), feasible.
    """

    status: str
    space: Space
    least_gain_bp: int = 0
    gain_bound_bp: int = 0
    total_fen: int = 0
    total_bound_fen: int = 0
    own_fen: int = 0
    pairs: int = 0
    pairs_bound: int = 0
    units: Allocation = ()

    def as_json(self) -> dict[str, object]:
        """An answer of heli.swap/1 with the keys of its status; bounds that were not met are named."""
        if self.status == "no_space":
            space = self.space
            return {
                "status": self.status,
                "short_units": space.short,
                "villages": list(space.villages),
                "blocks": list(space.blocks),
            }
        if self.status in ("worse_off", "undecided"):
            told: dict[str, object] = {"status": self.status, "best_least_gain_bp": self.least_gain_bp}
            return told if self.least_gain_bp == self.gain_bound_bp else {**told, "bound_bp": self.gain_bound_bp}
        bounds = {"bound_bp": self.gain_bound_bp, "total_bound_fen": self.total_bound_fen}
        return {
            "status": self.status,
            "least_gain_bp": self.least_gain_bp,
            "total_value_fen": self.total_fen,
            "own_value_fen": self.own_fen,
            "pairs": self.pairs,
            "pairs_bound": self.pairs_bound,
            **(bounds if self.status == "feasible" else {}),
            "allocation_units": [list(row) for row in self.units],
        }


def read_swap(raw: Mapping[str, Any]) -> SwapQuestion:
    """A decoded file of the form. Raises `InstanceError` with every flaw by field and entry."""
    r = FormReader(raw, SWAP_KEYS)
    if raw.get("form") != SWAP_FORM:
        r.wrong("form", f"{raw.get('form')!r:.60} is not {SWAP_FORM}", "form", None, f"write {SWAP_FORM}")
    n, m = (max(1, len(r.many(name))) for name in ("quota_units", "capacity_units"))
    unit, far = r.setting("unit_m2", low=1), set[tuple[int, int]]()
    quota, value = (r.wholes(name, n, low=1) for name in ("quota_units", "value_fen"))
    capacity, price = (r.wholes(name, m) for name in ("capacity_units", "price_fen_per_unit"))
    for index, pair in enumerate(r.many("too_far")):
        row = r.row(pair, 2, "too_far", index, "[village, block]")
        if row is not None:
            i, b = (r.whole(end, "too_far", index, low=0, high=most - 1) for end, most in zip(row, (n, m), strict=True))
            far.add((i, b))
    r.done()
    reach = tuple(tuple(b for b in range(m) if (i, b) not in far) for i in range(n))
    return SwapQuestion(unit, tuple(quota), tuple(value), tuple(capacity), tuple(price), reach)


def solve_swap(asked: SwapQuestion, *, seconds: float = SECONDS) -> SwapAnswer:
    """The best allocation, proven as far as `seconds` suffice; or who lacks space, or that somebody loses whatever is done."""
    space = find_space(asked.quota, asked.capacity, asked.reach)
    if space.short:
        return SwapAnswer("no_space", space)
    return _Stages(asked, space, seconds).solve()


class _Stages:
    """The three goals one after the other. `best` always holds, at first any allocation; `ends`: when the stages must be done."""

    def __init__(self, asked: SwapQuestion, space: Space, seconds: float) -> None:
        self.asked, self.space = asked, space
        begun = monotonic()
        self.ends = [begun + seconds / 2, begun + seconds * 3 / 4, begun + seconds]
        self.best = space.units
        self.at: dict[tuple[int, int], int] = {}

    def solve(self) -> SwapAnswer:
        """All stages; the later ones keep what the earlier ones reached."""
        asked = self.asked
        gain_bound = self.raise_gain()
        gain = asked.least_gain(self.best)
        if gain < 0:
            status = "worse_off" if gain_bound < 0 else "undecided"
            return SwapAnswer(status, self.space, gain, gain_bound)
        total_bound = self.raise_total(gain)
        total = asked.total(self.best)
        pairs_bound = self.lower_pairs(gain, total, total_bound)
        pairs = _pairs(self.best)
        is_proven = (gain, total, pairs) == (gain_bound, total_bound, pairs_bound)
        return SwapAnswer(
            "optimal" if is_proven else "feasible",
            self.space,
            asked.least_gain(self.best),
            gain_bound,
            total,
            total_bound,
            sum(asked.value),
            pairs,
            pairs_bound,
            self.best,
        )

    # --- stages ----------------------------------------------------------------------------------------------------------

    def raise_gain(self) -> int:
        """Stage 1: the largest least gain; what none exceeds."""
        asked = self.asked
        dearest = (max((asked.price[b] for b in near), default=0) for near in asked.reach)
        alone = zip(asked.quota, dearest, asked.value, strict=True)
        most = min(BP * (quota * price - own) // own for quota, price, own in alone)
        programme = self._places()
        least = programme.column(-1, -BP, most)
        for i, near in enumerate(asked.reach):
            worth = [(self.at[i, b], asked.price[b] * BP / asked.value[i]) for b in near]
            programme.row([*worth, (least, -1)], BP)
        found, _is_impossible = self._ask(programme)
        self._take(found, asked.least_gain)
        return self._confirm(asked.least_gain, most if found is None else min(most, -found.bound), self._gaining)

    def raise_total(self, gain: int) -> int:
        """Stage 2: the largest total with this least gain; what none exceeds. Filling the dearest blocks first is a bound."""
        asked = self.asked
        self.ends = self.ends[1:]
        bound = _dearest_first(asked) // asked.grain

        def score(units: Allocation) -> int:
            return asked.total(units) // asked.grain if asked.least_gain(units) >= gain else -1

        def at_least(grains: int) -> Programme:
            programme = self._gaining(gain)
            programme.row(self._worth(), grains)
            return programme

        programme = self._gaining(gain)
        programme.costs({at: -asked.price[b] // asked.grain for (_i, b), at in self.at.items()})
        found, _is_impossible = self._ask(programme)
        self._take(found, score)
        return asked.grain * self._confirm(score, bound if found is None else min(bound, -found.bound), at_least)

    def lower_pairs(self, gain: int, total: int, total_bound: int) -> int:
        """Stage 3: the fewest pairs with this gain and total; what none goes below. Whole villages are asked for first."""
        asked, fewest = self.asked, len(self.asked.quota)

        def score(units: Allocation) -> int:
            is_kept = asked.least_gain(units) >= gain and asked.total(units) >= total
            return -_pairs(units) if is_kept else -1 - fewest * len(asked.capacity)

        self.ends = self.ends[-1:]
        found, is_impossible = self._ask(self._whole_villages(gain, total, total_bound))
        self._take(found, score, of_village=True)
        if _pairs(self.best) == fewest:
            return fewest
        bound = fewest + is_impossible
        programme = self._gaining(gain)
        programme.row(self._worth(), total // asked.grain, total_bound // asked.grain)
        used = {(i, b): programme.column(1) for i, b in self.at}
        for (i, b), pair in used.items():
            programme.row([(pair, min(asked.quota[i], asked.capacity[b])), (self.at[i, b], -1)], 0)
        for i, near in enumerate(asked.reach):
            programme.row([(used[i, b], 1) for b in near], 1)
        programme.row([(pair, 1) for pair in used.values()], bound)
        found, _is_impossible = self._ask(programme)
        self._take(found, score)
        return bound if found is None else max(bound, found.bound)

    # --- programmes ------------------------------------------------------------------------------------------------------

    def _places(self) -> Programme:
        """Units per village and block within reach: quotas kept, capacities not exceeded."""
        asked, programme = self.asked, Programme()
        self.at = {
            (i, b): programme.column(0, 0, min(asked.quota[i], asked.capacity[b]))
            for i, near in enumerate(asked.reach)
            for b in near
        }
        for i, near in enumerate(asked.reach):
            programme.row([(self.at[i, b], 1) for b in near], asked.quota[i], asked.quota[i])
        for b, most in enumerate(asked.capacity):
            programme.row([(at, 1) for (_i, block), at in self.at.items() if block == b], 0, most)
        return programme

    def _gaining(self, gain_bp: int) -> Programme:
        """Places where every village gains so much."""
        asked, programme = self.asked, self._places()
        for i, near in enumerate(asked.reach):
            programme.row([(self.at[i, b], asked.price[b] // asked.grain) for b in near], asked.need(i, gain_bp))
        return programme

    def _whole_villages(self, gain: int, total: int, total_bound: int) -> Programme:
        """Every village in one block."""
        asked, programme = self.asked, Programme()
        self.at = {
            (i, b): programme.column()
            for i, near in enumerate(asked.reach)
            for b in near
            if asked.quota[i] <= asked.capacity[b]
            and asked.quota[i] * asked.price[b] >= asked.need(i, gain) * asked.grain
        }
        for i in range(len(asked.quota)):
            programme.row([(at, 1) for (village, _b), at in self.at.items() if village == i], 1, 1)
        for b, most in enumerate(asked.capacity):
            programme.row([(at, asked.quota[i]) for (i, block), at in self.at.items() if block == b], 0, most)
        worth = [(at, asked.quota[i] * asked.price[b] // asked.grain) for (i, b), at in self.at.items()]
        programme.row(worth, total // asked.grain, total_bound // asked.grain)
        return programme

    def _worth(self) -> list[tuple[int, float]]:
        return [(at, self.asked.price[b] // self.asked.grain) for (_i, b), at in self.at.items()]

    # --- proposals and proofs ----------------------------------------------------------------------------------------------

    def _ask(self, programme: Programme) -> tuple[Optimum | None, bool]:
        """What HiGHS proposes, and whether it says that nothing can be; neither where the time did not suffice."""
        try:
            found = programme.minimise(max(0.01, self.ends[0] - monotonic()))
        except MergeplanError:
            return None, False
        return found, found is None

    def _take(self, found: Optimum | None, score: Callable[[Allocation], int], *, of_village: bool = False) -> bool:
        """Keep a proposal (of units, or of whole villages) that holds in whole numbers and scores higher than the best so far."""
        if found is None:
            return False
        asked = self.asked
        units = tuple(
            tuple(
                found.values[self.at[i, b]] * (quota if of_village else 1) if (i, b) in self.at else 0
                for b in range(len(asked.capacity))
            )
            for i, quota in enumerate(asked.quota)
        )
        if not asked.holds(units) or score(units) <= score(self.best):
            return False
        self.best = units
        return True

    def _confirm(self, score: Callable[[Allocation], int], bound: int, at_least: Callable[[int], Programme]) -> int:
        """Ask in whole numbers for one better than the best until there is none; what is proven to be the most."""
        while score(self.best) < bound:
            found, is_impossible = self._ask(at_least(score(self.best) + 1))
            if is_impossible:
                return score(self.best)
            if not self._take(found, score):
                break
        return bound


def _pairs(units: Allocation) -> int:
    return sum(1 for row in units for x in row if x)


def _dearest_first(asked: SwapQuestion) -> int:
    left, total = sum(asked.quota), 0
    for price, capacity in sorted(zip(asked.price, asked.capacity, strict=True), reverse=True):
        units = min(left, capacity)
        left, total = left - units, total + price * units
    return total
