"""Reports as they were made. Never changed once written."""

from django.db import models
from django.db.models import Q

from heli.figures.reports.types import Recipient, ReportKind
from heli.kernel.db import AppendOnly


class Report(models.Model):
    """A report for one recipient in one language, composed from a snapshot; its content is kept as canonical JSON.

    `recipient_key` names the recipient for ever ("town:…"); a leader's name is not in the content, it is read when shown.
    `pack_sha256` says by which pack of rules it was composed. Invariants: one per campaign, snapshot, kind, recipient and
    language; a leader is a body or a person, nobody else is.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+", db_index=False)
    snapshot = models.ForeignKey("figures.Snapshot", on_delete=models.PROTECT, related_name="+")
    week = models.ForeignKey("warnings.FrozenWeek", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    recipient = models.CharField(max_length=10)
    recipient_key = models.CharField(max_length=24)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("bodies.Person", on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    pack_id = models.CharField(max_length=60)
    pack_version = models.PositiveIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-snapshot__on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "snapshot", "kind", "recipient_key", "language"], name="report_once_per_recipient"
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in ReportKind]), name="report_kind_known"),
            models.CheckConstraint(
                condition=Q(recipient__in=[one.value for one in Recipient]), name="report_recipient_known"
            ),
            models.CheckConstraint(
                condition=Q(recipient=Recipient.LEADER.value, body__isnull=False, person__isnull=True)
                | Q(recipient=Recipient.LEADER.value, body__isnull=True, person__isnull=False)
                | (~Q(recipient=Recipient.LEADER.value) & Q(body__isnull=True, person__isnull=True)),
                name="report_leader_is_body_or_person",
            ),
            models.CheckConstraint(condition=~Q(content=""), name="report_not_empty"),
            AppendOnly(name="report_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient_key}"
