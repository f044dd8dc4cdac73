"""What steps wait for, counted once for all of them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

from heli.campaigns.rules.steps import Lane, is_satisfied
from heli.campaigns.types import Playbook, StepStatus
from heli.kernel.levels import Per


class HasStatus(Protocol):
    """A step, whatever else was read of it."""

    @property
    def status(self) -> str: ...


class StepWaits:
    """The same answers as `rules.steps.waiting_for`, so that no step asks every village again (a test compares the two).

    `lanes` are the tracks by key, `rows` their steps by track and key.
    """

    def __init__(
        self, playbook: Playbook, lanes: Mapping[int, Lane], rows: Mapping[int, Mapping[str, HasStatus]]
    ) -> None:
        self.playbook, self.lanes, self.rows = playbook, lanes, rows

    def of(self, track: int, key: str) -> list[tuple[str, int]]:
        """What a step waits for: (key, how many places have not finished it); empty when it can go on."""
        lane = self.lanes[track]
        waited = ((other, self._waiting(lane, other)) for other in self.playbook.by_key[key].after)
        return [(other, waiting) for other, waiting in waited if waiting]

    @cached_property
    def _counts(self) -> Mapping[tuple[str, int], int]:
        """Unfinished steps of a key by town (0: the whole district)."""
        counts: dict[tuple[str, int], int] = {}
        for track, steps in self.rows.items():
            town = self.lanes[track].town or 0
            for key, row in steps.items():
                for group in {(key, town), (key, 0)}:
                    counts[group] = counts.get(group, 0) + (not is_satisfied(StepStatus(row.status)))
        return counts

    @cached_property
    def _predecessors(self) -> Mapping[int, list[int]]:
        found: dict[int, list[int]] = {}
        for key, lane in self.lanes.items():
            if lane.successor is not None:
                found.setdefault(lane.successor, []).append(key)
        return found

    def _waiting(self, lane: Lane, key: str) -> int:
        per = self.playbook.by_key[key].per
        if per is Per.DISTRICT or lane.per is Per.DISTRICT:
            return self._counts.get((key, 0), 0)
        if per is Per.TOWN or lane.per is Per.TOWN:
            return self._counts.get((key, lane.town or 0), 0)
        rows = [self.rows.get(track, {}).get(key) for track in (lane.id, *self._predecessors.get(lane.id, ()))]
        return sum(1 for row in rows if row is not None and not is_satisfied(StepStatus(row.status)))
