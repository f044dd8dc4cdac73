"""Elastic cover: relax one family of rules at a time and find the smallest relaxation that helps.

For a family the town is enumerated once without the rule, and every unit gets its *excess*: how far the rule would have to give
for it (people, metres, members; 1 for a link or ban). Barring all units with an excess above θ then gives the town under the
rule relaxed by θ, so the smallest θ is found by bisection on a warm solver without enumerating again. What is advised has been
solved for in integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mergeplan.families import FAMILIES, ROOMY, Family, Reach, Relaxed, over_k
from mergeplan.partition import LARGE_TOWN
from mergeplan.relaxation import LinearRelaxation
from mergeplan.solving import Solvers
from mergeplan.types import Explanation, MergeplanError, Rules, TownId

MOST_TOWNS = 120
"""Towns up to which every family of rules is tried for the district's total."""


def advise(solvers: Solvers, reach: Reach, scope: str) -> list[Explanation]:
    """The smallest relaxation of each family that brings about what is wanted; families that cannot help are left out."""
    towns = [s.town.label for s in solvers.states] if reach.town is None else [reach.town]
    advice = []
    # In a province one total says little about any town, and bisecting it would take minutes: only k is tried there.
    families = FAMILIES if len(towns) <= MOST_TOWNS else FAMILIES[:1]
    for family in families:
        if not _is_used(family.rule, solvers.instance.rules):
            continue
        relaxed: Relaxed | None
        try:
            relaxed = solvers.relaxed(family)
            theta = _smallest(relaxed, towns, reach)
            if theta is not None and not all(relaxed.is_confirmed(t, reach, theta) for t in towns):
                continue
        except MergeplanError:
            continue  # without this rule there are too many units to list; other families are still tried
        if theta is None and family.rule == "k" and scope != "town" and len(towns) <= MOST_TOWNS:
            relaxed, theta = _larger_k(solvers, towns, reach)
        if relaxed is not None and theta is not None:
            advice.append(_in_words(solvers.instance.rules, family.rule, theta, reach, relaxed=relaxed, scope=scope))
    return advice


def _larger_k(solvers: Solvers, towns: Sequence[TownId], reach: Reach) -> tuple[Relaxed | None, int | None]:
    """Two and three more members, where one more is not enough."""
    for more in (2, 3):
        family = Family("k", lambda r, more=more: replace(r, k=r.k + more), over_k)  # type: ignore[misc]  # mypy: a default argument
        try:
            relaxed = Relaxed(solvers.instance, family, solvers.scoring, solvers.column_limit)
            theta = _smallest(relaxed, towns, reach)
        except MergeplanError:
            break
        if theta is not None:
            return relaxed, theta
    return None, None


def _is_used(rule: str, rules: Rules) -> bool:
    used = {"must": rules.must, "zones": rules.zones, "cannot": rules.cannot, "fixed": rules.fixed}
    numbers = {"Pmax": rules.pmax < ROOMY, "R": rules.radius_m < ROOMY, "Pmin": rules.pmin > 0}
    return bool(used.get(rule, numbers.get(rule, True) or (rules.windows and rule != "R")))


def _smallest(relaxed: Relaxed, towns: Sequence[TownId], reach: Reach) -> int | None:
    steps = relaxed.steps(towns)
    if not steps or not _is_met(relaxed, towns, reach, steps[-1]):
        return None
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        if _is_met(relaxed, towns, reach, steps[middle]):
            high = middle
        else:
            low = middle + 1
    return steps[low]


def _is_met(relaxed: Relaxed, towns: Sequence[TownId], reach: Reach, theta: int) -> bool:
    total = 0
    for town in towns:
        count = relaxed.extreme(town, -1 if reach.at_least is not None else 1, theta)
        if count is None:
            return False
        total += count
    if reach.at_least is not None:
        return total >= reach.at_least
    return reach.at_most is None or total <= reach.at_most


def _in_words(rules: Rules, rule: str, theta: int, reach: Reach, *, relaxed: Relaxed, scope: str) -> Explanation:
    now = {"k": rules.k, "Pmax": rules.pmax, "R": int(rules.radius_m), "Pmin": rules.pmin}
    values: dict[str, object] = {"rule": rule, "scope": scope, "by": theta}
    if reach.town is not None:
        values["town"] = reach.town
    if rule in now:
        to = now[rule] - theta if rule == "Pmin" else now[rule] + theta
        values |= {"from": now[rule], "to": to, "value": to}
        typed = f" (and the windows of types by {theta:,})" if rules.windows and rule in {"Pmax", "Pmin"} else ""
        verb = "lower" if rule == "Pmin" else "raise"
        how = f"{verb} {rule} to {to:,}{typed}"
        if rule == "k" and scope == "town":
            how = f"allow one {to}-in-1" if _one_is_enough(relaxed, reach) else f"allow {to}-in-1"
    else:
        how = {
            "must": "give up must-links",
            "zones": "let a zone be cut",
            "cannot": "give up cannot-links",
            "fixed": "free fixed villages",
        }[rule]
    values["how"] = how
    where = f"Town {reach.town}: " if reach.town is not None else ""
    aim = "" if scope == "town" else " would be enough"
    sentence = f"{where}{how}{aim}."
    return Explanation("relax", sentence[0].upper() + sentence[1:], values)


def _one_is_enough(relaxed: Relaxed, reach: Reach) -> bool:
    """Whether a single larger unit brings the town to the wanted count."""
    town, wanted = reach.town, reach.at_most
    if town is None or wanted is None:
        return False
    townsolver, excess = relaxed.town(town)
    columns = townsolver.columns
    counting = tuple(c._replace(cost=int(e > 0)) for c, e in zip(columns.columns, excess, strict=True))
    # Nearly all costs are 0, so the path search would drown in ties: the integer solver is the better tool here.
    solver = LinearRelaxation(replace(columns, columns=counting))
    bound = solver.solve(wanted)
    if bound is None or bound.objective > 1 + 1e-6:
        return False
    answer = solver.solve_integer(wanted, 1.0, target=1.0) if townsolver.columns.rows <= LARGE_TOWN else None
    return answer is not None and sum(excess[j] > 0 for j in answer.chosen) == 1
