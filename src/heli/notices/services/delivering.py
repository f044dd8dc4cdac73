"""What goes out of Heli: each message goes to a channel once, and stays in the log. The worker posts it (`posting`)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from heli.files import queries as files
from heli.kernel.access import Actor
from heli.notices.models import Channel, Delivery, Message
from heli.notices.queries import open_channels
from heli.notices.types import Enclosure


def deliver(
    *,
    actor: Actor,
    channel: Channel,
    subject: str,
    text: str,
    key: str,
    html: str = "",
    attachments: Sequence[Enclosure] = (),
    at: datetime | None = None,
) -> Delivery:
    """Send a message to a channel after the open `writing` block has committed; the same `key` goes there only once.

    Mailboxes get HTML and attachments as well, work chats and webhooks the text. `actor` must be allowed to fetch the
    attachments: who reads them later is no longer asked.
    """
    for stored in attachments:
        if files.find_file(stored.public_id, actor) is None:
            raise ValueError(f"{actor.name} may not send file {stored.public_id}")
    now = at or timezone.now()
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


def deliver_messages(messages: Sequence[Message], *, at: datetime) -> None:
    """Send messages to the open channels of their people; inside a `writing` block. Two queries."""
    by_user: dict[int, list[Channel]] = {}
    for channel in open_channels({message.user_id for message in messages}):
        if channel.user_id is not None:
            by_user.setdefault(channel.user_id, []).append(channel)
    deliveries = [
        Delivery(channel=channel, message=message, key=f"message:{message.public_id}", created_at=at, next_at=at)
        for message in messages
        for channel in by_user.get(message.user_id, ())
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)
        transaction.on_commit(_wake_worker)


def _wake_worker() -> None:
    from django_q.tasks import async_task

    async_task("heli.notices.jobs.send_waiting")
