"""Scenarios, what they are planned from, their runs, acceptance, application and postings for comment.

Fields and named constraints only; rows change through `planning.services`, reads go through `planning.queries`.
"""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from heli.planning.sharing import PartStatus, Way
from heli.planning.types import PlanKind, RunState, ScenarioStatus


def _values(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


class Inputs(models.Model):
    """The register of one district on one day as a scenario saw it: never changed, shared by copies of a scenario.

    Invariants: one row per content (`sha256` covers `material`); `state` is the register's fingerprint at that moment.
    """

    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    material = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=64)
    villages = models.PositiveIntegerField()
    population = models.BigIntegerField()
    is_sample = models.BooleanField(default=False)
    pinned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "sha256", "state"], name="inputs_pinned_once"),
            models.CheckConstraint(condition=Q(villages__gt=0), name="inputs_have_villages"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.sha256[:12]}"


class Scenario(models.Model):
    """One way a district might merge its villages, or answer another question (`kind`): pinned inputs, rules, how far it is.

    Invariants: `version` grows with every change, so that a lost update is noticed; only a draft has changing rules.
    """

    public_id = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, default=PlanKind.VILLAGES)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    inputs = models.ForeignKey(Inputs, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, default=ScenarioStatus.DRAFT)
    rules = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=_values(ScenarioStatus)), name="scenario_status_known"),
            models.CheckConstraint(condition=Q(kind__in=_values(PlanKind)), name="scenario_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_has_name"),
            models.UniqueConstraint(fields=["district", "name"], name="scenario_name_once_per_district"),
            models.CheckConstraint(condition=Q(version__gt=0), name="scenario_version_counts"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanRun(models.Model):
    """One computation of a scenario under the rules of that moment. A finished run never changes.

    Invariants: numbered within its scenario; done means a result with its hash, a status and a proven bound not above the
    objective. `seconds` is for operators, never shown as a figure.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    rules_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=RunState.QUEUED)
    progress = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    status = models.CharField(max_length=10, blank=True)
    objective = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField(null=True)
    result = models.JSONField(default=dict)
    result_sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.FloatField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "number"], name="run_numbered_once"),
            models.CheckConstraint(condition=Q(state__in=_values(RunState)), name="run_state_known"),
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | (~Q(status="") & ~Q(result_sha256="")), name="run_done_has_result"
            ),
            models.CheckConstraint(
                condition=Q(objective__isnull=True) | Q(bound__isnull=True) | Q(bound__lte=F("objective")),
                name="run_bound_below_objective",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="run_progress_percent"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Acceptance(models.Model):
    """The decision that freezes one run of a scenario under a document number.

    Invariants: one per scenario; never by its author; the document has a number.
    """

    scenario = models.OneToOneField(Scenario, on_delete=models.PROTECT, related_name="acceptance")
    run = models.ForeignKey(PlanRun, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    accepted_by_name = models.CharField(max_length=150)
    document_number = models.CharField(max_length=100)
    document_on = models.DateField()
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=True) | ~Q(author=F("accepted_by")), name="acceptance_not_by_author"
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="acceptance_has_document"),
        ]

    def __str__(self) -> str:
        return self.document_number


class Application(models.Model):
    """An accepted plan written into the register as dated events; it stands until it is reversed.

    Invariants: at most one standing application per scenario; reversed means by whom, when and why.
    `events` are [key, public id] of the lineage events in the order in which they were recorded; `links` are
    ["begun" or "ended", key] of the links between organisations and places that a sharing out changed.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="applications")
    on = models.DateField()
    events = models.JSONField()
    links = models.JSONField(default=list)
    applied_by = models.CharField(max_length=150)
    applied_at = models.DateTimeField()
    reversed_by = models.CharField(max_length=150, blank=True)
    reversed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-applied_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"], condition=Q(reversed_at__isnull=True), name="application_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True) | (~Q(reversed_by="") & ~Q(reason="")),
                name="application_reversed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.on)


class Posting(models.Model):
    """A proposal posted for comment: the notice that hangs, and the very plan it shows.

    Invariants: a notice shows one plan; of a scenario one posting is the last, and only the last can still hang.
    """

    notice = models.OneToOneField("consultation.Notice", on_delete=models.PROTECT, related_name="+")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="postings")
    run = models.ForeignKey(PlanRun, on_delete=models.PROTECT, related_name="+")
    is_last = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"], condition=Q(is_last=True), name="posting_last_once_per_scenario"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}: {self.notice_id}"


class JointPlan(models.Model):
    """Several districts planned together under common rules with one count of all, handed down or shared at the lowest cost.

    Invariants: done means a result with its hash and a proven bound not above the objective; what was asked never changes.
    `shares` are [district, number or null, reduction or null] as given by hand; `best` is the lowest cost of the same count.
    """

    public_id = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    on = models.DateField()
    way = models.CharField(max_length=12)
    rules = models.JSONField()
    shares = models.JSONField(default=list)
    asked_sha256 = models.CharField(max_length=64)
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=RunState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    status = models.CharField(max_length=10, blank=True)
    objective = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    best = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    result_sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.FloatField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="joint_has_name"),
            models.CheckConstraint(condition=Q(way__in=_values(Way)), name="joint_way_known"),
            models.CheckConstraint(condition=Q(state__in=_values(RunState)), name="joint_state_known"),
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | (~Q(status="") & ~Q(result_sha256="")), name="joint_done_has_result"
            ),
            models.CheckConstraint(
                condition=Q(objective__isnull=True) | Q(bound__isnull=True) | Q(bound__lte=F("objective")),
                name="joint_bound_below_objective",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class JointPart(models.Model):
    """One district of a joint plan: what it was planned from, what fell to it, and the scenario it was opened as.

    Invariants: each district once; a solved part has its inputs, rules and result with hash; one scenario at most.
    `wanted` is the number handed down; `problems` say in words why a district could not be planned.
    """

    joint = models.ForeignKey(JointPlan, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=20, blank=True)
    before = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField(null=True)
    inputs = models.ForeignKey(Inputs, on_delete=models.PROTECT, null=True, related_name="+")
    problems = models.JSONField(default=list)
    status = models.CharField(max_length=10, blank=True)
    count = models.PositiveIntegerField(null=True)
    objective = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    rules = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    result_sha256 = models.CharField(max_length=64, blank=True)
    scenario = models.OneToOneField(Scenario, on_delete=models.PROTECT, null=True, related_name="joint_part")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["joint", "district"], name="joint_district_once"),
            models.UniqueConstraint(fields=["joint", "number"], name="joint_part_numbered_once"),
            models.CheckConstraint(condition=Q(status__in=["", *_values(PartStatus)]), name="joint_part_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["", PartStatus.UNPLANNED]) | (Q(inputs__isnull=False) & ~Q(result_sha256="")),
                name="joint_part_solved_has_result",
            ),
            models.CheckConstraint(
                condition=Q(objective__isnull=True) | Q(bound__isnull=True) | Q(bound__lte=F("objective")),
                name="joint_part_bound_below_objective",
            ),
        ]

    def __str__(self) -> str:
        return self.name
