"""Rounds of supervision with their visits and findings."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heli.kernel.db import AppendOnly
from heli.problems.catalogues import problem_kinds
from heli.records import fields
from heli.records.words import MATTERS_ONLY, words_of


class InspectionRound(models.Model):
    """A round of supervision 督导: teams go to every place within some days. Invariant: numbered once per `about`."""

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    subject = fields.text(_("What is looked at"), required=False)
    first_on = fields.day(_("First day"))
    last_on = fields.day(_("Last day"))
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="inspection_round_numbered_once"),
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
    visited_on = fields.day(_("Visited on"), is_past=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["visited_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "team", "place"], name="visit_once_per_round_and_team"),
            AppendOnly(name="visit_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.place_id}"


class VisitFinding(models.Model):
    """What a team found on a visit, as a matter; it can become a problem of the ledger. Invariant: one problem per finding."""

    public_id = models.CharField(max_length=12, unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    kind = fields.choice(_("Kind of finding"), lambda: words_of(problem_kinds()))
    text = fields.text(_("Finding"), most=300, missing=_("Say what was found."), help=MATTERS_ONLY)
    problem = models.OneToOneField("problems.Problem", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="finding_says_what")]

    def __str__(self) -> str:
        return str(self.text)
