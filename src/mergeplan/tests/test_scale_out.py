"""Towns prepared elsewhere give the same bytes; the other solver gives the same plan."""

from __future__ import annotations

import json
from typing import Any

import highspy
import pytest

from mergeplan import Planner, UndecidedError, dump_json, verify
from mergeplan.shares import lower_hull
from mergeplan.testing import county


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


def test_the_integer_solver_takes_over_where_the_search_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = county(120, 3, 6, Pmin=700, k=4)
    best = [(p.count, p.cost) for p in Planner(instance).curve(exact=True)]
    monkeypatch.setattr("mergeplan.partition.FIRST_LIMIT", 3)
    monkeypatch.setattr("mergeplan.partition.SEARCH_LIMIT", 3)
    assert [(p.count, p.cost) for p in Planner(instance).curve(exact=True)] == best


@pytest.mark.slow
def test_a_plan_that_is_not_proven_says_so_with_an_honest_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = county(120, 3, 6, Pmin=700, k=4)
    exact = {p.count: p.cost for p in Planner(instance).curve(exact=True)}
    monkeypatch.setattr("mergeplan.partition.FIRST_LIMIT", 3)
    monkeypatch.setattr("mergeplan.partition.SEARCH_LIMIT", 3)
    monkeypatch.setattr("mergeplan.partition.INTEGER_SECONDS", 0.0)
    statuses = set()
    for count, best in sorted(exact.items())[::5]:
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
    """A referee that knows nothing of towns, curves or knapsacks: HiGHS' integer solver on all columns at once."""
    instance = county(90, 4, 7, Pmin=700, K=45)
    planner = Planner(instance)
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
    model.silent()
    taken: list[Any] = []
    costs: list[int] = []
    over_village: list[list[Any]] = [[] for _ in range(instance.n)]
    for state in planner.states:
        for c in state.solver.columns.columns:
            taken.append(model.addBinary())
            costs.append(c.cost)
            for p in c.members:
                over_village[state.town.index[p]].append(taken[-1])
    for cover in over_village:
        model.addConstr(sum(cover) == 1)
    in_all = model.addConstr(sum(taken) == 40)
    model.setOptionValue("mip_rel_gap", 0.0)
    for count in (40, 45, 55):
        model.changeRowBounds(in_all.index, count, count)
        model.minimize(sum(cost * x for cost, x in zip(costs, taken, strict=True)))
        values = [round(v) for v in model.vals(taken)]
        assert planner.solve(exactly=count).objective == sum(c for c, x in zip(costs, values, strict=True) if x)


@pytest.mark.slow
def test_dropped_columns_change_no_plan_and_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = county(300, 30, 8, Pmin=0)
    kept = Planner(instance, workers=1)
    plans = {count: kept.solve(exactly=count) for count in range(125, 210, 14)}
    exact = [(p.count, p.cost) for p in kept.curve(exact=True) if p.cost is not None]
    hull = lower_hull([count for count, _ in exact], [cost for _, cost in exact])
    monkeypatch.setattr("mergeplan.solving.KEPT_VILLAGES", 100)
    monkeypatch.setattr("mergeplan.parallel.WORTH_SETTLING", 3)
    for workers in (1, 2):
        lean = Planner(instance, workers=workers)
        for count, plan in plans.items():
            again = lean.solve(exactly=count)
            assert (again.status, again.objective, again.bound) == (plan.status, plan.objective, plan.bound)
            assert again.units == plan.units
            assert [(t.town, t.count) for t in again.towns] == [(t.town, t.count) for t in plan.towns]
        assert [(p.count, p.cost) for p in lean.curve(exact=True)] == hull
        merged = next(u.members for u in plans[153].units if len(u.members) > 1)
        assert lean.solve(exactly=153, forbid=[merged]).units == kept.solve(exactly=153, forbid=[merged]).units
        assert lean.solve(at_most=50).explanation


@pytest.mark.slow
def test_a_large_run_gives_the_same_bytes_in_one_process_in_several_and_on_a_cluster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("mergeplan.solving.KEPT_VILLAGES", 100)
    monkeypatch.setattr("mergeplan.parallel.WORTH_SETTLING", 3)
    instance = county(450, 45, 9, Pmin=0)
    one = dump_json(Planner(instance, workers=1).solve())
    assert dump_json(Planner(instance, workers=2).solve()) == one
    assert dump_json(Planner(instance, workers=1, asked=(0, 150)).solve()) == one, "a wrong guess costs time only"
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        assert dump_json(Planner(instance, scheduler=cluster.scheduler_address).solve()) == one
