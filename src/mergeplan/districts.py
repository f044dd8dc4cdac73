"""Plan several districts together: one total for all of them, shared so that all plans together are cheapest.

Each district keeps its own rules, target and scores; a unit's score says how far it is from what *its* district wants. The
districts' shares follow from one price per unit that holds everywhere (`shares`), so no district could give a unit to another one
and both be better off. Its plan is then the district's own optimum for its share:

    joint = Districts({"511603": Planner(first), "511602": Planner(second)})
    shared = joint.share(at_most=420)
    for share in shared.districts:
        plan = joint.planners[share.district].solve(exactly=share.count)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from mergeplan.choosing import WishedTown, choose, hull_curve, lower_curves, settle_one_by_one
from mergeplan.edits import NO_EDITS, Edits
from mergeplan.planner import Planner
from mergeplan.types import CurvePoint, RequestError, Status


@dataclass(frozen=True, slots=True)
class DistrictShare:
    """What falls to one district: its number of villages, and the lowest cost of that many, in millionths."""

    district: str
    before: int
    count: int
    cost: int


@dataclass(frozen=True, slots=True)
class SharedTotal:
    """The cheapest way to share a total. `bound` ≤ the cost of every other way; equal to `cost` when optimal."""

    status: Status
    count: int
    cost: int
    bound: int
    districts: tuple[DistrictShare, ...]


class Districts:
    """Districts with a total in common. Not thread-safe, as planners are not.

    `planners` by the district's key, in the order in which equal plans are decided (the first district gets fewer units);
    `edits` what is settled by hand in some of them. Raises `RequestError` for an unknown village or district in the edits.
    """

    def __init__(self, planners: Mapping[str, Planner], edits: Mapping[str, Edits] | None = None) -> None:
        edits = edits or {}
        unknown = sorted(set(edits) - set(planners))
        if unknown:
            raise RequestError(f"edits for {unknown[0]!r}, which is none of the districts")
        self.planners = dict(planners)
        self._towns: list[WishedTown] = []
        self._cuts = [0]
        for key, planner in self.planners.items():
            self._towns += planner.wished(planner.barred_by(edits.get(key, NO_EDITS)))
            self._cuts.append(len(self._towns))

    @property
    def villages(self) -> int:
        """Villages of all districts before the merger."""
        return sum(p.instance.villages for p in self.planners.values())

    def infeasible(self) -> tuple[str, ...]:
        """Districts for which the rules leave no plan at all, whatever the count; ask each one's `solve()` for the reasons."""
        found = []
        for key, planner in self.planners.items():
            if choose(self._of(key), 0, planner.instance.villages) is None:
                found.append(key)
        return tuple(found)

    def range(self) -> tuple[int, int] | None:
        """Fewest and most units that the towns' relaxations allow; the truth lies inside. None when a district has no plan."""
        return lower_curves(self._towns).range()

    def share(
        self, *, at_most: int | None = None, exactly: int | None = None, at_least: int | None = None
    ) -> SharedTotal | None:
        """The cheapest shares for a total in the range; without one, the cheapest total of all. None when there is no plan.

        Equal shares are decided by the fewest units in all, then the smallest shares from the first district (and its first
        town) on. Raises `RequestError` for contradictory counts, `UndecidedError` where time ran out.
        """
        if exactly is not None and (at_most is not None or at_least is not None):
            raise RequestError("ask for exactly, or for at most and at least")
        low, high = (exactly, exactly) if exactly is not None else (at_least or 0, at_most)
        choice = choose(self._towns, low, self.villages if high is None else high)
        if choice is None:
            return None
        shares = []
        for (key, planner), (first, end) in zip(self.planners.items(), pairwise(self._cuts), strict=True):
            cost = 0
            for (solver, barred), count in zip(self._towns[first:end], choice.counts[first:end], strict=True):
                cost += solver.curve(barred).points[count].upper or 0
            shares.append(DistrictShare(key, planner.instance.villages, sum(choice.counts[first:end]), cost))
        status = Status.OPTIMAL if choice.cost == choice.bound else Status.FEASIBLE
        return SharedTotal(status, sum(choice.counts), choice.cost, choice.bound, tuple(shares))

    def curve(self, *, exact: bool = True) -> tuple[CurvePoint, ...]:
        """The corners of the joint curve's lower convex hull, fewest units first; empty when a district has no plan.

        Between two corners the joint cost lies on or above the straight line; `share(exactly=…)` gives it. With `exact` the
        corners are proven, else they carry the relaxations' bounds.
        """
        return hull_curve(self._towns, partial(settle_one_by_one, self._towns) if exact else None)

    def _of(self, key: str) -> list[WishedTown]:
        place = list(self.planners).index(key)
        return self._towns[self._cuts[place] : self._cuts[place + 1]]
