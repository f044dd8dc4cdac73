"""Risk assessments: four aspects, scored by a pack, signed by a second person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heli.kernel.db import SealedOnce
from heli.records import fields
from heli.records.models import second_person
from heli.risks.types import Aspect, RiskLevel


class RiskAssessment(models.Model):
    """What could go wrong with a reform in a place, and what is done against it: one version of a written judgement.

    Invariants: numbered per `about` (records.abouts) and place; at most one draft of a place; signed by another than its
    author, and then never changed: what comes later is a new version. `level` and `score` are the pack's answer, `pack` says
    which one.
    """

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField()
    pack = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField(default=0)
    level = models.CharField(max_length=8, default=RiskLevel.LOW.value)
    contingency = fields.text(_("Contingency plan"), required=False, lines=5)
    contingency_file = fields.file(_("Contingency plan as a file"))
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    written_by_name = models.CharField(max_length=150)
    written_at = models.DateTimeField()
    signed_by, signed_on = fields.stamp()
    signed_by_name = models.CharField(max_length=150, blank=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["about", "place", "version"], name="risk_version_once"),
            models.UniqueConstraint(
                fields=["about", "place"], condition=Q(sealed_at__isnull=True), name="risk_one_draft_per_place"
            ),
            models.CheckConstraint(condition=Q(level__in=[one.value for one in RiskLevel]), name="risk_level_known"),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, signed_on__isnull=True, signed_by_name="")
                | (Q(sealed_at__isnull=False) & Q(signed_on__isnull=False) & ~Q(signed_by_name="")),
                name="risk_signed_whole",
            ),
            second_person("risk_signed_by_a_second_person", "signed", "written"),
            SealedOnce(name="risk_sealed_once", field="sealed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} v{self.version}"


class RiskItem(models.Model):
    """One risk of an assessment. Invariants: likelihood and severity are 1 to 5; sealed with its assessment."""

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="items")
    ordinal = models.PositiveSmallIntegerField()
    aspect = models.CharField(max_length=16)
    likelihood = fields.number(_("Likelihood"), least=1, most=5)
    severity = fields.number(_("Severity"), least=1, most=5)
    what = fields.text(_("What could go wrong"), most=1000, lines=2, missing=_("Say what could go wrong."))
    measures = fields.text(_("Measures"), most=2000, lines=2, required=False)
    sealed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ordinal", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "ordinal"], name="risk_item_once"),
            models.CheckConstraint(condition=Q(aspect__in=[one.value for one in Aspect]), name="risk_aspect_known"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5)) & Q(severity__range=(1, 5)), name="risk_scored_one_to_five"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="risk_item_says_what"),
            SealedOnce(name="risk_item_sealed_once", field="sealed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}.{self.ordinal}"
