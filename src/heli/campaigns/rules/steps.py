"""Pure rules of a step's life: what may happen next, who may do it, and what has to be done before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from heli.campaigns.types import DONE, OPEN, CampaignStatus, Did, StepStatus
from heli.kernel.levels import Per

LEVELS: tuple[Per, ...] = (Per.VILLAGE, Per.TOWN, Per.DISTRICT)
"""From the lowest to the highest standing that a grant may have above a step."""
OFFICERS = ("town_officer", "district_officer")
"""Who fills in for those below who cannot."""

MOVES: Mapping[Did, tuple[frozenset[StepStatus], StepStatus | None]] = {
    Did.STARTED: (frozenset({StepStatus.NOT_STARTED, StepStatus.RETURNED}), StepStatus.IN_PROGRESS),
    Did.SUBMITTED: (
        frozenset({StepStatus.NOT_STARTED, StepStatus.IN_PROGRESS, StepStatus.RETURNED}),
        StepStatus.SUBMITTED,
    ),
    Did.WITHDREW: (frozenset({StepStatus.SUBMITTED}), StepStatus.IN_PROGRESS),
    Did.RETURNED: (frozenset({StepStatus.SUBMITTED}), StepStatus.RETURNED),
    Did.ACCEPTED: (frozenset({StepStatus.SUBMITTED}), StepStatus.ACCEPTED),
    Did.WAIVED: (OPEN, StepStatus.WAIVED),
    Did.REOPENED: (DONE, StepStatus.IN_PROGRESS),
    Did.ASKED_EXTENSION: (OPEN - {StepStatus.SUBMITTED}, None),
    Did.EXTENDED: (OPEN, None),
    Did.REFUSED_EXTENSION: (OPEN, None),
    Did.MOVED: (OPEN, StepStatus.MOVED),
    Did.ENDED: (OPEN, StepStatus.ENDED),
}
"""From which statuses something may happen, and what the step is then; None: it stays as it is."""

NEEDS_DEPENDENCIES = frozenset({Did.STARTED, Did.SUBMITTED})
NEEDS_REASON = frozenset({Did.RETURNED, Did.WAIVED, Did.REOPENED, Did.ASKED_EXTENSION})


def next_status(did: Did, status: StepStatus) -> StepStatus | None:
    """The status after something happened; None when it cannot happen from there."""
    before, after = MOVES[did]
    return None if status not in before else (after or status)


def is_satisfied(status: StepStatus) -> bool:
    """Whether dependents need no longer wait: finished, or gone on elsewhere with its village."""
    return status not in OPEN


@dataclass(frozen=True, slots=True)
class Lane:
    """A track as dependencies see it: its place, its town, once per what, and the track it went on in."""

    id: int
    place: int
    town: int | None
    per: Per
    successor: int | None = None


def concerned(lane: Lane, per: Per, lanes: Collection[Lane]) -> set[int]:
    """The tracks whose step of level `per` the step on `lane` waits for.

    A village waits for itself, its town, its district; a town for all its villages; the district for all. A successor
    waits for what its predecessors left undone as well as for its own.
    """
    if per is Per.DISTRICT:
        return {one.id for one in lanes if one.per is Per.DISTRICT}
    if lane.per is Per.DISTRICT:
        wanted = (Per.TOWN,) if per is Per.TOWN else (Per.VILLAGE, Per.SUCCESSOR)
        return {one.id for one in lanes if one.per in wanted}
    if per is Per.TOWN:
        town = lane.place if lane.per is Per.TOWN else lane.town
        return {one.id for one in lanes if one.per is Per.TOWN and one.place == town}
    if lane.per is Per.TOWN:
        return {one.id for one in lanes if one.per in (Per.VILLAGE, Per.SUCCESSOR) and one.town == lane.place}
    return {lane.id} | {one.id for one in lanes if one.successor == lane.id}


def waiting_for(
    after: Collection[str],
    lane: Lane,
    levels: Mapping[str, Per],
    lanes: Collection[Lane],
    statuses: Mapping[tuple[int, str], StepStatus],
) -> list[tuple[str, int]]:
    """The (step key, track) that a step still waits for, in order.

    `after` are the keys it depends on, `levels` says per what each is done, `statuses` the status by (track, key); a
    track without that step is not waited for: the step did not apply there.
    """
    found = []
    for key in after:
        for track in sorted(concerned(lane, levels[key], lanes)):
            status = statuses.get((track, key))
            if status is not None and not is_satisfied(status):
                found.append((key, track))
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """A role held over a place, None: over everything."""

    role: str
    place: int | None


def standing_above(held: Collection[Held], chain: tuple[int, int | None, int], per: Per) -> list[tuple[str, Per]]:
    """The roles that are held over a step's place and how high: (role, level).

    `chain` is the step's place, its town (None for town and district themselves) and its district.
    """
    level = _heights(chain, per)
    return [(one.role, level[one.place]) for one in held if one.place in level]


def holders_of(chain: tuple[int, int | None, int], per: Per, level: Per) -> tuple[int, ...]:
    """The places of a step's chain over which a role has to be held to stand as high as `level` above it."""
    return tuple(place for place, at in _heights(chain, per).items() if place is not None and _reaches(at, level))


def _heights(chain: tuple[int, int | None, int], per: Per) -> dict[int | None, Per]:
    place, town, district = chain
    level: dict[int | None, Per] = {}
    if per is not Per.DISTRICT:
        level[town] = Per.TOWN
        level[place] = Per.TOWN if per is Per.TOWN else Per.VILLAGE
    # A grant without a place is held over the whole installation.
    return level | {district: Per.DISTRICT, None: Per.DISTRICT}


def is_entitled(standing: Collection[tuple[str, Per]], role: str, level: Per) -> bool:
    """Whether somebody may do (or accept) what `role` at `level` does: in that role, or as an officer at least as high."""
    return any((held == role or held in OFFICERS) and _reaches(at, level) for held, at in standing)


def _reaches(at: Per, level: Per) -> bool:
    return LEVELS.index(at) >= LEVELS.index(Per.VILLAGE if level is Per.SUCCESSOR else level)


def allows_work(status: CampaignStatus) -> bool:
    """Whether steps of a campaign may move."""
    return status is CampaignStatus.RUNNING
