"""Towns prepared elsewhere give the same bytes; the other solver gives the same plan."""

from __future__ import annotations

import pytest

from mergeplan import Planner, dump_json
from mergeplan.columns import build_columns
from mergeplan.partition import TownSolver
from mergeplan.relaxation import ScipyRelaxation
from mergeplan.scoring import DEFAULT
from mergeplan.testing import county
from mergeplan.towns import split_towns


def test_a_dask_cluster_gives_the_same_plan() -> None:
    distributed = pytest.importorskip("distributed")
    instance = county(120, 30, 3, Pmin=0)
    here = dump_json(Planner(instance).solve())
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = dump_json(Planner(instance, scheduler=cluster.scheduler_address).solve())
    assert there == here


def test_processes_give_the_same_plan() -> None:
    instance = county(400, 30, 4, Pmin=500)
    assert dump_json(Planner(instance, workers=2).solve()) == dump_json(Planner(instance, workers=1).solve())


def test_scipy_is_a_full_substitute_for_highspy() -> None:
    for town in split_towns(county(60, 2, 5, Pmin=700)):
        columns = build_columns(town, DEFAULT)
        one, other = TownSolver(columns), TownSolver(columns)
        other._relaxation = ScipyRelaxation(columns)
        counts = sorted(one.curve().points)
        assert counts == sorted(other.curve().points)
        for count in counts:
            mine, theirs = one.settle(count), other.settle(count)
            assert (mine and mine.chosen) == (theirs and theirs.chosen)
        answer = other.relaxation.solve_integer(counts[0], 30.0)
        best = one.settle(counts[0])
        assert answer is not None
        assert best is not None
        assert sum(columns.columns[j].cost for j in answer.chosen) == best.lower


def test_the_integer_solver_takes_over_where_the_search_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = county(120, 3, 6, Pmin=700, k=4)
    best = [(p.count, p.cost) for p in Planner(instance).curve(exact=True)]
    monkeypatch.setattr("mergeplan.partition.FIRST_LIMIT", 3)
    monkeypatch.setattr("mergeplan.partition.SEARCH_LIMIT", 3)
    assert [(p.count, p.cost) for p in Planner(instance).curve(exact=True)] == best
