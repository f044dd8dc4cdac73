"""Every partition of a small county, tried one by one. Slow, simple, and sharing nothing with the planner."""

from __future__ import annotations

from itertools import combinations

from mergeplan.types import Instance
from mergeplan.verification import verify


def cheapest_by_count(instance: Instance) -> dict[int, int]:
    """Count of villages left → lowest cost, by trying everything."""
    rules = instance.rules
    planned = [i for i in range(instance.n) if i not in rules.hosts]
    units: dict[int, list[tuple[frozenset[int], str, int, int]]] = {i: [] for i in planned}
    for size in range(1, rules.k + 1):
        for members in combinations(planned, size):
            for kind in ("fixed", "kept") if size == 1 else ("merged",):
                scored = score_of(instance, members, kind)
                if scored is not None:
                    units[members[0]].append((frozenset(members), kind, *scored))
    for i in planned:
        if i in rules.convertible and i not in rules.fixed:
            units[i].append((frozenset((i,)), "converted", i, rules.convert_cost))
    neighbours = {frozenset((e.i, e.j)) for e in instance.edges}
    for a in rules.absorb:
        same_town = instance.town[a.village] == instance.town[a.host]
        if same_town and a.village not in rules.fixed and frozenset((a.village, a.host)) in neighbours:
            units[a.village].append((frozenset((a.village,)), "absorbed", a.host, a.cost))
    best: dict[int, int] = {}

    def extend(left: frozenset[int], home: dict[int, object], count: int, cost: int) -> None:
        if not left:
            if _links_hold(instance, home) and cost < best.get(count, cost + 1):
                best[count] = cost
            return
        first = min(left)
        for members, kind, centre, score in units[first]:
            if members <= left:
                place: object = ("host", centre) if kind == "absorbed" else members
                counted = kind in ("kept", "fixed", "merged")
                extend(left - members, home | dict.fromkeys(members, place), count + counted, cost + score)

    extend(frozenset(planned), {h: ("host", h) for h in rules.hosts}, 0, 0)
    return best


def _links_hold(instance: Instance, home: dict[int, object]) -> bool:
    rules = instance.rules
    together = all(len({home[i] for i in group}) == 1 for group in (*rules.must, *rules.zones))
    return together and all(home[i] != home[j] for i, j in rules.cannot)


def score_of(instance: Instance, members: tuple[int, ...], kind: str) -> tuple[int, int] | None:
    """(centre, score) of a unit if `verify` accepts it with some centre; the verifier tells the right score."""
    for centre in members:
        unit = {"members": [instance.id[i] for i in members], "centre": instance.id[centre], "score": 0, "kind": kind}
        found = [
            p for p in verify(instance, {"status": "feasible", "units": [unit]}) if p.field == "units" and p.index == 0
        ]
        messages = [p.message for p in found]
        wrong = [m for m in messages if "score is" not in m]
        if not wrong:
            score = next((int(m.rsplit(" ", 1)[1]) for m in messages if "score is" in m), 0)
            return centre, score
    return None
