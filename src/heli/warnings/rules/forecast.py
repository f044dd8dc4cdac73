"""When will it be finished: P50 and P80 per village, town and campaign, by resampling. Pure numpy, seeded.

Every draw plays the remaining steps once. A step takes what it took elsewhere in this campaign (or, where little was seen,
what steps took against their plan), stretched by how fast its village is; it begins when the steps it waits for have ended.
A town ends with its last village *within the same draw*: pooling throughput would forget that the slowest decides.

Two things that make naive forecasts too hopeful are put right. Steps that are still open say that they take longer than they
have taken so far (Kaplan and Meier's estimator counts them). How fast a village is, is itself uncertain: each draw takes
another pace for it, the same for all its steps.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.int32]
Floats = NDArray[np.float32]
CELLS = 1_024
"""Values by which a distribution of durations is kept, each as likely as the others."""
PRIOR_STEPS = 2
"""The village's own pace weighs as much as a pace drawn from all villages once it has finished this many steps."""
POOLED_STEPS = 3
"""What all steps took against their plan weighs as much as this many observations of the step itself."""
PACE_RANGE = (0.4, 4.0)
BEYOND = 2.0
"""What was never seen to end is taken to last this much longer than the longest wait."""


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
    """A finished step: how many working days passed from when it could be begun to its acceptance; `planned` ones."""

    track: int
    key: str
    days: int
    planned: int = 1


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


