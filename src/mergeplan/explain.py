"""Say in words what a result means, and for an infeasible one why it is so and what would help."""

from __future__ import annotations

from collections.abc import Mapping

from mergeplan.edits import Edits
from mergeplan.families import Reach
from mergeplan.links import clashing_links
from mergeplan.relief import advise
from mergeplan.solving import Solvers
from mergeplan.types import Explanation, Plan, Status, TownId
from mergeplan.whynot import lonely_reasons, why_not

Barred = Mapping[int, frozenset[int]]
MANY = 12
"""Most towns or villages listed one by one."""


def explain_plan(solvers: Solvers, plan: Plan) -> tuple[Explanation, ...]:
    """Summary, proof, and what a reader of the plan should know about the input."""
    before, after = solvers.instance.villages, plan.count
    share = f"{(before - after) * 100 / before:.2f} %" if before else "0 %"
    reasons = [
        Explanation(
            "summary",
            f"{before} villages become {after}: {before - after} fewer ({share}).",
            {"before": before, "after": after, "fewer": before - after},
        )
    ]
    if plan.status is Status.FEASIBLE and plan.gap is not None:
        message = f"Not proven optimal: a plan cheaper by at most {plan.gap:,} millionths may exist."
        reasons.append(Explanation("gap", message, {"gap": plan.gap}))
    at_limit = [t for t in plan.towns if t.count == t.fewest and t.fewest < t.before]
    if at_limit and after == plan.at_most:
        towns = ", ".join(str(t.town) for t in at_limit[:MANY])
        message = f"These towns are at the fewest units the rules allow: {towns}."
        reasons.append(Explanation("at-limit", message, {"towns": [t.town for t in at_limit]}))
    return (*reasons, *describe_input(solvers))


def describe_input(solvers: Solvers) -> tuple[Explanation, ...]:
    """Towns in several parts, villages without neighbours, absorptions that cannot be, warnings of the reader."""
    instance = solvers.instance
    reasons = []
    for state in solvers.states:
        town = state.town
        parts = _parts(town.near)
        islands = [p for p in range(town.size) if not town.near[p] and not town.fixed >> p & 1 and town.size > 1]
        if islands:
            names = ", ".join(instance.label(town.index[p]) for p in islands[:MANY])
            message = f"Town {town.label}: without a neighbour to merge with: {names}."
            reasons.append(Explanation("islands", message, {"town": town.label, "count": len(islands)}))
        if parts > 1:
            message = f"Town {town.label} lies in {parts} parts that share no border."
            reasons.append(Explanation("town-in-parts", message, {"town": town.label, "parts": parts}))
    offered = {(s.town.index[p], s.town.hosts[h]) for s in solvers.states for p, h, _ in s.town.absorb}
    for a in instance.rules.absorb:
        if (a.village, a.host) not in offered:
            pair = f"{instance.label(a.village)} cannot join {instance.label(a.host)}"
            message = f"{pair}: not neighbours in one town, or fixed, or barred by a link."
            pair_ids = {"village": instance.id[a.village], "host": instance.id[a.host]}
            reasons.append(Explanation("absorb-not-offered", message, pair_ids))
    for flaw in instance.warnings:
        values: dict[str, object] = {"field": flaw.field}
        if flaw.index is not None:
            values["village"] = instance.id[flaw.index]
        # Worded by id, not by place in the file, so that the order of the input leaves no trace.
        who = "" if flaw.index is None else f"{instance.label(flaw.index)}: "
        said = _WARNINGS.get(flaw.code, f"{flaw.message} — {flaw.remedy}" if flaw.remedy else flaw.message)
        reasons.append(Explanation(flaw.code, f"{who}{flaw.field}: {said}.", values))
    return tuple(sorted(reasons, key=lambda r: (r.code, r.message)))


_WARNINGS = {
    "duplicate-name": "another village bears the same name; the ids tell them apart",
    "zero-population": "nobody lives here; planned all the same",
    "no-perimeter": "no outline, so compactness counts 0",
    "target-zero": "the population is too small for a target; 1 is used",
}


def _parts(near: tuple[int, ...]) -> int:
    """Connected parts of a town, leaving out single villages without any neighbour."""
    left = sum(1 << p for p, bits in enumerate(near) if bits)
    parts = 0
    while left:
        reached = frontier = left & -left
        while frontier:
            bit = frontier & -frontier
            frontier ^= bit
            new = near[bit.bit_length() - 1] & ~reached
            reached |= new
            frontier |= new
        left &= ~reached
        parts += 1
    return parts


