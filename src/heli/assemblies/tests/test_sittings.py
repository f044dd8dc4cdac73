"""Sittings as they are recorded: judged by the law of their day, refused in words, counted as consent, withdrawn."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.assemblies.checks import check_invariants
from heli.assemblies.models import Sitting
from heli.assemblies.rules.law import shelf
from heli.assemblies.services.sittings import withdraw_sitting
from heli.assemblies.testing.sittings import sitting_in
from heli.audit.services import writing
from heli.campaigns.testing.matters import DAY
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.meetings.models import Meeting
from heli.places import queries as places

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def told(refused: Any) -> dict[str, str]:
    return {fault.code: fault.field for fault in refused.value.faults}


def facts(world: World, name: str) -> list[int]:
    found = places.facts_on([world.a.village.pk], f"households_votes_{name}", DAY)
    return [fact.value for fact in found.values()]


def test_a_sitting_is_one_meeting_with_its_counts_its_law_and_its_votes_in_the_register(world: World) -> None:
    row = sitting_in(world.a)
    assert (row.status, row.pack_id, row.overlay_id) == ("passed", "village-committee", "sichuan-village")
    assert row.pack_sha256 in {pack.sha256 for pack in shelf().packs}
    meeting = Meeting.objects.get(pk=row.meeting_id)
    assert (meeting.kind, meeting.held_on) == ("assembly", DAY)
    assert list(meeting.attendance.values_list("kind", "present")) == [("residents", 240)]
    assert (facts(world, "for"), facts(world, "base")) == ([230], [300])


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"present": 200, "votes_for": 101, "votes_against": 99, "votes_abstain": 0}, "passed"),
        ({"present": 199, "votes_for": 199, "votes_against": 0, "votes_abstain": 0}, "no_quorum"),
        ({"present": 200, "votes_for": 100, "votes_against": 100, "votes_abstain": 0}, "failed"),
        ({"body": "villagers_congress", "mode": ""}, "wrong_body"),
    ],
)
def test_what_the_law_says_of_it_is_kept_and_no_refusal(world: World, other: dict[str, Any], status: str) -> None:
    assert sitting_in(world.a, **other).status == status


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({"present": 301}, {"too_many": "present"}),
        ({"present": 239}, {"too_many_votes": "votes_for"}),
        ({"entitled": 0, "present": 0, "votes_for": 0, "votes_against": 0, "votes_abstain": 0}, {"number_outside": "entitled"}),
        ({"called_on": date(2026, 2, 21)}, {"too_early": "held_on"}),
        ({"called_on": None, "held_on": date(2018, 12, 28)}, {"no_pack": "held_on"}),
        ({"mode": "voters"}, {"unknown_mode": "sits"}),
        ({"matter": "picnic"}, {"matter_unknown": "matter"}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(
    world: World, other: dict[str, Any], codes: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        sitting_in(world.a, **other)
    assert told(refused) == codes
    assert not Sitting.objects.exists()
    assert not Meeting.objects.exists()


def test_numbers_are_named_as_the_form_names_them(world: World) -> None:
    with pytest.raises(Refused) as refused:
        sitting_in(world.a, present=301)
    assert "“实到”" in refused.value.faults[0].message
    assert "present" not in refused.value.faults[0].message


def test_urgency_excuses_the_ten_days(world: World) -> None:
    assert sitting_in(world.a, called_on=date(2026, 2, 27), is_urgent=True).status == "passed"


def test_votes_of_a_void_sitting_or_on_another_matter_are_no_consent(world: World) -> None:
    sitting_in(world.a, present=100, votes_for=90)
    sitting_in(world.a, matter="village_affairs")
    assert facts(world, "for") == []


def test_the_same_sitting_is_recorded_once_and_anew_after_it_was_withdrawn(world: World) -> None:
    first, actor = sitting_in(world.a), world.a.actor("town_officer")
    with pytest.raises(Refused) as refused:
        sitting_in(world.a, votes_for=229)
    assert told(refused) == {"sitting_twice": "held_on"}
    assert Meeting.objects.count() == 1
    withdraw_sitting(actor=actor, sitting=first, reason="户数抄错", on=DAY)
    assert facts(world, "for") == []
    with pytest.raises(Refused):
        withdraw_sitting(actor=actor, sitting=first, reason="再撤", on=DAY)
    sitting_in(world.a, votes_for=229)
    assert facts(world, "for") == [229]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"present": 301}, "sitting_present_entitled"),
        ({"votes_for": 231}, "sitting_votes_present"),
        ({"votes_abstain": -1}, "sitting_counts"),
        ({"status": "refused"}, "sitting_status_known"),
        ({"called_on": date(2026, 3, 9)}, "sitting_called_before"),
        ({"pack_sha256": ""}, "sitting_keeps_its_law"),
        ({"withdrawn_on": DAY}, "sitting_withdrawn_why"),
        ({"matter": "convert_village"}, "sitting_once"),
    ],
)
def test_the_database_refuses_what_a_sitting_cannot_be(world: World, change: dict[str, Any], name: str) -> None:
    row = sitting_in(world.a)
    if name == "sitting_once":
        sitting_in(world.a, matter="convert_village")
    with pytest.raises(IntegrityError) as broken, transaction.atomic(), writing(SYSTEM, "assemblies.keep"):
        Sitting.objects.filter(pk=row.pk).update(**change)
    assert name in str(broken.value) or "UNIQUE" in str(broken.value)


def test_another_province_has_another_law(world: World) -> None:
    row = sitting_in(world.b)
    assert row.overlay_id == "zhejiang-village"


def test_party_members_sit_by_the_rules_of_the_four_steps(world: World) -> None:
    few: dict[str, Any] = {"entitled": 30, "present": 20, "votes_for": 15, "votes_against": 0, "votes_abstain": 0}
    row = sitting_in(world.a, body="party_members", mode="", **few)
    assert (row.status, row.pack_id) == ("passed", "four-steps")
    assert [fact.value for fact in places.facts_on([world.a.village.pk], "party_votes_for", DAY).values()] == [15]


def test_the_check_names_a_sitting_that_says_otherwise_than_its_meeting_or_its_law(world: World) -> None:
    row = sitting_in(world.a)
    assert list(check_invariants()) == []
    with writing(SYSTEM, "assemblies.keep"):
        Sitting.objects.filter(pk=row.pk).update(status="failed", held_on=date(2026, 3, 1))
    assert {fault.code for fault in check_invariants()} == {"sitting_off_its_meeting", "sitting_off_its_law"}
