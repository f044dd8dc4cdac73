"""Planning's pure rules: whether rules make sense, the instance they give, adjustments by hand, and the arithmetic of a plan.

Facts in, values or findings out. Nothing here solves, reads the register or knows Django.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import isqrt
from typing import Any

from heli.kernel.quantities import round_half_up
from heli.planning.types import (
    GoalKind,
    Material,
    Merger,
    MergerFit,
    MergerKind,
    OverrideKind,
    PlanRules,
    Result,
    RuleFinding,
    Summary,
    TownLine,
    Village,
)

MAX_K = 5
LARGEST_COST = 10**12
"""In millionths, as costs are kept; what the planner's form takes."""
SCALE = 10_000


def compute_at_most(rules: PlanRules, before: int) -> int | None:
    """The most villages that meet the goal; a reduction is reached only from its exact value on (254 × 40.95 % → 149)."""
    goal = rules.goal
    if goal.kind is GoalKind.REDUCTION:
        return None if goal.reduction is None else compute_needed(goal.reduction, before)
    return goal.count


def compute_needed(reduction: int, before: int) -> int:
    """The most villages that reach a reduction (in hundredths of a percent): 254 × 40.95 % = 104.01, so 105 must go."""
    return before + (-reduction * before) // SCALE


def town_of(rules: PlanRules, town: int) -> int:
    """The town that will be: merged towns are followed to the one that stays."""
    into = dict(rules.town_merges)
    seen = {town}
    while town in into and into[town] not in seen:
        town = into[town]
        seen.add(town)
    return town


def check_rules(rules: PlanRules, material: Material) -> list[RuleFinding]:
    """Whether a scenario's rules make sense on its villages. Every finding names the form field that mends it."""
    return [
        *check_numbers(rules, len(material.planned)),
        *_check_places(rules, material),
        *_check_towns(rules, material),
    ]


def check_numbers(rules: PlanRules, before: int) -> list[RuleFinding]:
    """Whether the rules' numbers make sense where `before` villages are planned; places are not looked at."""
    weights = {name: getattr(rules.weights, name) for name in ("balance", "travel", "disrupt", "compact", "affinity")}
    checks = [
        (1 <= rules.k <= MAX_K, RuleFinding("k.range", "k", {"most": MAX_K})),
        (0 <= rules.pmin <= rules.pmax, RuleFinding("window.empty", "pmin", {"low": rules.pmin, "high": rules.pmax})),
        (rules.radius_m >= 1, RuleFinding("radius.range", "radius_m")),
        (
            rules.target_population is None or rules.target_population >= 1,
            RuleFinding("target.range", "target_population"),
        ),
        (SCALE <= rules.detour <= 5 * SCALE, RuleFinding("detour.range", "detour")),
        (0 <= rules.absorb_cost <= LARGEST_COST, RuleFinding("cost.range", "absorb_cost")),
        (0 <= rules.convert_cost <= LARGEST_COST, RuleFinding("cost.range", "convert_cost")),
        *(
            (0 <= value <= 100 * SCALE, RuleFinding("weight.range", f"weight_{name}"))
            for name, value in weights.items()
        ),
        *(
            (
                0 <= w.low <= w.high,
                RuleFinding("window.empty", f"window_{w.village_class}_low", {"low": w.low, "high": w.high}),
            )
            for w in rules.windows
        ),
    ]
    return [*_check_goal(rules, before), *(finding for holds, finding in checks if not holds)]


def _check_goal(rules: PlanRules, before: int) -> list[RuleFinding]:
    goal = rules.goal
    if goal.kind is GoalKind.REDUCTION:
        holds = goal.reduction is not None and 0 <= goal.reduction < SCALE
        return [] if holds else [RuleFinding("goal.reduction", "reduction")]
    holds = goal.count is not None and 1 <= goal.count <= before
    asked = goal.reduction is None or 0 <= goal.reduction < SCALE
    found = [] if holds else [RuleFinding("goal.count", "count", {"before": before})]
    return found if asked else [*found, RuleFinding("goal.reduction", "reduction")]


def _check_places(rules: PlanRules, material: Material) -> list[RuleFinding]:
    by_id = {village.id: village for village in material.villages}
    planned = {village.id for village in material.planned}
    return [
        *_check_locks(rules, by_id, planned),
        *_check_overrides(rules, material, by_id, planned),
        *_check_zones(rules, planned),
    ]


