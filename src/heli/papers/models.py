"""Documents: templates that a district made its own, and batches of documents for many places."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from heli.kernel.db import values


class PaperFormat(StrEnum):
    """What documents are made as."""

    DOCX = "docx"
    PDF = "pdf"


class BatchState(StrEnum):
    """How far a batch is. `FAILED`: it could not be made at all; single documents that failed are listed instead."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LocalTemplate(models.Model):
    """A district's own version of a template, edited in Word. It ends by being superseded and is kept.

    Invariants: numbered within district and key; one in force at a time; its content is known by its hash.
    """

    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField()
    superseded_by = models.CharField(max_length=150, blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "key", "number"], name="local_template_numbered_once"),
            models.UniqueConstraint(
                fields=["district", "key"], condition=Q(superseded_at__isnull=True), name="local_template_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(key="") & ~Q(sha256=""), name="local_template_is_known"),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True, superseded_by="")
                | (Q(superseded_at__isnull=False) & ~Q(superseded_by="")),
                name="local_template_superseded_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class PaperBatch(models.Model):
    """Documents of several templates for several places, made by the worker into one archive.

    Invariants: never more done than there are; done means there is an archive. `templates` are [key, hash of the shipped
    one, hash of the district's own or ""] as pinned when asked for; `work` are [place of every document, number of the
    template in `templates`] in the order of the archive; `failures` are [place, key, reason].
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="+")
    templates = models.JSONField()
    work = models.JSONField()
    given = models.JSONField(default=dict)
    format = models.CharField(max_length=4)
    on = models.DateField()
    state = models.CharField(max_length=10, default=BatchState.QUEUED)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list)
    failure = models.TextField(blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=150)
    asked_by_user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=values(PaperFormat)), name="paper_batch_format_known"),
            models.CheckConstraint(condition=Q(state__in=values(BatchState)), name="paper_batch_state_known"),
            models.CheckConstraint(condition=Q(total__gt=0) & Q(done__lte=F("total")), name="paper_batch_adds_up"),
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE) | Q(file__isnull=False), name="paper_batch_done_has_archive"
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.FAILED) | ~Q(failure=""), name="paper_batch_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.done}/{self.total}"
