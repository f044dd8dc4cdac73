"""Adjustments by hand: each changes one thing in a draft's rules and shows the answer at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.planning import moving, queries, rules
from heli.planning.models import PlanRun, Scenario
from heli.planning.services.scenarios import change_and_run, refuse
from heli.planning.types import Merger, Override, PlanRules, VillageClass, Window, Zone
from heli.planning.wording import fault, faults


def _adjust(
    actor: Actor,
    scenario: Scenario,
    version: int | None,
    did: str,
    change: Callable[[PlanRules], PlanRules],
    *,
    reason: str = "",
) -> PlanRun:
    wanted = change(queries.rules_of(scenario))
    return change_and_run(actor=actor, scenario=scenario, rules=wanted, version=version, did=did, reason=reason)


def lock_merger(*, actor: Actor, scenario: Scenario, members: Sequence[int], version: int | None = None) -> PlanRun:
    """Hold exactly these villages together as one new village (for an absorption: the village and its community)."""
    return _adjust(actor, scenario, version, "lock_merger", lambda now: moving.compute_lock(now, members))


def unlock_merger(*, actor: Actor, scenario: Scenario, members: Sequence[int], version: int | None = None) -> PlanRun:
    """Let the planner decide about these villages again."""
    return _adjust(actor, scenario, version, "unlock_merger", lambda now: moving.compute_unlock(now, members))


def forbid_pair(*, actor: Actor, scenario: Scenario, one: int, other: int, version: int | None = None) -> PlanRun:
    """Keep two villages apart."""
    return _adjust(actor, scenario, version, "forbid_pair", lambda now: moving.compute_forbid_pair(now, one, other))


def allow_pair(*, actor: Actor, scenario: Scenario, one: int, other: int, version: int | None = None) -> PlanRun:
    """Let two villages come together again."""
    return _adjust(actor, scenario, version, "allow_pair", lambda now: moving.compute_allow_pair(now, one, other))


def forbid_merger(*, actor: Actor, scenario: Scenario, members: Sequence[int], version: int | None = None) -> PlanRun:
    """Do not make a new village of exactly these; a lock on them gives way."""
    unit = tuple(sorted(set(members)))

    def change(now: PlanRules) -> PlanRules:
        opened = moving.compute_unlock(now, unit)
        return replace(opened, forbidden_units=tuple(sorted({*opened.forbidden_units, unit})))

    return _adjust(actor, scenario, version, "forbid_merger", change)


def allow_merger(*, actor: Actor, scenario: Scenario, members: Sequence[int], version: int | None = None) -> PlanRun:
    """Let exactly these villages become one again."""
    unit = tuple(sorted(set(members)))
    return _adjust(
        actor, scenario, version, "allow_merger",
        lambda now: replace(now, forbidden_units=tuple(item for item in now.forbidden_units if item != unit)),
    )  # fmt: skip


def move_village(*, actor: Actor, scenario: Scenario, place: int, to: int, version: int | None = None) -> PlanRun:
    """Move a village into the new village that `to` belongs to in the plan shown; the rest is planned anew around it.

    Raises `Refused` when the two do not touch, lie in different towns, or there would be too many.
    """
    standing = queries.standing(scenario)
    unit_of = _unit_of(standing)
    if place not in unit_of or to not in unit_of:
        raise Refused(
            fault("village.unknown", _("Choose two villages of the plan on the map or in the table."), "place")
        )
    home, target = unit_of[place], unit_of[to]
    refuse(faults(moving.check_move(standing.rules, standing.material, place, target.members, home.members)))
    return _adjust(
        actor, scenario, version, "move_village",
        lambda now: moving.compute_move(now, place, target.members, home.members),
    )  # fmt: skip


def _unit_of(standing: queries.ScenarioStanding) -> dict[int, Merger]:
    if standing.result is None:
        raise Refused(fault("no_run", _("Run the scenario first: there is no plan to change yet."), "place"))
    return {member: merger for merger in standing.result.mergers for member in merger.members}


def reset_adjustments(*, actor: Actor, scenario: Scenario, version: int | None = None) -> PlanRun:
    """Take all locks, bans and moves back."""
    return _adjust(
        actor, scenario, version, "reset_adjustments",
        lambda now: replace(now, locks=(), forbidden_pairs=(), forbidden_units=(), moved=()),
    )  # fmt: skip


def add_override(*, actor: Actor, scenario: Scenario, override: Override, version: int | None = None) -> PlanRun:
    """Give one village a policy of its own, with the reason."""
    return _adjust(
        actor, scenario, version, "add_override",
        lambda now: replace(now, overrides=tuple(sorted((*now.overrides, override), key=lambda o: o.place))),
        reason=override.reason,
    )  # fmt: skip


def remove_override(*, actor: Actor, scenario: Scenario, place: int, version: int | None = None) -> PlanRun:
    """Put a village under the district's rules again."""
    return _adjust(
        actor, scenario, version, "remove_override",
        lambda now: replace(now, overrides=tuple(item for item in now.overrides if item.place != place)),
    )  # fmt: skip


