"""Prepare towns side by side: in this process, on several cores, or on a Dask cluster. Same answer whichever way."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor

from mergeplan.columns import build_columns
from mergeplan.partition import TownSolver
from mergeplan.scoring import Scoring
from mergeplan.towns import Town
from mergeplan.types import MergeplanError

Progress = Callable[[int, int], None]
WORTH_PROCESSES = 2_500
"""Villages from which starting processes costs less than it saves."""
CHUNK = 12


def prepare_towns(
    towns: Sequence[Town],
    scoring: Scoring,
    limit: int,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> list[TownSolver]:
    """Columns and bounds of every town, in the order given."""
    chunks = [towns[i : i + CHUNK] for i in range(0, len(towns), CHUNK)]
    if scheduler is not None:
        return _collect(_on_cluster(chunks, scoring, limit, scheduler), len(towns), progress)
    if workers is None:
        workers = (os.cpu_count() or 1) if sum(t.size for t in towns) >= WORTH_PROCESSES else 1
    if workers <= 1 or len(chunks) < 2 or multiprocessing.current_process().daemon:
        return _collect((_prepare_chunk([t], scoring, limit) for t in towns), len(towns), progress)
    # A fork is cheapest, but only safe while no other thread holds a lock.
    method = "fork" if os.name == "posix" and threading.active_count() == 1 else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = [pool.submit(_prepare_chunk, chunk, scoring, limit) for chunk in chunks]
        return _collect((f.result() for f in futures), len(towns), progress)


def _collect(parts: Iterable[list[TownSolver]], total: int, progress: Progress | None) -> list[TownSolver]:
    solvers: list[TownSolver] = []
    for part in parts:
        solvers += part
        if progress is not None:
            progress(len(solvers), total)
    return solvers


def _prepare_chunk(towns: Sequence[Town], scoring: Scoring, limit: int) -> list[TownSolver]:
    solvers = []
    for town in towns:
        solver = TownSolver(build_columns(town, scoring, limit))
        solver.curve()
        solvers.append(solver)
    return solvers


def _on_cluster(
    chunks: Sequence[Sequence[Town]], scoring: Scoring, limit: int, scheduler: str
) -> Iterable[list[TownSolver]]:
    try:
        from distributed import Client
    except ImportError as error:
        raise MergeplanError("a cluster needs the extra `cluster`: pip install heli[cluster]") from error
    with Client(scheduler) as client:  # type: ignore[no-untyped-call]
        futures = client.map(_prepare_chunk, chunks, scoring=scoring, limit=limit, pure=False)
        for future in futures:
            yield future.result()
