"""Notices and channels are their owner's alone, those of a place its keepers'; gathering and sending is the clock's."""

from datetime import timedelta
from typing import Any

import pytest

from heli.accounts.services import set_active
from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.kernel.access import SYSTEM
from heli.notices import services
from heli.notices.models import Channel, Message
from heli.notices.testing import KEEPERS, MORNING, OFFICER, OFFICIAL_HOSTS, WECOM, add_wecom, remind, tell
from heli.notices.types import Cadence, ChannelKind
from heli.ui.testing import EVERYONE, Kwargs

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _hosts(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = OFFICIAL_HOSTS


def told(world: World) -> Kwargs:
    tell(world.a.users["district_officer"].pk)
    return {"message": Message.objects.get(user=world.a.users["district_officer"]), "at": LATER}


def all_told(world: World) -> Kwargs:
    tell(world.nobody.pk, *(user.pk for half in (world.a, world.b) for user in half.users.values()))
    return {"at": LATER}


def gathered(world: World) -> Kwargs:
    remind(world.a.users["district_officer"].pk)
    return {"at": MORNING}


def robot(world: World) -> Kwargs:
    return {"kind": ChannelKind.WECOM, "address": WECOM, "at": LATER}


def own(world: World) -> Channel:
    return add_wecom(world.a.actor("district_officer"))


def of_town(world: World) -> Channel:
    return add_wecom(SYSTEM, place_id=world.a.town.pk)


def withdrawn(world: World) -> Kwargs:
    """A message waits for a channel that has ended: nothing leaves the house."""
    channel = of_town(world)
    services.test_channel(actor=SYSTEM, channel=channel, at=MORNING)
    services.end_channel(actor=SYSTEM, channel=channel, at=MORNING)
    return {"at": LATER}


def closed(world: World) -> Kwargs:
    own(world)
    set_active(actor=SYSTEM, user=world.a.users["district_officer"], is_active=False)
    return {"at": LATER}


WISH = {"wishes": {"*": Cadence.DIGEST}}
CASES = [
    WriteCase(services.mark_read, OFFICER, told, hidden="done"),
    WriteCase(services.mark_all_read, EVERYONE, all_told, is_own=True, hidden="done"),
    WriteCase(services.set_subscriptions, EVERYONE, lambda w: WISH, is_own=True, hidden="kind_unknown"),
    WriteCase(
        services.set_subscription,
        EVERYONE,
        lambda w: {"pattern": "*", "how": Cadence.OFF},
        is_own=True,
        hidden="kind_unknown",
    ),
    WriteCase(services.add_channel, EVERYONE, robot, is_own=True),
    WriteCase(services.add_channel, KEEPERS, lambda w: {**robot(w), "place_id": w.a.town.pk}),
    WriteCase(services.end_channel, (*OFFICER, *SYSTEM_ONLY), lambda w: {"channel": own(w), "at": LATER}),
    WriteCase(services.end_channel, KEEPERS, lambda w: {"channel": of_town(w), "at": LATER}),
    WriteCase(services.test_channel, (*OFFICER, *SYSTEM_ONLY), lambda w: {"channel": own(w), "at": LATER}),
    WriteCase(services.test_channel, KEEPERS, lambda w: {"channel": of_town(w), "at": LATER}),
    WriteCase(services.send_digests, SYSTEM_ONLY, gathered),
    WriteCase(services.send_waiting, SYSTEM_ONLY, withdrawn),
    WriteCase(services.forget_channels, SYSTEM_ONLY, closed),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
