"""Telling people: messages written with what happened, reminders gathered into one digest a half-day."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.accounts.queries import active_users
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.notices.models import Digest, Message
from heli.notices.notices import DIGEST
from heli.notices.queries import how_of, wishes_of
from heli.notices.rules import compute_slot, is_local_path
from heli.notices.services.delivering import deliver_messages
from heli.notices.types import Cadence

READ = "ui.read"
SHOWN = 50
"""Lines of a digest that the message itself lists; the page lists all."""


def notify(
    *,
    actor: Actor,
    recipients: Iterable[int],
    kind: str,
    title: str,
    text: str = "",
    link: str = "",
    about: str = "",
    at: datetime | None = None,
) -> int:
    """Tell people (keys of users) that something happened; call inside the `writing` block of the service that did it.

    Rows are written in its transaction, sending follows after it. How it reaches each person is their own wish, else the
    kind's declaration (`MessageKind`); kinds ending in ".reminder" always gather. Whoever acted is not told of their own act,
    closed accounts are not told at all, and the same reminder about the same matter gathers once. `link` is a path of Heli.
    Returns how many were told. A constant number of queries.
    """
    if not is_local_path(link):
        raise ValueError(f"a message links to a page of Heli, not to {link}")
    now = at or timezone.now()
    told = active_users({user_id for user_id in recipients if user_id != actor.id})
    wishes = wishes_of(told)
    messages = [
        Message(
            user_id=user_id,
            kind=kind,
            how=how,
            title=title[:200],
            text=text,
            link=link,
            about=about,
            created_at=now,
        )
        for user_id in sorted(told)
        if (how := how_of(kind, wishes.get(user_id, {}))) is not Cadence.OFF
    ]
    at_once = [message for message in messages if message.how == Cadence.AT_ONCE]
    gathering = [message for message in messages if message.how == Cadence.DIGEST]
    Message.objects.bulk_create(gathering, ignore_conflicts=True)  # the same reminder again: notice_gathers_once
    deliver_messages(Message.objects.bulk_create(at_once), at=now)
    return len(messages)


def send_digests(*, actor: Actor, at: datetime) -> int:
    """Gather what waits into one digest per person for the half-day of `at`; how many digests were made.

    Whoever has this half-day's digest already waits for the next; before the morning's hour nothing is sent.
    """
    slot = compute_slot(timezone.localtime(at))
    if slot is None:
        return 0
    day, half = slot
    had = Digest.objects.filter(day=day, half=half).values("user_id")
    waiting = Message.objects.filter(
        how=Cadence.DIGEST, digest__isnull=True, created_at__lte=at, user__is_active=True
    ).exclude(user_id__in=had)
    if not waiting.exists():
        return 0
    with writing(actor, DIGEST, at=at) as act:
        lines: dict[int, list[Message]] = {}
        for message in waiting.order_by("user_id", "kind", "created_at", "pk"):
            lines.setdefault(message.user_id, []).append(message)
        digests = Digest.objects.bulk_create(
            Digest(user_id=user_id, day=day, half=half, made_at=at) for user_id in lines
        )
        own = Digest.objects.filter(user_id=OuterRef("user_id"), day=day, half=half)
        gathered = [message.pk for messages in lines.values() for message in messages]
        Message.objects.filter(pk__in=gathered).update(digest_id=Subquery(own.values("pk")[:1]))
        summaries = [_summary(digest, lines[digest.user_id], at) for digest in digests]
        deliver_messages(Message.objects.bulk_create(summaries), at=at)
        act.after = {"digests": len(digests), "messages": len(gathered), "day": day, "half": half}
    return len(digests)


def _summary(digest: Digest, messages: list[Message], at: datetime) -> Message:
    """The digest as a message of its own."""
    count = len(messages)
    title = ngettext("%(count)s thing to do or to know", "%(count)s things to do or to know", count) % {"count": count}
    lines = [f"{number}. {message.title}" for number, message in enumerate(messages[:SHOWN], 1)]
    if count > SHOWN:
        lines.append(_("… and %(count)s more.") % {"count": count - SHOWN})
    return Message(
        user_id=digest.user_id,
        kind=DIGEST,
        how=Cadence.AT_ONCE,
        title=title,
        text="\n".join(lines),
        link=reverse("notices:digest", args=[digest.public_id]),
        about=f"digest:{digest.public_id}",
        created_at=at,
    )


def mark_read(*, actor: Actor, message: Message, at: datetime | None = None) -> None:
    """A message of the actor's own is read; a digest with all that it gathered. A second time changes nothing."""
    if message.read_at is not None or message.user_id != actor.id:
        return
    with writing(actor, "notices.mark_read", action=READ, at=at) as act:
        act.subject = f"message:{message.public_id}"
        message.read_at = act.at
        message.save(update_fields=["read_at"])
        if message.kind == DIGEST:
            digest = message.about.removeprefix("digest:")
            _unread(actor).filter(digest__public_id=digest).update(read_at=act.at)


def mark_all_read(*, actor: Actor, at: datetime | None = None) -> int:
    """Everything that came to the actor is read; how many messages were not."""
    came = _unread(actor).exclude(how=Cadence.DIGEST, digest__isnull=True)
    if not came.exists():
        return 0
    with writing(actor, "notices.mark_read", action=READ, at=at) as act:
        count = came.filter(how=Cadence.AT_ONCE).count()
        came.update(read_at=act.at)
        act.after = {"messages": count}
    return count


def _unread(actor: Actor) -> QuerySet[Message]:
    own = Message.objects.filter(user_id=actor.id) if actor.id is not None else Message.objects.none()
    return own.filter(read_at__isnull=True)
