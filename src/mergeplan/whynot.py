"""Which rules a set of villages breaks, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from mergeplan.columns import Columns
from mergeplan.enumeration import connected_sets
from mergeplan.towns import TownInstance, exact_distance
from mergeplan.types import Explanation, Instance, TooManyColumnsError, VillageId, label_key


def why_not(instance: Instance, ids: Iterable[VillageId], *, whole: bool = True) -> list[str]:
    """Rules broken by making these villages one unit; with `whole` false only those that no larger unit could mend."""
    rules = instance.rules
    members = sorted((instance.index_of[v] for v in ids), key=lambda i: label_key(instance.id[i]))
    hosts = [i for i in members if i in rules.hosts]
    if hosts:
        offered = {(a.village, a.host) for a in rules.absorb}
        refused = [i for i in members if i not in rules.hosts and (i, hosts[0]) not in offered]
        broken = ["two host communities never join"] if len(hosts) > 1 else []
        return broken + [f"{instance.label(i)} may not join {instance.label(hosts[0])}" for i in refused]
    broken = []
    people = sum(instance.pop[i] for i in members)
    if len(members) > rules.k:
        broken.append(f"{len(members)} members, at most k = {rules.k}")
    if len({instance.town[i] for i in members}) > 1:
        broken.append("they lie in different towns")
    if len(members) > 1 and set(members) & rules.fixed:
        broken.append("one of them is fixed")
    if any(i in members and j in members for i, j in rules.cannot):
        broken.append("two of them are cannot-linked")
    if whole and any(set(g) & set(members) and not set(g) <= set(members) for g in (*rules.must, *rules.zones)):
        broken.append("a must-link or zone is cut")
    if whole and not _hangs_together(instance, members):
        broken.append("they do not hang together")
    reach = {c: max(_road(instance, i, c) for i in members) for c in members}
    within = [c for c in members if reach[c] <= rules.radius_m]
    if whole and not within:
        broken.append(f"{min(reach.values())} m to the best centre, at most R = {rules.radius_m}")
    windows = {rules.window_of(rules.types[c] if rules.types else None) for c in within or members}
    if len(members) > 1 and all(people > high for _, high in windows):
        broken.append(f"{people} people, at most Pmax = {max(high for _, high in windows)}")
    spared = len(members) == 1 and members[0] in rules.exempt | rules.fixed
    if whole and not spared and all(people < low for low, _ in windows):
        broken.append(f"{people} people, at least Pmin = {min(low for low, _ in windows)}")
    return broken


def lonely_reasons(instance: Instance, town: TownInstance, columns: Columns) -> list[Explanation]:
    """For every village that no unit covers: what stands in the way of its possible units."""
    reasons = []
    for p in sorted(range(town.size), key=town.rank.__getitem__):
        if columns.coverable >> p & 1:
            continue
        i = town.index[p]
        alone = "; ".join(why_not(instance, [instance.id[i]])) or "it is must-linked to others"
        values = {"village": instance.id[i], "town": town.label}
        tally = _tally(instance, town, p)
        text = ", ".join(f"{rule} ({times})" for rule, times in sorted(tally.items(), key=lambda r: (-r[1], r[0])))
        mergers = (
            f"its {sum(tally.values())} possible mergers break: {text}"
            if tally
            else "it has no neighbour to merge with"
        )
        message = f"{instance.label(i)} fits into no unit. Alone: {alone}; {mergers}."
        reasons.append(Explanation("village-stuck", message, values | {"rules": dict(tally)}))
    return reasons


def _tally(instance: Instance, town: TownInstance, p: int) -> Counter[str]:
    """First rule broken by each connected set around a village, populations aside."""
    roomy = replace(town, windows=tuple((0, 10**12) for _ in town.windows))
    tally: Counter[str] = Counter()
    try:
        sets = connected_sets(roomy)
    except TooManyColumnsError:
        sets = []
    for s in sets:
        if p in s and len(s) > 1:
            broken = why_not(instance, [instance.id[town.index[q]] for q in s])
            for key, word in _RULES:
                if any(word in b for b in broken):
                    tally[key] += 1
                    break
    return tally


_RULES = (
    ("must", "cut"),
    ("cannot", "cannot-linked"),
    ("Pmax", "Pmax"),
    ("R", "R ="),
    ("Pmin", "Pmin"),
)


def _hangs_together(instance: Instance, members: list[int]) -> bool:
    inside = set(members)
    near: dict[int, set[int]] = {i: set() for i in members}
    for e in instance.edges:
        if e.i in inside and e.j in inside:
            near[e.i].add(e.j)
            near[e.j].add(e.i)
    reached, border = {members[0]}, [members[0]]
    while border:
        new = near[border.pop()] - reached
        reached |= new
        border += new
    return reached == inside


def _road(instance: Instance, i: int, j: int) -> int:
    return exact_distance(instance.x[i], instance.y[i], instance.x[j], instance.y[j], instance.rules.detour)