def _check_locks(rules: PlanRules, by_id: Mapping[int, Village], planned: set[int]) -> list[RuleFinding]:
    found: list[RuleFinding] = []
    for members in rules.locks:
        hosts = {member for member in members if member in by_id and by_id[member].is_community}
        if (unknown := set(members) - planned - hosts) or len(hosts) > 1 or not members:
            found.append(RuleFinding("village.unknown", "locks", {"ids": sorted(unknown or hosts)}))
        elif len({town_of(rules, by_id[member].town) for member in members}) > 1:
            found.append(RuleFinding("lock.towns", "locks", {"names": names_of(members, by_id)}))
        elif len(members) > rules.k:
            found.append(RuleFinding("lock.too_many", "locks", {"names": names_of(members, by_id), "k": rules.k}))
    for member, times in Counter(member for members in rules.locks for member in members).items():
        if times > 1 and member in by_id:
            found.append(RuleFinding("lock.twice", "locks", {"name": by_id[member].name}))
    for pair in rules.forbidden_pairs:
        if not set(pair) <= planned or len(set(pair)) != 2:
            found.append(RuleFinding("village.unknown", "forbidden_pairs", {"ids": list(pair)}))
        elif any(set(pair) <= set(members) for members in rules.locks):
            found.append(RuleFinding("forbid.locked", "forbidden_pairs", {"names": names_of(pair, by_id)}))
    for members in rules.forbidden_units:
        unknown = set(members) - set(by_id)
        if unknown or not members:
            found.append(RuleFinding("village.unknown", "forbidden_units", {"ids": sorted(unknown)}))
    return found


def _check_overrides(
    rules: PlanRules, material: Material, by_id: Mapping[int, Village], planned: set[int]
) -> list[RuleFinding]:
    found: list[RuleFinding] = []
    times = Counter(override.place for override in rules.overrides)
    for override in rules.overrides:
        if override.place not in planned:
            found.append(RuleFinding("village.unknown", "place", {"ids": [override.place]}))
            continue
        name = by_id[override.place].name
        if times[override.place] > 1:
            found.append(RuleFinding("override.twice", "place", {"name": name}))
        if not override.reason.strip():
            found.append(RuleFinding("override.reason", "reason", {"name": name}))
        if override.kind is OverrideKind.ABSORB:
            host = by_id.get(override.host or 0)
            if host is None or not host.is_community:
                found.append(RuleFinding("override.host", "host", {"name": name}))
            elif not is_bordering(material, override.place, host.id):
                found.append(RuleFinding("override.apart", "host", {"name": name, "host": host.name}))
    return found


def _check_zones(rules: PlanRules, planned: set[int]) -> list[RuleFinding]:
    found: list[RuleFinding] = []
    for zone in rules.zones:
        if unknown := set(zone.members) - planned:
            found.append(RuleFinding("village.unknown", "zones", {"ids": sorted(unknown)}))
        elif len(set(zone.members)) < 2 or not zone.name.strip():
            found.append(RuleFinding("zone.small", "zones", {"name": zone.name}))
    return found


def _check_towns(rules: PlanRules, material: Material) -> list[RuleFinding]:
    found: list[RuleFinding] = []
    towns = {town.id: town.name for town in material.towns}
    into = dict(rules.town_merges)
    if len(into) < len(rules.town_merges):
        found.append(RuleFinding("town.twice", "town_merges"))
    for town, target in rules.town_merges:
        if town not in towns or target not in towns:
            found.append(RuleFinding("town.unknown", "town_merges"))
        elif town == target:
            found.append(RuleFinding("town.itself", "town_merges", {"name": towns[town]}))
        elif target in into:
            # A chain would make "the town that will be" depend on the order of reading.
            found.append(RuleFinding("town.chain", "town_merges", {"name": towns[town], "into": towns[target]}))
    return found


def is_bordering(material: Material, one: int, other: int) -> bool:
    """Whether the two places share a border."""
    return any({border.a, border.b} == {one, other} for border in material.borders)


def names_of(members: Iterable[int], by_id: Mapping[int, Village]) -> list[str]:
    """The members' names in the order given; unknown ids as numbers."""
    return [by_id[member].name if member in by_id else str(member) for member in members]


