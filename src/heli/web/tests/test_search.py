"""The search finds what contexts offer besides places, within the reader's reach."""

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.campaigns.testing import open_drawn
from heli.problems.testing import draft, enter
from heli.risks.services import write_assessment
from heli.risks.types import Aspect, RiskFactor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def found(world: World, role: str, text: str, half: str = "a") -> set[str]:
    client = Client()
    client.force_login(getattr(world, half).users[role])
    page = client.get(reverse("web:search"), {"q": text, "stay": "1"})
    return {line.title for _title, lines in page.context["others"] for line in lines}


def test_problems_campaigns_steps_and_bodies_are_found_by_name(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 1", name="清产核资")
    enter(world.a, campaign, draft(world.a, title="欠款未核实"), role="district_officer")
    assert found(world, "town_officer", "欠款") == {"欠款未核实"}
    assert found(world, "town_officer", "核资") == {"清产核资"}
    assert found(world, "town_officer", "ask") == {"ask"}
    assert found(world, "district_officer", "民政") == {"民政局"}
    assert found(world, "district_officer", "王组长") == {"王组长"}


def test_risks_and_documents_are_found_by_their_words(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 1", name="村改")
    write_assessment(
        actor=world.a.actor("town_officer"), about=about_of(campaign), place_id=world.a.village.pk,
        factors=[RiskFactor(Aspect.LEGALITY, 2, 2, "林地界线有争议", "核对")], contingency="",
    )  # fmt: skip
    assert found(world, "village_cadre", "林地") == {"林地界线有争议"}
    assert not found(world, "district_officer", "林地", half="b")
    assert not found(world, "grid_worker", "林地")
    assert any("工作通报" in title for title in found(world, "district_officer", "工作通报"))
    assert not found(world, "district_officer", "工作通报", half="b")


def test_nothing_of_another_district_is_found(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 1", name="清产核资")
    enter(world.a, campaign, draft(world.a, title="欠款未核实"), role="district_officer")
    for text in ("欠款", "核资", "ask", "民政"):
        assert not found(world, "district_officer", text, half="b"), text
    assert not found(world, "grid_worker", "欠款"), "who reads no campaigns finds none of their problems"


def test_a_page_is_found_by_those_who_may_open_it(world: World) -> None:
    assert found(world, "auditor", "审计") == {"审计记录"}
    assert not found(world, "village_cadre", "审计")
