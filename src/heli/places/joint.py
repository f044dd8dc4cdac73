"""Carrying values where a decree does not say how much of a place went where: what is known of several places together.

A village is divided by natural villages nobody counted: what its heirs have *together* is known, what each has is not. So
its value becomes a joint one, held by all of them. It follows them through later events, and is a plain value again as
soon as one place alone is left of them. Plain Python over the few places concerned; whole shares go by `carrying`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

GONE = 0
"""Stands for "ended without a successor" among places."""


@dataclass(frozen=True, slots=True)
class Joint:
    """What several places have together while nobody knows what each has: places ascending, `GONE` perhaps among them.

    Where one of them was counted afresh in between, the rest of them are as unknown as before and `amount` is no longer
    what they have together: `is_whole` is false.
    """

    places: tuple[int, ...]
    amount: int
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow of an event: `part` of `base` of the source; base 0: nobody knows how much."""

    event: int
    source: int
    target: int
    part: int
    base: int


@dataclass(slots=True, eq=False)
class _Pool:
    amount: int
    places: set[int]
    is_whole: bool = True
    into: "_Pool | None" = None

    def last(self) -> "_Pool":
        """The pool this one was poured into, or itself."""
        return self if self.into is None else self.into.last()


@dataclass(slots=True)
class Holdings:
    """Values of places, known one by one or together; events change them."""

    held: dict[int, int]
    pools: list[_Pool] = field(default_factory=list)

    @classmethod
    def of(cls, held: dict[int, int], joint: Iterable[Joint]) -> "Holdings":
        """Holdings with what is known of places together."""
        return cls(held, [_Pool(one.amount, set(one.places), one.is_whole) for one in joint])

    def joint(self) -> tuple[Joint, ...]:
        """What is known of places together, by the lowest place."""
        found = [Joint(tuple(sorted(pool.places)), pool.amount, pool.is_whole) for pool in self.pools]
        return tuple(sorted(found, key=lambda one: one.places))

    def play(self, arrows: Sequence[Arrow]) -> None:
        """Carry everything through events, their arrows standing together and in order."""
        begin = 0
        for end in range(1, len(arrows) + 1):
            if end == len(arrows) or arrows[end].event != arrows[begin].event:
                self._event(arrows[begin:end])
                begin = end

    def _event(self, arrows: Sequence[Arrow]) -> None:
        """Every source gives all it has at once."""
        by_source: dict[int, list[Arrow]] = {}
        for arrow in arrows:
            by_source.setdefault(arrow.source, []).append(arrow)
        gains: list[tuple[int, int]] = []
        joins: list[tuple[_Pool, list[int]]] = []
        for source, own in by_source.items():
            pool = self._pool_of(source)
            if pool is not None:
                pool.places.discard(source)
                joins.append((pool, [arrow.target for arrow in own if arrow.part or not arrow.base]))
            elif source in self.held:
                exact, unknown, lump = divide(self.held.pop(source), own)
                gains += exact
                if unknown:
                    joins.append((self._new_pool(lump), unknown))
        for pool, targets in joins:
            for target in targets:
                self._join(pool, target)
        for target, amount in gains:
            pool = self._pool_of(target)
            if pool is not None:
                pool.amount += amount
            else:
                self.held[target] = self.held.get(target, 0) + amount
        self._resolve()

    def _pool_of(self, place: int) -> _Pool | None:
        return next((pool for pool in self.pools if place in pool.places), None)

    def _new_pool(self, amount: int) -> _Pool:
        self.pools.append(_Pool(amount, set()))
        return self.pools[-1]

    def _join(self, pool: _Pool, target: int) -> None:
        pool, other = pool.last(), self._pool_of(target)
        if other is not None and other is not pool:
            pool.amount += other.amount
            pool.places |= other.places
            pool.is_whole &= other.is_whole
            other.into = pool
            self.pools.remove(other)
        pool.amount += self.held.pop(target, 0)
        pool.places.add(target)

    def _resolve(self) -> None:
        """What one place alone is left of is known again."""
        for pool in self.pools:
            if pool.is_whole and len(pool.places) == 1:
                [place] = pool.places
                self.held[place] = self.held.get(place, 0) + pool.amount
        self.pools = [pool for pool in self.pools if not (pool.is_whole and len(pool.places) == 1)]


def divide(amount: int, arrows: Sequence[Arrow]) -> tuple[list[tuple[int, int]], list[int], int]:
    """What a source's arrows carry: [(target, exactly so much)], targets that share the rest unknown, and that rest.

    Where one part alone is unknown it is the rest: that is subtraction, not a guess.
    """
    known = [arrow for arrow in arrows if arrow.base]
    unknown = [arrow.target for arrow in arrows if not arrow.base]
    rest = known[0].base - sum(arrow.part for arrow in known) if known else 1
    *parts, lump = share_whole(amount, [*(arrow.part for arrow in known), rest], known[0].base if known else 1)
    exact = [(arrow.target, part) for arrow, part in zip(known, parts, strict=True) if arrow.part]
    if not rest:
        return exact, [], 0
    if len(unknown) == 1:
        return [*exact, (unknown[0], lump)], [], 0
    return exact, unknown, lump


def share_whole(amount: int, parts: Sequence[int], base: int) -> list[int]:
    """An amount shared by `parts` of `base` (which they add up to) by largest remainder, the earlier one on a tie.

    The reference that the vectorised sharing is tested against, and what does it where a product passes 64 bits.
    """
    shared = [abs(amount) * part // base for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(abs(amount) * parts[i] % base), i))
    for i in order[: abs(amount) - sum(shared)]:
        shared[i] += 1
    return [-one for one in shared] if amount < 0 else shared
