"""The gates that sittings open, and the numbers a step takes from the sitting that opened its gate."""

from datetime import date, timedelta
from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.assemblies.facts import FACTS
from heli.assemblies.gates import GATES
from heli.assemblies.services.sittings import withdraw_sitting
from heli.assemblies.testing.sittings import sitting_in
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.consultation.services.notices import post_notice
from heli.kernel.declare import Subject

pytestmark = pytest.mark.django_db
VILLAGERS, MEMBERS, PARTY = "villagers_decided", "members_decided", "party_reviewed"


@pytest.fixture
def world() -> World:
    return build_world()


def subject(world: World, *gates: str) -> Subject:
    half, about = world.a, campaign_of(world.a).public_id
    return Subject(
        district=half.district.pk, place=half.village.pk, about=about, gates=tuple(f"assemblies.{one}" for one in gates)
    )


def shut(world: World, gate: str, on: date = DAY) -> list[str]:
    (found,) = [one for one in GATES if one.id == f"assemblies.{gate}"]
    return [fault.code for fault in found.check(subject=subject(world), on=on)]


def known(world: World, fact: str, *gates: str) -> int | None:
    (found,) = [one for one in FACTS if one.id == f"assemblies.{fact}"]
    return found.value(subject(world, *gates), DAY)


def test_the_assembly_of_the_villagers_decides_and_no_other_body(world: World) -> None:
    assert shut(world, VILLAGERS) == ["sitting_missing"]
    sitting_in(world.a, body="villagers_congress", mode="")
    sitting_in(world.a, place=world.a.other_village)
    assert shut(world, VILLAGERS) == ["sitting_missing"]
    short = sitting_in(world.a, present=199, votes_for=150, votes_against=0, votes_abstain=0)
    assert shut(world, VILLAGERS) == ["sitting_not_passed"]
    withdraw_sitting(actor=world.a.actor("town_officer"), sitting=short, reason="抄错", on=DAY)
    passed = sitting_in(world.a)
    assert shut(world, VILLAGERS) == []
    assert shut(world, VILLAGERS, DAY - timedelta(days=1)) == ["sitting_missing"]
    withdraw_sitting(actor=world.a.actor("town_officer"), sitting=passed, reason="抄错", on=DAY)
    assert shut(world, VILLAGERS) == ["sitting_missing"]


def test_members_decide_by_two_thirds_of_all_of_them(world: World) -> None:
    given: dict[str, Any] = {
        "body": "coop_members",
        "mode": "",
        "matter": "merge_coop",
        "votes_against": 0,
        "votes_abstain": 0,
    }
    sitting_in(world.a, **given, votes_for=199)
    assert shut(world, MEMBERS) == ["sitting_not_passed"]
    sitting_in(world.a, **given, votes_for=200, held_on=DAY - timedelta(days=1), called_on=DAY - timedelta(days=11))
    assert shut(world, MEMBERS) == []


def test_numbers_are_those_of_the_sitting_that_opens_the_gate_of_the_step(world: World) -> None:
    sitting_in(world.a)
    few: dict[str, Any] = {"entitled": 30, "present": 25, "votes_for": 20, "votes_against": 0, "votes_abstain": 0}
    sitting_in(world.a, body="party_members", mode="", **few)
    assert known(world, "present", VILLAGERS) == 240
    assert known(world, "present", PARTY) == 25
    assert known(world, "abstain", VILLAGERS) == 4
    assert known(world, "present") is None
    assert known(world, "present", MEMBERS) is None
    assert (known(world, "party_for"), known(world, "households_entitled")) == (20, 300)
    assert known(world, "representatives_for") is None


def test_a_decision_is_published_after_it_and_for_all_its_days(world: World) -> None:
    def post(kind: str, first: date) -> None:
        post_notice(
            actor=world.a.actor("district_officer"), about=about_of(campaign_of(world.a)), kind=kind, title="公告", text="全文",
            place_ids=[world.a.village.pk], first_on=first, last_on=first + timedelta(days=20), on=first,
        )  # fmt: skip

    gate, later = "published_long_enough", DAY + timedelta(days=30)
    post("disclosure", DAY - timedelta(days=1))
    sitting_in(world.a)
    assert shut(world, gate, later) == ["notice_missing"]
    post("disclosure", DAY)
    assert shut(world, gate, DAY + timedelta(days=14)) == ["notice_still_hangs"]
    assert shut(world, gate, DAY + timedelta(days=15)) == []
    assert shut(world, "audit_published", later) == ["notice_missing"]
    post("audit", DAY)
    assert shut(world, "audit_published", later) == []
