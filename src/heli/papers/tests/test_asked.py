"""What a document of a town says that was asked and decided there."""

from datetime import date

import pytest

from heli.accounts.testing import World, build_world
from heli.campaigns.abouts import about_of
from heli.consultation.services.notices import add_opinion, answer_opinion
from heli.kernel.levels import Per
from heli.papers.queries.papers import load_papers
from heli.papers.testing import merging_campaign

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 20)


@pytest.fixture
def world() -> World:
    return build_world()


def test_a_town_knows_its_opinions_and_what_is_not_known_stays_a_blank(world: World) -> None:
    campaign, officer = merging_campaign(world.a, "岩门村", "大石村"), world.a.actor("district_officer")
    assert "town_opinions" not in load_papers(campaign, ON, []).of(Per.TOWN, world.a.town.pk)
    for count in (3, 2):
        opinion = add_opinion(
            actor=officer, about=about_of(campaign), place_id=world.a.village.pk, channel="phone", topic="name",
            text="保留村名", count=count, on=ON,
        )  # fmt: skip
    answer_opinion(actor=officer, opinion=opinion, answer="已采纳", on=ON)
    town = load_papers(campaign, ON, []).of(Per.TOWN, world.a.town.pk)
    assert (town["town_opinions"], town["town_answered"]) == ("5", "2")
    assert "town_risk" not in town
    assert "town_assemblies" not in town
    other = load_papers(campaign, ON, []).of(Per.TOWN, world.a.place(world.a.towns[1]).pk)
    assert "town_opinions" not in other
