"""What is one's own work, what is others' and may be done for them, and what the page of a step keeps and explains."""

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.campaigns.services import steps
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED, STARTS, step_of
from heli.records.inbox import inbox_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.a.users[role])
    return client


def test_own_work_is_what_the_playbook_gives_to_ones_role(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b village 1")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step_of(campaign, world.a.village, "a"), at=OPENED)
    counted = {
        role: [line.due.judges for line in inbox_of(world.a.actor(role), STARTS)]
        for role in ("village_cadre", "town_officer", "district_officer", "auditor")
    }
    assert (counted["village_cadre"], counted["town_officer"]) == ([False], [True])
    # Officers may fill in and judge for others: that is not waiting for them.
    assert counted["district_officer"] == counted["auditor"] == []


def test_the_page_of_tasks_counts_the_work_of_others_by_step(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b village 1")
    url = reverse("campaigns:tasks", args=[campaign.public_id])
    seen = client_of(world, "district_officer").get(url).context
    assert [group["count"] for group in seen["groups"]] == [0, 0, 0, 0]
    assert [(line["title"], line["do"], line["judge"]) for line in seen["of_others"]] == [("a", 4, 0), ("b", 4, 0)]
    assert client_of(world, "village_cadre").get(url).context["of_others"] == []


def test_a_refused_piece_of_proof_keeps_what_was_typed(world: World) -> None:
    book = draw_playbook(
        "ask village 3",
        more={"ask": 'evidence = [{kind = "number", name = {zh = "人数", en = "People"}, unit = "people"}]'},
    )
    campaign = open_drawn(world.a, playbook=book)
    url = reverse("campaigns:step", args=[campaign.public_id, world.a.village.public_id, "ask"])
    client = client_of(world, "village_cadre")
    answer = client.post(url, {"did": "submit", "evidence-0-number": "十二"})
    assert answer.status_code == 422
    assert 'value="十二"' in answer.content.decode()
    answer = client.post(url, {"did": "ask_extension", "due_on": "2020-01-01", "reason": "村里停电"})
    assert answer.status_code == 422
    assert ">村里停电</textarea>" in answer.content.decode()


def test_one_post_hands_a_step_in_and_a_returned_one_says_why_on_top(world: World) -> None:
    more = (
        'evidence = [{kind = "number", name = {zh = "户数", en = "Households"}, unit = "people"}, '
        '{kind = "minutes", name = {zh = "记录", en = "Minutes"}}]'
    )
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3", more={"ask": more}))
    url = reverse("campaigns:step", args=[campaign.public_id, world.a.village.public_id, "ask"])
    cadre, town = client_of(world, "village_cadre"), client_of(world, "town_officer")
    wrong = cadre.post(url, {"did": "submit", "evidence-0-number": "312", "evidence-1-text": ""})
    assert (wrong.status_code, 'value="312"' in wrong.content.decode()) == (422, True)
    typed = {"did": "submit", "evidence-0-number": "１，312", "evidence-1-text": "户代表会议记录"}
    assert cadre.post(url, typed).status_code == 303
    assert step_of(campaign, world.a.village, "ask").status == "submitted"
    assert town.post(url, {"did": "return", "reason": "户数与底册不符"}).status_code == 303
    page = cadre.get(url)
    assert page.context["returned"].reason == "户数与底册不符"
    assert 'value="1312"' in page.content.decode()
    # Saved with something changed, it is work again, and the reason goes to the history.
    assert cadre.post(url, typed | {"did": "save", "evidence-0-number": ""}).status_code == 303
    again = cadre.get(url).context
    assert again["returned"] is None
    assert [len(one["have"]) for one in again["requirements"]] == [0, 1]


def test_a_disabled_button_says_why(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1", "b village 1 < a")
    url = reverse("campaigns:step", args=[campaign.public_id, world.a.village.public_id, "b"])
    page = client_of(world, "village_cadre").get(url).content.decode()
    assert 'disabled aria-describedby="why-not"' in page
    assert 'id="why-not"' in page
    # Who cannot do anything reads with whom it is.
    assert client_of(world, "auditor").get(url).context["waiting_for"]


def test_proof_of_a_step_above_is_named_but_not_offered_to_those_who_may_not_fetch_it(world: World) -> None:
    campaign = open_drawn(world.a, "lead district 1", "a village 1")
    url = reverse("campaigns:step", args=[campaign.public_id, world.a.district.public_id, "lead"])
    assert client_of(world, "district_officer").get(url).context["may_open_files"] is True
    assert client_of(world, "village_cadre").get(url).context["may_open_files"] is False


def test_the_board_is_drawn_whole_for_the_printer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heli.campaigns.views.board.WINDOW", 3)
    campaign = open_drawn(world.a, "a village 1")
    client, url = client_of(world, "district_officer"), reverse("campaigns:campaign", args=[campaign.public_id])
    window = client.get(url).context
    assert (len(window["lines"]), window["board"].next_first) == (3, 3)
    whole = client.get(window["all_url"]).context
    assert (len(whole["lines"]), whole["board"].next_first) == (4, None)


def test_managing_is_offered_only_to_those_who_may(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    url = reverse("papers:list", args=[campaign.public_id])
    settings = reverse("campaigns:settings", args=[campaign.public_id])
    for role, may_manage in (("district_officer", True), ("department_liaison", False), ("auditor", False)):
        tabs = [tab["url"] for tab in client_of(world, role).get(url).context["subtabs"]]
        assert (settings in tabs) is may_manage


def test_whoever_judges_returns_and_does_not_take_back(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    steps.submit_step(actor=world.a.actor("village_cadre"), step=step_of(campaign, world.a.village, "a"), at=OPENED)
    url = reverse("campaigns:step", args=[campaign.public_id, world.a.village.public_id, "a"])
    town = client_of(world, "town_officer").get(url).context["can"]
    assert (town["return"], town["withdraw"]) == (True, False)
    assert client_of(world, "village_cadre").get(url).context["can"]["withdraw"]


def test_filling_in_is_offered_only_to_those_who_may(world: World) -> None:
    campaign = open_drawn(world.a, "a village 1")
    way = reverse("campaigns:fill", args=[campaign.public_id])
    for name in ("campaign", "tasks"):
        url = reverse(f"campaigns:{name}", args=[campaign.public_id])
        assert way in client_of(world, "village_cadre").get(url).content.decode()
        assert way not in client_of(world, "auditor").get(url).content.decode()
