"""Rounds of supervision with their visits and findings."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.models import Campaign
from heli.kernel.db import AppendOnly


class InspectionRound(models.Model):
    """A round of supervision 督导: teams go to every place within some days. Invariant: numbered once per campaign."""

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120, blank=True)
    first_on = models.DateField()
    last_on = models.DateField()
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="inspection_round_numbered_once"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="inspection_round_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Visit(models.Model):
    """A team was in a place during a round. Never changed. Invariant: once per round, team and place."""

    round = models.ForeignKey(InspectionRound, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "team", "place"], name="visit_once_per_round_and_team"),
            AppendOnly(name="visit_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.place_id}"


class Finding(models.Model):
    """What a team found on a visit, as a matter; it can become a problem of the ledger. Invariant: one problem per finding."""

    public_id = models.CharField(max_length=12, unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    problem = models.OneToOneField("problems.Problem", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="finding_says_what")]

    def __str__(self) -> str:
        return self.text
