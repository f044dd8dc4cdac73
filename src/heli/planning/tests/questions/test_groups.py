"""Villagers' groups, from the list in Excel to the lineage in the register and back."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import build_world
from heli.consultation.services import notices as consultation
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import Level, PlaceKind
from heli.planning import queries, services
from heli.planning.abouts import ASKED
from heli.planning.models import Scenario
from heli.planning.presenting_questions import compute_quorum, meeting_rows
from heli.planning.testing import DrawnDistrict, question_of
from heli.planning.tests.drawn import AT, DAY, LATER, codes
from heli.planning.types import PlanKind, ScenarioStatus

pytestmark = pytest.mark.django_db
HEADS = ("组名", "所在村", "经度", "纬度", "户数", "耕地面积（亩）")
ROWS = [
    (f"{number}组", village, 106.8 + column * 0.01045 + dx, 30.5 + 0.00902 + dy, households, 60)
    for village, column in (("a1", 0), ("a2", 1))
    for number, (dx, dy, households) in enumerate(
        [(0.002, 0.002, 30), (0.008, 0.002, 40), (0.002, 0.007, 50), (0.008, 0.007, 60)], start=1
    )
]


def sheet(rows: Sequence[tuple[object, ...]]) -> tuple[str, bytes]:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADS, *rows])
    return "小组.csv", stream.getvalue().encode()


@pytest.fixture
def question(district: DrawnDistrict, author: Actor) -> Scenario:
    made = services.open_question(
        actor=author, kind=PlanKind.GROUPS, district_id=district.id, name="Groups", on=DAY, file=sheet(ROWS), at=AT
    )
    rules = queries.question_standing(made).rules
    numbers = {**rules.numbers, "at_most": 4}
    services.change_question(actor=author, question=made, rules=type(rules)(numbers))
    services.run_question(actor=author, question=made)
    return made


def names(district: DrawnDistrict, on: date) -> list[str]:
    return sorted(row.name for row in places.places_on(district.id, on, levels=[Level.GROUP]))


class TestFromListToLineage:
    def test_a_list_becomes_groups_with_outlines_inside_their_village(
        self, district: DrawnDistrict, question: Scenario
    ) -> None:
        rows = places.places_on(district.id, DAY, levels=[Level.GROUP], outlines=True)
        assert len(rows) == 8
        assert {row.parent_name for row in rows} == {"a1", "a2"}
        village = places.version_on(district["a1"], DAY)
        assert village is not None
        inside = sum(row.area_dm2 or 0 for row in rows if row.parent_name == "a1")
        assert inside == pytest.approx(village.area_dm2, rel=1e-3)

    def test_the_answer_is_proven_and_stays_inside_villages(self, question: Scenario) -> None:
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert (answer.status, len(answer.units), answer.figures) == ("optimal", 4, {"before": 8, "after": 4})
        known = queries.question_standing(question).material.by_id
        assert all(len({known[one].parent for one in unit.members}) == 1 for unit in answer.units)

    def test_only_where_the_district_allows_it_groups_join_across_villages(
        self, question: Scenario, author: Actor
    ) -> None:
        rules = queries.question_standing(question).rules
        found = []
        for across in (0, 1):
            numbers = {**rules.numbers, "at_most": 3, "across": across, "high": 400}
            services.change_question(actor=author, question=question, rules=type(rules)(numbers))
            services.run_question(actor=author, question=question)
            standing = queries.question_standing(question)
            assert standing.answer is not None
            found.append(standing.answer)
        assert [one.status for one in found] == ["infeasible", "optimal"]
        known = queries.question_standing(question).material.by_id
        assert any(len({known[one].parent for one in unit.members}) == 2 for unit in found[1].units)

    def test_locked_groups_are_one_and_groups_of_two_villages_are_refused(
        self, question: Scenario, author: Actor
    ) -> None:
        material = queries.question_standing(question).material
        of_a1 = [thing.id for thing in material.things if thing.parent == "a1"]
        of_a2 = next(thing.id for thing in material.things if thing.parent == "a2")
        wish = (of_a1[0], of_a1[1])
        services.settle(actor=author, question=question, did="lock", wish=wish)
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert wish in [unit.members for unit in answer.units]
        services.settle(actor=author, question=question, did="ban", wish=wish)
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert not any(set(wish) <= set(unit.members) for unit in answer.units)
        with pytest.raises(Refused) as refused:
            services.settle(actor=author, question=question, did="lock", wish=(of_a1[0], of_a2))
        assert codes(refused) == {"wish_apart"}

    def test_proposed_accepted_applied_and_taken_back(
        self, district: DrawnDistrict, question: Scenario, author: Actor, chief: Actor
    ) -> None:
        services.propose(actor=author, scenario=question)
        with pytest.raises(Refused) as refused:
            services.accept(actor=author, scenario=question, document_number="1", document_on=DAY, at=AT)
        assert codes(refused) == {"own_scenario"}
        services.accept(actor=chief, scenario=question, document_number="前府发〔2026〕2号", document_on=DAY, at=AT)
        services.apply_question(actor=chief, question=question, on=LATER)
        assert len(names(district, DAY)) == 8
        assert len(names(district, LATER)) == 4
        assert places.counts_on(LATER, [district.id])[district.id][PlaceKind.GROUP] == 4
        services.reverse_question(actor=chief, question=question, reason="答复有误")
        question.refresh_from_db()
        assert question.status == ScenarioStatus.REVERSED
        assert len(names(district, LATER)) == 8

    def test_villages_with_groups_can_still_be_merged(
        self, district: DrawnDistrict, question: Scenario, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        services.run_scenario(actor=author, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        services.accept(actor=chief, scenario=scenario, document_number="1", document_on=DAY, at=AT)
        services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        rows = places.places_on(district.id, LATER, levels=[Level.GROUP])
        standing = {row.id for row in places.villages_of(district.id, LATER)}
        assert len(rows) == 8
        assert {row.parent_id for row in rows} <= standing


class TestMeetings:
    def test_two_thirds_are_present_and_more_than_half_of_them_agree(self) -> None:
        assert [compute_quorum(n) for n in (1, 30, 31, 32, 33)] == [(1, 1), (20, 11), (21, 11), (22, 12), (22, 12)]

    def test_every_group_that_is_merged_has_its_meeting(self, question: Scenario) -> None:
        standing = queries.question_standing(question)
        assert standing.answer is not None
        merged = [member for unit in standing.answer.units if unit.mark == "merged" for member in unit.members]
        assert len(meeting_rows(standing)) == len(merged) > 0


class TestBadRows:
    def test_every_wrong_row_is_told_by_its_number(self, district: DrawnDistrict, author: Actor) -> None:
        rows = [
            ("1组", "a1", 106.802, 30.51, 30, 5),
            ("1组", "a1", 106.803, 30.51, 30, 5),
            ("2组", "zz", 106.803, 30.51, 30, 5),
            ("3组", "a1", 1.0, 2.0, 30, 5),
            ("4组", "a1", 106.803, 30.51, "many", 5),
            ("5组", "a1", 106.803, 30.51, 0, 5),
        ]
        with pytest.raises(Refused) as refused:
            services.open_question(
                actor=author, kind=PlanKind.GROUPS, district_id=district.id, name="x", on=DAY, file=sheet(rows)
            )
        assert sorted(int(one.source) for one in refused.value.faults) == [3, 4, 5, 6, 7]
        assert not Scenario.objects.filter(name="x").exists()


class TestComments:
    def test_a_proposed_answer_is_posted_with_its_figures_and_holds_acceptance_back(self) -> None:
        world = build_world()
        question, officer = question_of(world.a), world.a.actor("district_officer")
        services.propose(actor=officer, scenario=question)
        notice = consultation.post_notice(
            actor=officer,
            about=ASKED.about(question),
            kind="plan",
            title="小组调整公示",
            text="欢迎提出意见。",
            place_ids=[question.district_id],
            first_on=DAY,
            last_on=date(2099, 1, 1),
            on=DAY,
        )
        page = Client().get(reverse("consultation:notice", args=[notice.public_id])).content.decode()
        assert "1组" in page
        assert "小组调整公示" in page
        with pytest.raises(Refused) as refused:
            services.take_back(actor=officer, scenario=question, reason="再议")
        assert codes(refused) == {"posted"}

    @pytest.mark.parametrize("name", ["question", "question_table", "question_compare", "question_decision"])
    def test_pages_say_which_paper_they_replace(self, name: str) -> None:
        world = build_world()
        address = reverse(f"planning:{name}", args=[question_of(world.a).public_id])
        page = world.client("district_officer").get(address, headers={"Accept-Language": "zh-CN"}).content.decode()
        assert "村民小组调整方案表" in page or name in ("question_compare", "question_decision")
        assert "示例数据 / sample" in page
