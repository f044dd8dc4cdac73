"""When will it be finished: P50 and P80 per village, town and campaign, by resampling. Pure numpy, seeded.

Every draw plays the remaining steps once: each takes as many working days as that step took somewhere in this campaign,
stretched by the village's own pace, and begins when the steps it waits for have ended. A town ends with its last
village *within the same draw*: pooling throughput over villages would forget that the slowest decides.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.int32]
PACE = 1_000
"""A pace of 1,000 is the campaign's usual; 1,500 takes half as long again."""
PRIOR_STEPS = 8
"""The village's own pace weighs as much as the campaign's once it has finished this many steps."""
PACE_RANGE = (500, 3_000)


@dataclass(frozen=True, slots=True)
class Remaining:
    """An open step of a track: its planned working days, its planned first day, and since when it could have been done.

    Days are indexes on the campaign's clock; `ready` is None while it still waits for other steps.
    """

    track: int
    key: str
    days: int
    start: int
    ready: int | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """A finished step: how many working days passed from when it could be begun to its acceptance."""

    track: int
    key: str
    days: int


@dataclass(frozen=True, slots=True)
class Position:
    """A track (place) of the campaign: the one above it (a village's town), and those that went into it."""

    track: int
    above: int | None = None
    came_from: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Finish:
    """The day index by which half, and four fifths, of the draws have finished everything of a place and below it."""

    track: int
    p50: int
    p80: int


def compute_pace(took: Sequence[Took], means: Mapping[str, float]) -> dict[int, int]:
    """How fast each track was, in thousandths of the campaign's usual; few observations are drawn towards the usual."""
    own: dict[int, float] = {}
    usual: dict[int, float] = {}
    count: dict[int, int] = {}
    for one in took:
        own[one.track] = own.get(one.track, 0) + one.days
        usual[one.track] = usual.get(one.track, 0) + means[one.key]
        count[one.track] = count.get(one.track, 0) + 1
    paces = {}
    for track, days in own.items():
        prior = PRIOR_STEPS * usual[track] / count[track]
        ratio = (days + prior) / (usual[track] + prior) if usual[track] + prior > 0 else 1.0
        paces[track] = int(min(max(round(ratio * PACE), PACE_RANGE[0]), PACE_RANGE[1]))
    return paces


def compute_means(took: Sequence[Took]) -> dict[str, float]:
    """Mean working days of every step key that was finished somewhere."""
    total: dict[str, list[int]] = {}
    for one in took:
        total.setdefault(one.key, []).append(one.days)
    return {key: sum(days) / len(days) for key, days in total.items()}


