"""Points: shifts that villages offer, members who report in by consent, and lines that are only ever added.

What a person did stands in two rows: a `PointsEntry`, which says what was done where and names nobody, and a `Credit`, which
says whose it was. Leaving deletes credits, claims, certificates and the member; entries stay, and so does every sum.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.db import AppendOnly
from heli.points.catalogues import shift_acts
from heli.points.rules import MOST_MINUTES
from heli.points.types import Earner
from heli.records import fields
from heli.records.fields import EVERYWHERE, ShownIn
from heli.records.models import LedgerRow, kept, stamped
from heli.records.words import MATTERS_ONLY, WordEnum

MOST_HEADS, MOST_HOURS = 500, 24


class ShiftState(WordEnum):
    """How far a shift is."""

    OFFERED = "offered", "info", pgettext_lazy("shift", "offered")
    ENDED = "ended", "good", pgettext_lazy("shift", "ended")
    WITHDRAWN = "withdrawn", "quiet", pgettext_lazy("shift", "withdrawn")


class Shift(LedgerRow):
    """Work that a village offers to volunteers 志愿岗位: where, on which day, how many hours, for how many.

    Invariants: named; hours and heads within bounds; ended on a day.
    """

    title = fields.text(_("What is to be done"), most=60, search=True, missing=_("Say what is to be done."))
    act = fields.choice(_("Counts as"), shift_acts, filter=True)
    held_on = fields.day(_("Day"))
    spot = fields.text(_("Where exactly"), required=False, where=EVERYWHERE - {ShownIn.LIST})
    hours = fields.number(_("Hours of work"), least=1, most=MOST_HOURS)
    heads = fields.number(_("How many people"), least=1, most=MOST_HEADS)
    note = fields.text(_("What to bring, whom to ask for"), required=False, lines=2, most=300, help=MATTERS_ONLY,
                       where=EVERYWHERE - {ShownIn.LIST})  # fmt: skip
    ended_by, ended_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("shift", ShiftState),
            models.CheckConstraint(condition=~Q(title=""), name="shift_named"),
            models.CheckConstraint(
                condition=Q(hours__range=(1, MOST_HOURS), heads__range=(1, MOST_HEADS)), name="shift_within_bounds"
            ),
            stamped("shift_ended_on_a_day", "ended", [ShiftState.ENDED], only=True),
        ]
        indexes = [models.Index(fields=["place", "status", "held_on"], name="shift_by_place")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class Member(models.Model):
    """A person with an account who reports in, by own consent, where they live and where they work 双报到.

    The name stands with the account. Invariants: one row of an account; at home or at work, both in the district.
    """

    public_id = models.CharField(max_length=12, unique=True)
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    home = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    work = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    consented_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(home__isnull=False) | Q(work__isnull=False), name="points_member_reports_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return "a member"


class ShiftClaim(models.Model):
    """A member takes a shift on. Invariant: once. Deleted when it is given back, or when the member leaves."""

    public_id = models.CharField(max_length=12, unique=True)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="claims")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField()
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["shift", "member"], name="shift_claimed_once")]

    def __str__(self) -> str:
        return "a claim"


class PointsEntry(models.Model):
    """A line of points: what was done where, on which day, how long, for how many. Never changed, and it names no person.

    `body` is the organisation that earned it, or whose member did. `source` is where it came from ("claim:…", "matter:…"):
    once. Invariants: an organisation earns for itself, a place has none beside it; a reversal is one, of one line, below nought,
    with its reason.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    earner = models.CharField(max_length=8)
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, related_name="entries")
    act = models.CharField(max_length=40)
    on = models.DateField()
    minutes = models.IntegerField(default=0)
    points = models.IntegerField()
    proof = models.CharField(max_length=120)
    source = models.CharField(max_length=40, unique=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    reason = models.CharField(max_length=300, blank=True)
    confirmed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by_name = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["place", "act"], name="points_by_place"),
            models.Index(fields=["body", "act", "on"], name="points_by_body"),
            models.Index(fields=["district", "on"], name="points_by_district"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(earner__in=[one.value for one in Earner]), name="points_earner_known"),
            models.CheckConstraint(
                condition=Q(earner=Earner.MEMBER.value)
                | Q(earner=Earner.UNIT.value, body__isnull=False)
                | Q(earner=Earner.PLACE.value, body__isnull=True),
                name="points_earner_named",
            ),
            models.CheckConstraint(condition=~Q(proof="") & ~Q(act=""), name="points_proven"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, points__gte=0, minutes__range=(0, MOST_MINUTES), reason="")
                | (Q(reverses__isnull=False, points__lte=0, minutes__range=(-MOST_MINUTES, 0)) & ~Q(reason="")),
                name="points_reversed_never_edited",
            ),
            AppendOnly(name="points_entry_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.on} {self.points}"


class Credit(models.Model):
    """Whose an entry is: the only row that joins a person to what was done; deleted when the member leaves.

    `act`, `month` (year × 12 + month − 1), `points` and `minutes` repeat the entry's, so that an account adds up by itself.
    Invariant: the earner (an account) has not confirmed it.
    """

    entry = models.OneToOneField(PointsEntry, on_delete=models.PROTECT, related_name="credit")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="credits", db_index=False)
    act = models.CharField(max_length=40)
    month = models.PositiveIntegerField()
    points = models.IntegerField()
    minutes = models.IntegerField()
    earner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    confirmed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["member", "act", "month", "points", "minutes"], name="points_of_member"),
            models.Index(fields=["member", "id"], name="points_of_member_in_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("earner")),
                name="points_never_confirmed_by_the_earner",
            ),
        ]

    def __str__(self) -> str:
        return "a credit"


class Certificate(models.Model):
    """A certificate of volunteering that a member printed: what it said, and the code by which anybody may ask whether it is true.

    Law: 志愿服务条例 Art. 19: free, true, on request. Deleted when the member leaves.
    """

    code = models.CharField(max_length=12, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="certificates")
    issued_on = models.DateField()
    minutes = models.IntegerField()
    points = models.IntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=0, points__gte=0), name="points_certificate_not_below_nought"
            )
        ]

    def __str__(self) -> str:
        return self.code
