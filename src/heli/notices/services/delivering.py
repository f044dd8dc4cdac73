"""Sending outside of Heli: each message goes to a channel once, tried again with growing patience, and stays in the log."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.files import queries as files
from heli.kernel.access import SYSTEM, Actor
from heli.notices.models import Channel, Delivery, Notice
from heli.notices.queries import address_of, due_deliveries, open_channels
from heli.notices.rules import compute_next_try
from heli.notices.sending import page_address, send_message
from heli.notices.types import Attachment, ChannelKind, Message, Outcome

BATCH = 20
"""Deliveries taken on at a time: two entries of the trail for all of them."""
LOST_AFTER = timedelta(minutes=20)
"""When a delivery that was taken on and never reported back is due again; longer than a batch can last."""


def deliver(
    actor: Actor,
    *,
    channel: Channel,
    subject: str,
    text: str,
    key: str,
    html: str = "",
    attachments: Sequence[Attachment] = (),
    at: datetime | None = None,
) -> Delivery:
    """Send a message to a channel after the open `writing` block has committed; the same `key` goes there only once.

    Mailboxes get HTML and attachments as well, work chats and webhooks the text. `actor` must be allowed to fetch the
    attachments: who reads them later is no longer asked.
    """
    for stored in attachments:
        if files.find_file(stored.public_id, actor) is None:
            raise ValueError(f"{actor.name} may not send file {stored.public_id}")
    now = at or datetime.now(UTC)
    delivery, fresh = Delivery.objects.get_or_create(
        channel=channel,
        key=key,
        defaults={
            "subject": subject[:200],
            "text": text,
            "html": html,
            "file_ids": [stored.public_id for stored in attachments],
            "created_at": now,
            "next_at": now,
        },
    )
    if fresh:
        transaction.on_commit(_wake_worker)
    return delivery


def deliver_notices(notices: Sequence[Notice], *, at: datetime) -> None:
    """Send notices to the open channels of their people; inside a `writing` block. Two queries."""
    by_user: dict[int, list[Channel]] = {}
    for channel in open_channels({notice.user_id for notice in notices}):
        if channel.user_id is not None:
            by_user.setdefault(channel.user_id, []).append(channel)
    deliveries = [
        Delivery(channel=channel, notice=notice, key=f"notice:{notice.public_id}", created_at=at, next_at=at)
        for notice in notices
        for channel in by_user.get(notice.user_id, ())
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)
        transaction.on_commit(_wake_worker)


def _wake_worker() -> None:
    from django_q.tasks import async_task

    async_task("heli.notices.jobs.send_waiting")


def send_waiting(actor: Actor, *, at: datetime) -> int:
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
    said = {delivery.pk: _send(delivery) for delivery in batch}
    with writing(actor, "notices.sent", at=at) as act:
        for delivery in batch:
            _settle(delivery, said[delivery.pk], at)
        Delivery.objects.bulk_update(batch, ["outcome", "said", "next_at"])
        act.after = {"deliveries": {delivery.public_id: delivery.outcome for delivery in batch}}
    return len(batch)


def _send(delivery: Delivery) -> str | None:
    """Send it; empty when it went, why it did not, or None when there is nothing left to send to."""
    if delivery.channel.ended_at is not None:
        return None
    try:
        address = address_of(delivery.channel)
        return send_message(ChannelKind(delivery.channel.kind), address, _message(delivery))
    except Exception as wrong:  # whatever goes wrong with one must not lose what the others said
        return str(wrong) or type(wrong).__name__


def _message(delivery: Delivery) -> Message:
    notice = delivery.notice
    if notice is not None:
        address = page_address(notice.link)
        return Message(notice.title, "\n\n".join(part for part in (notice.text, address) if part))
    found = [files.find_file(public_id, SYSTEM) for public_id in delivery.file_ids]
    kept = [(stored.name, stored.content_type, files.read_content(stored)) for stored in found if stored is not None]
    return Message(delivery.subject, delivery.text, delivery.html, tuple(kept))


def _settle(delivery: Delivery, said: str | None, at: datetime) -> None:
    """Write down what became of a try."""
    delivery.said = (said or "")[:200]
    delivery.next_at = None
    if said is None:
        delivery.outcome, delivery.said = Outcome.WITHDRAWN, _("The channel has ended.")
    elif not said:
        delivery.outcome = Outcome.SENT
    else:
        delivery.next_at = compute_next_try(delivery.attempts, at)
        delivery.outcome = Outcome.GIVEN_UP if delivery.next_at is None else Outcome.FAILED