def explain_infeasible(solvers: Solvers, low: int, high: int, barred: Barred, edits: Edits) -> tuple[Explanation, ...]:
    """Why no plan has low … high units, and the smallest relaxations that help."""
    if low > high:
        message = f"At least {low} and at most {high} units cannot both hold."
        return (Explanation("range-empty", message, {"low": low, "high": high}),)
    if barred:
        by_hand = _explain_edits(solvers, low, high, edits)
        if by_hand:
            return by_hand
    ranges = {}
    for t, s in enumerate(solvers.states):
        key = barred.get(t, frozenset())
        ranges[s.town.label] = s.solver.extreme(1, key), s.solver.extreme(-1, key)
        solvers.let_go(s)
    stuck = [label for label, (fewest, _) in ranges.items() if fewest is None]
    if stuck:
        return (*_explain_stuck(solvers, stuck), *describe_input(solvers))
    fewest = sum(f for f, _ in ranges.values() if f is not None)
    most = sum(m for _, m in ranges.values() if m is not None)
    listed = ", ".join(f"{label}: {f}–{m}" for label, (f, m) in list(ranges.items())[:MANY])
    more = f", and {len(ranges) - MANY} more" if len(ranges) > MANY else ""
    bounds = Explanation(
        "ranges",
        f"Possible counts by town: {listed}{more}.",
        {"ranges": {str(label): (f, m) for label, (f, m) in ranges.items()}},
    )
    k = solvers.instance.rules.k
    if high < fewest:
        message = (
            f"The rules allow {fewest}–{most} units in all; at most {high} were asked: "
            f"the district cannot go below {fewest} with k = {k}."
        )
        head = Explanation("too-few-asked", message, {"fewest": fewest, "most": most, "asked": high})
        raise_k = Explanation(
            "relax",
            f"Ask for at most {fewest} instead of {high}.",
            {"rule": "K", "from": high, "to": fewest, "value": fewest},
        )
        district = advise(solvers, Reach(at_most=high), "district")
        return (head, bounds, raise_k, *district, *_per_town(solvers, ranges), *describe_input(solvers))
    if low > most:
        message = (
            f"The rules allow {fewest}–{most} units in all; at least {low} were asked: villages below Pmin must merge."
        )
        head = Explanation("too-many-asked", message, {"fewest": fewest, "most": most, "asked": low})
        lower = Explanation(
            "relax", f"Ask for {most} instead of {low}.", {"rule": "Kmin", "from": low, "to": most, "value": most}
        )
        return (head, bounds, lower, *advise(solvers, Reach(at_least=low), "district"), *describe_input(solvers))
    nearest = sorted(solvers.counts(barred), key=lambda n: (min(abs(n - low), abs(n - high)), n))[:2]
    names = " or ".join(str(n) for n in nearest)
    message = f"Between {fewest} and {most} units, no plan has {low}–{high} units; the nearest counts are {names}."
    return (Explanation("gap-in-counts", message, {"nearest": nearest}), bounds, *describe_input(solvers))


def _per_town(solvers: Solvers, ranges: Mapping[TownId, tuple[int | None, int | None]]) -> list[Explanation]:
    """For each town what would let it go one lower."""
    reasons: list[Explanation] = []
    for label, (fewest, _) in list(ranges.items())[:MANY]:
        if fewest is None or fewest == 0:
            continue
        ways = advise(solvers, Reach(at_most=fewest - 1, town=label), "town")
        if ways:
            k = solvers.instance.rules.k
            how = " or ".join(str(w.values["how"]) for w in ways)
            message = f"Town {label} cannot go below {fewest} with k = {k}: {how}."
            reasons.append(Explanation("town-limit", message, {"town": label, "fewest": fewest}))
    return reasons


def _explain_stuck(solvers: Solvers, stuck: list[TownId]) -> list[Explanation]:
    reasons = []
    for label in stuck[:MANY]:
        state = next(s for s in solvers.states if s.town.label == label)
        lonely = lonely_reasons(solvers.instance, state.town, state.solver.columns)
        message = f"Town {label} cannot be planned at all under the rules."
        if state.town.is_torn:
            message = f"Town {label} cannot be planned at all: a must-link joins villages of two towns, or two hosts."
        elif not lonely:
            message = f"Town {label} cannot be planned at all: every village has a unit, but no choice of units fits together."
        reasons.append(Explanation("town-stuck", message, {"town": label}))
        reasons += lonely[:MANY]
        advice = advise(solvers, Reach(town=label), "town-stuck")
        if not advice:
            none = f"Town {label}: no single family of rules helps when relaxed alone; relax several."
            advice = [Explanation("no-single-relaxation", none, {"town": label})]
        reasons += [*clashing_links(solvers, label), *advice]
    if len(stuck) > MANY:
        more = f"And {len(stuck) - MANY} more towns that cannot be planned."
        reasons.append(Explanation("towns-stuck", more, {"towns": stuck[MANY:]}))
    return reasons


def _explain_edits(solvers: Solvers, low: int, high: int, edits: Edits) -> tuple[Explanation, ...]:
    """When the rules alone have a plan, the wishes made by hand are the cause: which of them, taken back, would help."""
    if solvers.cost(low, high) is None:
        return ()
    instance = solvers.instance
    message = "Without the locks and bans made by hand there is a plan."
    reasons = [Explanation("edits", message, {})]
    kinds = ("lock", "forbid", "apart", "together")
    for kind in kinds:
        for place, group in enumerate(getattr(edits, kind)):
            names = ", ".join(instance.label(i) for i in sorted(instance.index_of[v] for v in group))
            if kind in {"lock", "together"}:
                broken = why_not(instance, group, whole=kind == "lock")
                if broken:
                    text = f"{kind} {names}: {'; '.join(broken)}."
                    reasons.append(
                        Explanation("wish-breaks-rule", text, {"kind": kind, "group": sorted(map(str, group))})
                    )
            others = {k: getattr(edits, k) for k in kinds}
            others[kind] = tuple(g for p, g in enumerate(others[kind]) if p != place)
            if solvers.cost(low, high, Edits(**others)) is not None:
                text = f"Taking back “{kind} {names}” would be enough."
                reasons.append(Explanation("drop-wish", text, {"kind": kind, "group": sorted(map(str, group))}))
    return tuple(reasons)