def compute_means(took: Sequence[Took]) -> dict[str, float]:
    """Mean working days of every step key that was finished somewhere."""
    total: dict[str, list[int]] = {}
    for one in took:
        total.setdefault(one.key, []).append(one.days)
    return {key: sum(days) / len(days) for key, days in total.items()}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a track was: its own days and the usual ones of the same steps; how many steps those were."""

    own: float
    usual: float
    steps: int

    def blended(self, other: float) -> float:
        """Its pace if the rest of the campaign had the pace `other`: few observations are drawn towards it."""
        if self.usual <= 0:
            return other
        prior = PRIOR_STEPS * self.usual / self.steps
        return min(max((self.own + prior * other) / (self.usual + prior), PACE_RANGE[0]), PACE_RANGE[1])


def compute_paces(took: Sequence[Took], waiting: Sequence[tuple[int, str, int]] = ()) -> dict[int, Pace]:
    """The pace of every track that finished something or waits longer than usual: (track, key, days so far)."""
    means = compute_means(took)
    seen = [(one.track, one.key, one.days) for one in took]
    seen += [(track, key, days) for track, key, days in waiting if key in means and days > means[key]]
    paces: dict[int, Pace] = {}
    for track, key, days in seen:
        kept = paces.get(track, Pace(0.0, 0.0, 0))
        paces[track] = Pace(kept.own + days, kept.usual + means[key], kept.steps + 1)
    return paces


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
    by_key: dict[str, list[Remaining]] = {}
    for step in remaining:
        by_key.setdefault(step.key, []).append(step)
    durations = _Durations(rng, positions, remaining, took, today=today, draws=draws)
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
        np.add(begins, durations.of(key, steps, rows), out=begins)
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


class _Durations:
    """Working days that steps still take, drawn."""

    def __init__(
        self,
        rng: np.random.Generator,
        positions: Sequence[Position],
        remaining: Sequence[Remaining],
        took: Sequence[Took],
        *,
        today: int,
        draws: int,
    ) -> None:
        self.rng, self.today, self.draws = rng, today, draws
        waiting = [(one.track, one.key, today - one.ready) for one in remaining if one.ready is not None]
        waiting = [(track, key, days) for track, key, days in waiting if days > 0]
        paces = compute_paces(took, waiting)
        usual = {track: pace.blended(1.0) for track, pace in paces.items()}
        self.planned = {one.key: one.days for one in remaining} | {one.key: one.planned for one in took}
        self.ended: dict[str, list[float]] = {}
        self.open: dict[str, list[float]] = {}
        for one in took:
            self.ended.setdefault(one.key, []).append(one.days / usual[one.track])
        for track, key, days in waiting:
            self.open.setdefault(key, []).append(days / usual.get(track, 1.0))
        # A place still on its way to a step says nothing about it; all steps together say how plans are kept.
        self.pooled = quantiles(
            [days / self.planned[key] for key, found in self.ended.items() for days in found],
            [days / self.planned[key] for key, found in self.open.items() for days in found],
        )
        self.pace = self._paces([paces.get(position.track, Pace(0.0, 0.0, 0)) for position in positions])

    def _paces(self, paces: Sequence[Pace]) -> Floats:
        """A pace per track and draw, (tracks, draws): the own one, blended with that of a village taken at random."""
        known = [pace.own / pace.usual for pace in paces if pace.steps > 1 and pace.usual > 0]
        others = np.array(known or [1.0], np.float32)
        drawn = others[self.rng.integers(0, len(others), (len(paces), self.draws))]
        own = np.array([pace.own for pace in paces], np.float32)[:, None]
        usual = np.array([pace.usual for pace in paces], np.float32)[:, None]
        prior = np.array(
            [PRIOR_STEPS * pace.usual / pace.steps if pace.usual > 0 else 1.0 for pace in paces], np.float32
        )[:, None]
        drawn *= prior
        drawn += own
        drawn /= usual + prior
        return np.clip(drawn, *PACE_RANGE)

    def of(self, key: str, steps: Sequence[Remaining], rows: NDArray[np.intp]) -> Draws:
        """Days that the step still takes at each track, per draw: (steps, draws).

        A step that could be done for some days already is compared with those that took longer only; one that has taken
        longer than any is drawn anew, as if it began today. Where nothing at all was observed the planned days stand.
        """
        waited = np.array([0 if step.ready is None else max(0, self.today - step.ready) for step in steps], np.int32)
        cells = self._cells(key)
        if cells is None:
            planned = np.array([step.days for step in steps], np.int32)
            left = np.where(waited < planned, planned - waited, planned)
            return np.broadcast_to(left[:, None], (len(steps), self.draws)).astype(np.int32)
        pace = self.pace[rows]
        rank = np.searchsorted(cells, waited / pace.mean(axis=1), side="right")
        is_beyond = rank >= len(cells)
        rank = np.where(is_beyond | (waited == 0), 0, rank).astype(np.int32)
        chance = self.rng.random((len(steps), self.draws), dtype=np.float32)
        chance *= (len(cells) - rank).astype(np.float32)[:, None]
        picked = chance.astype(np.int32)
        picked += rank[:, None]
        # float32 may round up to the very end.
        np.minimum(picked, len(cells) - 1, out=picked)
        drawn = cells[picked]
        drawn *= pace
        np.rint(drawn, out=drawn)
        days = drawn.astype(np.int32)
        days -= np.where(is_beyond, 0, waited).astype(np.int32)[:, None]
        return np.maximum(days, np.where(waited > 0, 1, 0).astype(np.int32)[:, None])

    def _cells(self, key: str) -> Floats | None:
        """How long the step takes at the usual pace: what was seen of it, blended with how plans are kept elsewhere."""
        own = quantiles(self.ended.get(key, ()), self.open.get(key, ()))
        if own is None or self.pooled is None:
            return None if self.pooled is None else self.pooled * np.float32(self.planned[key])
        count = len(self.ended[key])
        share = CELLS * count // (count + POOLED_STEPS)
        chosen = (np.arange(share) * CELLS // max(share, 1)).astype(np.intp)
        rest = (np.arange(CELLS - share) * CELLS // max(CELLS - share, 1)).astype(np.intp)
        return np.sort(np.concatenate([own[chosen], self.pooled[rest] * np.float32(self.planned[key])]))


def quantiles(ended: Sequence[float], still_open: Sequence[float]) -> Floats | None:
    """`CELLS` equally likely durations, ascending, from those that ended and those that are still open; None without any end.

    Kaplan and Meier: an open one counts among those that might have ended until it was last seen.
    """
    if not ended:
        return None
    times = np.concatenate([np.asarray(ended, np.float64), np.asarray(still_open, np.float64)])
    did_end = np.concatenate([np.ones(len(ended), bool), np.zeros(len(still_open), bool)])
    order = np.lexsort((~did_end, times))
    times, did_end = times[order], did_end[order]
    at_risk = np.arange(len(times), 0, -1)
    gone = 1 - np.cumprod(np.where(did_end, 1 - 1 / at_risk, 1.0))
    values = np.append(times[did_end], times[-1] * BEYOND + 1)
    chances = (np.arange(CELLS) + 0.5) / CELLS
    return values[np.searchsorted(gone[did_end], chances - 1e-12, side="left")].astype(np.float32)


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
            took.append(Took(step.track, step.key, max(0, step.done - ready), step.days))
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