def compute_instance(rules: PlanRules, material: Material) -> dict[str, Any]:
    """The planner's exchange form of the material under the rules, without the locks and forbids made by hand.

    Communities take part only as hosts of villages that may be absorbed. The ids are place ids.
    """
    absorb = _absorptions(rules, material)
    hosts = sorted({host for _, host in absorb})
    entries = sorted((*material.planned, *(v for v in material.villages if v.id in set(hosts))), key=lambda v: v.id)
    at = {village.id: position for position, village in enumerate(entries)}
    before = len(material.planned)
    at_most = compute_at_most(rules, before)
    total = sum(village.population for village in material.planned)
    divisor = at_most or before or 1
    classes = dict(rules.classes)
    overridden = defaultdict(list)
    for override in rules.overrides:
        overridden[override.kind].append(at[override.place])
    raw: dict[str, Any] = {
        "n": len(entries),
        "id": [village.id for village in entries],
        "name": [village.name for village in entries],
        "x": [village.x for village in entries],
        "y": [village.y for village in entries],
        "pop": [village.population for village in entries],
        "area": [village.area_m2 for village in entries],
        "perim": [village.perimeter_m for village in entries],
        "town": [town_of(rules, village.town) for village in entries],
        "edges": [[at[b.a], at[b.b], b.length_m, b.affinity] for b in material.borders if b.a in at and b.b in at],
        "k": rules.k,
        "Pmin": rules.pmin,
        "Pmax": rules.pmax,
        "R": rules.radius_m,
        "T": rules.target_population or max(round_half_up(total, divisor), 1),
        "K": at_most,
        "detour": rules.detour / SCALE,
        "weights": {
            name: getattr(rules.weights, name) / SCALE
            for name in ("balance", "travel", "compact", "disrupt", "affinity")
        },
        "fixed": sorted(overridden[OverrideKind.FIXED]),
        "exempt": sorted(overridden[OverrideKind.EXEMPT]),
        "convertible": sorted(overridden[OverrideKind.CONVERT]),
        "convert_cost": rules.convert_cost,
        "cannot": [[at[a], at[b]] for a, b in rules.forbidden_pairs],
        "zones": [[at[member] for member in zone.members] for zone in rules.zones],
        "hosts": [at[host] for host in hosts],
        "absorb": [[at[village], at[host], rules.absorb_cost] for village, host in absorb],
    }
    if rules.goal.kind is GoalKind.EXACTLY:
        raw["Kmin"] = rules.goal.count
    if classes:
        raw["type"] = [str(classes[village.id]) if village.id in classes else None for village in entries]
        given = {str(classes[village.id]) for village in entries if village.id in classes}
        windows = {str(window.village_class): [window.low, window.high] for window in rules.windows}
        raw["windows"] = {
            name: limits for name, limits in windows.items() if name in given
        }  # the planner refuses others
    return raw


def _absorptions(rules: PlanRules, material: Material) -> list[tuple[int, int]]:
    """(village, host community) pairs that the rules allow: by override, or all that share a border in one town."""
    by_id = {village.id: village for village in material.villages}
    pairs = {(o.place, o.host) for o in rules.overrides if o.kind is OverrideKind.ABSORB and o.host is not None}
    if rules.absorb_bordering:
        for border in material.borders:
            for one, other in ((border.a, border.b), (border.b, border.a)):
                village, host = by_id[one], by_id[other]
                if village.is_community or not host.is_community:
                    continue
                if town_of(rules, village.town) == town_of(rules, host.town):
                    pairs.add((one, other))
    return sorted(pairs)


def compute_kind(kind: str, members: int) -> MergerKind:
    """What to call a unit of the planner's kind with this many members."""
    if kind == "merged":
        return {2: MergerKind.TWO_IN_ONE, 3: MergerKind.THREE_IN_ONE}.get(members, MergerKind.MORE_IN_ONE)
    return MergerKind(kind)


def compute_distance(one: Village, other: Village, detour: int) -> int:
    """Road distance in metres as the planner reckons it: the straight line times the detour factor, rounded half up."""
    squared = (one.x - other.x) ** 2 + (one.y - other.y) ** 2
    # ⌊d·e + ½⌋ in integers: the square root of (2·d·e)², then half of it rounded.
    doubled = isqrt(4 * detour * detour * squared) // SCALE
    return (doubled + 1) // 2


def is_visible(merger: Merger, visible: frozenset[int] | None) -> bool:
    """Whether a reader who sees these villages (None: all) sees the merger: one of its members is enough."""
    return visible is None or not visible.isdisjoint(merger.members)


