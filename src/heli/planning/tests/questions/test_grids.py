"""Grids: from a file to the register, moves by hand with their price, and every kind of bad row."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest

from heli.accounts.testing import build_world
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.planning import queries, services
from heli.planning.models import Scenario
from heli.planning.presenting_questions import grid_sheet_of, priced_move
from heli.planning.questions import QUESTIONS
from heli.planning.questions.grids import compute_count, curve_of_community, part_size
from heli.planning.questions.types import QuestionRules
from heli.planning.testing import DrawnDistrict, draw_buildings, grids_of
from heli.planning.tests.drawn import AT, DAY, LATER, codes
from heli.planning.types import PlanKind

pytestmark = pytest.mark.django_db
HEADS = ("编号", "名称", "社区", "经度", "纬度", "户数", "相邻", "专属网格")
NUMBERS = {"low": 200, "high": 400, "target": 300, "balance": 50}
WEST, SOUTH = 106.8 + 2 * 0.01045, 30.5


def sheet(rows: Sequence[tuple[object, ...]]) -> tuple[str, bytes]:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADS, *rows])
    return "楼栋.csv", stream.getvalue().encode()


def row(
    number: int, community: str = "Aa", households: object = 100, near: str = "", special: str = "", **more: float
) -> tuple[object, ...]:
    lon, lat = more.get("lon", WEST + 0.001 + number / 1000), more.get("lat", SOUTH + 0.004)
    return (f"B{number}", f"{number}号楼", community, round(lon, 6), lat, households, near, special)


def opened(district: DrawnDistrict, author: Actor, rows: Sequence[tuple[object, ...]]) -> Scenario:
    question = services.open_question(
        actor=author, kind=PlanKind.GRIDS, district_id=district.id, name="Grids", on=DAY, file=sheet(rows), at=AT
    )
    rules = queries.question_standing(question).rules
    services.change_question(actor=author, question=question, rules=QuestionRules({**rules.numbers, **NUMBERS}))
    services.run_question(actor=author, question=question)
    return question


class TestFromFileToRegister:
    def test_grids_are_drawn_decided_founded_and_taken_back(
        self, district: DrawnDistrict, author: Actor, chief: Actor
    ) -> None:
        question = opened(district, author, [row(n) for n in range(6)])
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert (answer.status, [unit.size for unit in answer.units]) == ("optimal", [300, 300])
        services.propose(actor=author, scenario=question)
        services.accept(actor=chief, scenario=question, document_number="1", document_on=DAY, at=AT)
        services.apply_question(actor=chief, question=question, on=LATER)
        grids = places.children_of(district["Aa"], LATER)
        assert [one.name for one in grids] == ["Aa第1网格", "Aa第2网格"]
        assert all(one.kind is PlaceKind.GRID and one.area_dm2 for one in grids)
        assert places.children_of(district["Aa"], DAY) == []
        services.reverse_question(actor=chief, question=question, reason="重划")
        assert places.children_of(district["Aa"], LATER) == []

    def test_new_grids_end_the_old_ones(self, district: DrawnDistrict, author: Actor, chief: Actor) -> None:
        for name, on in (("First", LATER), ("Second", date(2026, 5, 1))):
            question = opened(district, author, [row(n) for n in range(6)])
            services.rename_scenario(actor=author, scenario=question, name=name)
            services.propose(actor=author, scenario=question)
            services.accept(actor=chief, scenario=question, document_number="1", document_on=DAY, at=AT)
            services.apply_question(actor=chief, question=question, on=on)
        before, after = places.children_of(district["Aa"], LATER), places.children_of(district["Aa"], date(2026, 5, 1))
        assert len(before) == len(after) == 2
        assert not {one.id for one in before} & {one.id for one in after}

    def test_what_cannot_be_divided_cannot_be_proposed(self, district: DrawnDistrict, author: Actor) -> None:
        question = opened(district, author, [*(row(n) for n in range(6)), row(9, "a4", 30, lon=106.805)])
        standing = queries.question_standing(question)
        assert standing.answer is not None
        assert standing.answer.figures["undivided"] == 1
        with pytest.raises(Refused) as refused:
            services.propose(actor=author, scenario=question)
        assert codes(refused) == {"undivided"}

    def test_special_grids_are_taken_out_first_whatever_their_households(
        self, district: DrawnDistrict, author: Actor, chief: Actor
    ) -> None:
        rows = [row(n) for n in range(6)]
        rows += [
            row(6, households=0, special="客运站"),
            row(7, households=900, special="城南市场"),
            row(8, special="城南市场"),
        ]
        question = opened(district, author, rows)
        standing = queries.question_standing(question)
        answer = standing.answer
        assert answer is not None
        assert [(unit.name, unit.size, unit.mark) for unit in answer.units] == [
            ("Aa第1网格", 300, "grid"), ("Aa第2网格", 300, "grid"), ("城南市场", 1000, "special"), ("客运站", 0, "special"),
        ]  # fmt: skip
        assert (answer.status, answer.figures["after"], answer.figures["special"]) == ("optimal", 4, 2)
        sheet_of = grid_sheet_of(standing, answer.units[2].key)
        assert sheet_of is not None
        assert sheet_of.buildings == (("7号楼", 900), ("8号楼", 100))
        assert priced_move(standing, "B1", "B7") is None
        for wish in (("B1", "B7"), ("B7", "B1")):
            with pytest.raises(Refused) as refused:
                services.settle(actor=author, question=question, did="move", wish=wish)
            assert codes(refused) == {"wish_unknown"}
        services.propose(actor=author, scenario=question)
        services.accept(actor=chief, scenario=question, document_number="1", document_on=DAY, at=AT)
        services.apply_question(actor=chief, question=question, on=LATER)
        names = {one.name for one in places.children_of(district["Aa"], LATER)}
        assert names == {"Aa第1网格", "Aa第2网格", "城南市场", "客运站"}

    def test_only_a_special_grid_may_be_without_households(self, district: DrawnDistrict, author: Actor) -> None:
        with pytest.raises(Refused) as refused:
            opened(district, author, [row(1), row(2, households=0), row(3, households=-1, special="客运站")])
        assert [fault.source for fault in refused.value.faults] == ["3", "4"]


class TestLargeGrids:
    def drawn(self, district: DrawnDistrict, author: Actor) -> Scenario:
        """Sixteen buildings in two rows: eight grids of two."""
        text = "\n".join(" ".join(f"{line}{n}" for n in range(8)) for line in "ab")
        question = services.create_question(
            actor=author, kind=PlanKind.GRIDS, district_id=district.id, name="街道", on=DAY,
            material=draw_buildings(text, community=district["Aa"], district=district.id),
            numbers={"low": 200, "high": 200, "target": 200, "balance": 50},
        )  # fmt: skip
        services.run_question(actor=author, question=question)
        return question

    def test_grids_join_beside_each_other_and_no_grid_is_parted(
        self, district: DrawnDistrict, author: Actor, chief: Actor
    ) -> None:
        question = self.drawn(district, author)
        made = services.join_grids(actor=author, question=question, at=AT)
        standing = queries.question_standing(made)
        answer = standing.answer
        assert answer is not None
        assert answer.status == "optimal"
        assert all(400 <= unit.size <= 800 and unit.name.endswith("大网格") for unit in answer.units)
        grids = queries.question_standing(question).answer
        assert grids is not None
        assert sorted(one for unit in answer.units for one in unit.members) == sorted(unit.key for unit in grids.units)
        services.propose(actor=author, scenario=made)
        services.accept(actor=chief, scenario=made, document_number="1", document_on=DAY, at=AT)
        services.apply_question(actor=chief, question=made, on=LATER)
        assert places.children_of(district["Aa"], LATER) == []

    def test_large_grids_and_questions_without_an_answer_are_not_joined(
        self, district: DrawnDistrict, author: Actor
    ) -> None:
        made = services.join_grids(actor=author, question=self.drawn(district, author))
        unanswered = services.create_question(
            actor=author, kind=PlanKind.GRIDS, district_id=district.id, name="x", on=DAY,
            material=draw_buildings("a b", community=district["Aa"], district=district.id),
        )  # fmt: skip
        for question in (made, unanswered):
            with pytest.raises(Refused) as refused:
                services.join_grids(actor=author, question=question)
            assert codes(refused) == {"no_grids"}


class TestByHand:
    def drawn(self, district: DrawnDistrict, author: Actor) -> Scenario:
        material = draw_buildings("h1 h2 h3 h4 h5 h6", community=district["Aa"], district=district.id)
        question = services.create_question(
            actor=author,
            kind=PlanKind.GRIDS,
            district_id=district.id,
            name="x",
            on=DAY,
            material=material,
            numbers=NUMBERS,
        )
        services.run_question(actor=author, question=question)
        return question

    def test_a_move_is_priced_and_its_answer_costs_just_that(self, district: DrawnDistrict, author: Actor) -> None:
        question = self.drawn(district, author)
        standing = queries.question_standing(question)
        priced = priced_move(standing, "h3", "h4")
        assert priced is not None
        assert (priced.against, [now for _name, _was, now in priced.sizes]) == ((), [200, 400])
        # Before: 100 · (100 + 100) twice. After: h1 h2 cost 100 · 100, h3 … h6 cost 100 · 400; each 100 off the target.
        assert priced.more == (10_000 + 40_000 + 2 * 50 * 100) - 40_000
        services.settle(actor=author, question=question, did="move", wish=("h3", "h4"))
        after = queries.question_standing(question).answer
        assert after is not None
        assert standing.answer is not None
        assert after.objective == (standing.answer.objective or 0) + priced.more
        assert (after.status, after.bound) == ("feasible", standing.answer.bound)

    def test_a_move_that_breaks_a_rule_says_which_and_is_not_done(self, district: DrawnDistrict, author: Actor) -> None:
        question = self.drawn(district, author)
        standing = queries.question_standing(question)
        priced = priced_move(standing, "h2", "h4")
        assert priced is not None
        assert len(priced.against) == 2, "h1 is cut off from h3, and h2 from h4"
        with pytest.raises(Refused) as refused:
            services.settle(actor=author, question=question, did="move", wish=("h2", "h4"))
        assert codes(refused) == {"move_breaks"}


class TestNumbers:
    def test_the_curve_holds_every_number_at_which_a_community_can_be_divided(self) -> None:
        material = draw_buildings("h1 h2 h3 h4 h5 h6", community=7, district=1)
        curve = curve_of_community(material, QuestionRules({**NUMBERS, "low": 100}), 7)
        # Of six in a row the middle takes the shortest ways; each grid off the target of 300 costs 50 a household.
        assert dict(curve) == {
            2: 40_000,
            3: 30_000 + 3 * 5_000,
            4: 20_000 + 2 * 5_000 + 2 * 10_000,
            5: 10_000 + 45_000,
            6: 60_000,
        }

    def test_counts_follow_the_target_inside_the_limits(self) -> None:
        rules = QuestionRules({**NUMBERS, "count:7": 5})
        assert [compute_count(total, rules, 1) for total in (30, 300, 449, 451, 1_000)] == [1, 1, 2, 2, 3]
        assert compute_count(30, rules, 7) == 5

    def test_a_split_estate_is_told(self) -> None:
        kind = QUESTIONS["grids"]
        material = draw_buildings("h1 h2", community=1, district=1, households={"h1": 900})
        answer = kind.solve(
            material, QuestionRules({"low": 100, "high": 500, "target": 350, "balance": 50, "count:1": 3})
        )
        assert answer.status == "optimal"
        assert any("h1" in text and "split" in text for text in answer.said)
        assert sorted(member for unit in answer.units for member in unit.members) == ["h1", "h1#2", "h2"]
        known = material.by_id
        assert [part_size(known[one], 500) for one in ("h1", "h1#2", "h2")] == [450, 450, 100]
        assert known["h1#2"].name == "h1(2)"


class TestBadRows:
    @pytest.mark.parametrize(
        ("rows", "wrong"),
        [
            ([row(0), row(1, lon=106.9)], 3),
            ([row(0, near="B1"), row(1, near="B7")], 3),
            ([row(0), row(1, households=0)], 3),
            ([row(0), row(0)], 3),
            ([row(0), row(1, "nowhere")], 3),
            ([row(0, near="B1"), row(1), row(2)], 4),
            ([row(0, near="B1:far"), row(1)], 2),
        ],
        ids=["outside", "edge to nowhere", "nobody", "twice", "unknown", "two pieces", "no length"],
    )
    def test_a_wrong_row_is_told_by_its_number(
        self, district: DrawnDistrict, author: Actor, rows: Sequence[tuple[object, ...]], wrong: int
    ) -> None:
        with pytest.raises(Refused) as refused:
            opened(district, author, rows)
        assert {int(one.source) for one in refused.value.faults} == {wrong}


def test_a_grid_worker_finds_the_own_grid_with_its_sheet() -> None:
    world = build_world()
    question = grids_of(world.a)
    rows = queries.founded_grids(world.a.actor("grid_worker"), date(2026, 6, 1))
    assert {one.place.parent_id for one in rows} == {world.a.village.pk}
    sheet = grid_sheet_of(queries.question_standing(question), rows[0].key)
    assert sheet is not None
    assert sheet.households == 200
    page = world.client("grid_worker").get("/planning/grids/").content.decode()
    assert rows[0].place.public_id in page
