"""Communities, service points and pairing: what they read from the register or a file, decide, and change on a day."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
import xlsxwriter
from django.urls import reverse

from heli.accounts.testing import build_world
from heli.bodies import queries as bodies
from heli.bodies import services as body_register
from heli.bodies.types import BodyKind, LinkKind
from heli.campaigns.models import Campaign, Track
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Refused
from heli.places import services as places
from heli.places.types import FactSpec
from heli.planning import queries, services
from heli.planning.models import Scenario
from heli.planning.questions import QUESTIONS
from heli.planning.questions.types import QuestionMaterial, QuestionRules, Thing
from heli.planning.testing import DrawnDistrict
from heli.planning.tests.drawn import AT, DAY, LATER, codes, decided
from heli.planning.types import PlanKind

pytestmark = pytest.mark.django_db


def answered(question: Scenario, author: Actor, **numbers: int | None) -> queries.QuestionStanding:
    rules = queries.question_standing(question).rules
    services.change_question(actor=author, question=question, rules=QuestionRules({**rules.numbers, **numbers}))
    services.run_question(actor=author, question=question)
    return queries.question_standing(question)


def carried(question: Scenario, author: Actor, chief: Actor, on: date = LATER) -> None:
    services.propose(actor=author, scenario=question)
    services.accept(actor=chief, scenario=question, document_number="前府发〔2026〕4号", document_on=DAY, at=AT)
    services.apply_question(actor=chief, question=question, on=on)


class TestPoints:
    @pytest.fixture
    def question(self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor) -> Scenario:
        """Villages a1 … are merged to four; each has one group at its south-western corner."""
        decided(scenario, author, chief)
        groups = [
            places.GroupSpec(
                name="1组",
                village_id=district[name],
                lon=106.801 + x * 0.01045,
                lat=30.501 + y * 0.00902,
                households=50,
            )
            for name, x, y in (("a1", 0, 1), ("a2", 1, 1), ("a3", 2, 1), ("a4", 0, 0), ("a5", 1, 0))
        ]
        places.add_groups(actor=SYSTEM, district_id=district.id, groups=groups, on=date(2025, 1, 1))
        return services.create_question(
            actor=author, kind=PlanKind.POINTS, district_id=district.id, name="Points", on=DAY, at=AT
        )

    def test_seats_of_the_accepted_merger_stay_and_further_points_reach_the_rest(
        self, question: Scenario, author: Actor
    ) -> None:
        material = queries.question_standing(question).material
        assert (len(material.of("group")), len(material.of("seat")), len(material.of("site"))) == (5, 4, 3)
        near = answered(question, author, reach=900).answer
        assert near is not None
        assert near.status == "optimal"
        assert near.figures["further"] > 0
        far = answered(question, author, reach=9_000).answer
        assert far is not None
        assert far.figures["further"] == 0

    def test_a_site_is_locked_and_banned(self, question: Scenario, author: Actor) -> None:
        answered(question, author, reach=9_000)
        site = queries.question_standing(question).material.of("site")[0].id
        services.settle(actor=author, question=question, did="lock", wish=(site,))
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert [unit.key for unit in answer.units if unit.mark == "new"] == [site]

    def test_what_was_decided_can_be_asked_for_on_its_day(
        self, district: DrawnDistrict, question: Scenario, author: Actor, chief: Actor
    ) -> None:
        answered(question, author, reach=900)
        carried(question, author, chief)
        assert queries.decided_units(district.id, PlanKind.POINTS, DAY) == []
        units = queries.decided_units(district.id, PlanKind.POINTS, LATER)
        assert sum(len(unit.members) for unit in units) == 5
        assert any(unit.is_new for unit in units)
        services.reverse_question(actor=chief, question=question, reason="重定")
        assert queries.decided_units(district.id, PlanKind.POINTS, LATER) == []


class TestCommunities:
    @pytest.fixture
    def question(self, district: DrawnDistrict, author: Actor) -> Scenario:
        for name in ("a1", "a2", "a3", "a4", "a5", "Aa"):
            places.change_version(
                actor=SYSTEM, place_id=district[name], on=date(2021, 1, 1), reason="urban", urban_rural_class="112"
            )
        facts = [
            FactSpec(place_id=district[name], measure="households", on=DAY, value=900)
            for name in ("a1", "a2", "a3", "a4", "a5", "Aa")
        ]
        places.record_facts(actor=SYSTEM, facts=facts)
        return services.create_question(
            actor=author, kind=PlanKind.LAYOUT, district_id=district.id, name="Communities", on=DAY, at=AT
        )

    def test_every_urban_village_has_a_seat_in_its_town_with_a_runner_up(
        self, question: Scenario, author: Actor
    ) -> None:
        answer = answered(question, author).answer
        assert answer is not None
        assert answer.status == "optimal"
        assert sorted(len(unit.members) for unit in answer.units) == [1, 2, 2], (
            "1,800 households each, the host among them"
        )
        assert all(1_000 <= unit.size <= 3_000 for unit in answer.units)
        assert any("→" in unit.note for unit in answer.units)

    def test_a_seat_is_forbidden_and_the_decision_writes_no_event(
        self, district: DrawnDistrict, question: Scenario, author: Actor, chief: Actor
    ) -> None:
        answered(question, author)
        wish = (str(district["a3"]), str(district["Aa"]))
        services.settle(actor=author, question=question, did="ban", wish=wish)
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert not any(unit.centre == wish[1] and wish[0] in unit.members for unit in answer.units)
        carried(question, author, chief)
        standing = queries.question_standing(question)
        assert standing.application is not None
        assert standing.application.events == []
        assert sum(len(unit.members) for unit in queries.decided_units(district.id, PlanKind.LAYOUT, LATER)) == 5


def book(**sheets: Sequence[Sequence[object]]) -> tuple[str, bytes]:
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream)
    for name, rows in sheets.items():
        page = made.add_worksheet(name)
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    made.close()
    return "包联.xlsx", stream.getvalue()


ORGS: Sequence[Sequence[object]] = [
    ("单位名称", "人数", "骨干", "专长"),
    ("水务局", 10, "是", "水利"),
    ("财政局", 20, "", "财务"),
    ("司法局", 8, "", "法律"),
]
AREAS: Sequence[Sequence[object]] = [
    ("片区名称", "所辖村", "难度", "重点", "需求"),
    ("一片区", "a1、a2", 10, "是", "水利、财务"),
    ("二片区", "a3", 5, "", "法律"),
]
FORBIDDEN: Sequence[Sequence[object]] = [("单位名称", "片区名称"), ("司法局", "一片区")]


class TestCampaign:
    def test_an_accepted_layout_opens_a_campaign_over_its_urban_villages(self) -> None:
        world = build_world()
        half, on = world.a, date(2026, 1, 1)
        names = ("岩门村", "大石村")
        keys = [half.register[name] for name in names]
        things = tuple(
            Thing(id=str(key), name=name, parent="代市镇", size=900, x=100 * n, place=key, role="village")
            for n, (name, key) in enumerate(zip(names, keys, strict=True))
        )
        material = QuestionMaterial(PlanKind.LAYOUT, half.district.pk, "示例区", on, True, things, ((0, 1, 130, 0),))
        made = services.create_question(
            actor=SYSTEM, kind=PlanKind.LAYOUT, district_id=half.district.pk, name="Layout", on=on, material=material
        )
        services.run_question(actor=SYSTEM, question=made)
        services.propose(actor=SYSTEM, scenario=made)
        officer = half.actor("district_officer")
        services.accept(actor=officer, scenario=made, document_number="1", document_on=on, at=AT)
        page = world.client("district_officer").post(
            reverse("campaigns:new"),
            {
                "district": half.district.pk,
                "playbook": "urban-village-to-community",
                "name": "城中村改社区",
                "starts_on": "2026-12-01",
                "scenario": made.public_id,
            },
        )
        assert page.status_code == 303, page.content.decode()
        opened = Campaign.objects.get(name="城中村改社区")
        villages = Track.objects.filter(campaign=opened, per="village").values_list("place_id", flat=True)
        assert sorted(villages) == sorted(keys)


class TestPairing:
    @pytest.fixture
    def question(self, district: DrawnDistrict, author: Actor) -> Scenario:
        file = book(单位=ORGS, 片区=AREAS, 回避=FORBIDDEN)
        return services.open_question(
            actor=author, kind=PlanKind.PAIRING, district_id=district.id, name="Pairing", on=DAY, file=file, at=AT
        )

    @pytest.fixture
    def water(self, district: DrawnDistrict) -> Mapping[str, int]:
        """The water bureau is linked to a5 today."""
        body = body_register.add_body(
            actor=SYSTEM, name="水务局", kind=BodyKind.DEPARTMENT, place_id=district.id, on=date(2020, 1, 1)
        )
        link = body_register.add_link(
            actor=SYSTEM, kind=LinkKind.VILLAGE_LINK, place_id=district["a5"], body=body, on=date(2020, 1, 1)
        )
        return {"body": body.pk, "link": link.pk}

    def linked(self, district: DrawnDistrict, name: str, on: date) -> set[int]:
        body = bodies.body_named(district.id, name)
        return {link.place_id for link in bodies.links_now(body, LinkKind.VILLAGE_LINK, on)} if body else set()

    def test_needs_are_met_and_forbidden_pairs_kept_apart(self, question: Scenario, author: Actor) -> None:
        answer = answered(question, author).answer
        assert answer is not None
        assert answer.status == "optimal"
        assert (answer.figures["pairs"], answer.figures["unmet"]) == (3, 0)
        assert {unit.name: unit.members for unit in answer.units} == {
            "一片区": ("o:水务局", "o:财政局"),
            "二片区": ("o:司法局",),
        }

    def test_a_lock_against_a_need_is_kept(self, question: Scenario, author: Actor) -> None:
        answered(question, author)
        services.settle(actor=author, question=question, did="lock", wish=("o:财政局", "a:二片区"))
        answer = queries.question_standing(question).answer
        assert answer is not None
        assert "o:财政局" in {unit.name: unit.members for unit in answer.units}["二片区"]
        assert answer.figures["unmet"] == 2

    def test_links_begin_and_end_on_the_day_and_come_back(
        self, district: DrawnDistrict, water: Mapping[str, int], question: Scenario, author: Actor, chief: Actor
    ) -> None:
        answered(question, author)
        carried(question, author, chief)
        assert self.linked(district, "水务局", DAY) == {district["a5"]}
        assert self.linked(district, "水务局", LATER) == {district["a1"], district["a2"]}
        assert self.linked(district, "司法局", LATER) == {district["a3"]}
        services.reverse_question(actor=chief, question=question, reason="重定", at=AT)
        after = date(2026, 3, 2)
        assert self.linked(district, "水务局", after) == {district["a5"]}
        assert self.linked(district, "司法局", after) == set()

    @pytest.mark.parametrize(
        "sheets",
        [
            {"单位": [*ORGS, ("民政局", 0, "", "")], "片区": AREAS},
            {"单位": [*ORGS, ORGS[1]], "片区": AREAS},
            {"单位": ORGS, "片区": [*AREAS, ("三片区", "无名村", 1, "", "")]},
            {"单位": ORGS, "片区": AREAS, "回避": [*FORBIDDEN, ("水务局", "九片区")]},
            {"单位": ORGS},
        ],
        ids=["no staff", "twice", "unknown village", "unknown pair", "no areas"],
    )
    def test_what_is_wrong_is_told(
        self, district: DrawnDistrict, author: Actor, sheets: Mapping[str, Sequence[Sequence[object]]]
    ) -> None:
        with pytest.raises(Refused) as refused:
            services.open_question(
                actor=author, kind=PlanKind.PAIRING, district_id=district.id, name="x", on=DAY, file=book(**sheets)
            )
        assert codes(refused) <= {"row_wrong", "sheet_missing"}


def helpers(orgs: int, areas: int) -> QuestionMaterial:
    """So many departments of ten people and areas of one village each, with a need that every third department meets."""
    things = [
        Thing(
            id=f"o{n}", name=f"o{n}", size=10, role="org", more={"strong": n % 2, "tags": ["law"] if n % 3 == 0 else []}
        )
        for n in range(orgs)
    ]
    things += [
        Thing(
            id=f"a{n}",
            name=f"a{n}",
            size=5,
            role="area",
            more={"places": [n], "key": int(n % 5 == 0), "needs": ["law"]},
        )
        for n in range(areas)
    ]
    return QuestionMaterial(PlanKind.PAIRING, 1, "x", DAY, True, tuple(things), (), {"forbidden": [], "present": []})


@pytest.mark.parametrize(
    ("orgs", "areas", "of_area"),
    [(36, 9, (4, 4)), (95, 54, (1, 3)), (40, 40, (1, 1))],
    ids=["36 = 9 × 4", "95/54", "40 pairs"],
)
def test_counts_as_districts_published_them(orgs: int, areas: int, of_area: tuple[int, int]) -> None:
    kind = QUESTIONS[PlanKind.PAIRING]
    numbers = {**kind.defaults.numbers, "area_low": of_area[0], "area_high": of_area[1]}
    answer = kind.solve(helpers(orgs, areas), QuestionRules(numbers))
    assert answer.status == "optimal"
    assert answer.figures["pairs"] == orgs
    assert all(of_area[0] <= len(unit.members) <= of_area[1] for unit in answer.units)
    assert answer.figures["unmet"] == max(0, areas - -(-orgs // 3))
