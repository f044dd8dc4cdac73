"""Planning's pages: what each shows, what each button does, in both languages, and at a steady number of queries."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from heli.accounts import services as accounts
from heli.accounts.testing import World, build_world
from heli.consultation.models import Opinion
from heli.kernel.access import SYSTEM
from heli.planning import queries, services
from heli.planning.models import Scenario
from heli.planning.testing import post as put_up
from heli.planning.testing import posted_of, scenario_of
from heli.planning.types import ScenarioStatus
from heli.ui.exports import SAMPLE

pytestmark = pytest.mark.django_db
PAGES = (
    "scenario",
    "mergers",
    "villages",
    "rules",
    "policies",
    "compare",
    "alternatives",
    "decision",
    "print",
)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def scenario(world: World) -> Scenario:
    return scenario_of(world.a)


def get(client: Client, name: str, scenario: Scenario, **query: str) -> str:
    response = client.get(
        reverse(f"planning:{name}", args=[scenario.public_id]), query, headers={"Accept-Language": "en"}
    )
    assert response.status_code == 200, name
    return response.content.decode()


def post(client: Client, page: str, scenario: Scenario, /, **data: Any) -> Any:
    """Press a button and, like a browser, follow 303 to the page it leads to."""
    english = {"Accept-Language": "en"}
    response = client.post(reverse(f"planning:{page}", args=[scenario.public_id]), data, headers=english)
    return client.get(response["Location"], headers=english) if response.status_code == 303 else response


class TestReading:
    @pytest.mark.parametrize("name", PAGES)
    def test_every_page_says_which_paper_form_it_replaces_or_shows_the_plan(
        self, world: World, scenario: Scenario, name: str
    ) -> None:
        page = get(world.client("district_officer"), name, scenario)
        assert "Replaces the paper form" in page or name in ("alternatives", "print")
        assert "示例数据 / sample" in page

    @pytest.mark.parametrize("name", PAGES)
    def test_every_page_is_chinese_first(self, world: World, scenario: Scenario, name: str) -> None:
        response = world.client("district_officer").get(
            reverse(f"planning:{name}", args=[scenario.public_id]), headers={"Accept-Language": "zh-CN"}
        )
        assert response.status_code == 200

    def test_the_list_shows_what_is_in_scope(self, world: World, scenario: Scenario) -> None:
        foreign = scenario_of(world.b)
        page = world.client("district_officer").get(reverse("planning:scenarios")).content.decode()
        assert scenario.public_id in page
        assert foreign.public_id not in page

    def test_a_town_officer_sees_the_own_towns_part(self, world: World, scenario: Scenario) -> None:
        client = world.client("town_officer")
        page = get(client, "villages", scenario)
        assert "岩门村" in page
        assert "光明村" not in page
        data = json.loads(get(client, "map", scenario))
        assert {feature["properties"]["town"] for feature in data["features"]} == {"代市镇"}
        assert "光明村" not in get(client, "mergers", scenario)
        officer = world.a.actor("district_officer")
        services.lock_merger(actor=officer, scenario=scenario, members=[world.a.register["光明村"]])
        plan = get(client, "scenario", scenario)
        assert "光明村" not in plan
        brief = client.get(reverse("planning:docx", args=[scenario.public_id]))
        document = Document(io.BytesIO(brief.content))
        assert len(document.inline_shapes) == 0, "the picture shows the whole district"
        assert all("光明村" not in cell.text for row in document.tables[0].rows for cell in row.cells)

    def test_an_auditor_changes_nothing(self, world: World, scenario: Scenario) -> None:
        client = world.client("auditor")
        assert "Propose this plan" not in get(client, "decision", scenario)
        assert post(client, "decision", scenario, did="propose").status_code == 403
        assert post(client, "adjust", scenario, did="reset").status_code == 403

    def test_query_counts_do_not_grow_with_scenarios(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        client.get(reverse("planning:scenarios"))
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(reverse("planning:scenarios"))
        for number in range(4):
            services.copy_scenario(actor=world.a.actor("district_officer"), scenario=scenario, name=f"c{number}")
        with CaptureQueriesContext(connection) as many:
            client.get(reverse("planning:scenarios"))
        assert len(many) == len(few)


class TestExports:
    def test_excel_has_four_sheets_marked_as_sample(self, world: World, scenario: Scenario) -> None:
        response = world.client("district_officer").get(reverse("planning:excel", args=[scenario.public_id]))
        book = zipfile.ZipFile(io.BytesIO(response.content))
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 4
        assert SAMPLE in book.read("xl/worksheets/sheet1.xml").decode()

    def test_geojson_holds_the_new_units(self, world: World, scenario: Scenario) -> None:
        data = json.loads(get(world.client("district_officer"), "geojson", scenario))
        assert data["mark"] == SAMPLE
        assert len(data["features"]) == 4
        assert {"name", "members", "population", "centre"} <= set(data["features"][0]["properties"])

    def test_the_brief_is_in_official_layout_with_a_picture(self, world: World, scenario: Scenario) -> None:
        response = world.client("district_officer").get(reverse("planning:docx", args=[scenario.public_id]))
        document = Document(io.BytesIO(response.content))
        margin = document.sections[0].top_margin
        assert margin is not None
        assert margin.mm == pytest.approx(37, abs=0.1)
        assert len(document.inline_shapes) == 1
        towns, mergers = document.tables
        assert [cell.text for cell in towns.rows[-1].cells][1:5] == ["合计", "4", "4", "0"]
        assert len(mergers.rows) == 1 + 4
        assert {row.cells[-1].text[:2] for row in mergers.rows[1:]} <= {"合适", "尚可", "再议"}
        assert document.styles["Title"].element.xml.count("方正小标宋简体") == 1
        assert document.paragraphs[0].style.name == "Title"  # type: ignore[union-attr]  # None fails the test too
        assert SAMPLE in document.sections[0].header.paragraphs[0].text

    def test_the_table_of_mergers_goes_to_excel(self, world: World, scenario: Scenario) -> None:
        response = world.client("town_officer").get(
            reverse("planning:mergers", args=[scenario.public_id]), {"export": "xlsx"}
        )
        assert response["Content-Type"].endswith("sheet")


class TestChanging:
    def test_a_new_scenario_is_made_from_the_form(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        data = {"district": world.a.district.pk, "name": "Second", "on": "2026-01-02", "reduction": "25"}
        response = client.post(reverse("planning:new"), data)
        assert response.status_code == 303
        made = Scenario.objects.get(name="Second")
        assert queries.rules_of(made).goal.reduction == 2500
        page = post(client, "run", made).content.decode()
        assert "proven best" in page

    def test_mistakes_stand_at_their_field(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        data = {"district": world.a.district.pk, "name": "First", "on": "2026-01-02", "reduction": "25"}
        response = client.post(reverse("planning:new"), data, headers={"Accept-Language": "en"})
        assert response.status_code == 422
        assert "already has a scenario called" in response.content.decode()

    def test_rules_are_changed_and_computed(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        form = rules_data(client, scenario)
        response = post(client, "rules", scenario, **{**form, "goal": "at_most", "count": "3", "k": "2"})
        assert response.status_code == 200
        scenario.refresh_from_db()
        assert queries.rules_of(scenario).k == 2
        assert queries.standing(scenario).is_current
        wrong = post(client, "rules", scenario, **{**form, "version": "", "pmin": "9000", "pmax": "100"})
        assert wrong.status_code == 422
        assert "lower the first or raise the second" in wrong.content.decode()

    def test_a_lost_update_is_told(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        form = rules_data(client, scenario)
        assert post(client, "rules", scenario, **{**form, "k": "2"}).status_code == 200
        late = post(client, "rules", scenario, **{**form, "k": "4"})
        assert late.status_code == 422
        assert "while you were editing" in late.content.decode()

    def test_locks_bans_and_moves_without_javascript(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        rock, stone = world.a.register["岩门村"], world.a.register["大石村"]
        page = post(client, "adjust", scenario, did="join", one=rock, other=stone).content.decode()
        assert "Settled by hand" in page
        page = post(client, "adjust", scenario, did="unlock", members=f"{rock},{stone}").content.decode()
        assert "Settled by hand" not in page
        post(client, "adjust", scenario, did="apart", one=rock, other=stone)
        scenario.refresh_from_db()
        assert queries.rules_of(scenario).forbidden_pairs == (tuple(sorted((rock, stone))),)
        post(client, "adjust", scenario, did="reset")
        page = post(client, "adjust", scenario, did="move", one=rock, other=world.a.register["光明村"]).content.decode()
        assert "lie in different towns" in page

    @pytest.mark.parametrize("odd", ["²", "9" * 5000, "-1", "1e3", "٣", "9" * 30])
    def test_odd_numbers_change_nothing_and_break_nothing(self, world: World, scenario: Scenario, odd: str) -> None:
        officer = world.client("district_officer")
        before = (scenario.rules, scenario.version)
        sent = [("adjust", {"did": did, "members": odd, "count": odd, "relaxation": odd, "version": odd})
                for did in ("lock", "forbid_merger", "count", "relax")]  # fmt: skip
        sent += [("policies", {"did": did, "value": odd}) for did in ("remove_override", "keep_town")]
        for page, data in sent:
            assert post(officer, page, scenario, **data).status_code == 200, data["did"]
        opinions = reverse("consultation:opinions", args=[scenario.public_id])
        assert officer.post(opinions, {"did": "answer", "opinion": odd, "answer": "x"}).status_code == 404
        scenario.refresh_from_db()
        assert (scenario.rules, scenario.version) == before

    def test_a_point_of_the_curve_is_shown(self, world: World, scenario: Scenario) -> None:
        post(world.client("district_officer"), "adjust", scenario, did="count", count="3")
        scenario.refresh_from_db()
        result = queries.standing(scenario).result
        assert result is not None
        assert result.after == 3

    def test_an_impossible_goal_offers_its_cure_as_a_button(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        form = rules_data(client, scenario)
        page = post(client, "rules", scenario, **{**form, "goal": "at_most", "count": "1"}).content.decode()
        assert "No plan under these rules" in page
        assert "The smallest changes that help" in page
        page = post(client, "adjust", scenario, did="relax", relaxation="0").content.decode()
        assert "proven best" in page

    def test_policies_are_added_and_taken_back(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        rock, stone = world.a.register["岩门村"], world.a.register["大石村"]
        page = post(
            client, "policies", scenario, did="override", place=rock, kind="fixed", reason="market"
        ).content.decode()
        assert "market" in page
        assert (
            post(client, "policies", scenario, did="override", place=stone, kind="fixed", reason="").status_code == 422
        )
        post(client, "policies", scenario, did="remove_override", value=rock)
        post(client, "policies", scenario, did="zone", zone="tea", places=[rock, stone])
        post(client, "policies", scenario, did="class", village_class="central", places=[rock])
        towns = {"town": world.a.register["观塘镇"], "into": world.a.register["代市镇"]}
        page = post(client, "policies", scenario, did="town", **towns).content.decode()
        assert "观塘镇 → 代市镇" in page
        scenario.refresh_from_db()
        rules = queries.rules_of(scenario)
        assert (rules.overrides, len(rules.zones), len(rules.classes), len(rules.town_merges)) == ((), 1, 1, 1)
        post(client, "policies", scenario, did="keep_town", value=towns["town"])
        post(client, "policies", scenario, did="remove_zone", value="tea")
        scenario.refresh_from_db()
        assert queries.rules_of(scenario).zones == ()

    def test_a_new_village_is_named(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        rock = world.a.register["岩门村"]
        post(client, "adjust", scenario, did="lock", members=str(rock))
        page = post(client, "adjust", scenario, did="name", members=str(rock), name="新岩村").content.decode()
        assert "新岩村" in page

    def test_two_scenarios_side_by_side(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        post(client, "decision", scenario, did="copy", name="Second")
        other = Scenario.objects.get(name="Second")
        post(client, "adjust", other, did="count", count="3")
        page = get(client, "compare", scenario, **{"with": other.public_id})
        assert "Mergers that only one of them has" in page
        assert "What the district really did" in page
        assert "◆" in page


def rules_data(client: Client, scenario: Scenario) -> dict[str, str]:
    """The rules form as the browser would send it."""
    response = client.get(reverse("planning:rules", args=[scenario.public_id]))
    form = response.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data["version"] = response.context["scenario"].version
    return {name: value for name, value in data.items() if value not in (None, False)}


class TestDeciding:
    def test_from_proposal_to_register_and_back(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        post(client, "adjust", scenario, did="count", count="3")
        assert post(client, "decision", scenario, did="propose").status_code == 200
        page = post(client, "decision", scenario, did="accept", document_number="1号", document_on="2026-01-02")
        assert page.status_code == 422
        assert "somebody else has to accept" in page.content.decode()
        chief = world.a.users["auditor"]
        accounts.grant_role(
            actor=SYSTEM, user=chief, role="district_officer", on=date(2020, 1, 1), place_id=world.a.district.pk
        )
        second = world.client("auditor")
        page = post(
            second, "decision", scenario, did="accept", document_number="前府发〔2026〕1号", document_on="2026-01-02"
        )
        assert "前府发〔2026〕1号" in page.content.decode()
        page = post(second, "decision", scenario, did="apply", on="2026-02-01").content.decode()
        assert "What the register shows" in page
        assert "25.00" in page, "four villages became three"
        page = post(second, "decision", scenario, did="reverse", reason="court ruling").content.decode()
        scenario.refresh_from_db()
        assert scenario.status == ScenarioStatus.REVERSED

    def test_a_draft_is_renamed_and_a_proposal_taken_back(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        assert "Third" in post(client, "decision", scenario, did="rename", name="Third").content.decode()
        post(client, "decision", scenario, did="propose")
        post(client, "decision", scenario, did="take_back", reason="opinions")
        scenario.refresh_from_db()
        assert scenario.status == ScenarioStatus.DRAFT


class TestPosting:
    def test_anybody_with_the_address_writes_without_a_name_and_follows_by_code(self, world: World) -> None:
        one = posted_of(world.a)
        stranger, officer = Client(), world.client("district_officer")
        url = reverse("consultation:notice", args=[one.public_id])
        page = stranger.get(url, headers={"Accept-Language": "en"}).content.decode()
        assert "No name, no account." in page
        assert "Which villages would become one" in page
        assert reverse("planning:notice_map", args=[one.public_id]) in page
        data = {"place": world.a.village.pk, "topic": "services", "stance": "suggest", "text": "Keep the school."}
        assert stranger.post(url, {**data, "text": ""}).status_code == 422
        assert stranger.post(url, {**data, "stance": ""}).status_code == 422
        assert stranger.post(url, {**data, "website": "spam"}).status_code == 303
        assert not Opinion.objects.exists()
        thanks = stranger.post(url, data)
        opinion = Opinion.objects.get()
        assert (opinion.number, opinion.text, opinion.about) == (1, "Keep the school.", one.about)
        assert opinion.code in stranger.get(thanks["Location"]).content.decode()
        listed = reverse("consultation:opinions", args=[one.about])
        answer = {"did": "answer", "opinion": opinion.pk, "answer": "It stays.", "gist": "A school", "publish": "on"}
        assert officer.post(listed, answer).status_code == 303
        page = stranger.get(url).content.decode()
        assert "It stays." in page
        assert "A school" in page
        assert "Keep the school." not in page, "what somebody wrote is not published"
        told = stranger.post(reverse("consultation:opinion_answer"), {"code": opinion.code}).content.decode()
        assert "It stays." in told
        assert "Keep the school." in world.client("town_officer").get(listed).content.decode()
        sheet = reverse("consultation:notice_sheet", args=[one.about, one.public_id])
        assert officer.post(sheet, {"did": "down", "reason": "a mistake"}).status_code == 303
        assert stranger.post(url, data).status_code == 422
        assert (
            "Which villages would become one" in stranger.get(url, headers={"Accept-Language": "en"}).content.decode()
        )

    def test_a_plan_is_posted_from_the_page_and_only_as_a_plan(self, world: World, scenario: Scenario) -> None:
        client = world.client("district_officer")
        home, new = (reverse(f"consultation:{name}", args=[scenario.public_id]) for name in ("home", "notice_new"))
        assert new not in client.get(home).content.decode(), "a draft is not posted"
        post(client, "decision", scenario, did="propose")
        assert new in client.get(home).content.decode()
        page = client.get(new).content.decode()
        assert 'value="plan"' in page
        assert 'value="information"' not in page
        given = {
            "kind": "plan",
            "title": "公示",
            "text": "见下",
            "first_on": "2026-01-01",
            "places": scenario.district_id,
        }
        assert client.post(new, {**given, "last_on": "2026-01-15"}).status_code == 422
        sheet = client.post(new, {**given, "last_on": "2099-01-01"})["Location"]
        assert "/consultation/notice/" in client.get(sheet).content.decode()
        assert home in get(client, "scenario", scenario), "a tab leads there"

    def test_the_plan_is_not_shown_before_its_first_day(self, world: World, scenario: Scenario) -> None:
        officer = world.a.actor("district_officer")
        services.propose(actor=officer, scenario=scenario)
        one = put_up(scenario, officer, first_on=date(2099, 1, 1), last_on=date(2099, 2, 1))
        for name in ("consultation:notice", "planning:notice_map", "planning:notice_units"):
            assert Client().get(reverse(name, args=[one.public_id])).status_code == 404

    def test_an_address_that_was_never_given_is_not_found(self, world: World) -> None:
        for name in ("consultation:notice", "planning:notice_map"):
            assert Client().get(reverse(name, args=["x" * 24])).status_code == 404
