"""Towns prepared elsewhere give the same bytes; the other solver gives the same plan."""

from __future__ import annotations

import json

import pytest

from mergeplan import Planner, UndecidedError, dump_json, verify
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
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
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


def test_a_plan_that_is_not_proven_says_so_with_an_honest_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = county(120, 3, 6, Pmin=700, k=4)
    exact = {p.count: p.cost for p in Planner(instance).curve(exact=True)}
    monkeypatch.setattr("mergeplan.partition.FIRST_LIMIT", 3)
    monkeypatch.setattr("mergeplan.partition.SEARCH_LIMIT", 3)
    monkeypatch.setattr("mergeplan.partition.INTEGER_SECONDS", 0.0)
    statuses = set()
    for count, best in exact.items():
        assert best is not None
        try:
            plan = Planner(instance).solve(exactly=count)
        except UndecidedError:
            continue
        statuses.add(str(plan.status))
        assert plan.bound is not None
        assert plan.objective is not None
        assert plan.bound <= best <= plan.objective
        assert (plan.status == "optimal") == (plan.bound == plan.objective)
        assert [p for p in verify(instance, json.loads(dump_json(plan))) if p.severity == "error"] == []
    assert "optimal" in statuses


def test_one_integer_programme_for_the_whole_district_agrees() -> None:
    """A referee that knows nothing of towns, curves or knapsacks: scipy's solver on all columns at once."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    instance = county(90, 4, 7, Pmin=700, K=45)
    planner = Planner(instance)
    covers, costs = [], []
    for state in planner.states:
        for c in state.solver.columns.columns:
            covers.append([state.town.index[p] for p in c.members])
            costs.append(c.cost)
    matrix = np.zeros((instance.n + 1, len(covers)))
    for j, cover in enumerate(covers):
        matrix[cover, j] = 1
    matrix[-1] = 1
    for count in (40, 45, 55):
        right = np.array([1.0] * instance.n + [count])
        answer = milp(
            np.array(costs, dtype=float),
            constraints=LinearConstraint(matrix, right, right),
            bounds=Bounds(0, 1),
            integrality=np.ones(len(costs), dtype=np.int64),
            options={"mip_rel_gap": 0.0},
        )
        assert answer.x is not None
        chosen = np.nonzero(np.asarray(answer.x) > 0.5)[0]
        assert planner.solve(exactly=count).objective == sum(costs[j] for j in chosen)