def compute_forecast(
    positions: Sequence[Position],
    remaining: Sequence[Remaining],
    took: Sequence[Took],
    after: Mapping[str, Collection[str]],
    *,
    today: int,
    seed: int,
    draws: int = 1_000,
) -> list[Finish]:
    """P50 and P80 of every track, with everything below it; today for one that has nothing left.

    `after` gives the steps each key waits for. Raises ValueError for a cycle.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    numbers = {position.track: number for number, position in enumerate(positions)}
    observed = _observations(took)
    pace = compute_pace(took, compute_means(took))
    paces = np.array([pace.get(position.track, PACE) for position in positions], np.int32)
    by_key: dict[str, list[Remaining]] = {}
    for step in remaining:
        by_key.setdefault(step.key, []).append(step)
    kin = _Kin(positions, numbers)
    finish: dict[str, Draws] = {}
    rows_of: dict[str, NDArray[np.intp]] = {}
    ends = np.full((len(positions), draws), today, np.int32)
    for key in topological(after, by_key):
        steps = sorted(by_key[key], key=lambda step: numbers[step.track])
        rows = np.array([numbers[step.track] for step in steps], np.intp)
        begins = np.maximum(today, np.array([step.start - 1 for step in steps], np.int32))[:, None]
        begins = np.broadcast_to(begins, (len(rows), draws)).copy()
        for earlier in sorted(after.get(key, ())):
            if earlier in finish:
                kin.wait(begins, rows, finish[earlier], rows_of[earlier])
        days = _durations(rng, steps, observed.get(key), paces[rows], today=today, draws=draws)
        np.add(begins, days, out=begins)
        finish[key], rows_of[key] = begins, rows
        ends[rows] = np.maximum(ends[rows], begins)
    kin.lift(ends)
    ranked = np.sort(ends, axis=1)
    # The smallest value that at least half (four fifths) of the draws do not exceed.
    half, most = -(-draws // 2) - 1, -(-draws * 4 // 5) - 1
    return [
        Finish(position.track, int(ranked[number, half]), int(ranked[number, most]))
        for number, position in enumerate(positions)
    ]


def _observations(took: Sequence[Took]) -> dict[str, NDArray[np.int32]]:
    found: dict[str, list[int]] = {}
    for one in took:
        found.setdefault(one.key, []).append(one.days)
    return {key: np.sort(np.array(days, np.int32)) for key, days in found.items()}


def _durations(
    rng: np.random.Generator,
    steps: Sequence[Remaining],
    observed: NDArray[np.int32] | None,
    paces: NDArray[np.int32],
    *,
    today: int,
    draws: int,
) -> Draws:
    """Working days each step still takes, per draw: (steps, draws).

    A step that has been possible for some days is compared with those that took longer only; one that has taken longer
    than any is drawn anew, as if it began today. Where nothing was observed the planned days stand.
    """
    waited = np.array([0 if step.ready is None else max(0, today - step.ready) for step in steps], np.int32)
    if observed is None:
        planned = np.array([step.days for step in steps], np.int32) * paces // PACE
        left = np.where(waited < planned, planned - waited, np.maximum(1, planned))
        return np.broadcast_to(left[:, None], (len(steps), draws)).astype(np.int32)
    own = waited * PACE // paces
    rank = np.searchsorted(observed, own, side="right")
    is_beyond = rank == len(observed)
    rank = np.where(is_beyond | (waited == 0), 0, rank)
    spent = np.where(is_beyond, 0, waited)
    chance = rng.random((len(steps), draws), dtype=np.float32)
    chance *= (len(observed) - rank).astype(np.float32)[:, None]
    picked = chance.astype(np.int32)
    picked += rank.astype(np.int32)[:, None]
    # float32 may round up to the very end.
    np.minimum(picked, len(observed) - 1, out=picked)
    days = observed[picked]
    days *= paces[:, None]
    days += PACE // 2
    days //= PACE
    days -= spent[:, None]
    least = np.where(waited > 0, 1, 0).astype(np.int32)[:, None]
    return np.maximum(days, least)


class _Kin:
    """Which track waits for which: for its own step and its predecessors', else the one above, else all below."""

    def __init__(self, positions: Sequence[Position], numbers: Mapping[int, int]) -> None:
        self.above = [numbers.get(one.above, -1) if one.above is not None else -1 for one in positions]
        self.came_from = [[numbers[track] for track in one.came_from if track in numbers] for one in positions]
        self.below: list[list[int]] = [[] for _ in positions]
        for number, above in enumerate(self.above):
            if above >= 0:
                self.below[above].append(number)

    def wait(self, begins: Draws, rows: NDArray[np.intp], finish: Draws, have: NDArray[np.intp]) -> None:
        """Move `begins` (of the tracks `rows`) behind the ends of what they wait for (`finish` of the tracks `have`)."""
        if np.array_equal(rows, have) and not any(self.came_from):
            np.maximum(begins, finish, out=begins)
            return
        at = {int(track): place for place, track in enumerate(have)}
        for place, track in enumerate(rows):
            for source in self.waits_for(int(track), at):
                np.maximum(begins[place], finish[at[source]], out=begins[place])

    def waits_for(self, track: int, have: Container[int]) -> list[int]:
        """The tracks, among those that have the step at all, that a track waits for."""
        if own := [one for one in (track, *self.came_from[track]) if one in have]:
            return own
        up = self.above[track]
        while up >= 0:
            if up in have:
                return [up]
            up = self.above[up]
        return [one for one in self.all_below(track) if one in have]

    def all_below(self, track: int) -> list[int]:
        """Every track below, nearest first."""
        found, frontier = [], self.below[track]
        while frontier:
            found += frontier
            frontier = [deeper for one in frontier for deeper in self.below[one]]
        return found

    def lift(self, ends: Draws) -> None:
        """A place ends with its last place below, in every draw by itself."""

        def height(number: int) -> int:
            return 1 + height(self.above[number]) if self.above[number] >= 0 else 0

        for number in sorted(range(len(self.above)), key=height, reverse=True):
            if (above := self.above[number]) >= 0:
                np.maximum(ends[above], ends[number], out=ends[above])


