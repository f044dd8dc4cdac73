"""The worker's part: what is due is posted, tried again with growing patience, and given up where trying again cannot help."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.files import queries as files
from heli.kernel.access import SYSTEM, Actor
from heli.notices.answers import SAID_MOST
from heli.notices.models import Channel, Delivery
from heli.notices.notices import CHANNEL_REFUSES
from heli.notices.queries import address_of, due_deliveries
from heli.notices.rules import compute_next_try
from heli.notices.sending import page_address, send_message
from heli.notices.services.telling import notify
from heli.notices.texts import CHANNELS
from heli.notices.types import Answer, ChannelKind, Letter, Outcome

BATCH = 20
"""Deliveries taken on at a time: two entries of the trail for all of them."""
LOST_AFTER = timedelta(minutes=20)
"""When a delivery that was taken on and never reported back is due again; longer than a batch can last."""


def send_waiting(*, actor: Actor, at: datetime) -> int:
    """Send one batch of what is due; how many were tried. What fails is tried again later, at last given up.

    Each delivery is first taken on, so that of two workers one sends it; a worker that dies leaves it due again.
    """
    if not due_deliveries(at, 1).exists():
        return 0
    with writing(actor, "notices.take_on", at=at) as act:
        batch = list(due_deliveries(at, BATCH).select_for_update(of=("self",), skip_locked=True))
        for delivery in batch:
            delivery.outcome, delivery.tried_at, delivery.next_at = Outcome.SENDING, at, at + LOST_AFTER
            delivery.attempts += 1
        Delivery.objects.bulk_update(batch, ["outcome", "tried_at", "next_at", "attempts"])
        act.after = {"deliveries": [delivery.public_id for delivery in batch]}
    said = {delivery.pk: _send(delivery, at) for delivery in batch}
    with writing(actor, "notices.sent", at=at) as act:
        broken = _newly_broken(batch, said)
        for delivery in batch:
            _settle(delivery, said[delivery.pk], at)
        Delivery.objects.bulk_update(batch, ["outcome", "said", "next_at"])
        _tell_keepers(actor, broken, at)
        act.after = {"deliveries": {delivery.public_id: delivery.outcome for delivery in batch}}
    return len(batch)


def _send(delivery: Delivery, at: datetime) -> Answer | None:
    """Send it; what came back, or None when there is nothing left to send to."""
    if delivery.channel.ended_at is not None:
        return None
    try:
        address = address_of(delivery.channel)
        return send_message(ChannelKind(delivery.channel.kind), address, _message(delivery), at=at)
    except Exception as wrong:  # whatever goes wrong with one must not lose what the others said
        return Answer(str(wrong) or type(wrong).__name__)


def _message(delivery: Delivery) -> Letter:
    message = delivery.message
    if message is not None:
        address = page_address(message.link)
        return Letter(message.title, "\n\n".join(part for part in (message.text, address) if part))
    found = [files.find_file(public_id, SYSTEM) for public_id in delivery.file_ids]
    kept = [(stored.name, stored.content_type, files.read_content(stored)) for stored in found if stored is not None]
    return Letter(delivery.subject, delivery.text, delivery.html, tuple(kept))


def _settle(delivery: Delivery, answer: Answer | None, at: datetime) -> None:
    """Write down what became of a try; what cannot succeed is not tried again."""
    delivery.next_at = None
    if answer is None:
        delivery.outcome, delivery.said = Outcome.WITHDRAWN, _("The channel has ended.")
        return
    delivery.said = answer.said[:SAID_MOST]
    if not answer.said:
        delivery.outcome = Outcome.SENT
        return
    if not answer.is_final:
        delivery.next_at = compute_next_try(delivery.attempts, at)
    delivery.outcome = Outcome.GIVEN_UP if delivery.next_at is None else Outcome.FAILED


def _newly_broken(batch: Sequence[Delivery], said: Mapping[int, Answer | None]) -> dict[int, Delivery]:
    """The channels that refuse for good and took their last message still: of each, one delivery.

    Only the first refusal is told: the message that tells it may go to the same channel.
    """
    refused = {one.channel_id: one for one in batch if (answer := said[one.pk]) is not None and answer.is_final}
    settled = Delivery.objects.filter(channel__in=list(refused), outcome__in=[Outcome.SENT, Outcome.GIVEN_UP])
    last = {one.channel_id: one.outcome for one in settled.order_by("tried_at", "pk")}
    return {channel_id: one for channel_id, one in refused.items() if last.get(channel_id) != Outcome.GIVEN_UP}


def _tell_keepers(actor: Actor, broken: Mapping[int, Delivery], at: datetime) -> None:
    """Whoever set a channel is told that it no longer takes messages, and why."""
    for delivery in broken.values():
        channel = delivery.channel
        keeper = channel.user_id if channel.place_id is None else channel.added_by_id
        if keeper is None:
            continue
        notify(
            actor=actor,
            recipients=[keeper],
            kind=CHANNEL_REFUSES,
            title=_("%(channel)s takes no messages") % {"channel": channel.name or CHANNELS[channel.kind]},
            text=delivery.said,
            link=_page_of(channel),
            about=f"channel:{channel.public_id}",
            at=at,
        )


def _page_of(channel: Channel) -> str:
    if channel.place is None:
        return reverse("notices:settings")
    return reverse("notices:place_channels", args=[channel.place.public_id])
