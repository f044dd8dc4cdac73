"""Sittings of legal bodies as counts, with what the law of their day said; and matters led through the four steps."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.assemblies.texts import BODIES, MATTERS, MODES
from heli.records import fields
from heli.records.words import WordEnum


class SittingStatus(WordEnum):
    """What the law of the day says of a sitting: the first that applies (heli.decide/1)."""

    WRONG_BODY = "wrong_body", "warn", _("not this body's matter")
    VOID = "void", "bad", _("void")
    NO_QUORUM = "no_quorum", "bad", _("too few present")
    FAILED = "failed", "bad", _("not passed")
    PASSED = "passed", "good", _("passed")


class Sitting(models.Model):
    """What a meeting of a legal body voted, as counts, and what the law of its day said of it; the meeting is a row of meetings.

    `pack_…` name the file of law it was decided by, `overlay_…` the province's ("" where none was read). A sitting recorded
    wrongly is withdrawn with the reason and recorded anew. Invariants: nobody votes who is not present, nobody is present
    who is not entitled; one standing sitting per place, body, matter and day; withdrawn with day and reason.
    """

    meeting = models.OneToOneField("meetings.Meeting", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=24, db_index=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = fields.place(_("Place"))
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    matter = fields.choice(_("Matter"), lambda: MATTERS)
    body = fields.choice(_("Who sits"), lambda: BODIES)
    mode = fields.choice(_("Way of meeting"), lambda: MODES, required=False)
    held_on = fields.day(_("Held on"), is_past=True)
    called_on = fields.day(_("Called on"), required=False, is_past=True)
    is_urgent = models.BooleanField(default=False)
    is_delegated = models.BooleanField(default=False)
    entitled = fields.number(_("Entitled"), least=1, most=1_000_000)
    present = fields.number(
        pgettext_lazy("sitting", "Present"),
        most=1_000_000,
        help=_("Written proxies and lawful attendance online included."),
    )
    votes_for = fields.number(_("For"), most=1_000_000)
    votes_against = fields.number(_("Against"), most=1_000_000)
    votes_abstain = fields.number(_("Abstained"), most=1_000_000)
    members = fields.number(_("Members of the congress"), required=False, most=10_000)
    representatives = fields.number(_("of these representatives"), required=False, most=10_000)
    women = fields.number(_("of these women"), required=False, most=10_000)
    women_present = fields.number(_("Women present"), required=False, most=10_000)
    voters = fields.number(_("Voters"), required=False, most=1_000_000)
    voters_signed = fields.number(_("Voters who signed the petition"), required=False, most=1_000_000)
    representatives_signed = fields.number(_("Representatives who signed the petition"), required=False, most=10_000)
    status = models.CharField(max_length=16)
    pack_id = models.CharField(max_length=60)
    pack_version = models.PositiveIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    overlay_id = models.CharField(max_length=60, blank=True)
    overlay_sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_by, withdrawn_on = fields.stamp()
    withdrawn_why = fields.text(_("Why it is withdrawn"), required=False, most=300)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(entitled__gte=1, present__lte=F("entitled")), name="sitting_present_entitled"),
            models.CheckConstraint(
                condition=Q(present__gte=F("votes_for") + F("votes_against") + F("votes_abstain")),
                name="sitting_votes_present",
            ),
            models.CheckConstraint(
                condition=Q(votes_for__gte=0, votes_against__gte=0, votes_abstain__gte=0), name="sitting_counts"
            ),
            models.CheckConstraint(condition=Q(status__in=SittingStatus.values), name="sitting_status_known"),
            models.CheckConstraint(
                condition=Q(called_on__isnull=True) | Q(called_on__lte=F("held_on")), name="sitting_called_before"
            ),
            models.CheckConstraint(
                condition=~Q(pack_id="") & ~Q(pack_sha256="") & (Q(overlay_id="") | ~Q(overlay_sha256="")),
                name="sitting_keeps_its_law",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_why="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_why="")),
                name="sitting_withdrawn_why",
            ),
            models.UniqueConstraint(
                fields=["about", "place", "body", "matter", "held_on"],
                condition=Q(withdrawn_on__isnull=True),
                name="sitting_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.body} {self.held_on}"


class StepsVariant(WordEnum):
    """Who discusses in the second of the four steps."""

    TWO = "two", "quiet", _("two committees")
    THREE = "three", "quiet", _("three committees, under supervision")


class FourSteps(models.Model):
    """A matter of a village led through 四议两公开: proposed, discussed, reviewed by the members, decided, published, carried out.

    The first two are plain meetings (one meeting where one person leads both), the third and fourth sittings, the publications
    notices. Invariants: no step without the one before; one meeting for two steps only under one leader; with three
    committees it is not carried out without a word of the supervision.
    """

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24, db_index=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = fields.place(_("Place"))
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    title = fields.text(_("What is to be decided"), missing=_("Say what is to be decided."))
    matter = fields.choice(_("Matter"), lambda: MATTERS)
    variant = fields.choice(_("Who discusses"), StepsVariant)
    is_one_shoulder = models.BooleanField(default=False)
    proposed = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, null=True, related_name="+")
    discussed = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, null=True, related_name="+")
    reviewed = models.OneToOneField(Sitting, on_delete=models.PROTECT, null=True, related_name="+")
    resolved = models.OneToOneField(Sitting, on_delete=models.PROTECT, null=True, related_name="+")
    decision_notice = models.OneToOneField("consultation.Notice", on_delete=models.PROTECT, null=True, related_name="+")
    result_notice = models.OneToOneField("consultation.Notice", on_delete=models.PROTECT, null=True, related_name="+")
    supervision = fields.text(_("What the supervision committee saw"), required=False, most=1_000, lines=2)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "four steps"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="four_steps_say_what"),
            models.CheckConstraint(
                condition=(Q(discussed__isnull=True) | Q(proposed__isnull=False))
                & (Q(reviewed__isnull=True) | Q(discussed__isnull=False))
                & (Q(resolved__isnull=True) | Q(reviewed__isnull=False))
                & (Q(decision_notice__isnull=True) | Q(resolved__isnull=False))
                & (Q(result_notice__isnull=True) | Q(decision_notice__isnull=False)),
                name="four_steps_in_order",
            ),
            models.CheckConstraint(
                condition=Q(is_one_shoulder=True)
                | Q(proposed__isnull=True)
                | Q(discussed__isnull=True)
                | ~Q(proposed=F("discussed")),
                name="four_steps_one_meeting_under_one",
            ),
            models.CheckConstraint(
                condition=Q(variant=StepsVariant.TWO) | Q(result_notice__isnull=True) | ~Q(supervision=""),
                name="four_steps_supervised",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)