def set_class(
    *,
    actor: Actor,
    scenario: Scenario,
    places: Sequence[int],
    village_class: VillageClass | None,
    version: int | None = None,
) -> PlanRun:
    """Say of some villages which class a new village seated there would be; None takes it back."""
    chosen = set(places)

    def change(now: PlanRules) -> PlanRules:
        kept = [(place, kind) for place, kind in now.classes if place not in chosen]
        kept += [(place, village_class) for place in chosen] if village_class is not None else []
        return replace(now, classes=tuple(sorted(kept)))

    return _adjust(actor, scenario, version, "set_class", change)


def set_windows(*, actor: Actor, scenario: Scenario, windows: Sequence[Window], version: int | None = None) -> PlanRun:
    """Give the classes their population windows."""
    return _adjust(actor, scenario, version, "set_windows", lambda now: replace(now, windows=tuple(windows)))


def add_zone(*, actor: Actor, scenario: Scenario, zone: Zone, version: int | None = None) -> PlanRun:
    """Keep the villages of a feature zone together; a zone of the same name is replaced."""

    def change(now: PlanRules) -> PlanRules:
        others = [item for item in now.zones if item.name != zone.name]
        return replace(now, zones=tuple(sorted((*others, zone), key=lambda item: item.name)))

    return _adjust(actor, scenario, version, "add_zone", change)


def remove_zone(*, actor: Actor, scenario: Scenario, name: str, version: int | None = None) -> PlanRun:
    """Give up a feature zone."""
    return _adjust(
        actor, scenario, version, "remove_zone",
        lambda now: replace(now, zones=tuple(item for item in now.zones if item.name != name)),
    )  # fmt: skip


def merge_towns(*, actor: Actor, scenario: Scenario, town: int, into: int, version: int | None = None) -> PlanRun:
    """Let one town go into another in this scenario: its villages are planned under the town that will be."""
    return _adjust(
        actor, scenario, version, "merge_towns",
        lambda now: replace(now, town_merges=tuple(sorted((*now.town_merges, (town, into))))),
    )  # fmt: skip


def keep_town(*, actor: Actor, scenario: Scenario, town: int, version: int | None = None) -> PlanRun:
    """Let a town stand after all; locks across it give way."""

    def change(now: PlanRules) -> PlanRules:
        kept = replace(now, town_merges=tuple(pair for pair in now.town_merges if pair[0] != town))
        material = queries.pinned(scenario)
        of = {village.id: rules.town_of(kept, village.town) for village in material.villages}
        locks = tuple(lock for lock in kept.locks if len({of[member] for member in lock}) == 1)
        return replace(kept, locks=locks)

    return _adjust(actor, scenario, version, "keep_town", change)


def choose_name(
    *, actor: Actor, scenario: Scenario, members: Sequence[int], name: str, version: int | None = None
) -> PlanRun:
    """Choose the name of a new village; an empty one goes back to the rule (the name of its seat)."""
    unit = tuple(sorted(set(members)))

    def change(now: PlanRules) -> PlanRules:
        others: list[Any] = [item for item in now.names if item[0] != unit]
        return replace(now, names=tuple(sorted([*others, *([(unit, name.strip()[:100])] if name.strip() else [])])))

    standing = queries.standing(scenario)
    if standing.result is not None:
        refuse(faults(rules.check_names(standing.material, change(standing.rules), standing.result)))
    return _adjust(actor, scenario, version, "choose_name", change)
