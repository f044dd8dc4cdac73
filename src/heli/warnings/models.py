"""Frozen weeks and their colours, contests, demanded statements, forecasts, and key complex villages."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.types import Colour, SeatLevel
from heli.kernel.db import AppendOnly, PeriodsDoNotOverlap, period_runs_forward, values
from heli.warnings.types import ContestStatus, ProposalStatus, StatementStatus, Tier


class FrozenWeek(models.Model):
    """The colours of a campaign as its log had them when a week ended; `rules` pins the rule pack. Never changed.

    Invariants: once per campaign and moment; numbered from 1 in order; a week that does not count says why.
    """

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()
    label = models.CharField(max_length=8)
    pack_id = models.CharField(max_length=60)
    pack_version = models.PositiveIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    rules = models.JSONField()
    counts = models.BooleanField()
    why_not = models.CharField(max_length=10, blank=True)
    is_provisional = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "ends_at"], name="week_frozen_once"),
            models.UniqueConstraint(fields=["campaign", "number"], name="week_numbered_once"),
            models.CheckConstraint(
                condition=Q(counts=True, why_not="") | (Q(counts=False) & ~Q(why_not="")), name="week_says_why_not"
            ),
            models.CheckConstraint(condition=Q(frozen_at__gte=F("ends_at")), name="week_frozen_after_its_end"),
            AppendOnly(name="week_append_only"),
        ]

    def __str__(self) -> str:
        return self.label


class FrozenColour(models.Model):
    """The colour of one place in a frozen week and why: its worst open step. Counts are of the place's own steps.

    `above` is the town of a village and the district of a town, as the register stood that day.
    """

    week = models.ForeignKey(FrozenWeek, on_delete=models.PROTECT, related_name="colours", db_index=False)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    above = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    level = models.CharField(max_length=10)
    colour = models.CharField(max_length=10)
    days_late = models.PositiveIntegerField()
    worst_key = models.CharField(max_length=60, blank=True)
    open = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    done = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "place"], name="colour_once_per_week"),
            models.CheckConstraint(condition=Q(colour__in=values(Colour)), name="colour_known"),
            models.CheckConstraint(condition=Q(level__in=values(SeatLevel)), name="colour_level_known"),
            models.CheckConstraint(condition=Q(late__lte=F("open")), name="colour_late_among_open"),
            AppendOnly(name="colour_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.week_id}:{self.place_id} {self.colour}"


class Forecast(models.Model):
    """When a place would be finished, as computed at the end of a frozen week: even chance, and four in five. Never changed."""

    week = models.ForeignKey(FrozenWeek, on_delete=models.PROTECT, related_name="forecasts", db_index=False)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=10)
    p50_on = models.DateField()
    p80_on = models.DateField()
    draws = models.PositiveIntegerField()
    seed = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "place"], name="forecast_once_per_week"),
            models.CheckConstraint(condition=Q(level__in=values(SeatLevel)), name="forecast_level_known"),
            models.CheckConstraint(condition=Q(p80_on__gte=F("p50_on")), name="forecast_quantiles_ordered"),
            AppendOnly(name="forecast_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.week_id}:{self.place_id} {self.p50_on}"


class Contest(models.Model):
    """A town says that its red of a week is wrong, with evidence; a second person decides. The frozen colour stays as it is.

    Invariants: one that is open or upheld per week and town; who decides is another than who contested; a decision has
    its reason.
    """

    public_id = models.CharField(max_length=12, unique=True)
    week = models.ForeignKey(FrozenWeek, on_delete=models.PROTECT, related_name="contests")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, default=ContestStatus.OPEN)
    contested_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    contested_by_name = models.CharField(max_length=150)
    contested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-contested_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=values(ContestStatus)), name="contest_status_known"),
            models.CheckConstraint(condition=~Q(text=""), name="contest_says_why"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("contested_by")),
                name="contest_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=ContestStatus.OPEN, decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(status=ContestStatus.OPEN)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="contest_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["week", "town"],
                condition=Q(status__in=[ContestStatus.OPEN, ContestStatus.UPHELD]),
                name="contest_once_per_red",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Statement(models.Model):
    """表态: a town that was red in consecutive weeks is asked for a statement; its secretary gives it; the district takes note.

    Invariants: one per streak of a town (named by its first red week) stands; given means a text; who takes note is
    another than who gave it; withdrawn has its reason.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    first_week = models.ForeignKey(FrozenWeek, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_week = models.ForeignKey(FrozenWeek, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    status = models.CharField(max_length=12, default=StatementStatus.DEMANDED)
    demanded_at = models.DateTimeField()
    text = models.TextField(blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    given_by_name = models.CharField(max_length=150, blank=True)
    given_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    acknowledged_by_name = models.CharField(max_length=150, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-demanded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=values(StatementStatus)), name="statement_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=[StatementStatus.GIVEN, StatementStatus.ACKNOWLEDGED])
                | (~Q(text="") & Q(given_at__isnull=False, given_by__isnull=False)),
                name="statement_given_has_text",
            ),
            models.CheckConstraint(
                condition=~Q(status=StatementStatus.ACKNOWLEDGED)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="statement_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True)
                | Q(given_by__isnull=True)
                | ~Q(acknowledged_by=F("given_by")),
                name="statement_acknowledged_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status=StatementStatus.WITHDRAWN)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="statement_withdrawn_with_reason",
            ),
            models.UniqueConstraint(
                fields=["campaign", "town", "first_week"],
                condition=~Q(status=StatementStatus.WITHDRAWN),
                name="statement_once_per_streak",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class AppraisalProposal(models.Model):
    """What a streak of red weeks would add to the yearly appraisal of a town: a proposal until a person decides.

    It is about the unit, never about a person. Invariants: one per statement; decided means by whom and why.
    """

    public_id = models.CharField(max_length=12, unique=True)
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="proposal")
    status = models.CharField(max_length=10, default=ProposalStatus.PROPOSED)
    text = models.TextField()
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=values(ProposalStatus)), name="proposal_status_known"),
            models.CheckConstraint(condition=~Q(text=""), name="proposal_has_text"),
            models.CheckConstraint(
                # Confirmed or dismissed by a person; the system itself only lapses one whose demand was withdrawn.
                condition=Q(status=ProposalStatus.PROPOSED, decided_at__isnull=True)
                | (Q(status=ProposalStatus.LAPSED, decided_at__isnull=False) & ~Q(reason=""))
                | (
                    Q(status__in=[ProposalStatus.CONFIRMED, ProposalStatus.DISMISSED])
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="proposal_decided_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class KeyVillage(models.Model):
    """重点复杂村: a village that needs particular attention, why (facts, never persons), in which tier, and who is with it.

    `reasons` are [{"kind", "value", "note"}] by the kinds of the pack. Invariants: confirmed by another than who proposed
    it; once per campaign and village at a time.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=10)
    reasons = models.JSONField()
    points = models.PositiveIntegerField(default=0)
    team = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    leader = models.ForeignKey("bodies.BodyLink", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_by_name = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_by_name = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-points", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=values(Tier)), name="key_village_tier_known"),
            models.CheckConstraint(condition=~Q(reasons=[]), name="key_village_has_reasons"),
            period_runs_forward("key_village_period_forward"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="key_village_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="key_village_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | ~Q(ended_reason=""), name="key_village_ends_with_reason"
            ),
            PeriodsDoNotOverlap(fields=["campaign", "place"], name="key_village_once_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.public_id
