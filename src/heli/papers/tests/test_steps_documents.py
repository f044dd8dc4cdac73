"""The page of a step leads to the documents that it names."""

import pytest
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import step_of
from heli.campaigns.views.steps import step_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def test_a_step_links_to_documents_that_somebody_makes_and_to_no_others(world: World) -> None:
    book = draw_playbook("ask village 3", more={"ask": 'documents = ["letter-to-residents", "nowhere"]'})
    campaign, village = open_drawn(world.a, playbook=book), world.a.village
    step = step_of(campaign, village, "ask")
    shown = step_context(world.a.actor("village_cadre"), step, village.public_id)["documents"]
    page = reverse("papers:paper", args=[campaign.public_id, "letter-to-residents"])
    assert [url for _title, url in shown] == [f"{page}?place={village.public_id}"]
