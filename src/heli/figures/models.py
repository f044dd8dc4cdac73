"""Stored figures: snapshots with their values, and figures that somebody else published. Never changed once written."""

from django.db import models
from django.db.models import Q

from heli.figures.types import SnapshotKind
from heli.kernel.db import AppendOnly


class SnapshotValues(models.Model):
    """The values of a figure for all places of a district, as canonical text; kept once per content.

    `content` is JSON {place key: number, or [numerator, denominator]} by ascending key. Invariant: its hash names it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(content=""), name="snapshot_values_not_empty"),
            AppendOnly(name="snapshot_values_append_only"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Snapshot(models.Model):
    """All figures of a district as they were known at a moment: what a report of that day says, for ever.

    Invariants: one per district, kind and day; `sha256` covers its figures and the hash of the snapshot before it
    (`previous`), so that none can be slipped in, changed or taken out.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)
    taken_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["district", "kind", "on"], name="snapshot_once_per_day"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in SnapshotKind]), name="snapshot_kind_known"
            ),
            AppendOnly(name="snapshot_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class SnapshotFigure(models.Model):
    """One figure of a snapshot: which definition computed it, and its values. Invariant: once per snapshot."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="figures", db_index=False)
    figure = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    values = models.ForeignKey(SnapshotValues, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "figure"], name="snapshot_figure_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="snapshot_figure_versioned"),
            AppendOnly(name="snapshot_figure_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} v{self.version}"


class ReportedFigure(models.Model):
    """A figure that somebody published or reported, exactly as it was written, with what the lint found wrong with it.

    `claim` are the fields of `kernel.lint.Claim` beside the text; `flags` are [code, facts, is a warning] as found on entry.
    `figure` is the id of Heli's own figure that it is compared with, or empty. Never changed: a correction is a new row.
    """

    public_id = models.CharField(max_length=12, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=60)
    figure = models.CharField(max_length=80, blank=True)
    claim = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    document = models.CharField(max_length=200, blank=True)
    entered_by = models.CharField(max_length=150)
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="reported_figure_says_something"),
            AppendOnly(name="reported_figure_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.text}"


from heli.figures.models_reports import Report  # noqa: E402 - after the models it points to

__all__ = ["Report", "ReportedFigure", "Snapshot", "SnapshotFigure", "SnapshotValues"]
