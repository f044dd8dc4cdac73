"""Joint plans as people make, hand down and see them, and what the database holds of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts import services as accounts
from heli.accounts.models import User
from heli.accounts.queries import actor_of
from heli.audit.models import Entry
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Forbidden, Refused
from heli.planning import jobs, queries, services
from heli.planning.checks import check_invariants
from heli.planning.models import JointPart, JointPlan, PlanRun, Scenario
from heli.planning.sharing import DistrictQuota, Way
from heli.planning.solving import solve
from heli.planning.testing import DrawnDistrict, draw_district
from heli.planning.tests.drawn import AT, DAY, EAST, EXACTLY_NINE, WEST
from heli.planning.types import Goal, GoalKind, PlanRules, RunState, ScenarioStatus


def plan(
    *districts: DrawnDistrict, way: Way = Way.FOUND_BEST, rules: PlanRules = EXACTLY_NINE, **more: Any
) -> JointPlan:
    given: dict[str, Any] = {"actor": SYSTEM, "name": "Both", "on": DAY, **more}
    return services.create_joint(district_ids=[d.id for d in districts], way=way, rules=rules, **given)


def parts_of(joint: JointPlan) -> list[JointPart]:
    return list(JointPart.objects.filter(joint=joint))


@pytest.mark.django_db
class TestPlanning:
    def test_the_count_is_shared_at_the_lowest_cost_and_proven(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        joint = plan(east, west)
        assert (joint.state, joint.status) == (RunState.DONE, "optimal")
        assert joint.objective == joint.bound == joint.best
        parts = parts_of(joint)
        assert sum(part.count or 0 for part in parts) == 9
        assert sum(part.objective or 0 for part in parts) == joint.objective
        assert list(check_invariants()) == []

    def test_numbers_are_handed_down_and_their_price_is_told(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        best = plan(east, west)
        handed = plan(east, west, way=Way.HANDED_DOWN, shares=[DistrictQuota(east.id, count=7)])
        assert [(part.wanted, part.count) for part in parts_of(handed)] == [(7, 7), (2, 2)]
        assert handed.best == best.objective
        assert (handed.objective or 0) > (best.objective or 0)

    def test_the_same_question_is_computed_once(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        first = plan(east, west)
        assert plan(east, west).pk == first.pk
        assert plan(east, west, name="Another").pk != first.pk
        services.finish_joint(actor=SYSTEM, joint_id=first.pk)
        first.refresh_from_db()
        assert first.done == 2

    def test_large_ones_wait_for_the_worker_and_go_on_where_it_stopped(
        self, east: DrawnDistrict, west: DrawnDistrict
    ) -> None:
        waiting: list[int] = []
        joint = plan(east, west, inline_limit=0, enqueue=waiting.append)
        assert joint.state == RunState.QUEUED
        assert waiting == [joint.pk]
        part = parts_of(joint)[0]
        services.finish_joint(actor=SYSTEM, joint_id=joint.pk)
        pinned = JointPart.objects.get(pk=part.pk).inputs
        with unaudited():
            JointPlan.objects.filter(pk=joint.pk).update(state=RunState.RUNNING)
        jobs.run_joint(joint.pk)
        joint.refresh_from_db()
        assert joint.state == RunState.DONE
        assert JointPart.objects.get(pk=part.pk).inputs == pinned

    def test_a_district_without_data_is_named_and_counts_as_it_stands(self, east: DrawnDistrict) -> None:
        bare = draw_district(WEST, code="511602", with_figures=False)
        joint = plan(east, bare, rules=replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=11)))
        first, second = parts_of(joint)
        assert (second.status, second.count) == ("unplanned", None)
        assert "no registered population" in second.problems[0]
        assert first.count == 5, "11 in all, 6 of them in the district that stays"
        view = queries.view_joint(SYSTEM, joint)
        assert view.after == 11
        assert [part.name for part in view.without_plan] == [second.name]
        with pytest.raises(Refused, match="was not planned"):
            services.open_part(actor=SYSTEM, part=second)

    def test_a_district_without_a_plan_is_named_with_its_rules_and_the_rest_is_solved(
        self, east: DrawnDistrict, west: DrawnDistrict
    ) -> None:
        rules = replace(EXACTLY_NINE, goal=Goal(GoalKind.AT_MOST, count=12), pmin=600, k=2)
        lonely = draw_district("e1 f1", {"e1": 100, "f1": 5000}, code="511604")
        joint = plan(east, west, lonely, rules=rules)
        by_district = {part.district_id: part for part in parts_of(joint)}
        assert by_district[lonely.id].status == "infeasible"
        assert by_district[east.id].status == by_district[west.id].status == "optimal"
        result = queries.part_result(by_district[lonely.id])
        assert result is not None
        assert "village-stuck" in {finding.code for finding in result[1].explanation}
        assert queries.view_joint(SYSTEM, joint).after == 12

    def test_a_count_that_cannot_be_had_is_told_with_what_can(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        joint = plan(east, west, rules=replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=1)))
        assert (joint.state, joint.status) == (RunState.DONE, "infeasible")
        assert joint.result["possible"] == [5, 14]

    def test_what_makes_no_sense_is_refused_and_nothing_is_written(
        self, east: DrawnDistrict, west: DrawnDistrict
    ) -> None:
        with pytest.raises(Refused, match="name"):
            plan(east, west, name=" ")
        with pytest.raises(Refused, match="Choose a day"):
            plan(east, west, on=date(9999, 12, 31))
        shares = [DistrictQuota(east.id, count=7), DistrictQuota(west.id, count=6)]
        with pytest.raises(Refused, match="add up to 13"):
            plan(east, west, way=Way.HANDED_DOWN, shares=shares)
        assert not JointPlan.objects.exists()


@pytest.mark.django_db
class TestHandingDown:
    def test_a_part_becomes_an_ordinary_scenario_of_its_district(
        self, east: DrawnDistrict, west: DrawnDistrict
    ) -> None:
        joint = plan(east, west)
        part = parts_of(joint)[0]
        scenario = services.open_part(actor=SYSTEM, part=part, at=AT)
        standing = queries.standing(scenario)
        assert (scenario.district_id, scenario.status, scenario.name) == (east.id, ScenarioStatus.DRAFT, "Both")
        assert standing.is_current
        assert standing.result is not None
        assert standing.result.after == part.count
        assert scenario.inputs_id == part.inputs_id
        again = solve(standing.material, standing.rules)
        shown = [{(m.key, m.centre, m.score, *sorted(m.parts)) for m in r.mergers} for r in (again, standing.result)]
        assert shown[0] == shown[1]
        assert again.objective == standing.result.objective

    def test_it_is_opened_once(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        part = parts_of(plan(east, west))[0]
        first = services.open_part(actor=SYSTEM, part=part)
        assert services.open_part(actor=SYSTEM, part=part) == first
        assert Scenario.objects.count() == PlanRun.objects.count() == 1

    def test_all_districts_get_their_drafts_and_a_second_press_adds_none(
        self, east: DrawnDistrict, west: DrawnDistrict
    ) -> None:
        joint = plan(east, west)
        assert services.hand_down(actor=SYSTEM, joint=joint) == 2
        assert services.hand_down(actor=SYSTEM, joint=joint) == 2
        assert set(Scenario.objects.values_list("district_id", flat=True)) == {east.id, west.id}
        assert Entry.objects.filter(what="planning.joint", after__did="open_part").count() == 2
        assert list(check_invariants()) == []

    def test_nothing_is_handed_down_before_it_is_computed(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        joint = plan(east, west, inline_limit=0, enqueue=lambda _key: None)
        with pytest.raises(Refused, match="Nothing is computed yet"):
            services.hand_down(actor=SYSTEM, joint=joint)

    def test_the_district_decides_by_a_second_person(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        joint = plan(east, west)
        author, second = officer("author", east), officer("second", east)
        scenario = services.open_part(actor=author, part=parts_of(joint)[0])
        services.propose(actor=author, scenario=scenario)
        given: dict[str, Any] = {"scenario": scenario, "document_number": "1号", "document_on": DAY}
        with pytest.raises(Refused, match="somebody else"):
            services.accept(actor=author, **given)
        assert services.accept(actor=second, **given).document_number == "1号"


def officer(name: str, *districts: DrawnDistrict, role: str = "district_officer") -> Actor:
    """Somebody with a role over some districts."""
    user, _password = accounts.add_user(actor=SYSTEM, username=name, name=name, password="a long password of tests")
    for district in districts:
        accounts.grant_role(actor=SYSTEM, user=user, role=role, on=date(2010, 1, 1), place_id=district.id)
    return actor_of(User.objects.get(pk=user.pk))


@pytest.mark.django_db
class TestWhoMay:
    def test_who_lacks_one_of_the_districts_may_not(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        with pytest.raises(Forbidden):
            plan(east, west, actor=officer("east", east))
        assert plan(east, west, actor=officer("both", east, west)).state == RunState.DONE
        with pytest.raises(Forbidden):
            plan(east, west, actor=officer("reader", east, west, role="auditor"), name="Read")

    def test_a_district_sees_and_opens_its_own_row_only(self, east: DrawnDistrict, west: DrawnDistrict) -> None:
        joint = plan(east, west)
        mine, other = officer("east", east), officer("nowhere")
        view = queries.view_joint(mine, joint)
        assert [part.district_id for part in view.parts] == [east.id]
        assert not view.is_whole
        assert queries.find_joint(joint.public_id, other) is None
        first, second = parts_of(joint)
        assert services.open_part(actor=mine, part=first).author_id == mine.id
        with pytest.raises(Forbidden):
            services.open_part(actor=mine, part=second)
        with pytest.raises(Forbidden):
            services.hand_down(actor=mine, joint=joint)

    def test_a_city_officer_plans_the_citys_districts(self) -> None:
        joint_of = {code: draw_district(EAST, code=code, above="示例市") for code in ("511601", "511602")}
        far = draw_district(WEST, code="520100")
        city = queries.common_place([d.id for d in joint_of.values()], DAY)
        assert city is not None
        user, _password = accounts.add_user(
            actor=SYSTEM, username="city", name="city", password="a long password of tests"
        )
        accounts.grant_role(actor=SYSTEM, user=user, role="district_officer", on=date(2010, 1, 1), place_id=city)
        actor = actor_of(User.objects.get(pk=user.pk))
        districts = queries.plannable_districts(actor, DAY)
        assert [row.id for row in districts] == [d.id for d in joint_of.values()]
        assert [row.before for row in districts] == [8, 8]
        joint = plan(*joint_of.values(), actor=actor)
        assert Entry.objects.get(what="planning.joint", after__did="create").place_id == city
        assert queries.view_joint(actor, joint).is_whole
        with pytest.raises(Forbidden):
            plan(*joint_of.values(), far, actor=actor, name="More")


@pytest.mark.django_db
def test_every_constraint_is_fired(east: DrawnDistrict, west: DrawnDistrict) -> None:
    joint = plan(east, west)
    first, second = parts_of(joint)
    plans, rows = JointPlan.objects.filter(pk=joint.pk), JointPart.objects.filter(pk=first.pk)
    fires: dict[str, Callable[[], int]] = {
        "joint_has_name": lambda: plans.update(name=""),
        "joint_way_known": lambda: plans.update(way="guessed"),
        "joint_state_known": lambda: plans.update(state="asleep"),
        "joint_done_has_result": lambda: plans.update(result_sha256=""),
        "joint_bound_below_objective": lambda: plans.update(bound=(joint.objective or 0) + 1),
        "joint_district_once": lambda: rows.update(district=second.district_id),
        "joint_part_numbered_once": lambda: rows.update(number=second.number),
        "joint_part_status_known": lambda: rows.update(status="lucky"),
        "joint_part_solved_has_result": lambda: rows.update(result_sha256=""),
        "joint_part_bound_below_objective": lambda: rows.update(bound=(first.objective or 0) + 1),
    }
    for name, write in fires.items():
        with (
            unaudited(),
            pytest.raises(IntegrityError, match=rf"{name}|UNIQUE constraint failed"),
            transaction.atomic(),
        ):
            write()


@pytest.mark.django_db
def test_a_changed_result_is_found(east: DrawnDistrict, west: DrawnDistrict) -> None:
    joint = plan(east, west)
    with unaudited():
        JointPart.objects.filter(joint=joint, number=1).update(result={"mergers": []})
        JointPlan.objects.filter(pk=joint.pk).update(result={})
    assert {fault.code for fault in check_invariants()} == {"planning.joint_changed"}
