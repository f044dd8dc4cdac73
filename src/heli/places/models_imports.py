"""Imports and what lists of others say: runs, remembered columns, official lists, proposed lineage.

Kept apart from `models` only for length; places and versions are referred to by name.
"""

from django.db import models
from django.db.models import Q

IMPORT_KINDS = ("codes", "facts", "outlines", "points", "mergers", "grids", "buildings")
STAGES = ("uploaded", "checking", "checked", "applying", "applied", "failed", "abandoned")


class ImportRun(models.Model):
    """One file on its way into the register: what it is, how its columns are read, what is mended or left out.

    `mended` is {row: {field: text}}, `excluded` {row: reason}; `findings` and `preview` are what the last check said
    about it, `register_mark` the state of the register then. Invariant: what was applied keeps its result and its time.
    """

    public_id = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10)
    stage = models.CharField(max_length=10, default="uploaded")
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    district_name = models.CharField(max_length=100, blank=True)
    on = models.DateField()
    title = models.CharField(max_length=200)
    attribution = models.CharField(max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=100, blank=True)
    crs = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    mended = models.JSONField(default=dict)
    excluded = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    preview = models.JSONField(default=dict)
    register_mark = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=IMPORT_KINDS), name="import_kind_known"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="import_stage_known"),
            models.CheckConstraint(
                condition=Q(stage="applied", applied_at__isnull=False) | ~Q(stage="applied"), name="import_applied_when"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ColumnMapping(models.Model):
    """How the columns of one layout were matched last, to be offered next time. Invariant: one per district, kind, layout."""

    kind = models.CharField(max_length=10)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    signature = models.CharField(max_length=32)
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "district", "signature"], name="mapping_once"),
            models.UniqueConstraint(
                fields=["kind", "signature"], condition=Q(district__isnull=True), name="mapping_once_without_district"
            ),
        ]

    def __str__(self) -> str:
        return self.signature


class OfficialList(models.Model):
    """A code list as it was published for a day: what somebody says existed, not what Heli's register says.

    No district: a national list. Invariant: one row per district, day and content.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    source = models.ForeignKey("places.Source", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    unit_count = models.PositiveIntegerField()
    listed_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "on", "sha256"], name="official_list_once"),
            models.UniqueConstraint(
                fields=["on", "sha256"], condition=Q(district__isnull=True), name="national_list_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class OfficialUnit(models.Model):
    """A unit as an official list names it, towns included. Invariant: a code stands once in a list."""

    list = models.ForeignKey(OfficialList, on_delete=models.PROTECT, related_name="units", db_index=False)
    code_number = models.BigIntegerField()
    name = models.CharField(max_length=100)
    urban_rural_class = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "code_number"], name="official_unit_once")]

    def __str__(self) -> str:
        return self.name


class Comparison(models.Model):
    """The register of a day beside a later official list: what the two together propose. Invariant: one per list and district."""

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    list = models.ForeignKey(OfficialList, on_delete=models.PROTECT, related_name="+")
    before_on = models.DateField()
    register_mark = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    compared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "district"], name="comparison_once")]

    def __str__(self) -> str:
        return f"{self.before_on}"


class Proposal(models.Model):
    """What may have become of one place, or where one unit of a list may come from; decided by a person only.

    `group` is its class (see proposals.types.Group); `candidates` are ranked with reasons. Old place or new unit may be
    missing (gone, new), never both.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="proposals", db_index=False)
    group = models.CharField(max_length=16)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    old_code = models.CharField(max_length=12, blank=True)
    old_name = models.CharField(max_length=100, blank=True)
    old_town = models.CharField(max_length=100, blank=True)
    new_code = models.CharField(max_length=12, blank=True)
    new_name = models.CharField(max_length=100, blank=True)
    new_town = models.CharField(max_length=100, blank=True)
    candidates = models.JSONField(default=list)
    decision = models.CharField(max_length=10, default="open")
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    event = models.ForeignKey(
        "places.LineageEvent", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_code="", old_name="", new_code="", new_name=""), name="proposal_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["open", "confirmed", "declined"]), name="proposal_decision_known"
            ),
        ]
        indexes = [models.Index(fields=["comparison", "group", "decision"], name="proposal_by_group")]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"
