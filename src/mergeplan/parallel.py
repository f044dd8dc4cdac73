"""Prepare and settle towns side by side: in this process, on several cores, or on a Dask cluster. Same answer whichever way.

What travels is a town: there its figures, back its curve and the units of the counts that were settled. Columns are dropped
where they were made; whoever needs them again builds them again.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import gcd
from typing import Any

from mergeplan.columns import build_columns
from mergeplan.curves import CostCurve
from mergeplan.partition import TownSolver
from mergeplan.scoring import Scoring
from mergeplan.shares import CostCurves
from mergeplan.towns import TownInstance
from mergeplan.types import MergeplanError
from mergeplan.units import read_off

Progress = Callable[[int, int], None]
WORTH_PROCESSES = 2_500
"""Villages from which starting processes costs less than it saves."""
WORTH_SETTLING = 48
"""Towns from which settling is worth starting processes."""
CHUNK = 12
"""Towns sent at once."""
SAMPLES = ((32, 40), (8, 160))
"""Chunks that tell the price first roughly, then well: one in so many, and at most so many."""
IN_FLIGHT = 4
"""Chunks per process that are under way."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where towns are worked on: processes of this machine (None: as many as pay off), or a Dask scheduler's address."""

    workers: int | None = None
    scheduler: str | None = None

    def processes(self, villages: int) -> int:
        """Processes to use; 1 means this one alone."""
        if multiprocessing.current_process().daemon:
            return 1
        if self.workers is not None:
            return self.workers
        return (os.cpu_count() or 1) if villages >= WORTH_PROCESSES else 1


@dataclass(frozen=True, slots=True)
class _Task:
    """Towns to prepare; at a price, also the units of the counts they take at it."""

    towns: tuple[TownInstance, ...]
    scoring: Scoring
    limit: int
    price: int | None
    is_near: bool


@dataclass(frozen=True, slots=True)
class _Settling:
    """Counts of towns to settle."""

    towns: tuple[TownInstance, ...]
    counts: tuple[tuple[int, ...], ...]
    scoring: Scoring
    limit: int


