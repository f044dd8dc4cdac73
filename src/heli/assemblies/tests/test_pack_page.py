"""The polling pack of a contest: drawn when everybody was reviewed, refused in words, all units in one archive."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from heli.accounts.testing import World, build_world
from heli.assemblies.models import UnitContest
from heli.assemblies.polling.contests import PollingDay, pack_of
from heli.assemblies.polling.forms import PollingDayForm
from heli.assemblies.rules.hall import HallWish
from heli.assemblies.services import elections
from heli.assemblies.testing.elections import BEFORE, contest_of, election_of
from heli.campaigns.testing.runs import campaign_of
from heli.kernel.faults import Refused

pytestmark = pytest.mark.django_db
CHOSEN = {key: str(value) for key, value in PollingDayForm.ORDINARY.items()}
DAY = PollingDay(HallWish(1800, 2400, 2, 6, 1, 1), "8:00—11:00", 0)


@pytest.fixture
def world(settings: Any, client: Client) -> World:
    settings.SECOND_FACTOR = False
    built: World = build_world()
    client.force_login(built.a.users["district_officer"])
    return built


def address(world: World, contest: UnitContest) -> str:
    return f"/assemblies/{campaign_of(world.a).public_id}/elections/{contest.public_id}/pack/"


def test_a_pack_says_what_the_contest_says(world: World) -> None:
    contest = contest_of(world.a)
    told = pack_of(contest, contest.nominees.all(), DAY, unit="岩门村", is_sample=False)
    assert (told.title, told.day, told.voters) == ("村委会换届", "2026年5月20日", 1000)
    assert [(post.title, post.seats, len(post.names)) for post in told.posts] == [
        ("主任", 1, 2), ("副主任", 1, 2), ("委员", 3, 4),
    ]  # fmt: skip


def test_nobody_is_printed_before_the_review_or_after_it_said_no(world: World) -> None:
    election = election_of(world.a)
    contest = election.contests.get(place=world.a.village)
    officer = world.a.actor("district_officer")
    one = elections.nominate(actor=officer, contest=contest, post="chair", name="丁一", is_woman=False, today=BEFORE)
    contest = UnitContest.objects.get(pk=contest.pk)
    with pytest.raises(Refused) as refused:
        pack_of(contest, contest.nominees.all(), DAY, unit="岩门村", is_sample=False)
    assert [fault.code for fault in refused.value.faults] == ["no_voters", "not_reviewed", "nobody_stands"]
    assert "副主任、委员" in refused.value.faults[2].message
    elections.review(actor=officer, nominee=one, is_qualified=False, ground="not_registered", today=BEFORE)
    with pytest.raises(Refused) as refused:
        pack_of(contest, contest.nominees.all(), DAY, unit="岩门村", is_sample=False)
    assert "主任、副主任、委员" in refused.value.faults[-1].message


def test_the_page_draws_one_pack_or_all_and_names_who_has_none(world: World, client: Client) -> None:
    contest = contest_of(world.a, election_of(world.a, in_campaign=True))
    election_of(world.a, in_campaign=True, title="监督委员会换届")  # another one, not drawn with it
    page = address(world, contest)
    assert "岩门村" in client.get(page).content.decode()
    drawn = client.get(page, {**CHOSEN, "groups": "一组 130\n二组：95", "as": "pdf"})
    assert drawn["Content-Type"] == "application/pdf"
    assert drawn.content.startswith(b"%PDF")
    packed = ZipFile(BytesIO(client.get(page, {**CHOSEN, "as": "zip"}).content))
    names = packed.namelist()
    assert len(names) == 2
    assert packed.read(names[0]).startswith(b"%PDF")
    told = packed.read(names[1]).decode("utf-8-sig")
    assert told.count("请先填写登记选民人数") == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"width": "7"}, "width"),
        ({"booths": "100", "width": "9"}, "booths"),
        ({"desks": "30"}, "desks"),
        ({"groups": "一组"}, "groups"),
        ({"groups": "一组 -3"}, "groups"),
    ],
)
def test_a_hall_without_room_is_refused_at_its_field(wrong: dict[str, str], field: str) -> None:
    form = PollingDayForm({**CHOSEN, **wrong})
    assert list(form.errors) == [field]


def test_groups_are_read_as_people_write_them() -> None:
    form = PollingDayForm({**CHOSEN, "groups": "一组 130\n\n 二 组：95\n三组,６０"})
    assert form.is_valid()
    assert form.cleaned_data["groups"] == (("一组", 130), ("二 组", 95), ("三组", 60))
