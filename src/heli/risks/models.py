"""Risk assessments: four aspects, scored by a pack, signed by a second person."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.models import Campaign, values
from heli.kernel.db import SealedOnce
from heli.risks.types import Aspect, RiskLevel


class RiskAssessment(models.Model):
    """What could go wrong with a reform in a place, and what is done against it: one version of a written judgement.

    Invariants: numbered per campaign and place; at most one draft of a place; signed by another than its author, and then
    never changed: what comes later is a new version. `level` and `score` are the pack's answer, `pack` says which one.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField()
    pack = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField(default=0)
    level = models.CharField(max_length=8, default=RiskLevel.LOW)
    contingency = models.TextField(blank=True)
    contingency_file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    signed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    signed_by_name = models.CharField(max_length=150, blank=True)
    signed_on = models.DateField(null=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["place_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "place", "version"], name="risk_version_once"),
            models.UniqueConstraint(
                fields=["campaign", "place"], condition=Q(sealed_at__isnull=True), name="risk_one_draft_per_place"
            ),
            models.CheckConstraint(condition=Q(level__in=values(RiskLevel)), name="risk_level_known"),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, signed_on__isnull=True, signed_by_name="")
                | (Q(sealed_at__isnull=False) & Q(signed_on__isnull=False) & ~Q(signed_by_name="")),
                name="risk_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | Q(author__isnull=True) | ~Q(signed_by=F("author")),
                name="risk_signed_by_a_second_person",
            ),
            SealedOnce(name="risk_sealed_once", field="sealed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} v{self.version}"


class RiskItem(models.Model):
    """One risk of an assessment. Invariants: likelihood and severity are 1 to 5; sealed with its assessment."""

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="items")
    ordinal = models.PositiveSmallIntegerField()
    aspect = models.CharField(max_length=16)
    likelihood = models.PositiveSmallIntegerField()
    severity = models.PositiveSmallIntegerField()
    what = models.TextField()
    measures = models.TextField(blank=True)
    sealed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ordinal", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "ordinal"], name="risk_item_once"),
            models.CheckConstraint(condition=Q(aspect__in=values(Aspect)), name="risk_aspect_known"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5)) & Q(severity__range=(1, 5)), name="risk_scored_one_to_five"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="risk_item_says_what"),
            SealedOnce(name="risk_item_sealed_once", field="sealed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}.{self.ordinal}"
