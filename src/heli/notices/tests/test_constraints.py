"""The database itself holds what channels, deliveries, notices, digests and wishes are."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World, build_world
from heli.audit.guard import allowed
from heli.kernel.access import Actor
from heli.notices import services
from heli.notices.models import Channel, Delivery, Digest, Message, Subscription
from heli.notices.testing import MORNING, add_wecom, tell
from heli.notices.types import Cadence

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def officer(world: World) -> Actor:
    return world.a.actor("town_officer")


@pytest.mark.parametrize(
    ("name", "model", "change"),
    [
        ("channel_has_one_owner", Channel, {"user": None}),
        ("channel_kind_known", Channel, {"kind": "pigeon"}),
        ("channel_address_gone_with_its_end", Channel, {"ended_at": MORNING}),
        ("delivery_next_try_while_open", Delivery, {"outcome": "lost"}),
        ("delivery_next_try_while_open", Delivery, {"outcome": "sent"}),
        ("message_is_sent_somehow", Message, {"how": "off"}),
        ("message_has_title", Message, {"title": ""}),
        ("message_links_inside", Message, {"link": "https://example.cn"}),
        ("message_gathered_only_for_a_digest", Message, {"digest": True}),
        ("digest_half_of_a_day", Digest, {"half": 2}),
        ("subscription_how_known", Subscription, {"how": "loudly"}),
    ],
)
def test_the_database_holds_what_each_row_is(officer: Actor, name: str, model: Any, change: dict[str, Any]) -> None:
    add_wecom(officer)
    tell(officer.id or 0)
    services.set_subscription(actor=officer, pattern="*", how=Cadence.DIGEST)
    with allowed():
        digest = Digest.objects.create(user_id=officer.id or 0, day=MORNING.date(), half=0, made_at=MORNING)
    change = {"digest": digest} if "digest" in change else change
    with pytest.raises(IntegrityError, match=name), allowed(), transaction.atomic():
        model.objects.update(**change)


@pytest.mark.parametrize(
    ("columns", "model"),
    [
        (r"channel_once_per_user|user_id.*address_digest", Channel),
        ("delivery_once_per_message|channel_id.*key", Delivery),
        ("digest_once_per_half_day|user_id.*day.*half", Digest),
        ("subscription_once_per_pattern|user_id.*pattern", Subscription),
        ("message_gathers_once|user_id.*kind.*about.*title", Message),
    ],
)
def test_the_database_holds_what_there_is_only_once(officer: Actor, columns: str, model: Any) -> None:
    add_wecom(officer)
    tell(officer.id or 0)
    tell(officer.id or 0, kind="tests.reminder")
    services.set_subscription(actor=officer, pattern="*", how=Cadence.DIGEST)
    with allowed():
        Digest.objects.create(user_id=officer.id or 0, day=MORNING.date(), half=0, made_at=MORNING)
    row = model.objects.order_by("pk").last()
    row.pk = None
    if hasattr(row, "public_id"):
        row.public_id = "another"
    with pytest.raises(IntegrityError, match=columns), allowed(), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_holds_one_address_once_per_place(world: World, officer: Actor) -> None:
    channel = add_wecom(officer, place_id=world.a.town.pk)
    channel.pk, channel.public_id = None, "another"
    with (
        pytest.raises(IntegrityError, match=r"channel_once_per_place|place_id.*address_digest"),
        allowed(),
        transaction.atomic(),
    ):
        channel.save(force_insert=True)
