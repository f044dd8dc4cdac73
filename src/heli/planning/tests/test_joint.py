"""Joint plans: several districts with one count of all, each rule with a success and a refusal, and the laws of sharing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.accounts import services as accounts
from heli.accounts.models import User
from heli.accounts.queries import actor_of
from heli.audit.models import Entry
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.problems import Forbidden, Refused
from heli.planning import jobs, queries, services
from heli.planning.checks import check_invariants
from heli.planning.joining import Joint
from heli.planning.models import JointPart, JointPlan, PlanRun, Scenario
from heli.planning.sharing import Named, Share, Way, check_joint, compute_numbers, compute_target, parse_shares
from heli.planning.solving import solve
from heli.planning.testing import District, draw_district, draw_material
from heli.planning.types import Finding, Goal, GoalKind, Material, PlanRules, RunState, ScenarioStatus
from heli.planning.wording import explained
from mergeplan.shares import TownCurves

DAY = date(2026, 1, 1)
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
EAST = "a1 a2 a3 b1\na4 a5 a6 b2"
WEST = "c1 c2 c3\nd1 d2 d3"
EXACTLY_NINE = PlanRules(goal=Goal(GoalKind.EXACTLY, count=9), pmin=0, pmax=100_000)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def east() -> District:
    return draw_district(EAST, {"a1": 400, "a2": 500, "b1": 700}, code="511601")


@pytest.fixture
def west() -> District:
    return draw_district(WEST, {"c1": 300, "d3": 2500}, code="511602")


def plan(*districts: District, way: Way = Way.FOUND_BEST, rules: PlanRules = EXACTLY_NINE, **more: object) -> JointPlan:
    given = {"actor": SYSTEM, "name": "Both", "on": DAY, **more}
    return services.create_joint(district_ids=[d.id for d in districts], way=way, rules=rules, **given)  # type: ignore[arg-type]


def parts_of(joint: JointPlan) -> list[JointPart]:
    return list(JointPart.objects.filter(joint=joint))


class TestSharing:
    NAMES = (Named(1, "前锋区", "511603000000"), Named(2, "广安区", "511602000000"))

    def test_lines_pasted_from_a_spreadsheet_are_read(self) -> None:
        shares, found = parse_shares("前锋区\t149\n\n511602： 40.95％\n", self.NAMES)
        assert found == []
        assert shares == [Share(1, count=149), Share(2, reduction=4095)]
        assert [share.number(254) for share in shares] == [149, 149]

    def test_lines_that_are_none_are_told_by_number(self) -> None:
        _shares, found = parse_shares("前锋区\n岳池县 3\n前锋区 12.5\n广安区 7\n广安区 8", self.NAMES)
        assert [(f.code, f.values["line"]) for f in found] == [
            ("share.unreadable", 1),
            ("share.unknown", 2),
            ("share.unreadable", 3),
            ("share.twice", 5),
        ]

    @given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.data())
    def test_numbers_add_up_to_the_total_and_nobody_falls_to_none(self, before: list[int], data: st.DataObject) -> None:
        villages = dict(enumerate(before))
        some = sum(1 for n in before if n)
        total = data.draw(st.integers(some, sum(before)))
        numbers = compute_numbers(total, [], villages)
        assert sum(numbers.values()) == total
        assert all(1 <= numbers[key] <= villages[key] for key in numbers)
        assert set(numbers) == {key for key, n in villages.items() if n}

    def test_given_numbers_stand_and_the_rest_is_in_proportion(self) -> None:
        assert compute_numbers(100, [Share(1, count=20)], {1: 50, 2: 120, 3: 40}) == {1: 20, 2: 60, 3: 20}

    @pytest.mark.parametrize(
        ("shares", "kind", "code"),
        [
            ([Share(1, count=20), Share(2, count=30)], GoalKind.EXACTLY, None),
            ([Share(1, count=20), Share(2, count=29)], GoalKind.EXACTLY, "share.sum"),
            ([Share(1, count=20), Share(2, count=29)], GoalKind.AT_MOST, None),
            ([Share(1, count=21), Share(2, count=30)], GoalKind.AT_MOST, "share.sum"),
            ([Share(1, count=50)], GoalKind.AT_MOST, "share.sum_rest"),
            ([Share(1, count=5)], GoalKind.AT_MOST, "share.sum_rest"),
            ([Share(1, count=49)], GoalKind.AT_MOST, None),
            ([Share(1, count=61)], GoalKind.AT_MOST, "share.range"),
            ([Share(1, count=0)], GoalKind.AT_MOST, "share.range"),
            ([Share(3, count=5)], GoalKind.AT_MOST, "share.elsewhere"),
        ],
    )
    def test_given_numbers_fit_the_count_of_all(self, shares: list[Share], kind: GoalKind, code: str | None) -> None:
        rules = PlanRules(goal=Goal(kind, count=50))
        found = check_joint(rules, Way.HANDED_DOWN, shares, {1: 60, 2: 40}, {1: "one", 2: "two"})
        assert [f.code for f in found] == ([code] if code else [])
        assert check_joint(rules, Way.FOUND_BEST, shares, {1: 60, 2: 40}, {}) == []

    def test_a_question_over_nothing_is_refused(self) -> None:
        assert [f.code for f in check_joint(PlanRules(), Way.FOUND_BEST, [], {}, {})] == ["joint.empty"]
        assert [f.code for f in check_joint(PlanRules(), Way.FOUND_BEST, [], {1: 0}, {})] == ["joint.no_villages"]
        beyond = PlanRules(goal=Goal(GoalKind.AT_MOST, count=11))
        assert [f.code for f in check_joint(beyond, Way.FOUND_BEST, [], {1: 10}, {})] == ["goal.count"]

    def test_the_target_of_one_district_alone_is_its_average(self) -> None:
        assert compute_target(PlanRules(), people=10_000, before=10, whole_before=10, total=4) == 2500
        assert compute_target(PlanRules(), people=10_000, before=10, whole_before=40, total=10) == 4000
        assert compute_target(PlanRules(target_population=7), people=1, before=1, whole_before=1, total=1) == 7


def materials(seed: int) -> list[Material]:
    """Two small districts with populations that depend on the seed."""
    found = []
    for number, drawing in enumerate((EAST, WEST)):
        people = {word: 400 + (seed * 977 + at * 613 + number * 331) % 2900 for at, word in enumerate(drawing.split())}
        found.append(replace(draw_material(drawing, people), district=number + 1))
    return found


def joined(parts: list[Material], rules: PlanRules, total: int) -> Joint:
    whole = sum(len(part.planned) for part in parts)
    joint = Joint(rules)
    for part in parts:
        people = sum(village.population for village in part.planned)
        target = compute_target(rules, people=people, before=len(part.planned), whole_before=whole, total=total)
        joint.add(part, target)
    return joint


class TestLaws:
    def test_the_worked_example_of_the_explanation(self) -> None:
        east, west = {2: 10, 3: 4, 4: 3}, {2: 8, 3: 6, 4: 1}
        curves = TownCurves([east, west])
        best = [curves.cheapest(total, total) for total in range(4, 9)]
        assert [(b.counts, b.cost) for b in best if b is not None] == [
            ((2, 2), 18), ((3, 2), 12), ((3, 3), 10), ((3, 4), 5), ((4, 4), 4),
        ]  # fmt: skip
        assert [step.total for step in TownCurves([east, west]).hull() if step.is_corner] == [4, 5, 7, 8]
        assert compute_numbers(7, [], {1: 4, 2: 4}) == {1: 4, 2: 3}

    @settings(deadline=None, max_examples=25)
    @given(st.integers(0, 10_000), st.integers(6, 12), st.data())
    def test_found_best_is_never_dearer_than_any_distribution_of_the_same_count(
        self, seed: int, total: int, data: st.DataObject
    ) -> None:
        parts = materials(seed)
        rules = replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=total))
        best = joined(parts, rules, total).find_best(total)
        first = data.draw(st.integers(max(1, total - 6), min(8, total - 1)))
        handed = joined(parts, rules, total).hand_down({1: first, 2: total - first})
        if all(part.result.is_feasible for part in handed.parts.values()):
            assert best.status == "optimal"
            assert best.objective is not None
            assert handed.objective is not None
            assert best.objective <= handed.objective
            assert handed.best == best.objective
            assert handed.after == total
        if best.objective is not None:
            assert best.after == total == sum(part.result.after for part in best.parts.values())
            assert best.objective == sum(part.result.objective or 0 for part in best.parts.values())

    @settings(deadline=None, max_examples=15)
    @given(st.integers(0, 10_000), st.integers(3, 8), st.sampled_from([GoalKind.EXACTLY, GoalKind.AT_MOST]))
    def test_one_district_alone_gets_the_plan_of_its_own_scenario(self, seed: int, total: int, kind: GoalKind) -> None:
        alone = materials(seed)[:1]
        rules = replace(EXACTLY_NINE, goal=Goal(kind, count=total))
        own = solve(alone[0], rules)
        best = joined(alone, rules, total).find_best(total)
        handed = joined(alone, rules, total).hand_down({1: total})
        for answer in (best, handed):
            assert answer.parts[1].result.objective == own.objective
            assert answer.parts[1].result.mergers == own.mergers

    def test_the_corners_of_the_curve_are_what_their_counts_cost(self) -> None:
        parts = materials(3)
        answer = joined(parts, EXACTLY_NINE, 9).find_best(9)
        assert len(answer.curve) > 2
        for count, lower, cost in answer.curve:
            rules = replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=count))
            asked = Joint(rules)
            for part in parts:
                people = sum(village.population for village in part.planned)
                asked.add(
                    part, compute_target(rules, people=people, before=len(part.planned), whole_before=14, total=9)
                )
            assert asked.find_best(count).objective == cost == lower


def test_every_reason_of_the_planner_is_told_in_the_readers_language() -> None:
    told: dict[str, dict[str, object]] = {
        "towns-stuck": {"towns": [101, 102]},
        "no-single-relaxation": {"town": 101},
        "link-clash": {"town": 101, "rule": "zones", "group": [1, 2]},
    }
    for code, values in told.items():
        with translation.override("zh-hans"):
            words = explained(Finding(code, "", {**values, "message": "in English"}), lambda key: f"〈{key}〉")
        assert "〈101〉" in words
        assert "in English" not in words
        assert "zones" not in words


@pytest.mark.django_db
class TestPlanning:
    def test_the_count_is_shared_at_the_lowest_cost_and_proven(self, east: District, west: District) -> None:
        joint = plan(east, west)
        assert (joint.state, joint.status) == (RunState.DONE, "optimal")
        assert joint.objective == joint.bound == joint.best
        parts = parts_of(joint)
        assert sum(part.count or 0 for part in parts) == 9
        assert sum(part.objective or 0 for part in parts) == joint.objective
        assert list(check_invariants()) == []

    def test_numbers_are_handed_down_and_their_price_is_told(self, east: District, west: District) -> None:
        best = plan(east, west)
        handed = plan(east, west, way=Way.HANDED_DOWN, shares=[Share(east.id, count=7)])
        assert [(part.wanted, part.count) for part in parts_of(handed)] == [(7, 7), (2, 2)]
        assert handed.best == best.objective
        assert (handed.objective or 0) > (best.objective or 0)

    def test_the_same_question_is_computed_once(self, east: District, west: District) -> None:
        first = plan(east, west)
        assert plan(east, west).pk == first.pk
        assert plan(east, west, name="Another").pk != first.pk
        services.finish_joint(actor=SYSTEM, joint_id=first.pk)
        first.refresh_from_db()
        assert first.done == 2

    def test_large_ones_wait_for_the_worker_and_go_on_where_it_stopped(self, east: District, west: District) -> None:
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

    def test_a_district_without_data_is_named_and_counts_as_it_stands(self, east: District) -> None:
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
        self, east: District, west: District
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

    def test_a_count_that_cannot_be_had_is_told_with_what_can(self, east: District, west: District) -> None:
        joint = plan(east, west, rules=replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=1)))
        assert (joint.state, joint.status) == (RunState.DONE, "infeasible")
        assert joint.result["possible"] == [5, 14]

    def test_what_makes_no_sense_is_refused_and_nothing_is_written(self, east: District, west: District) -> None:
        with pytest.raises(Refused, match="name"):
            plan(east, west, name=" ")
        with pytest.raises(Refused, match="Choose a day"):
            plan(east, west, on=date(9999, 12, 31))
        shares = [Share(east.id, count=7), Share(west.id, count=6)]
        with pytest.raises(Refused, match="add up to 13"):
            plan(east, west, way=Way.HANDED_DOWN, shares=shares)
        assert not JointPlan.objects.exists()


@pytest.mark.django_db
class TestHandingDown:
    def test_a_part_becomes_an_ordinary_scenario_of_its_district(self, east: District, west: District) -> None:
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

    def test_it_is_opened_once(self, east: District, west: District) -> None:
        part = parts_of(plan(east, west))[0]
        first = services.open_part(actor=SYSTEM, part=part)
        assert services.open_part(actor=SYSTEM, part=part) == first
        assert Scenario.objects.count() == PlanRun.objects.count() == 1

    def test_all_districts_get_their_drafts_and_a_second_press_adds_none(self, east: District, west: District) -> None:
        joint = plan(east, west)
        assert services.hand_down(actor=SYSTEM, joint=joint) == 2
        assert services.hand_down(actor=SYSTEM, joint=joint) == 2
        assert set(Scenario.objects.values_list("district_id", flat=True)) == {east.id, west.id}
        assert Entry.objects.filter(what="planning.joint", after__did="open_part").count() == 2
        assert list(check_invariants()) == []

    def test_nothing_is_handed_down_before_it_is_computed(self, east: District, west: District) -> None:
        joint = plan(east, west, inline_limit=0, enqueue=lambda _key: None)
        with pytest.raises(Refused, match="Nothing is computed yet"):
            services.hand_down(actor=SYSTEM, joint=joint)

    def test_the_district_decides_by_a_second_person(self, east: District, west: District) -> None:
        joint = plan(east, west)
        author, second = officer("author", east), officer("second", east)
        scenario = services.open_part(actor=author, part=parts_of(joint)[0])
        services.propose(actor=author, scenario=scenario)
        given = {"scenario": scenario, "document_number": "1号", "document_on": DAY}
        with pytest.raises(Refused, match="somebody else"):
            services.accept(actor=author, **given)  # type: ignore[arg-type]
        assert services.accept(actor=second, **given).document_number == "1号"  # type: ignore[arg-type]


def officer(name: str, *districts: District, role: str = "district_officer") -> Actor:
    """Somebody with a role over some districts."""
    user, _password = accounts.add_user(SYSTEM, username=name, name=name, password="a long password of tests")
    for district in districts:
        accounts.grant_role(SYSTEM, user=user, role=role, on=date(2010, 1, 1), place_id=district.id)
    return actor_of(User.objects.get(pk=user.pk))


@pytest.mark.django_db
class TestWhoMay:
    def test_who_lacks_one_of_the_districts_may_not(self, east: District, west: District) -> None:
        with pytest.raises(Forbidden):
            plan(east, west, actor=officer("east", east))
        assert plan(east, west, actor=officer("both", east, west)).state == RunState.DONE
        with pytest.raises(Forbidden):
            plan(east, west, actor=officer("reader", east, west, role="auditor"), name="Read")

    def test_a_district_sees_and_opens_its_own_row_only(self, east: District, west: District) -> None:
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
        user, _password = accounts.add_user(SYSTEM, username="city", name="city", password="a long password of tests")
        accounts.grant_role(SYSTEM, user=user, role="district_officer", on=date(2010, 1, 1), place_id=city)
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
def test_every_constraint_is_fired(east: District, west: District) -> None:
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
def test_a_changed_result_is_found(east: District, west: District) -> None:
    joint = plan(east, west)
    with unaudited():
        JointPart.objects.filter(joint=joint, number=1).update(result={"mergers": []})
        JointPlan.objects.filter(pk=joint.pk).update(result={})
    assert {problem.code for problem in check_invariants()} == {"planning.joint_changed"}
