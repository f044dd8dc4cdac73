"""Playbooks in use, campaigns, their steps over places, what happened to them, and what proves them."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.types import CampaignStatus, Did, EvidenceKind, StepStatus
from heli.kernel.db import AppendOnly, PeriodsDoNotOverlap, SealedOnce, period_runs_forward
from heli.kernel.db import values as values  # noqa: PLC0414 - rooms that are not parted yet take it from here
from heli.kernel.levels import Per


class PinnedPlaybook(models.Model):
    """A playbook exactly as it was when a campaign took it: its text and hash. Never changed.

    Invariant: one row per content.
    """

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    pinned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(key=""), name="playbook_has_text"),
            AppendOnly(name="playbook_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Campaign(models.Model):
    """One run of a playbook over places of a district: a reform, a yearly project, a hundred days.

    Invariants: its playbook and its rules of colours (`rules`) are pinned; it begins before its fixed day; `windows` is the
    timetable frozen at opening, {step key: [first day, due day]}.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    playbook = models.ForeignKey(PinnedPlaybook, on_delete=models.PROTECT, related_name="+")
    scenario = models.ForeignKey("planning.Scenario", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, default=CampaignStatus.RUNNING)
    starts_on = models.DateField()
    fixed_on = models.DateField(null=True)
    windows = models.JSONField(default=dict)
    pack_id = models.CharField(max_length=60)
    pack_version = models.PositiveIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    rules = models.JSONField()
    is_sample = models.BooleanField(default=False)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=values(CampaignStatus)), name="campaign_status_known"),
            models.CheckConstraint(condition=~Q(name=""), name="campaign_has_name"),
            models.CheckConstraint(
                condition=Q(fixed_on__isnull=True) | Q(fixed_on__gte=F("starts_on")), name="campaign_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(status=CampaignStatus.FINISHED, finished_at__isnull=False)
                | (~Q(status=CampaignStatus.FINISHED) & Q(finished_at__isnull=True)),
                name="campaign_finished_at_a_moment",
            ),
            models.UniqueConstraint(fields=["district", "name"], name="campaign_name_once_per_district"),
        ]

    def __str__(self) -> str:
        return self.name


class Track(models.Model):
    """A place within a campaign: its steps in a row. It ends, visibly, when the place goes on in a successor.

    Invariants: a place has one track in a campaign; `town` is the place itself for a town, none for the district.
    `tags` are `types.Tag` values, what the steps' `applies` asks.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tracks")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    per = models.CharField(max_length=10)
    tags = models.JSONField(default=list)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "place"], name="track_once_per_place"),
            models.CheckConstraint(condition=Q(per__in=values(Per)), name="track_per_known"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(ended_at__isnull=False), name="track_with_successor_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}:{self.place_id}"


class Step(models.Model):
    """One step of a playbook to be done for one place: where it stands now.

    Invariants: once per track and key; `baseline_on` is the due day frozen when the step was made and never changes,
    `due_on` the one in force (an approved extension moves it); the accepter is never the submitter.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="steps")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="steps", db_index=False)
    key = models.CharField(max_length=60)
    ordinal = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, default=StepStatus.NOT_STARTED)
    start_on = models.DateField()
    baseline_on = models.DateField()
    due_on = models.DateField()
    asked_due_on = models.DateField(null=True)
    submitted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    submitted_for = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    submitted_on = models.DateField(null=True)
    accepted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    moved_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["track", "key"], name="step_once_per_track"),
            models.CheckConstraint(condition=Q(status__in=values(StepStatus)), name="step_status_known"),
            models.CheckConstraint(
                condition=Q(start_on__lte=F("baseline_on")) & Q(start_on__lte=F("due_on")), name="step_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | (
                    ~Q(accepted_by=F("submitted_by"))
                    & (Q(submitted_for__isnull=True) | ~Q(accepted_by=F("submitted_for")))
                ),
                name="step_not_accepted_by_submitter",
            ),
            models.CheckConstraint(
                condition=~Q(status=StepStatus.ACCEPTED) | Q(accepted_on__isnull=False), name="step_accepted_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(status=StepStatus.SUBMITTED) | Q(submitted_on__isnull=False),
                name="step_submitted_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["track", "ordinal"], name="step_by_track"),
            models.Index(fields=["campaign", "status", "due_on"], name="step_by_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.track_id}:{self.key}"


class StepEvent(models.Model):
    """Something that happened to a step: who did what, when, and where the step stood after it. Never changed.

    The colours of any past moment are read from this log. `for_name`: the absent owner a deputy acted for.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    did = models.CharField(max_length=20)
    status = models.CharField(max_length=12)
    due_on = models.DateField()
    submitted_on = models.DateField(null=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150)
    for_name = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(did__in=values(Did)), name="step_event_known"),
            models.CheckConstraint(condition=Q(status__in=values(StepStatus)), name="step_event_status_known"),
            models.CheckConstraint(
                condition=~Q(did__in=[Did.RETURNED, Did.WAIVED, Did.REOPENED, Did.ASKED_EXTENSION]) | ~Q(reason=""),
                name="step_event_says_why",
            ),
            AppendOnly(name="step_event_append_only"),
        ]
        indexes = [
            models.Index(fields=["campaign", "at"], name="step_event_by_time"),
            models.Index(fields=["step", "id"], name="step_event_by_step"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.did}"


class Evidence(models.Model):
    """What proves a step: a photo, a file, a number, minutes, or a document that attests a gate.

    Invariants: it has the content of its kind; once sealed (its step was accepted) neither it nor its file changes;
    what was withdrawn before that stays, out of count. `requirement` is its place among the step's required evidence.
    """

    public_id = models.CharField(max_length=12, unique=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="evidence")
    requirement = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    gate = models.CharField(max_length=80, blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.BigIntegerField(null=True)
    text = models.TextField(blank=True)
    on = models.DateField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    added_by_name = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=values(EvidenceKind)), name="evidence_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=EvidenceKind.NUMBER, number__isnull=False)
                | (
                    Q(kind__in=[EvidenceKind.PHOTO, EvidenceKind.FILE, EvidenceKind.ATTESTATION])
                    & Q(file__isnull=False)
                )
                | (Q(kind=EvidenceKind.MINUTES) & (Q(file__isnull=False) | ~Q(text=""))),
                name="evidence_has_its_content",
            ),
            models.CheckConstraint(
                condition=Q(kind=EvidenceKind.ATTESTATION) | Q(gate=""), name="evidence_gate_only_attested"
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True) | Q(withdrawn_at__isnull=True), name="evidence_sealed_or_withdrawn"
            ),
            SealedOnce(name="evidence_sealed_once", field="sealed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Pause(models.Model):
    """Days on which a whole campaign rests: its clocks stand still. Invariants: pauses do not overlap; they have a reason."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pauses")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.TextField()
    paused_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # Paused and resumed on one day: an empty period, no day was lost.
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="pause_runs_forward",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_says_why"),
            PeriodsDoNotOverlap(fields=["campaign"], name="pauses_do_not_overlap"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.valid_from}"


class Deputy(models.Model):
    """Somebody acts for an absent colleague in campaigns, for a time; what they do names both.

    Invariants: nobody is their own deputy; one deputy per colleague at a time.
    """

    principal = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    appointed_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            period_runs_forward("deputy_period_forward"),
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="deputy_is_another"),
            PeriodsDoNotOverlap(fields=["principal"], name="deputy_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.principal_id}"
