"""Wishes made by hand, on top of the rules: locks, bans, and who shall share a unit or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mergeplan.types import VillageId

Ids = Iterable[VillageId]


@dataclass(frozen=True, slots=True)
class Edits:
    """Wishes on top of the rules, in village ids. A lock or ban may name a host: then it is about joining that host."""

    lock: tuple[frozenset[VillageId], ...] = ()
    """These form exactly one unit."""
    forbid: tuple[frozenset[VillageId], ...] = ()
    """These do not form exactly one unit."""
    apart: tuple[frozenset[VillageId], ...] = ()
    """No two of these share a unit."""
    together: tuple[frozenset[VillageId], ...] = ()
    """All of these share a unit."""

    @staticmethod
    def of(
        lock: Iterable[Ids] = (), forbid: Iterable[Ids] = (), apart: Iterable[Ids] = (), together: Iterable[Ids] = ()
    ) -> Edits:
        """From any iterables of ids."""
        groups = [tuple(frozenset(g) for g in kind) for kind in (lock, forbid, apart, together)]
        return Edits(*groups)

    def plus(self, other: Edits) -> Edits:
        """Both sets of wishes."""
        return Edits(
            self.lock + other.lock,
            self.forbid + other.forbid,
            self.apart + other.apart,
            self.together + other.together,
        )

    def all(self) -> Iterable[frozenset[VillageId]]:
        for kind in (self.lock, self.forbid, self.apart, self.together):
            yield from kind


NO_EDITS = Edits()


def breaks(kind: str, group: frozenset[int], joined: frozenset[int]) -> bool:
    """Whether a column joining these villages contradicts a wish about the group."""
    if kind == "lock":
        return bool(joined & group) and joined != group
    if kind == "forbid":
        return joined == group
    if kind == "apart":
        return len(joined & group) > 1
    return bool(joined & group) and not group <= joined
