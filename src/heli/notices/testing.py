"""Builders of messages and channels, and who may open which page of notices."""

from datetime import UTC, datetime
from typing import Any

from heli.audit.services import writing
from heli.kernel.access import SYSTEM, Actor
from heli.notices import queries, services
from heli.notices.models import Channel, Message
from heli.notices.rules import ROBOTS
from heli.notices.types import ChannelKind
from heli.ui.testing import EVERYONE, AccessCase, Kwargs

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Nine o'clock in the morning of a Monday, in the installation's time zone."""
OFFICIAL_HOSTS = tuple(host for host, _path, _token in ROBOTS.values())
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


def tell(
    *user_ids: int, kind: str = "tests.happened", title: str = "岩门村退回了一项", at: datetime = MORNING, **given: Any
) -> int:
    """Tell people something, as a service would."""
    with writing(SYSTEM, "notices.test", at=at):
        return services.notify(actor=SYSTEM, recipients=user_ids, kind=kind, title=title, at=at, **given)


def remind(*user_ids: int, title: str = "岩门村:公示到期", at: datetime = MORNING, about: str = "") -> int:
    """Remind people of something."""
    return tell(*user_ids, kind="tests.reminder", title=title, at=at, about=about)


def add_wecom(actor: Actor, *, address: str = WECOM, place_id: int | None = None, at: datetime = MORNING) -> Channel:
    """A channel to a group robot."""
    return services.add_channel(actor=actor, kind=ChannelKind.WECOM, address=address, place_id=place_id, at=at)


def _notice(half: Any) -> Kwargs:
    user = half.users["district_officer"]
    tell(user.pk)
    return {"public_id": Message.objects.filter(user=user).latest("pk").public_id}


def _digest(half: Any) -> Kwargs:
    user = half.users["district_officer"]
    remind(user.pk)
    services.send_digests(actor=SYSTEM, at=MORNING)
    message = Message.objects.get(user=user, kind="notices.digest")
    return {"public_id": message.about.removeprefix("digest:")}


def _channel(half: Any, *, of_place: bool = False) -> Kwargs:
    actor = half.actor("district_officer")
    held = queries.place_channels(half.town.pk) if of_place else queries.own_channels(actor)
    channel = held.first() or add_wecom(actor, place_id=half.town.pk if of_place else None)
    return {"public_id": channel.public_id}


OFFICER, KEEPERS = ("district_officer",), ("district_officer", "town_officer")
ACCESS: list[AccessCase] = [
    AccessCase("notices:inbox", EVERYONE),
    AccessCase("notices:inbox", EVERYONE, query="?unread=1"),
    AccessCase("notices:read_all", EVERYONE, method="post", success=(303,)),
    AccessCase("notices:settings", EVERYONE),
    AccessCase("notices:add_channel", EVERYONE, method="post", success=(422,)),
    AccessCase("notices:subscribe", EVERYONE, method="post", success=(422,)),
    AccessCase(
        "notices:open",
        OFFICER,
        own=lambda world: _notice(world.a),
        foreign=lambda world: _notice(world.b),
        method="post",
        success=(303,),
        refused=(404,),
    ),
    AccessCase(
        "notices:digest",
        OFFICER,
        own=lambda world: _digest(world.a),
        foreign=lambda world: _digest(world.b),
        refused=(404,),
    ),
    *(
        AccessCase(
            f"notices:{name}",
            OFFICER,
            own=lambda world: _channel(world.a),
            foreign=lambda world: _channel(world.b),
            method="post",
            success=(303,),
            refused=(404,),
        )
        for name in ("end_channel", "test_channel")
    ),
    AccessCase(
        "notices:test_channel",
        KEEPERS,
        own=lambda world: _channel(world.a, of_place=True),
        foreign=lambda world: _channel(world.b, of_place=True),
        method="post",
        success=(303,),
        refused=(404,),
    ),
    AccessCase(
        "notices:place_channels",
        KEEPERS,
        own=lambda world: {"public_id": world.a.town.public_id},
        foreign=lambda world: {"public_id": world.b.town.public_id},
    ),
    AccessCase(
        "notices:add_place_channel",
        KEEPERS,
        own=lambda world: {"public_id": world.a.town.public_id},
        foreign=lambda world: {"public_id": world.b.town.public_id},
        method="post",
        success=(422,),
    ),
]