@dataclass(frozen=True, slots=True)
class Played:
    """A step as it stood: planned first day and days, open or not, and the day it was finished (None: not, or unknown).

    `is_observed`: it was really done, not waived, so that its days tell something.
    """

    track: int
    key: str
    start: int
    days: int
    is_open: bool
    done: int | None = None
    is_observed: bool = False


def split_steps(
    played: Sequence[Played], positions: Sequence[Position], after: Mapping[str, Collection[str]]
) -> tuple[list[Remaining], list[Took]]:
    """What remains and what was observed. A step can be begun on its planned day, or when all it waits for has ended."""
    numbers = {position.track: number for number, position in enumerate(positions)}
    kin = _Kin(positions, numbers)
    ends: dict[str, dict[int, int | None]] = {}
    for step in played:
        ends.setdefault(step.key, {})[numbers[step.track]] = None if step.is_open else step.done
    remaining, took = [], []
    for step in played:
        ready: int | None = step.start - 1
        for earlier in after.get(step.key, ()):
            have = ends.get(earlier, {})
            for source in kin.waits_for(numbers[step.track], have):
                ended = have[source]
                ready = None if ended is None or ready is None else max(ready, ended)
        if step.is_open:
            remaining.append(Remaining(step.track, step.key, step.days, step.start, ready))
        elif step.is_observed and step.done is not None and ready is not None:
            took.append(Took(step.track, step.key, max(0, step.done - ready)))
    return remaining, took


def topological(after: Mapping[str, Collection[str]], keys: Collection[str]) -> list[str]:
    """The keys in an order in which each follows what it waits for; ties by key. Raises ValueError for a cycle."""
    done: set[str] = set()
    order: list[str] = []
    left = sorted(keys)
    while left:
        free = [key for key in left if not any(one in keys and one not in done for one in after.get(key, ()))]
        if not free:
            raise ValueError(f"these steps wait for each other: {', '.join(left)}")
        order += free
        done.update(free)
        left = [key for key in left if key not in done]
    return order


def longest_path(after: Mapping[str, Collection[str]], days: Mapping[str, int]) -> tuple[list[str], int]:
    """The chain of remaining steps that decides when a village ends, and its working days. Ties go to the earlier key."""
    best: dict[str, int] = {}
    came: dict[str, str] = {}
    for key in topological(after, days):
        earlier = max((one for one in sorted(after.get(key, ())) if one in best), key=lambda one: best[one], default="")
        best[key] = days[key] + (best[earlier] if earlier else 0)
        came[key] = earlier
    if not best:
        return [], 0
    last = max(sorted(best), key=lambda key: best[key])
    chain, key = [], last
    while key:
        chain.append(key)
        key = came[key]
    return chain[::-1], best[last]


# --- how earlier forecasts did --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """A forecast of one place and what came of it, as day indexes; `actual` None while it is not finished."""

    p50: int
    p80: int
    actual: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a set of forecasts did: how many can be judged, how many of those ended by their P80, the median signed error
    against P50 in working days (positive: later than forecast; of the finished ones)."""

    judged: int
    within_p80: int
    finished: int
    median_error: int | None


def judge(forecasts: Sequence[Judged], today: int) -> Verdict:
    """Compare forecasts with what happened. One that is unfinished past its P80 has failed; before it, nothing is known."""
    known = [one for one in forecasts if one.actual is not None or today > one.p80]
    within = sum(one.actual is not None and one.actual <= one.p80 for one in known)
    errors = sorted(one.actual - one.p50 for one in known if one.actual is not None)
    return Verdict(len(known), within, len(errors), errors[(len(errors) - 1) // 2] if errors else None)
