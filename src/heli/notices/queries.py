"""Reads of messages: a person's inbox and wishes, channels without their addresses, what is due to be sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from heli.accounts.sealing import unseal_text
from heli.kernel.access import Actor
from heli.kernel.offers import offered
from heli.notices.models import Channel, Delivery, Digest, Message, Subscription
from heli.notices.rules import compute_how, compute_mask, default_how
from heli.notices.types import Cadence, ChannelKind, MessageKind, Outcome

SEAL = "notice channel"


@cache
def kinds() -> Mapping[str, MessageKind]:
    """Every kind of message that a context declares in its `notices.py`, by id."""
    return {kind.id: kind for kind in offered("notices", "KINDS")}


def how_of(kind: str, wishes: Mapping[str, Cadence]) -> Cadence:
    """How a kind reaches somebody with these wishes."""
    declared = kinds().get(kind)
    return compute_how(kind, declared.how if declared else default_how(kind), wishes)


def wishes_of(user_ids: Collection[int]) -> dict[int, dict[str, Cadence]]:
    """The wishes of people by pattern; who has none is absent. One query."""
    found: dict[int, dict[str, Cadence]] = {}
    for user_id, pattern, how in Subscription.objects.filter(user_id__in=list(user_ids)).values_list(
        "user_id", "pattern", "how"
    ):
        found.setdefault(user_id, {})[pattern] = Cadence(how)
    return found


def inbox(actor: Actor, *, unread: bool = False) -> QuerySet[Message]:
    """What came to the actor, newest first; what gathers for a digest is read there."""
    mine = (
        Message.objects.filter(user_id=actor.id, how=Cadence.AT_ONCE)
        if actor.id is not None
        else Message.objects.none()
    )
    return (mine.filter(read_at__isnull=True) if unread else mine).order_by("-created_at", "-pk")


def unread_count(actor: Actor) -> int:
    """How many of the actor's messages are unread; one query."""
    return inbox(actor, unread=True).count()


def find_message(public_id: str, actor: Actor) -> Message | None:
    """A message in the actor's inbox."""
    return inbox(actor).filter(public_id=public_id).first()


def find_digest(public_id: str, actor: Actor) -> Digest | None:
    """A digest of the actor's own."""
    return Digest.objects.filter(public_id=public_id, user_id=actor.id).first() if actor.id is not None else None


def gathered(digest: Digest) -> QuerySet[Message]:
    """What a digest holds, by kind and in order."""
    return digest.gathered.order_by("kind", "created_at", "pk")


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel as its keeper sees it: the address masked, and what became of the last message."""

    public_id: str
    kind: ChannelKind
    name: str
    masked: str
    added_at: datetime
    outcome: Outcome | None
    said: str
    tried_at: datetime | None


def open_channels(user_ids: Collection[int]) -> QuerySet[Channel]:
    """The open channels of people."""
    return Channel.objects.filter(user_id__in=list(user_ids), ended_at__isnull=True).order_by("pk")


def place_channels(place_id: int) -> QuerySet[Channel]:
    """The open channels of a place, for messages to all who work there."""
    return Channel.objects.filter(place_id=place_id, ended_at__isnull=True).order_by("pk")


def own_channels(actor: Actor) -> QuerySet[Channel]:
    """The actor's open channels."""
    return open_channels([actor.id] if actor.id is not None else [])


def channel_rows(channels: QuerySet[Channel]) -> list[ChannelRow]:
    """Channels with their last delivery; two queries."""
    found = list(channels)
    last: dict[int, Delivery] = {}
    for delivery in Delivery.objects.filter(channel__in=found).order_by("created_at", "pk"):
        last[delivery.channel_id] = delivery
    return [_row(channel, last.get(channel.pk)) for channel in found]


def _row(channel: Channel, last: Delivery | None) -> ChannelRow:
    kind = ChannelKind(channel.kind)
    try:
        masked = compute_mask(kind, address_of(channel))
    except ValueError:
        masked = "•••"
    return ChannelRow(
        public_id=channel.public_id,
        kind=kind,
        name=channel.name,
        masked=masked,
        added_at=channel.added_at,
        outcome=Outcome(last.outcome) if last else None,
        said=last.said if last else "",
        tried_at=last.tried_at if last else None,
    )


def address_of(channel: Channel) -> str:
    """The address in the clear, for sending only. Raises ValueError when it cannot be opened."""
    return unseal_text(SEAL, channel.sealed)


def due_deliveries(at: datetime, most: int) -> QuerySet[Delivery]:
    """What is to be sent now, oldest first; a delivery whose worker died on it is due again."""
    due = Delivery.objects.filter(next_at__lte=at).select_related("channel__place", "message")
    return due.order_by("next_at", "pk")[:most]


def deliveries_of(key: str) -> Sequence[Delivery]:
    """What became of a message ("report:…") on each of its channels."""
    return list(Delivery.objects.filter(key=key).select_related("channel").order_by("pk"))


def find_channel(public_id: str, actor: Actor, kept: QuerySet[Any]) -> Channel | None:
    """An open channel of the actor's own, or of one of the places whose channels the actor keeps."""
    mine = Q(place__in=kept)
    if actor.id is not None:
        mine |= Q(user_id=actor.id)
    found = Channel.objects.filter(mine, public_id=public_id, ended_at__isnull=True)
    return found.select_related("place").first()
