"""The pages of sittings: what one needs, how it is recorded from there, what the law says of it; the law of a day."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.assemblies.models import FourSteps, Sitting
from heli.assemblies.testing.sittings import resolved_steps, sitting_in, steps_in
from heli.campaigns.testing.runs import campaign_of

pytestmark = pytest.mark.django_db
ASKED = {
    "sits": "villagers_assembly:households", "matter": "merge_village", "entitled": "301", "held_on": "2026-03-20",
    "called_on": "2026-03-11",
}  # fmt: skip


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def page(client: Client, world: World, name: str, *args: str, **asked: Any) -> str:
    return client.get(reverse(name, args=[campaign_of(world.a).public_id, *args]), asked).content.decode()


def test_what_a_sitting_needs_is_told_in_whole_people_and_days_with_what_must_come_before(world: World) -> None:
    steps_in(world.a)
    shown = page(world.client("village_cadre"), world, "assemblies:need", **ASKED, place=world.a.village.pk)
    # 2/3 of 301 are 201, more than half of those 101, of all 151; called on the 11th it is not held before the 21st.
    for number in ("201", "101", "151", "2026-03-10", "2026-03-21"):
        assert number in shown
    assert "党支部提议" in shown
    assert "第二十六条" in shown


def test_a_province_that_was_not_read_and_a_stale_line_are_named(world: World) -> None:
    client = world.client("auditor")
    shown = client.get(
        reverse("assemblies:law"), {"kind": "village", "on": "2026-05-20", "province": "33"}
    ).content.decode()
    assert "不适用" in shown
    assert "3·present ≥ 2·entitled" in shown
    unread = client.get(
        reverse("assemblies:law"), {"kind": "village", "on": "2026-05-20", "province": "34"}
    ).content.decode()
    assert "CN-34" in unread
    wrong = client.get(
        reverse("assemblies:law"), {"kind": "village", "on": "2017-05-20", "province": "99"}
    ).content.decode()
    assert "3·present" not in wrong


def test_it_is_recorded_from_there_refused_at_its_field_and_shown_with_its_inequalities(world: World) -> None:
    client, about = world.client("village_cadre"), campaign_of(world.a).public_id
    url = reverse("assemblies:new", args=[about])
    typed: dict[str, Any] = {**ASKED, "place": world.a.village.pk, "held_on": "2026-03-02", "called_on": "2026-02-10"}
    assert 'value="301"' in client.get(url, typed).content.decode()
    counts = {"present": "302", "votes_for": "230", "votes_against": "6", "votes_abstain": "4"}
    refused = client.post(url, {**typed, **counts})
    assert refused.status_code == 422
    assert "“实到”多于“应到”" in refused.content.decode()
    answer = client.post(url, {**typed, **counts, "present": "240"})
    shown = client.get(answer["Location"]).content.decode()
    assert Sitting.objects.get().status == "passed"
    for text in ("720 ≥ 602", "460 &gt; 240", "村民会议决议"):
        assert text in shown, text


def test_a_congress_is_asked_for_its_make_up(world: World) -> None:
    asked = {**ASKED, "sits": "villagers_congress", "place": world.a.village.pk}
    shown = page(world.client("village_cadre"), world, "assemblies:new", **asked)
    assert 'name="representatives"' in shown
    assert 'name="voters"' not in shown
    assert 'name="representatives"' not in page(world.client("village_cadre"), world, "assemblies:new", **ASKED)


def test_votes_of_a_body_that_does_not_decide_are_said_to_be_consent_only(world: World) -> None:
    row = sitting_in(world.a, body="villagers_congress", mode="")
    shown = page(world.client("auditor"), world, "assemblies:sitting", row.meeting.public_id)
    assert "不能代替法定会议的决定" in shown
    assert "撤回" not in shown


def test_each_step_is_taken_on_the_page_of_its_matter(world: World) -> None:
    client, row = world.client("village_cadre"), steps_in(world.a, is_one_shoulder=True)
    url = reverse("assemblies:steps", args=[row.about, row.public_id])
    sent = {"did": "take", "taken": "proposed+discussed", "held_on": "2026-03-02", "present": "5"}
    assert client.post(url, sent).status_code == 303
    assert FourSteps.objects.get().discussed_id is not None
    assert "sits=party_members" in client.get(url).content.decode()
    assert client.post(url, sent).status_code == 404


def test_longer_lists_take_no_more_queries(world: World) -> None:
    row, client = resolved_steps(world.a), world.client("town_officer")
    client.get(reverse("assemblies:list", args=[row.about]))

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, world, "assemblies:list")
        return len(found)

    few = asked()
    for matter in ("village_affairs", "convert_village"):
        steps_in(world.a)
        sitting_in(world.a, matter=matter)
    assert asked() == few
