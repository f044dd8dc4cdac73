"""Measure the finish forecast: how long it takes for 254 villages, and how often it keeps its word beside simpler ways.

    python benchmarks/forecast_bench.py [--worlds 200] [--draws 1000]

Worlds: 60 villages in 6 towns, 12 steps in a row with planned 3 to 8 working days; each village has a pace (log-normal, σ = 0.25),
each step its own noise (σ = 0.4); no step begins before its planned day. The forecast is made when half of the median village's
time has passed. Beside it: *points*, every remaining step takes its planned days; *throughput*, the steps finished per day over
the last 20 days drawn again until none is left (what a burn-down chart promises). A good four-in-five day is kept 80 times in 100.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import numpy as np

from heli.warnings.rules.forecast import Played, Position, compute_forecast, split_steps

VILLAGES, TOWNS, STEPS = 60, 6, 12
KEYS = [f"s{number:02d}" for number in range(STEPS)]
AFTER = {KEYS[number]: [KEYS[number - 1]] for number in range(1, STEPS)}


def world(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Planned days, planned first days and the day on which each village finishes each step."""
    pace = np.exp(rng.normal(0, 0.25, VILLAGES))
    planned = rng.integers(3, 9, STEPS)
    noise = np.exp(rng.normal(-0.08, 0.4, (VILLAGES, STEPS)))
    took = np.maximum(0, np.rint(pace[:, None] * planned * noise)).astype(int)
    starts = np.concatenate([[1], 1 + np.cumsum(planned)[:-1]])
    ends, at = np.zeros((VILLAGES, STEPS), int), np.zeros(VILLAGES, int)
    for number in range(STEPS):
        at = np.maximum(at, starts[number] - 1) + took[:, number]
        ends[:, number] = at
    return planned, starts, ends


def material(planned: Any, starts: Any, ends: Any, today: int) -> tuple[list[Position], Any, Any]:
    """The world as Heli sees it on the day."""
    places = [Position(0), *(Position(1 + town, 0) for town in range(TOWNS))]
    places += [Position(100 + village, 1 + village % TOWNS) for village in range(VILLAGES)]
    played = [
        Played(
            100 + village,
            KEYS[step],
            int(starts[step]),
            int(planned[step]),
            is_open=bool(ends[village, step] > today),
            done=None if ends[village, step] > today else int(ends[village, step]),
            is_observed=bool(ends[village, step] <= today),
        )
        for village in range(VILLAGES)
        for step in range(STEPS)
    ]
    return places, *split_steps(played, places, AFTER)


def throughput(ends: Any, today: int, todo: int, rng: np.random.Generator, draws: int) -> tuple[int, int]:
    """P50 and P80 by drawing days of the last 20 again until all remaining steps are done."""
    per_day = np.array([np.sum(ends == day) for day in range(max(1, today - 19), today + 1)])
    done = rng.choice(per_day, (draws, 4_000)).cumsum(axis=1)
    found = np.sort((done >= todo).argmax(axis=1) + 1 + today)
    return int(found[draws // 2 - 1]), int(found[draws * 4 // 5 - 1])


def kept_words(worlds: int, draws: int) -> dict[str, Any]:
    """How many of 100 four-in-five days were kept, and by how much P50 missed the end of the campaign."""
    rng = np.random.default_rng(11)
    kept: dict[str, list[bool]] = {"village": [], "town": [], "campaign": [], "points": [], "throughput": []}
    missed: dict[str, list[int]] = {"campaign": [], "points": [], "throughput": []}
    for number in range(worlds):
        planned, starts, ends = world(rng)
        last = ends[:, -1]
        today = int(np.median(last) * 0.5)
        places, remaining, took = material(planned, starts, ends, today)
        found = {
            one.track: one
            for one in compute_forecast(places, remaining, took, AFTER, today=today, seed=number, draws=draws)
        }
        for village in {step.track for step in remaining}:
            kept["village"].append(bool(last[village - 100] <= found[village].p80))
        for town in range(TOWNS):
            kept["town"].append(bool(last[town::TOWNS].max() <= found[1 + town].p80))
        whole = int(last.max())
        plain = compute_forecast(places, remaining, [], AFTER, today=today, seed=number, draws=1)[0].p50
        half, most = throughput(ends, today, len(remaining), rng, 500)
        for name, p50, p80 in (
            ("campaign", found[0].p50, found[0].p80),
            ("points", plain, plain),
            ("throughput", half, most),
        ):
            kept[name].append(whole <= p80)
            missed[name].append(whole - p50)
    shares = {f"{name}: P80 kept of 100": round(100 * sum(found) / len(found), 1) for name, found in kept.items()}
    errors = {f"{name}: median days later than P50": statistics.median(found) for name, found in missed.items()}
    return shares | errors


def seconds(draws: int) -> float:
    """Median seconds for 254 villages of 42 steps in 14 towns, a tenth done."""
    rng = np.random.default_rng(5)
    keys = [f"s{number:02d}" for number in range(42)]
    after = {keys[number]: [keys[number - 1]] for number in range(1, 42)}
    places = [Position(0), *(Position(1 + town, 0) for town in range(14))]
    places += [Position(100 + village, 1 + village % 14) for village in range(254)]
    played = []
    for village in range(254):
        done = int(rng.integers(1, 8))
        for number, key in enumerate(keys):
            is_open = number >= done
            ended = None if is_open else 4 * number + int(rng.integers(1, 6))
            played.append(Played(100 + village, key, 1 + 4 * number, 4, is_open, ended, is_observed=not is_open))
    remaining, took = split_steps(played, places, after)
    spent = []
    for _ in range(5):
        begun = time.perf_counter()
        compute_forecast(places, remaining, took, after, today=34, seed=1, draws=draws)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--draws", type=int, default=1_000)
    given = parser.parse_args()
    found = {"254 x 42, s": round(seconds(given.draws), 3)} | kept_words(given.worlds, given.draws)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