def compute_summary(
    material: Material, rules: PlanRules, result: Result, visible: frozenset[int] | None = None
) -> Summary:
    """The plan against its target; with `visible` only the part with these villages, which has no target of its own."""
    by_id = {village.id: village for village in material.villages}
    planned = [village for village in material.planned if visible is None or village.id in visible]
    mergers = [merger for merger in result.mergers if is_visible(merger, visible)]
    counted = [merger for merger in mergers if merger.counts]
    people = [
        (by_id[member].population, compute_distance(by_id[member], by_id[merger.centre], rules.detour))
        for merger in counted
        for member in merger.members
    ]
    population = sum(number for number, _ in people)
    changed = {member for m in mergers if m.kind not in (MergerKind.KEPT, MergerKind.FIXED) for member in m.members}
    touched = sum(village.id in changed for village in planned)
    kinds = Counter(merger.kind for merger in mergers)
    target = rules.goal.reduction if visible is None else None
    return Summary(
        before=len(planned),
        after=len(counted),
        target=target,
        at_most=result.at_most if target is None else compute_needed(target, len(planned)),
        population=sum(village.population for village in planned),
        kinds=tuple((kind, kinds[kind]) for kind in MergerKind if kinds[kind]),
        touched=touched,
        untouched=len(planned) - touched,
        mean_population=round_half_up(population, len(counted)) if counted else 0,
        farthest_m=max((merger.farthest_m for merger in counted), default=0),
        mean_distance_m=round_half_up(sum(p * d for p, d in people), population) if population else 0,
    )


def compute_town_lines(material: Material, rules: PlanRules, result: Result) -> list[TownLine]:
    """Per town that will be: villages before and after, the range that its rules allow, people."""
    names = {town.id: town.name for town in material.towns}
    people: Counter[int] = Counter()
    before: Counter[int] = Counter()
    for village in material.planned:
        people[town_of(rules, village.town)] += village.population
        before[town_of(rules, village.town)] += 1
    after = Counter(merger.town for merger in result.mergers if merger.counts)
    ranges = {town: (fewest, most) for town, _, _, fewest, most in result.towns}
    return [
        TownLine(town, names[town], before[town], after[town], *ranges.get(town, (0, 0)), people[town])
        for town in sorted(before, key=lambda item: (names[item], item))
    ]


def compute_histogram(values: Iterable[int], step: int) -> list[tuple[int, int]]:
    """(lower edge, how many) per class of `step`, from 0 to the last that is not empty."""
    counts = Counter(value // step for value in values)
    return [(number * step, counts[number]) for number in range(max(counts, default=-1) + 1)]


def compute_differences(one: Result, other: Result) -> tuple[list[Merger], list[Merger]]:
    """Mergers of each plan that the other does not have (the same members, the same kind)."""
    keys = [{(merger.members, merger.kind) for merger in result.mergers} for result in (one, other)]
    return (
        [merger for merger in one.mergers if (merger.members, merger.kind) not in keys[1]],
        [merger for merger in other.mergers if (merger.members, merger.kind) not in keys[0]],
    )


def compute_fit(burden_percent: int) -> MergerFit:
    """How well a unit fits whose score is so many percent of the worst one's of its plan: by thirds."""
    return MergerFit.GOOD if burden_percent <= 33 else MergerFit.FAIR if burden_percent <= 66 else MergerFit.POOR


def compute_names(material: Material, rules: PlanRules, result: Result) -> dict[tuple[int, ...], str]:
    """The name of every new unit: chosen by hand, else its centre's; of two alike the smaller takes another member's."""
    by_id = {village.id: village for village in material.villages}
    chosen = dict(rules.names)
    names: dict[tuple[int, ...], str] = {}
    taken: set[tuple[int, str]] = set()
    ordered = sorted(result.mergers, key=lambda m: (m.members not in chosen, -m.population, m.members))
    for merger in ordered:
        if not merger.counts:
            continue
        rest = sorted(set(merger.members) - {merger.centre}, key=lambda i: (-by_id[i].population, i))
        options = [chosen[merger.members]] if merger.members in chosen else []
        options += [by_id[merger.centre].name, *(by_id[member].name for member in rest)]
        name = next((option for option in options if (merger.town, option) not in taken), options[0])
        names[merger.members] = name
        taken.add((merger.town, name))
    return names


def check_names(material: Material, rules: PlanRules, result: Result) -> list[RuleFinding]:
    """No two villages of one town may bear one name, and none may be nameless."""
    names = compute_names(material, rules, result)
    towns = {merger.members: merger.town for merger in result.mergers}
    twice = Counter((towns[members], name) for members, name in names.items())
    labels = {town.id: town.name for town in material.towns}
    found = [
        RuleFinding("name.twice", "names", {"name": name, "town": labels[town]})
        for (town, name), times in sorted(twice.items())
        if times > 1
    ]
    if any(not name.strip() for name in names.values()):
        found.append(RuleFinding("name.empty", "names"))
    return found
