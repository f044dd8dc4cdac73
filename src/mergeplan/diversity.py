"""What else could be done: the price of forbidding each merger, and good plans that really differ.

Forbidding the best plan itself (a no-good cut) yields plans that differ in one unit and 0.03 % of cost; nobody needs them. Regret
says which mergers carry the plan, and a plan in which a wished share of mergers is different shows another idea.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mergeplan.edits import Edits, Ids
from mergeplan.planner import Planner
from mergeplan.types import Kind, Plan, RequestError, Status, VillageId


@dataclass(frozen=True, slots=True)
class Regret:
    """Forbidding the unit of `members` makes the plan dearer by `regret` millionths; None: no plan without it."""

    members: tuple[VillageId, ...]
    regret: int | None


def regret(
    planner: Planner,
    *,
    at_most: int | None = None,
    exactly: int | None = None,
    at_least: int | None = None,
    reduction: str | Decimal | None = None,
    lock: Iterable[Ids] = (),
    forbid: Iterable[Ids] = (),
    apart: Iterable[Ids] = (),
    together: Iterable[Ids] = (),
) -> tuple[Regret, ...]:
    """The regret of every merger of the best plan, dearest first. Locked mergers have none and are left out."""
    low, high = planner.count_range(at_most=at_most, exactly=exactly, at_least=at_least, reduction=reduction)
    edits = Edits.of(lock, forbid, apart, together)
    plan = planner.solve_range(low, high, edits, explain=False)
    if plan.objective is None:
        return ()
    price = planner.prices(low, high, edits)
    found = []
    for unit in plan.units:
        if unit.kind is not Kind.MERGED or frozenset(unit.members) in edits.lock:
            continue
        without = price(unit.members)
        found.append(Regret(unit.members, None if without is None else without - plan.objective))
    # None (indispensable) first, then by cost; equal ones stay in plan order.
    return tuple(sorted(found, key=lambda r: (r.regret is not None, -(r.regret or 0))))


def alternatives(
    planner: Planner,
    number: int = 3,
    *,
    difference: float = 0.3,
    at_most: int | None = None,
    exactly: int | None = None,
    at_least: int | None = None,
    reduction: str | Decimal | None = None,
    lock: Iterable[Ids] = (),
    forbid: Iterable[Ids] = (),
    apart: Iterable[Ids] = (),
    together: Iterable[Ids] = (),
) -> tuple[Plan, ...]:
    """Up to `number` plans of which each differs from the best and from the others in about `difference` of its mergers.

    Each forbids, of the plans before it, the mergers with the least regret until the wished share is gone, and is then solved to
    optimality: the cheapest way of doing without these. Plans come cheapest first; mergers that nothing can replace stay.
    Deterministic. Raises `RequestError` for a difference outside 0 … 1.
    """
    if not 0 < difference <= 1:
        raise RequestError(f"difference is {difference}; give a share above 0 and at most 1")
    low, high = planner.count_range(at_most=at_most, exactly=exactly, at_least=at_least, reduction=reduction)
    base = Edits.of(lock, forbid, apart, together)
    best = planner.solve_range(low, high, base, explain=False)
    if best.status is Status.INFEASIBLE:
        return ()
    prices = {
        frozenset(r.members): r.regret
        for r in regret(planner, at_least=low, at_most=high, lock=lock, forbid=forbid, apart=apart, together=together)
    }
    edits, plans, last = base, [best], best
    for _ in range(number):
        mergers = [frozenset(u.members) for u in last.units if u.kind is Kind.MERGED]
        replaceable = [m for m in mergers if m not in base.lock and prices.get(m, 0) is not None]
        replaceable.sort(key=lambda m: prices.get(m) or 0)
        banned = replaceable[: max(1, int(difference * len(mergers)))]
        plan = _without(planner, low, high, edits, banned)
        if plan is None or frozenset(_mergers(plan)) in {frozenset(_mergers(p)) for p in plans}:
            break
        plans.append(plan)
        edits = edits.plus(Edits.of(forbid=banned))
        last = plan
    return tuple(sorted(plans[1:], key=lambda p: p.objective or 0))


def _without(planner: Planner, low: int, high: int, edits: Edits, banned: list[frozenset[VillageId]]) -> Plan | None:
    """The best plan without these mergers; the dearest bans are dropped until there is one."""
    while banned:
        plan = planner.solve_range(low, high, edits.plus(Edits.of(forbid=banned)), explain=False)
        if plan.status is not Status.INFEASIBLE:
            return plan
        banned = banned[: len(banned) // 2]
    return None


def _mergers(plan: Plan) -> set[frozenset[VillageId]]:
    return {frozenset(u.members) for u in plan.units if u.kind is Kind.MERGED}


def difference(one: Plan, other: Plan) -> float:
    """Share of the first plan's mergers that the other does not have (0: none, 1: all)."""
    mine = _mergers(one)
    return len(mine - _mergers(other)) / len(mine) if mine else 0.0
