"""A person's channels and wishes, and the channels of places."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from heli.accounts.queries import closed_users
from heli.accounts.sealing import seal_text
from heli.audit.anchor import keyed_digest
from heli.audit.services import writing
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.notices.models import Channel, Delivery, Subscription
from heli.notices.queries import SEAL, kinds, own_channels, place_channels
from heli.notices.rules import check_mailbox, parse_webhook, with_secret
from heli.notices.services.delivering import deliver
from heli.notices.texts import as_fault
from heli.notices.types import Cadence, ChannelKind

READ = "ui.read"
PLACE = "notices.place"
MOST = 5
"""Open channels of one owner."""


def add_channel(
    *,
    actor: Actor,
    kind: ChannelKind,
    address: str,
    secret: str = "",
    name: str = "",
    place_id: int | None = None,
    at: datetime | None = None,
) -> Channel:
    """Add a channel of the actor's own, or of a place they keep the channels of; the address is kept encrypted.

    `secret`: what the robot's messages are signed with. Raises `Refused` for a malformed address or secret, a host that is
    not allowed, mail without a mail server, the same one again.
    """
    address = with_secret(address.strip(), secret.strip(), kind)
    action = READ if place_id is None else PLACE
    require(actor, action, place_id)
    if place_id is None and actor.id is None:
        raise Forbidden(Fault("forbidden", _("Only a person has channels of their own.")))
    held = own_channels(actor) if place_id is None else place_channels(place_id)
    digest = keyed_digest(address.lower() if kind is ChannelKind.MAIL else address)
    faults = _check_address(kind, address)
    if not faults and held.filter(address_digest=digest).exists():
        faults.append(Fault("channel_exists", _("This address is entered already."), field="address"))
    if held.count() >= MOST:
        text = _("There are %(most)s channels already: end one first.")
        faults.append(Fault("channels_full", text % {"most": MOST}))
    if faults:
        raise Refused(faults)
    with writing(actor, "notices.add_channel", action=action, place_id=place_id, at=at) as act:
        channel = Channel(
            user_id=actor.id if place_id is None else None,
            place_id=place_id,
            kind=kind,
            name=name.strip()[:60],
            sealed=seal_text(SEAL, address),
            address_digest=digest,
            added_by_id=actor.id,
            added_at=act.at,
        )
        channel.save(force_insert=True)
        act.subject, act.after = f"channel:{channel.public_id}", {"kind": str(kind), "address": digest}
    return channel


def _check_address(kind: ChannelKind, address: str) -> list[Fault]:
    if kind is not ChannelKind.MAIL:
        return [as_fault(one) for one in parse_webhook(kind, address, settings.WEBHOOK_HOSTS)[1]]
    if not settings.MAIL_IS_SET:
        text = _("No mail server is set up. Ask the administrator to set HELI_MAIL_URL.")
        return [Fault("mail_not_set", text, field="kind")]
    return [as_fault(one) for one in check_mailbox(address)]


def end_channel(*, actor: Actor, channel: Channel, at: datetime | None = None) -> None:
    """End a channel; its address is emptied at once, what still waited for it is not sent."""
    _require_kept_by(actor, channel)
    if channel.ended_at is not None:
        raise Refused(Fault("channel_ended", _("The channel has ended.")))
    action = READ if channel.place_id is None else PLACE
    with writing(actor, "notices.end_channel", action=action, place_id=channel.place_id, at=at) as act:
        act.subject = f"channel:{channel.public_id}"
        channel.ended_at, channel.sealed, channel.address_digest = act.at, "", ""
        channel.save(update_fields=["ended_at", "sealed", "address_digest"])


def test_channel(*, actor: Actor, channel: Channel, at: datetime | None = None) -> Delivery:  # noqa: PT028 - no test: it tries a channel
    """Send a test message to a channel; its outcome shows beside the channel."""
    _require_kept_by(actor, channel)
    if channel.ended_at is not None:
        raise Refused(Fault("channel_ended", _("The channel has ended.")))
    action = READ if channel.place_id is None else PLACE
    with writing(actor, "notices.test_channel", action=action, place_id=channel.place_id, at=at) as act:
        act.subject = f"channel:{channel.public_id}"
        text = _("Messages of Heli arrive here.")
        key = f"test:{act.at:%Y%m%dT%H%M}"  # pressing twice in a minute sends one
        return deliver(actor=actor, channel=channel, subject=_("Test of Heli"), text=text, key=key, at=act.at)


def _require_kept_by(actor: Actor, channel: Channel) -> None:
    if channel.place_id is not None:
        require(actor, PLACE, channel.place_id)
    elif not actor.is_system and channel.user_id != actor.id:
        raise Forbidden(Fault("forbidden", _("A channel is its owner's alone.")))


def set_subscription(*, actor: Actor, pattern: str, how: Cadence, at: datetime | None = None) -> None:
    """The actor's wish how a kind of messages, or a pattern of kinds ("campaigns.*", "*"), reaches them."""
    set_subscriptions(actor=actor, wishes={pattern: how}, at=at)


def set_subscriptions(*, actor: Actor, wishes: Mapping[str, Cadence], at: datetime | None = None) -> None:
    """Several wishes at once. Raises `Refused` for a pattern that fits no kind."""
    unknown = sorted(pattern for pattern in wishes if not _fits(pattern))
    if unknown or actor.id is None:
        text = _("There are no messages of the kind %(kind)s.")
        raise Refused(Fault("kind_unknown", text % {"kind": ", ".join(unknown)}, field="kind"))
    with writing(actor, "notices.subscribe", action=READ, at=at) as act:
        before = dict(Subscription.objects.filter(user_id=actor.id).values_list("pattern", "how"))
        for pattern, how in wishes.items():
            if before.get(pattern) != how:
                Subscription.objects.update_or_create(user_id=actor.id, pattern=pattern, defaults={"how": how})
        act.subject = f"user {actor.id}"
        act.before = {pattern: before.get(pattern) for pattern in wishes}
        act.after = {pattern: str(how) for pattern, how in wishes.items()}


def _fits(pattern: str) -> bool:
    """Whether a pattern is a kind, "*", or every kind of a context."""
    contexts = {kind.partition(".")[0] for kind in kinds()}
    return pattern == "*" or pattern in kinds() or (pattern.endswith(".*") and pattern[:-2] in contexts)


def forget_channels(*, actor: Actor, at: datetime) -> int:
    """End the channels of closed accounts, which empties their addresses; how many (PIPL Art. 19, 47)."""
    left = Channel.objects.filter(ended_at__isnull=True, user_id__in=closed_users())
    if not left.exists():
        return 0
    with writing(actor, "notices.forget_channels", at=at) as act:
        count = left.update(ended_at=at, sealed="", address_digest="")
        act.after = {"channels": count}
    return count
