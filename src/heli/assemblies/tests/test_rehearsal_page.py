"""The rehearsal's page: sliders over a file, results in words, the fewest servers, a file kept and taken."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from heli.accounts.testing import World, build_world
from heli.assemblies.rehearsal_form import ORDINARY, state_of
from heli.assemblies.rules.rehearsing import read_setup
from heli.campaigns.testing.runs import campaign_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(settings: Any, client: Client) -> str:
    settings.SECOND_FACTOR = False
    world: World = build_world()
    client.force_login(world.a.users["town_officer"])
    return f"/assemblies/{campaign_of(world.a).public_id}/rehearsal/"


def small(**other: Any) -> str:
    return json.dumps({**json.loads(state_of(ORDINARY)), "voters": 120, "window_min": 90, "replications": 5, **other})


def test_the_file_kept_is_the_file_taken() -> None:
    assert read_setup(state_of(ORDINARY)) == ORDINARY
    slots = small(arrivals={"kind": "slots", "weights": [3, 1, 2]})
    assert read_setup(state_of(read_setup(slots))) == read_setup(slots)


def test_a_slider_changes_what_is_rehearsed_and_the_file_that_is_kept(client: Client, address: str) -> None:
    few = client.get(address, {"file": small(), "servers-1": "1"})
    many = client.get(address, {"file": small(), "servers-1": "20"})
    assert few.context["results"]["wait_p95"]["mean"] > 10 > many.context["results"]["wait_p95"]["mean"]
    assert "超过等候上限" in few.content.decode()
    assert "在等候上限以内" in many.content.decode()
    kept = client.get(address, {"file": small(), "servers-1": "7", "window": "30", "as": "json"})
    assert kept["Content-Type"] == "application/json"
    setup = read_setup(kept.content.decode())
    # The peak keeps its share of the hours.
    assert (setup.stages[1].servers, setup.window_min, setup.peak_min) == (7, 30, 21)


def test_the_fewest_are_found_when_asked_and_taken_by_a_link(client: Client, address: str) -> None:
    shown = client.get(address, {"file": small(), "target": "5", "find": "1"})
    fewest = shown.context["fewest"]
    assert fewest.wait_p95 <= 5
    assert "总数再少的任何配置" in shown.content.decode()
    taken = client.get(f"{address}?{shown.context['fewest_query']}")
    assert [servers for _name, servers, _queue in taken.context["queues"]] == list(fewest.servers)
    assert taken.context["results"]["wait_p95"]["mean"] == pytest.approx(fewest.wait_p95, abs=0.001)


def test_a_file_is_taken_and_a_wrong_one_refused_in_words(client: Client, address: str) -> None:
    def sent(text: str) -> Any:
        return client.post(address, {"file": SimpleUploadedFile("推演.json", text.encode())})

    taken = sent(small(voters=77))
    assert taken.status_code == 303
    (state,) = parse_qs(urlsplit(taken["Location"]).query)["file"]
    assert read_setup(state).voters == 77
    for wrong, words in (
        (small(stages=[]), "stages"),
        (small(voters=90_000, replications=1), "heli rehearse"),
        ("{", "JSON"),
    ):
        refused = sent(wrong)
        assert refused.status_code == 422
        assert words in refused.content.decode()


@pytest.mark.parametrize("wrong", [{"voters": "0"}, {"servers-0": "61"}, {"mean-1": "x"}, {"target": ""}])
def test_numbers_that_cannot_be_are_refused_at_their_field(client: Client, address: str, wrong: dict[str, str]) -> None:
    refused = client.get(address, {"file": small(), **wrong})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == list(wrong)


def test_a_broken_address_shows_the_ordinary_village(client: Client, address: str) -> None:
    shown = client.get(address, {"file": "{"})
    assert shown.status_code == 200
    assert shown.context["setup"].voters == ORDINARY.voters