def prepare_towns(
    towns: Sequence[TownInstance],
    scoring: Scoring,
    limit: int,
    *,
    at: Workplace,
    villages: int,
    asked: tuple[int, int],
    keep: bool,
    progress: Progress | None = None,
) -> list[TownSolver]:
    """Every town with its curve, in the order given.

    With `keep` curves are whole, and columns of towns prepared in this process stay. Else some towns that stand for all tell the
    price that `asked`, the range of counts, will have, and the others' curves are made near that price. Towns prepared elsewhere
    bring along the units they take at that price, which mostly saves building their columns twice.
    """
    if keep and at.scheduler is None and (at.processes(villages) <= 1 or len(towns) <= CHUNK):
        return _prepare_here(towns, scoring, limit, progress)
    chunks = [range(i, min(i + CHUNK, len(towns))) for i in range(0, len(towns), CHUNK)]
    order = _scattered(len(chunks))
    first, second = (min(max(len(chunks) // part, 4), most) for part, most in SAMPLES)
    curves: list[CostCurve] = [CostCurve() for _ in towns]
    done = 0

    def task(c: int, price: int | None) -> tuple[range, _Task]:
        return chunks[c], _Task(tuple(towns[t] for t in chunks[c]), scoring, limit, price, is_near=not keep)

    with _crew(at, villages) as crew:
        price: int | None = None
        known: list[int] = []
        for part in (order[:first], order[first : first + second], order[first + second :]):
            for places, found in crew(_prepare_chunk, (task(c, price) for c in part)):
                for t, curve in zip(places, found, strict=True):
                    curves[t] = curve
                done += len(found)
                if progress is not None:
                    progress(done, len(towns))
            known += [t for c in part for t in chunks[c]]
            price = _price_of([(towns[t], curves[t]) for t in known], villages, asked)
    return [
        TownSolver.prepared(partial(build_columns, town, scoring, limit), curve)
        for town, curve in zip(towns, curves, strict=True)
    ]


def _price_of(sample: Sequence[tuple[TownInstance, CostCurve]], villages: int, asked: tuple[int, int]) -> int | None:
    """What a unit costs when the sampled towns bear their part of the total that was asked for."""
    size = sum(town.size for town, curve in sample if curve.points)
    low, high = (n * size // max(villages, 1) for n in asked)
    known = ({n: p.lower for n, p in curve.points.items()} for _, curve in sample if curve.points)
    return CostCurves(known).price_of(low, high)


def _prepare_here(
    towns: Sequence[TownInstance], scoring: Scoring, limit: int, progress: Progress | None
) -> list[TownSolver]:
    solvers = []
    for town in towns:
        solver = TownSolver(build_columns(town, scoring, limit))
        solver.curve()
        solvers.append(solver)
        if progress is not None:
            progress(len(solvers), len(towns))
    return solvers


def settle_towns(
    wanted: Sequence[tuple[TownInstance, TownSolver, tuple[int, ...]]], scoring: Scoring, limit: int, *, at: Workplace
) -> None:
    """Settle counts of many towns without wishes; each solver's curve holds the outcome, its columns are dropped."""
    villages = sum(town.size for town, _, _ in wanted)
    if len(wanted) < WORTH_SETTLING or (at.scheduler is None and at.processes(WORTH_PROCESSES) <= 1):
        for town, solver, counts in wanted:
            _settle(town, solver, counts, scoring)
        return
    chunks = [wanted[i : i + CHUNK] for i in range(0, len(wanted), CHUNK)]
    tasks = (
        (c, _Settling(tuple(w[0] for w in chunk), tuple(w[2] for w in chunk), scoring, limit))
        for c, chunk in enumerate(chunks)
    )
    with _crew(at, max(villages, WORTH_PROCESSES)) as crew:
        for c, found in crew(_settle_chunk, tasks):
            for (_, solver, _), curve in zip(chunks[c], found, strict=True):
                solver.curve().take_over(curve)


def _settle(town: TownInstance, solver: TownSolver, counts: Sequence[int], scoring: Scoring) -> None:
    for count in counts:
        solver.settle(count)
    _read_off(town, solver, scoring)
    solver.release()


def _read_off(town: TownInstance, solver: TownSolver, scoring: Scoring) -> None:
    for point in solver.curve().points.values():
        if point.chosen is not None and point.units is None:
            point.units = read_off(town, scoring, (solver.columns.columns[j] for j in point.chosen))


def _prepare_chunk(task: _Task) -> list[CostCurve]:
    curves = []
    for town in task.towns:
        solver = TownSolver(partial(build_columns, town, task.scoring, task.limit))
        curve = solver.curve() if task.price is None or not task.is_near else solver.curve_near(task.price)
        if task.price is not None:
            solver.settle_own(task.price)
            _read_off(town, solver, task.scoring)
        solver.release()
        curves.append(curve)
    return curves


def _settle_chunk(task: _Settling) -> list[CostCurve]:
    found = []
    for town, counts in zip(task.towns, task.counts, strict=True):
        solver = TownSolver(partial(build_columns, town, task.scoring, task.limit))
        _settle(town, solver, counts, task.scoring)
        found.append(solver.curve())
    return found


def _scattered(count: int) -> list[int]:
    """0 … count−1, far-apart ones after each other, so that the first ones stand for all."""
    stride = max(int(count * 0.618), 1)
    while count and gcd(stride, count) > 1:
        stride += 1
    return [i * stride % count for i in range(count)]


Crew = Callable[[Callable[[Any], Any], Iterator[tuple[Any, Any]]], Iterator[tuple[Any, Any]]]
"""Does a piece of work on every task, told apart by a mark; gives (mark, outcome) in the order of the tasks."""


@contextmanager
def _crew(at: Workplace, villages: int) -> Iterator[Crew]:
    if at.scheduler is not None:
        with _dask(at.scheduler) as client:
            size = max(sum(client.nthreads().values()), 1)
            yield partial(_in_order, partial(client.submit, pure=False), size)
        return
    processes = at.processes(villages)
    if processes <= 1:
        yield lambda work, tasks: ((mark, work(task)) for mark, task in tasks)
        return
    # A fork is cheapest, but only safe while no other thread holds a lock.
    method = "fork" if os.name == "posix" and threading.active_count() == 1 else "spawn"
    gc.freeze()  # what exists now is not looked through again, so that a fork's memory stays shared
    try:
        with ProcessPoolExecutor(processes, multiprocessing.get_context(method)) as pool:
            yield partial(_in_order, pool.submit, processes)
    finally:
        gc.unfreeze()


def _in_order(
    submit: Callable[..., Any], size: int, work: Callable[[Any], Any], tasks: Iterator[tuple[Any, Any]]
) -> Iterator[tuple[Any, Any]]:
    """Tasks are taken only as fast as they are done, so that later ones know what earlier ones found."""
    under_way: deque[tuple[Any, Any]] = deque()
    for mark, task in tasks:
        under_way.append((mark, submit(work, task)))
        if len(under_way) >= size * IN_FLIGHT:
            done, future = under_way.popleft()
            yield done, future.result()
    for done, future in under_way:
        yield done, future.result()


def _dask(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise MergeplanError("a cluster needs the extra `cluster`: pip install heli[cluster]") from error
    return Client(scheduler)  # type: ignore[no-untyped-call]  # distributed has no types
