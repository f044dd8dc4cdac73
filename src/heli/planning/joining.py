"""The bridge to `mergeplan` for several districts with one count of all. No database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from heli.planning.rules import compute_instance
from heli.planning.sharing import compute_part_rules
from heli.planning.solving import make_planner, result_of_plan
from heli.planning.types import GoalKind, Material, PlanRules, Result
from mergeplan import Districts, MergeplanError, Planner

CurvePoints = tuple[tuple[int, int, int | None], ...]


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One district's own rules and what came out under them; infeasible is an answer."""

    rules: PlanRules
    result: Result


@dataclass(frozen=True, slots=True)
class JointAnswer:
    """What came out for all: by district, and the sums over those that have a plan.

    Districts without a plan stay as they are and count with their villages before, in `after` and along the `curve`
    (corners of the lowest cost: count, proven bound, cost). `best` is the lowest cost of the same count; `possible` the
    fewest and most villages, told when the count cannot be had.
    """

    status: str
    after: int | None
    objective: int | None
    bound: int | None
    best: int | None
    curve: CurvePoints
    possible: tuple[int, int] | None
    parts: Mapping[int, PartAnswer]


class JointPlanning:
    """Districts being planned together: add them one by one, then ask once. Holds every district's planner in memory."""

    def __init__(self, rules: PlanRules) -> None:
        self.rules = rules
        self._planners: dict[str, Planner] = {}
        self._targets: dict[str, int] = {}

    def add(self, material: Material, target: int, progress: Callable[[int, int], None] | None = None) -> None:
        """Enumerate one district under the common rules and its target population. Raises `MergeplanError`."""
        key = str(material.district)
        rules = compute_part_rules(self.rules, GoalKind.AT_MOST, len(material.planned), target)
        self._planners[key] = make_planner(compute_instance(rules, material), progress)
        self._targets[key] = target

    def find_best(self, total: int, left_out: int = 0) -> JointAnswer:
        """Share the total at the lowest cost; `left_out` villages stand in districts that were not added."""
        able, parts = self._able()
        left_out += sum(self._before(key) for key in self._planners if key not in able)
        joint = Districts(able)
        wanted = total - left_out
        exactly, at_most = (wanted, None) if self.rules.goal.kind is GoalKind.EXACTLY else (None, wanted)
        shared = joint.share(exactly=exactly, at_most=at_most) if able and wanted > 0 else None
        if shared is None:
            reach = joint.range() if able else None
            possible = (reach[0] + left_out, reach[1] + left_out) if reach else None
            return JointAnswer("infeasible", None, None, None, None, (), possible, parts)
        for share in shared.districts:
            parts[int(share.district)] = self._solve(share.district, GoalKind.EXACTLY, share.count)
        return JointAnswer(
            status=str(shared.status),
            after=shared.count + left_out,
            objective=shared.cost,
            bound=shared.bound,
            best=shared.cost if shared.bound == shared.cost else None,
            curve=_moved(joint, left_out),
            possible=None,
            parts=parts,
        )

    def hand_down(self, numbers: Mapping[int, int], left_out: int = 0) -> JointAnswer:
        """Plan every district for its number; what the lowest cost of the same count would be stands beside it."""
        kind = GoalKind.EXACTLY if self.rules.goal.kind is GoalKind.EXACTLY else GoalKind.AT_MOST
        parts = {int(key): self._solve(key, kind, numbers[int(key)]) for key in self._planners}
        able = {key: planner for key, planner in self._planners.items() if parts[int(key)].result.is_feasible}
        left_out += sum(self._before(key) for key in self._planners if key not in able)
        if not able:
            return JointAnswer("infeasible", None, None, None, None, (), None, parts)
        joint = Districts(able)
        solved = [parts[int(key)].result for key in able]
        count = sum(result.after for result in solved)
        best = joint.share(exactly=count)
        objective = sum(result.objective or 0 for result in solved)
        bound = sum(result.bound or 0 for result in solved)
        return JointAnswer(
            status="optimal" if objective == bound else "feasible",
            after=count + left_out,
            objective=objective,
            bound=bound,
            best=best.bound if best is not None else None,
            curve=_moved(joint, left_out),
            possible=None,
            parts=parts,
        )

    def _able(self) -> tuple[dict[str, Planner], dict[int, PartAnswer]]:
        """The districts that have a plan at all, and the reasons of the others."""
        stuck = set(Districts(self._planners).infeasible())
        answers = {int(key): self._solve(key, GoalKind.AT_MOST, self._before(key)) for key in sorted(stuck)}
        return {key: planner for key, planner in self._planners.items() if key not in stuck}, answers

    def _solve(self, key: str, kind: GoalKind, count: int) -> PartAnswer:
        rules = compute_part_rules(self.rules, kind, count, self._targets[key])
        exactly, at_most = (count, None) if kind is GoalKind.EXACTLY else (None, count)
        plan = self._planners[key].solve(exactly=exactly, at_most=at_most)
        return PartAnswer(rules, result_of_plan(plan, rules))

    def _before(self, key: str) -> int:
        return self._planners[key].instance.villages


def _moved(joint: Districts, left_out: int) -> CurvePoints:
    return tuple((point.count + left_out, point.lower, point.cost) for point in joint.curve())


__all__ = ["JointAnswer", "JointPlanning", "MergeplanError", "PartAnswer"]
