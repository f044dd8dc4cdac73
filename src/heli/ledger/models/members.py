"""The roll of members 成员名册: the one list of people that the law demands (农村集体经济组织法 Art. 12)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from heli.ledger.models.holders import Collective
from heli.records import fields
from heli.records.models import second_person, stamped
from heli.records.words import WordEnum


class MemberClass(WordEnum):
    """What a line of the roll is."""

    MEMBER = "member", "quiet", pgettext_lazy("roll", "member")
    SHARES_ONLY = "shares_only", "info", pgettext_lazy("roll", "holds shares only")


class RollMember(models.Model):
    """A line of a holder's roll: number, number of the household, class, shares in hundredths; the name alone, sealed.

    No identity, no telephone, no account. It counts from the day it was confirmed; whoever leaves ends the line, whose name
    goes five years later. Invariants: a number once, for ever; a known class; no shares below zero; it ends after it begins
    and says why; it has its name until that is forgotten, and it is forgotten only after its end.
    """

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    household = models.PositiveIntegerField()
    sort = models.CharField(max_length=12, default=MemberClass.MEMBER)
    shares = models.BigIntegerField(default=0)
    sealed = models.TextField(blank=True)
    begins_on = models.DateField()
    confirmed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=120, blank=True)
    emptied_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "number"], name="member_numbered_once"),
            models.CheckConstraint(condition=Q(sort__in=MemberClass.values), name="member_class_known"),
            models.CheckConstraint(condition=Q(shares__gte=0), name="member_shares_not_below_zero"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begins_on")) & ~Q(reason=""),
                name="member_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(sealed="") & Q(emptied_on__isnull=True) | Q(sealed="", emptied_on__isnull=False),
                name="member_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(emptied_on__isnull=True) | Q(ended_on__isnull=False), name="member_forgotten_after_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class RollState(WordEnum):
    """How far a confirmation of the roll is."""

    POSTED = "posted", "warn", pgettext_lazy("roll", "posted")
    CONFIRMED = "confirmed", "good", pgettext_lazy("roll", "confirmed")
    SET_ASIDE = "set_aside", "quiet", pgettext_lazy("roll", "set aside")


class RollConfirmation(models.Model):
    """The roll of a holder as it was posted and confirmed by the members: counts, the notice, the sitting (its meeting).

    `is_static`: shares stay as many as they were (静态管理). Invariants: one hangs at a time; who confirms has not posted it;
    confirmed has its day and its sitting.
    """

    public_id = models.CharField(max_length=12, unique=True)
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, default=RollState.POSTED)
    members = models.PositiveIntegerField()
    households = models.PositiveIntegerField()
    shares = models.BigIntegerField()
    is_static = models.BooleanField(default=False)
    notice = models.CharField(max_length=24)
    meeting = models.CharField(max_length=24, blank=True)
    posted_by, posted_on = fields.stamp()
    confirmed_by, confirmed_on = fields.stamp()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["collective"], condition=Q(status="posted"), name="roll_one_at_a_time"),
            models.CheckConstraint(condition=Q(status__in=RollState.values), name="roll_status_known"),
            models.CheckConstraint(condition=~Q(status="confirmed") | ~Q(meeting=""), name="roll_confirmed_by_sitting"),
            stamped("roll_confirmed_on_a_day", "confirmed", [RollState.CONFIRMED], only=True),
            second_person("roll_confirmed_by_another", "confirmed", "posted"),
        ]

    def __str__(self) -> str:
        return self.public_id
