"""The problem ledger 问题台账: matters found, who leads them, how they were closed. Never persons."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.models import Campaign, values
from heli.kernel.db import AppendOnly
from heli.problems.types import IssueDid, IssueSource, IssueStatus


class Issue(models.Model):
    """A problem of a place in a campaign: a debt, a border, a file that is missing. It is about a matter, never a person.

    Invariants: numbered once per campaign; from `in hand` on it has a leader and a due day; who closes it (销号) is not who
    claimed it done. `town` is the township of the place when it was found, none for a matter of the whole district.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    found_on = models.DateField()
    leader_person = models.ForeignKey("bodies.Person", on_delete=models.PROTECT, null=True, related_name="+")
    leader_body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    measures = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    status = models.CharField(max_length=10, default=IssueStatus.OPEN)
    claimed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    claimed_on = models.DateField(null=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="problem_numbered_once"),
            models.CheckConstraint(condition=Q(status__in=values(IssueStatus)), name="problem_status_known"),
            models.CheckConstraint(condition=Q(source__in=values(IssueSource)), name="problem_source_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(kind=""), name="problem_has_title_and_kind"),
            models.CheckConstraint(
                condition=Q(leader_person__isnull=True) | Q(leader_body__isnull=True), name="problem_one_leader"
            ),
            models.CheckConstraint(
                condition=Q(status=IssueStatus.OPEN)
                | (
                    (Q(leader_person__isnull=False) | Q(leader_body__isnull=False))
                    & Q(due_on__isnull=False)
                    & Q(due_on__gte=F("found_on"))
                ),
                name="problem_in_hand_is_led",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[IssueStatus.CLAIMED, IssueStatus.CLOSED]) | Q(claimed_on__isnull=False),
                name="problem_claimed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status=IssueStatus.CLOSED, closed_on__isnull=False)
                | (~Q(status=IssueStatus.CLOSED) & Q(closed_on__isnull=True)),
                name="problem_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(claimed_by__isnull=True) | ~Q(closed_by=F("claimed_by")),
                name="problem_closed_by_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "status", "due_on"], name="problem_by_due_day")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class IssueEvent(models.Model):
    """Something that happened to a problem: who did what, when, and where it stood after it. Never changed.

    Invariants: what sends a problem back says why.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    did = models.CharField(max_length=16)
    status = models.CharField(max_length=10)
    due_on = models.DateField(null=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(did__in=values(IssueDid)), name="problem_event_known"),
            models.CheckConstraint(condition=Q(status__in=values(IssueStatus)), name="problem_event_status_known"),
            models.CheckConstraint(
                condition=~Q(did__in=[IssueDid.RETURNED, IssueDid.REOPENED]) | ~Q(reason=""),
                name="problem_event_says_why",
            ),
            AppendOnly(name="problem_event_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.did}"


class IssueEvidence(models.Model):
    """A file or a note that shows how a problem was settled. Never changed. Invariant: it has one of both at least."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    on = models.DateField()
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(note=""), name="problem_evidence_not_empty"),
            AppendOnly(name="problem_evidence_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.on}"
