"""The units of a plan as others read them: names, towns, members and seat, by the plan's own pinned register."""

from collections.abc import Mapping
from dataclasses import dataclass

from heli.planning.queries.scenarios import ScenarioStanding
from heli.planning.rules import compute_names
from heli.planning.types import MergerKind


@dataclass(frozen=True, slots=True)
class MergerUnit:
    """One unit of a plan. `members` are places by key with their names; what is absorbed has its host as `centre`."""

    name: str
    town_id: int
    town: str
    kind: MergerKind
    members: tuple[tuple[int, str], ...]
    centre: str
    population: int

    @property
    def is_change(self) -> bool:
        """Whether anything is merged, absorbed or converted."""
        return self.kind not in (MergerKind.KEPT, MergerKind.FIXED)


def units_of(standing: ScenarioStanding) -> list[MergerUnit]:
    """Every unit of the plan shown, by town and name; empty where there is no plan."""
    result = standing.result
    if result is None or not result.is_feasible:
        return []
    by_id = {village.id: village for village in standing.material.villages}
    towns = {town.id: town.name for town in standing.material.towns}
    names = compute_names(standing.material, standing.shown_rules, result)
    units = [
        MergerUnit(
            name=names.get(merger.members) or by_id[merger.centre].name,
            town_id=merger.town,
            town=towns[merger.town],
            kind=merger.kind,
            members=tuple((member, by_id[member].name) for member in merger.members),
            centre=by_id[merger.centre].name,
            population=merger.population,
        )
        for merger in result.mergers
    ]
    return sorted(units, key=lambda unit: (unit.town, unit.name, unit.members))


def villages_by_town(standing: ScenarioStanding) -> Mapping[int, tuple[int, int]]:
    """{town: (villages before, villages after)} of the plan shown."""
    result = standing.result
    if result is None or not result.is_feasible:
        return {}
    before = [village.town for village in standing.material.planned]
    counts: dict[int, tuple[int, int]] = {town: (before.count(town), 0) for town in dict.fromkeys(before)}
    for merger in result.mergers:
        was, now = counts.get(merger.town, (0, 0))
        counts[merger.town] = (was, now + merger.counts)
    return counts
