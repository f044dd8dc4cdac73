"""Messages to people, the digests that gather them, the addresses they go to, and the log of what was sent."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.db.models import Q

from heli.kernel.ids import new_public_id
from heli.notices.types import Cadence, ChannelKind, Outcome


def values(kinds: Iterable[StrEnum]) -> list[str]:
    """The stored words of an enumeration: a migration must not lean on code that goes on changing."""
    return [kind.value for kind in kinds]


class Digest(models.Model):
    """What gathered for one person in one half-day. Invariant: nobody gets two in the same half-day."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    half = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "half"], name="digest_once_per_half_day"),
            models.CheckConstraint(condition=Q(half__in=[0, 1]), name="digest_half_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.half}"


class Message(models.Model):
    """A message to one person about something that happened, and where to see it.

    One that gathers (`how` digest) is read in its digest; the digest itself comes as a message of its own. `about` names the
    matter ("campaign:abc"), so that the same reminder does not gather twice.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    how = models.CharField(max_length=10, choices=[(how, how) for how in values(Cadence)])
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    about = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, related_name="gathered")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=[Cadence.AT_ONCE.value, Cadence.DIGEST.value]), name="message_is_sent_somehow"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="message_has_title"),
            models.CheckConstraint(
                condition=Q(digest__isnull=True) | Q(how=Cadence.DIGEST.value),
                name="message_gathered_only_for_a_digest",
            ),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="/"), name="message_links_inside"),
            models.UniqueConstraint(
                fields=["user", "kind", "about", "title"],
                condition=Q(how=Cadence.DIGEST.value, digest__isnull=True),
                name="message_gathers_once",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], condition=Q(how=Cadence.AT_ONCE.value), name="message_inbox"),
            models.Index(
                fields=["user"], condition=Q(how=Cadence.AT_ONCE.value, read_at__isnull=True), name="message_unread"
            ),
            models.Index(
                fields=["user"], condition=Q(how=Cadence.DIGEST.value, digest__isnull=True), name="message_gathering"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Subscription(models.Model):
    """A person's wish how kinds of messages (by pattern, "campaigns.*") reach them. Invariant: one wish per pattern."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    pattern = models.CharField(max_length=80)
    how = models.CharField(max_length=10, choices=[(how, how) for how in values(Cadence)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "pattern"], name="subscription_once_per_pattern"),
            models.CheckConstraint(condition=Q(how__in=values(Cadence)), name="subscription_how_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pattern} {self.how}"


class Channel(models.Model):
    """An address of a person, or of a place (the work chat group of a town), that messages go to outside of Heli.

    `added_by` is told when it takes no messages any more. Invariants: it is somebody's or some place's, not both; the address is
    encrypted, and gone once the channel has ended; the same address is open once per owner (`address_digest`, keyed, tells
    without opening it).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in values(ChannelKind)])
    name = models.CharField(max_length=60, blank=True)
    sealed = models.TextField(blank=True)
    address_digest = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(place__isnull=True), name="channel_has_one_owner"
            ),
            models.CheckConstraint(condition=Q(kind__in=values(ChannelKind)), name="channel_kind_known"),
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) & ~Q(sealed="") & ~Q(address_digest=""))
                | Q(ended_at__isnull=False, sealed="", address_digest=""),
                name="channel_address_gone_with_its_end",
            ),
            models.UniqueConstraint(
                fields=["user", "address_digest"], condition=Q(ended_at__isnull=True), name="channel_once_per_user"
            ),
            models.UniqueConstraint(
                fields=["place", "address_digest"], condition=Q(ended_at__isnull=True), name="channel_once_per_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.public_id


class Delivery(models.Model):
    """One message on its way to one channel, and what became of it; kept as the log of what was sent.

    Invariants: a message (`key`: "message:…", "report:…") goes to a channel once; only what waits or failed has a next try.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    file_ids = models.JSONField(default=list)
    outcome = models.CharField(
        max_length=10, choices=[(word, word) for word in values(Outcome)], default=Outcome.WAITING.value
    )
    said = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="delivery_once_per_message"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[Outcome.WAITING.value, Outcome.SENDING.value, Outcome.FAILED.value],
                    next_at__isnull=False,
                )
                | Q(
                    outcome__in=[Outcome.SENT.value, Outcome.GIVEN_UP.value, Outcome.WITHDRAWN.value],
                    next_at__isnull=True,
                ),
                name="delivery_next_try_while_open",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.key} {self.outcome}"
