"""The appraisal year: committees, communities, towns and departments judged from facts. Bodies and offices, never residents.

A result enters no personal file. Facts are only ever added; the last one counts.
"""

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.appraisal.packs import appraisal_packs
from heli.kernel.db import AppendOnly
from heli.records import fields
from heli.records.fields import SHOWN
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import WordEnum


class AppraisalState(WordEnum):
    """How far an appraisal is."""

    OPEN = "open", "quiet", pgettext_lazy("appraisal", "facts are gathered")
    REPORTED = "reported", "info", pgettext_lazy("appraisal", "work report given")
    PROPOSED = "proposed", "info", pgettext_lazy("appraisal", "grade proposed")
    GRADED = "graded", "good", pgettext_lazy("appraisal", "graded, on notice")
    OBJECTED = "objected", "warn", pgettext_lazy("appraisal", "objected")
    RULED = "ruled", "good", pgettext_lazy("appraisal", "objection ruled on")
    SEALED = "sealed", "good", pgettext_lazy("appraisal", "sealed")


class AppraisalGrade(WordEnum):
    """The grade that people give."""

    EXCELLENT = "excellent", "good", pgettext_lazy("grade", "excellent")
    COMPETENT = "competent", "good", pgettext_lazy("grade", "competent")
    BASIC = "basic", "warn", pgettext_lazy("grade", "basically competent")
    INCOMPETENT = "incompetent", "bad", pgettext_lazy("grade", "incompetent")


def pack_words() -> dict[str, str | Promise]:
    """The packs in the reader's language."""
    from django.utils.translation import get_language

    return {key: pack.title.text(get_language() or "zh-hans") for key, pack in appraisal_packs().items()}


class AppraisalYear(models.Model):
    """An appraisal of a district in a year by a pack, as that stood when it was begun. Invariants: once; a year of this century."""

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    pack = models.CharField(max_length=40)
    pack_version = models.PositiveSmallIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "pack"]
        constraints = [
            models.UniqueConstraint(fields=["district", "year", "pack"], name="appraisal_year_once"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="appraisal_year_can_be_meant"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.year}"


class Appraisal(LedgerRow):
    """One subject in an appraisal year. `parts` is what the rule made of the facts: scores, weights, total, or what is missing.

    Invariants: once a year; whoever confirms a grade did not propose it, whoever rules on an objection did not confirm it; graded
    with a grade; sealed with a hash.
    """

    year = models.ForeignKey(AppraisalYear, on_delete=models.PROTECT, related_name="appraisals")
    title = fields.text(_("Who is appraised"), most=140, where=SHOWN, search=True)
    pack = fields.choice(_("Appraisal"), pack_words, where=SHOWN, filter=True)
    body_person, body_body = fields.holder("body", _("Organisation"), where=frozenset({fields.ShownIn.EXPORT}))
    peers = models.CharField(max_length=40)
    grade = fields.choice(_("Grade"), AppraisalGrade, required=False, where=SHOWN, filter=True)
    why = fields.text(
        _("Reason for the grade"), required=False, lines=3, most=1_000, where=frozenset({fields.ShownIn.PAGE})
    )
    objection = fields.text(_("Objection"), required=False, lines=3, most=2_000, where=frozenset({fields.ShownIn.PAGE}))
    ruling = fields.text(_("Ruling"), required=False, lines=3, most=2_000, where=frozenset({fields.ShownIn.PAGE}))
    parts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    proposed_by, proposed_on = fields.stamp()
    confirmed_by, confirmed_on = fields.stamp()
    objected_by, objected_on = fields.stamp()
    ruled_by, ruled_on = fields.stamp()
    sealed_by, sealed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("appraisal", AppraisalState),
            models.UniqueConstraint(
                fields=["year", "place"], condition=Q(body_body__isnull=True), name="appraisal_once_a_year"
            ),
            models.UniqueConstraint(fields=["year", "body_body"], name="appraisal_of_a_body_once_a_year"),
            second_person("appraisal_confirmed_by_another", "confirmed", "proposed"),
            second_person("appraisal_ruled_by_another", "ruled", "confirmed"),
            second_person("appraisal_ruled_not_by_the_proposer", "ruled", "proposed"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "reported"]) | Q(grade__in=AppraisalGrade.values), name="appraisal_graded"
            ),
            models.CheckConstraint(
                condition=(Q(status="sealed") & ~Q(sha256="")) | (~Q(status="sealed") & Q(sha256="")),
                name="appraisal_sealed_with_a_hash",
            ),
            stamped("appraisal_sealed_on_a_day", "sealed", [AppraisalState.SEALED], only=True),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class AppraisalFact(models.Model):
    """What is known for an indicator, or why it does not apply; never changed: the last one counts.

    `fact` as the rule takes it, in JSON; `figure`, `version`, `snapshot` and `sha256` say where a pushed value came from.
    Invariant: a fact, or a reason.
    """

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="facts")
    indicator = models.CharField(max_length=40)
    fact = models.CharField(max_length=200, blank=True)
    exempt = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=120)
    figure = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=0)
    snapshot = models.CharField(max_length=12, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["appraisal", "indicator", "id"], name="appraisal_fact_last")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(fact="") & ~Q(exempt="")) | (~Q(fact="") & Q(exempt="")), name="appraisal_fact_or_reason"
            ),
            models.CheckConstraint(
                condition=Q(figure="", snapshot="", sha256="")
                | (~Q(figure="") & ~Q(snapshot="") & ~Q(sha256="")),
                name="appraisal_figure_with_its_snapshot",
            ),
            AppendOnly(name="appraisal_fact_append_only"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.indicator}"


class AppraisalNote(models.Model):
    """Something that happened and is to be thought of when a place is graded: handed over once by a confirmed proposal.

    It scores nothing; people read it. Invariants: it says what, from one source once; never changed.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.TextField()
    source = models.CharField(max_length=40, unique=True)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="appraisal_note_says_what"),
            AppendOnly(name="appraisal_note_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class ReviewCount(models.Model):
    """How many office-holders of a town were reviewed in a year, and how many were not proposed for a class of reasons.

    Numbers only; `reason` "" counts the reviewed. Never changed: a later count of the same counts. Invariant: not below nought.
    """

    year = models.ForeignKey(AppraisalYear, on_delete=models.PROTECT, related_name="reviews")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    number = models.IntegerField()
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=0), name="appraisal_review_not_below_nought"),
            AppendOnly(name="appraisal_review_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
