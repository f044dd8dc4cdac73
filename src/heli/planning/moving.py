"""Rules changed by hand on a plan: villages locked together, kept apart, moved into another unit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from heli.planning.rules import is_bordering, names_of, town_of
from heli.planning.types import Material, PlanRules, RuleFinding


def compute_lock(rules: PlanRules, members: Iterable[int]) -> PlanRules:
    """The rules with exactly these villages held together as one unit; locks and bans that speak against it give way."""
    wanted = tuple(sorted(set(members)))
    others = tuple(lock for lock in rules.locks if not set(lock) & set(wanted))
    return replace(
        rules,
        locks=tuple(sorted((*others, wanted))),
        forbidden_pairs=tuple(pair for pair in rules.forbidden_pairs if not set(pair) <= set(wanted)),
        forbidden_units=tuple(unit for unit in rules.forbidden_units if unit != wanted),
    )


def compute_unlock(rules: PlanRules, members: Iterable[int]) -> PlanRules:
    """The rules without this lock; its villages count as moved by hand no longer."""
    wanted = tuple(sorted(set(members)))
    return replace(
        rules,
        locks=tuple(lock for lock in rules.locks if lock != wanted),
        moved=tuple(place for place in rules.moved if place not in wanted),
    )


def compute_forbid_pair(rules: PlanRules, one: int, other: int) -> PlanRules:
    """The rules with two villages kept apart; a lock that holds both gives way."""
    pair = (min(one, other), max(one, other))
    return replace(
        rules,
        forbidden_pairs=tuple(sorted({*rules.forbidden_pairs, pair})),
        locks=tuple(lock for lock in rules.locks if not set(pair) <= set(lock)),
    )


def compute_allow_pair(rules: PlanRules, one: int, other: int) -> PlanRules:
    """The rules with two villages free to come together again."""
    pair = (min(one, other), max(one, other))
    return replace(rules, forbidden_pairs=tuple(item for item in rules.forbidden_pairs if item != pair))


def compute_move(rules: PlanRules, place: int, to: Sequence[int], home: Sequence[int]) -> PlanRules:
    """The rules with `place` moved from its unit `home` into the unit of `to`: that unit is locked with it.

    The rest of the old unit is free again; only where it was locked by hand its remainder stays locked.
    """
    rest = tuple(sorted(set(home) - {place}))
    was_locked = tuple(sorted(home)) in rules.locks
    moved = compute_lock(rules, (*to, place))
    if was_locked and rest and not set(rest) & set(to):
        moved = compute_lock(moved, rest)
    return replace(moved, moved=tuple(sorted({*moved.moved, place})))


def check_move(
    rules: PlanRules, material: Material, place: int, to: Sequence[int], home: Sequence[int]
) -> list[RuleFinding]:
    """Whether a village may be moved into the unit of `to`: another unit, same town that will be, no more than k, touching."""
    by_id = {village.id: village for village in material.villages}
    if place not in by_id or not set(to) <= set(by_id) or not to:
        return [RuleFinding("village.unknown", "place", {"ids": [place, *to]})]
    name, target = by_id[place].name, by_id[to[0]].name
    if place in to:
        return [RuleFinding("move.same", "place", {"name": name})]
    if town_of(rules, by_id[place].town) != town_of(rules, by_id[to[0]].town):
        return [RuleFinding("move.town", "place", {"name": name, "target": target})]
    if len(to) + 1 > rules.k:
        return [RuleFinding("move.too_many", "place", {"name": name, "count": len(to) + 1, "k": rules.k})]
    if not any(is_bordering(material, place, other) for other in to):
        return [RuleFinding("move.apart", "place", {"name": name, "names": names_of(to, by_id)})]
    return []
