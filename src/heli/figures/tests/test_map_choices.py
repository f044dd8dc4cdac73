"""What the battle map opens with and offers: the campaign most at risk or the chosen one, figures with values, a place's panel."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.campaigns.models import Campaign
from heli.campaigns.testing import open_drawn
from heli.campaigns.testing.runs import OPENED
from heli.figures import services
from heli.figures.testing import people
from heli.figures.types import SnapshotKind
from heli.kernel.access import SYSTEM
from heli.places.models import PlaceVersion
from heli.warnings.services.weeks import freeze_missing

pytestmark = pytest.mark.django_db
POPULATION = "places.registered_population"


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def state_of(client: Client, query: str = "") -> dict[str, Any]:
    page = client.get(f"/figures/map/?{query}").content.decode()
    found: dict[str, Any] = json.loads(page.split('id="map-script" type="application/json">')[1].split("</script")[0])
    return found


def two_campaigns(world: World) -> tuple[Campaign, Campaign]:
    """An older one whose villages are red, and a newer one that is in time."""
    late = open_drawn(world.a, "ask village 3", name="旧")
    calm = open_drawn(world.a, "ask village 300", name="新")
    for campaign in (late, calm):
        freeze_missing(actor=SYSTEM, campaign=campaign, at=OPENED + timedelta(days=30))
    return late, calm


# --- which campaign ----------------------------------------------------------------------------------------------------


def test_the_map_opens_with_the_campaign_most_at_risk_and_not_with_the_newest(world: World) -> None:
    late, _calm = two_campaigns(world)
    assert f"campaign={late.public_id}" in state_of(world.client("district_officer"))["values"]


def test_a_chosen_campaign_is_remembered_until_another_is_chosen(world: World) -> None:
    late, calm = two_campaigns(world)
    client = world.client("district_officer")
    state_of(client, f"campaign={calm.public_id}")
    assert f"campaign={calm.public_id}" in state_of(client)["values"]
    assert f"campaign={late.public_id}" in state_of(world.client("town_officer"))["values"]
    state_of(client, f"campaign={late.public_id}")
    assert f"campaign={late.public_id}" in state_of(client)["values"]


def test_a_remembered_campaign_out_of_reach_is_forgotten_and_not_an_error(world: World) -> None:
    late, _calm = two_campaigns(world)
    client = world.client("district_officer")
    session = client.session
    session["map_campaign"] = open_drawn(world.b, "ask village 3").public_id
    session.save()
    assert f"campaign={late.public_id}" in state_of(client)["values"]


# --- which figures -----------------------------------------------------------------------------------------------------


def options(client: Client, query: str) -> tuple[set[str], set[str]]:
    """The figures offered with values, and those offered as empty."""
    page = client.get(f"/figures/map/?{query}").content.decode()
    chosen = page.split('id="map-by"')[1].split("</select>")[0].split("<option")[1:]
    found = {part.split('value="')[1].split('"')[0]: "is-empty" in part for part in chosen}
    return {key for key, empty in found.items() if not empty}, {key for key, empty in found.items() if empty}


def test_figures_without_values_come_last_and_those_of_another_level_are_not_offered(world: World) -> None:
    people(world.a.village.pk, 1_200)
    services.take_snapshot(
        actor=SYSTEM, district_id=world.a.register.district, kind=SnapshotKind.DAILY, on=date(2026, 1, 5)
    )
    client = world.client("district_officer")
    known, empty = options(client, "show=villages")
    assert POPULATION in known
    assert "places.households" in empty
    assert "places.towns" not in known | empty  # a village has no towns
    assert "places.towns" in options(client, "show=towns")[0]
    # What is asked for by name stays in the list, so that the list says what is shown.
    assert "places.towns" in options(client, "show=villages&by=places.towns")[0]


def test_without_a_snapshot_every_figure_is_offered(world: World) -> None:
    known, empty = options(world.client("district_officer"), "show=villages")
    assert {"places.towns", POPULATION, "places.households"} <= known
    assert not empty


# --- the panel ---------------------------------------------------------------------------------------------------------


def panel(client: Client, public_id: str, query: str = "") -> Any:
    return client.get(f"/figures/map/places/{public_id}/?{query}", headers={"HX-Request": "true"})


def test_the_panel_shows_the_colour_and_the_steps_and_the_page_opens_with_it(world: World) -> None:
    late, _calm = two_campaigns(world)
    client = world.client("district_officer")
    alone = panel(client, world.a.village.public_id).content.decode()
    step = f"/campaigns/c/{late.public_id}/p/{world.a.village.public_id}/ask/"
    assert "<html" not in alone
    assert step in alone
    assert "sign" in alone
    whole = client.get(f"/figures/map/?open={world.a.village.public_id}").content.decode()
    assert step in whole
    assert f'data-place="{world.a.village.public_id}"' in whole


def test_the_panel_shows_the_number_of_a_figure(world: World) -> None:
    people(world.a.village.pk, 1_234)
    told = panel(world.client("district_officer"), world.a.village.public_id, f"by={POPULATION}").content.decode()
    assert "1,234" in told


def test_without_the_script_the_panel_leads_to_the_map(world: World) -> None:
    answer = world.client("district_officer").get(f"/figures/map/places/{world.a.village.public_id}/?show=villages")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/figures/map/?")
    assert f"open={world.a.village.public_id}" in answer["Location"]


def test_a_town_leads_into_the_map_of_its_villages(world: World) -> None:
    told = panel(world.client("district_officer"), world.a.town.public_id, "show=towns").content.decode()
    assert f"place={world.a.town.public_id}" in told


def test_a_place_out_of_reach_answers_404_as_panel_and_in_the_address(world: World) -> None:
    client = world.client("village_cadre")
    for foreign in (world.b.village.public_id, world.a.other_village.public_id):
        assert panel(client, foreign).status_code == 404
        assert client.get(f"/figures/map/?open={foreign}").status_code == 404


def test_page_and_panel_ask_no_more_for_many_villages_than_for_few(world: World) -> None:
    client = world.client("district_officer")
    village = world.a.village.public_id

    def asked() -> list[int]:
        counts = []
        for url in (
            f"/figures/map/?open={village}&district={world.a.district.public_id}",
            f"/figures/map/places/{village}/",
        ):
            client.get(url, headers={"HX-Request": "true"})
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
            counts.append(len(caught))
        return counts

    in_one = [world.a.village.pk]
    in_all = list(PlaceVersion.objects.filter(place__district_id=world.a.register.district, place__level="village")
                  .values_list("place_id", flat=True))  # fmt: skip
    for name in ("一", "二"):
        open_drawn(world.a, "ask village 3", name=name, place_ids=in_one)
    few = asked()
    open_drawn(world.a, "ask village 3", name="三", place_ids=in_all)
    assert len(in_all) > len(in_one)
    assert asked() == few
