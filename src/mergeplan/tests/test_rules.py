"""Each rule once kept and once in the way, on counties drawn in the test."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mergeplan import Instance, Plan, Planner, RequestError, Status, TooManyColumnsError, dump_json, verify
from mergeplan.testing import county
from mergeplan.tests.drawing import draw_county, members_of


def plan_for(instance: Instance, **asked: Any) -> Plan:
    plan = Planner(instance).solve(**asked)
    raw = json.loads(dump_json(plan))
    assert verify(instance, raw, at_most=plan.at_most, at_least=plan.at_least) == []
    return plan


def said(plan: Plan) -> str:
    return "\n".join(e.message for e in plan.explanation)


def test_mergers_stay_inside_their_town() -> None:
    plan = plan_for(draw_county("abCD"), exactly=2)
    assert members_of(plan) == {"ab", "CD"}


def test_a_fixed_village_stays_alone_and_costs_nothing() -> None:
    plan = plan_for(draw_county("abc", fixed=[1]))
    assert members_of(plan) == {"a", "b", "c"}
    assert [(u.kind, u.score) for u in plan.units if u.members == ("b",)] == [("fixed", 0)]


def test_must_links_and_zones_hold_together() -> None:
    assert "ab" in members_of(plan_for(draw_county("abcd", must=[[0, 1]], k=2)))
    assert "bcd" in members_of(plan_for(draw_county("abcd", zones=[[1, 2, 3]])))


def test_cannot_links_keep_apart() -> None:
    assert members_of(plan_for(draw_county("abc", cannot=[[0, 1]], k=2), exactly=2)) == {"a", "bc"}


def test_pmin_binds_a_single_village_unless_exempt_or_fixed() -> None:
    tight = {"Pmin": 1500}
    assert members_of(plan_for(draw_county("ab", **tight))) == {"ab"}
    assert members_of(plan_for(draw_county("ab", exempt=[0, 1], T=1000, **tight))) == {"a", "b"}
    assert Planner(draw_county("a", **tight)).solve().status is Status.INFEASIBLE
    assert members_of(plan_for(draw_county("a", fixed=[0], **tight))) == {"a"}


def test_pmax_binds_only_units_of_two_or_more() -> None:
    assert members_of(plan_for(draw_county("ab", {"a": 9000}), exactly=2)) == {"a", "b"}
    assert Planner(draw_county("ab", {"a": 9000})).solve(exactly=1).status is Status.INFEASIBLE


def test_a_type_has_its_own_window_by_the_centre() -> None:
    pop = {"a": 1200, "b": 800}
    typed = draw_county("ab", pop, type=["market", None], windows={"market": [0, 1500]})
    assert Planner(typed).solve(exactly=1).status is Status.INFEASIBLE
    assert members_of(plan_for(draw_county("ab", pop), exactly=1)) == {"ab"}


def test_a_converted_village_counts_nothing() -> None:
    plan = plan_for(draw_county("ab", convertible=[1], convert_cost=7), exactly=1)
    assert [(u.members, u.kind, u.score) for u in plan.units if u.kind == "converted"] == [(("b",), "converted", 7)]
    assert plan.count == 1


def test_an_absorbed_village_joins_its_host() -> None:
    instance = draw_county("abc", hosts=[1], absorb=[[0, 1, 5], [2, 1, 6]])
    plan = plan_for(instance, exactly=0)
    assert [(u.members, u.centre, u.kind, u.score) for u in plan.units] == [
        (("a",), "b", "absorbed", 5),
        (("b",), "b", "host", 0),
        (("c",), "b", "absorbed", 6),
    ]
    apart = draw_county("abc", hosts=[1], absorb=[[0, 1, 5], [2, 1, 6]], cannot=[[0, 2]])
    assert Planner(apart).solve(exactly=0).status is Status.INFEASIBLE
    assert plan_for(apart, exactly=1).count == 1


def test_an_absorption_without_a_border_is_not_offered_but_told() -> None:
    plan = plan_for(draw_county("abc", hosts=[2], absorb=[[0, 2, 5]]))
    assert "a cannot join c: not neighbours in one town" in said(plan)


def test_islands_and_parts_are_told_and_planned() -> None:
    plan = plan_for(draw_county("ab.cd.e"))
    assert "without a neighbour to merge with: e" in said(plan)
    assert "lies in 2 parts" in said(plan)
    assert plan.status is Status.OPTIMAL


def test_nobody_living_anywhere_is_no_crash() -> None:
    plan = plan_for(draw_county("abc", 0), exactly=2)
    assert plan.status is Status.OPTIMAL
    assert "nobody lives here" in said(plan)


def test_what_stands_in_the_way_of_a_village_is_named() -> None:
    plan = Planner(draw_county("ab", {"a": 300, "b": 5900}, Pmin=1000)).solve()
    assert plan.status is Status.INFEASIBLE
    assert (
        "a fits into no unit. Alone: 300 people, at least Pmin = 1000; its 1 possible mergers break: Pmax (1)."
        in said(plan)
    )
    assert "Town lower: raise Pmax to 6,200 would be enough." in said(plan).replace("Raise", "raise")
    assert "lower Pmin to 300" in said(plan)


def test_must_links_across_towns_are_infeasible_and_said() -> None:
    plan = Planner(draw_county("abCD", must=[[1, 2]])).solve()
    assert plan.status is Status.INFEASIBLE
    assert "give up must-links" in said(plan)


def test_two_hosts_never_join() -> None:
    plan = Planner(draw_county("abc", hosts=[0, 1], must=[[0, 1]])).solve()
    assert plan.status is Status.INFEASIBLE
    assert "two hosts" in said(plan)


def test_wishes_by_hand_that_break_a_rule_are_named() -> None:
    plan = Planner(draw_county("abcd")).solve(lock=[["a", "c"]])
    assert plan.status is Status.INFEASIBLE
    assert "they do not hang together" in said(plan)
    assert "Taking back “lock a, c” would be enough." in said(plan)


def test_unknown_ids_and_contradictory_counts_are_refused() -> None:
    planner = Planner(draw_county("ab"))
    with pytest.raises(RequestError, match="unknown village 'z'"):
        planner.solve(lock=[["a", "z"]])
    with pytest.raises(RequestError, match="one of them"):
        planner.solve(at_most=1, exactly=2)
    with pytest.raises(RequestError, match=r"write 40\.95%"):
        planner.solve(reduction="half")


def test_a_town_with_too_many_columns_is_refused_with_the_k_that_fits() -> None:
    with pytest.raises(TooManyColumnsError) as caught:
        Planner(county(100, 1, 1, k=5), column_limit=2000)
    assert caught.value.fitting_k == 3
    assert "k = 3 fits" in str(caught.value)


def test_own_scores_can_be_plugged_in() -> None:
    import numpy as np

    class FewestPeopleMoved:
        def score_sets(self, town: Any, members: Any) -> Any:
            pop = np.asarray(town.pop)[members]
            best = pop.argmax(axis=1)
            return members[np.arange(len(members)), best], pop.sum(axis=1) - pop.max(axis=1)

        def parts(self, town: Any, members: Any, centre: int) -> None:
            return None

    plan = Planner(draw_county("abc", {"a": 10, "b": 20, "c": 40}), scoring=FewestPeopleMoved()).solve(exactly=2)
    assert (plan.objective, members_of(plan)) == (10, {"ab", "c"})


def test_a_kmin_of_the_file_means_exactly() -> None:
    assert plan_for(draw_county("abcd", K=3, Kmin=3)).count == 3
