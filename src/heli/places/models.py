"""Places, their versions in time, the events that link them, and figures about them.

Fields and named constraints only; rows change through `places.services` alone, and are read through `places.queries`.
Tables of a district are reachable by its `district` column, so that a province can be sharded by it.
"""

from django.db import models
from django.db.models import CharField, F, Q
from django.db.models.functions import Cast

from heli.kernel.db import PeriodsDoNotOverlap
from heli.places.types import EventKind, Level, Origin, PlaceKind


def choices(values: type[Level] | type[PlaceKind] | type[EventKind] | type[Origin]) -> list[tuple[str, str]]:
    """Choices of a StrEnum; labels are given by `places.texts`."""
    return [(value.value, value.value) for value in values]


def sound_share(name: str) -> Q:
    """Part and base both known, the part from nothing to the whole of a positive base; or neither known."""
    part, base = f"{name}_part", f"{name}_of"
    known = {f"{part}__isnull": False, f"{base}__isnull": False, f"{part}__gte": 0, f"{base}__gte": 1}
    return Q(**{f"{part}__isnull": True, f"{base}__isnull": True}) | Q(**known, **{f"{part}__lte": F(base)})


class Source(models.Model):
    """A file or paper that rows of the register come from. Invariant: one row per content (hash) and title."""

    public_id = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    attribution = models.CharField(max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "title"], condition=~Q(sha256=""), name="source_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Place(models.Model):
    """An identity on the ground that never dies: a village, a town, a grid. What it is called and when it was valid is
    said by its versions; `district` is the one it stands in now (a district names itself)."""

    public_id = models.CharField(max_length=12, unique=True)
    level = models.CharField(max_length=10, choices=choices(Level))
    district = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[level.value for level in Level]), name="place_level_known"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Outline(models.Model):
    """Where a place lies: a point and, where known, its outline. Never changed: a correction is a new outline.

    `wkb` is a polygon or multipolygon in EPSG:4490; `area_dm2` in 0.01 m² and `perimeter_m` are computed in local metres.
    """

    wkb = models.BinaryField(null=True)
    lon = models.FloatField()
    lat = models.FloatField()
    area_dm2 = models.BigIntegerField(null=True)
    perimeter_m = models.BigIntegerField(null=True)
    is_sample = models.BooleanField(default=False)
    is_converted = models.BooleanField(default=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90), name="outline_on_earth"
            ),
            models.CheckConstraint(
                condition=Q(area_dm2__isnull=True) | Q(area_dm2__gt=0, perimeter_m__gt=0, wkb__isnull=False),
                name="outline_measured_from_shape",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lon:.5f}, {self.lat:.5f}"


class LineageEvent(models.Model):
    """Something that happened to places on a day under a document: a merger, a split, a new name.

    Invariants: within a district the events of a day are numbered; a reversal and what it reverses are both out of force.
    """

    public_id = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, choices=choices(EventKind))
    on = models.DateField()
    sequence = models.PositiveIntegerField(default=1)
    district = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    document_number = models.CharField(max_length=100, blank=True)
    document_date = models.DateField(null=True)
    note = models.TextField(blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    in_force = models.BooleanField(default=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in EventKind]), name="event_kind_known"),
            models.UniqueConstraint(fields=["district", "on", "sequence"], name="event_order_of_day"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | Q(in_force=False), name="reversal_out_of_force"
            ),
        ]
        indexes = [models.Index(fields=["on", "sequence"], name="event_by_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class PlaceVersion(models.Model):
    """What a place was called, which code, kind, parent and outline it had, for a period of days.

    Invariants: one version of a place on any day; one place per code on any day (a code may come back later for another
    place); the code is twelve digits or unknown; an empty period is a version that lived within one day.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="versions", db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    code = models.CharField(max_length=12, blank=True)
    code_number = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=14, choices=choices(PlaceKind))
    parent = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    legal_parent = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    urban_rural_class = models.CharField(max_length=3, blank=True)
    outline = models.ForeignKey(Outline, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    begun_by = models.ForeignKey(LineageEvent, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_by = models.ForeignKey(LineageEvent, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            PeriodsDoNotOverlap(fields=["place"], name="place_versions_do_not_overlap"),
            PeriodsDoNotOverlap(fields=["code_number"], name="place_codes_do_not_overlap"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="version_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="version_has_name"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in PlaceKind]), name="version_kind_known"),
            models.CheckConstraint(
                condition=Q(code="", code_number__isnull=True)
                | Q(code_number__gte=110_000_000_000, code_number__lte=999_999_999_999)
                & Q(code=Cast("code_number", CharField(max_length=12))),
                name="version_code_is_twelve_digits",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "valid_from"], name="version_by_place"),
            models.Index(fields=["code_number", "valid_from"], name="version_by_code"),
            models.Index(fields=["parent", "valid_from"], name="version_by_parent"),
            # Covers the counts of all districts on a day: read in order, nothing fetched from the table.
            models.Index(fields=["district", "kind", "valid_from", "valid_to"], name="version_by_district"),
            models.Index(
                fields=["legal_parent"], condition=Q(legal_parent__isnull=False), name="version_by_legal_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LineageLink(models.Model):
    """An arrow of an event: which share of one place goes on in another.

    No source: founded out of nothing; no target: ended without a successor. A share is a part of a base, both as counted
    (people; any unit of area); empty where nobody counted. Invariants (checked by `heli check` and the services): the
    shares of a source in one event have one base, and add up to it, or to less where one is unknown.
    """

    event = models.ForeignKey(LineageEvent, on_delete=models.PROTECT, related_name="links")
    from_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    to_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    population_part = models.BigIntegerField(null=True, default=1)
    population_of = models.BigIntegerField(null=True, default=1)
    area_part = models.BigIntegerField(null=True, default=1)
    area_of = models.BigIntegerField(null=True, default=1)
    is_part = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_place__isnull=False) | Q(to_place__isnull=False), name="link_has_an_end"
            ),
            models.CheckConstraint(condition=sound_share("population"), name="link_population_share_sound"),
            models.CheckConstraint(condition=sound_share("area"), name="link_area_share_sound"),
            models.UniqueConstraint(fields=["event", "from_place", "to_place"], name="link_once_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.from_place_id} → {self.to_place_id}"


class Fact(models.Model):
    """A figure of a place on a day, an integer in the unit of its measure. Never copied to a successor, only restated.

    Invariant: one standing figure per place, measure and day; a corrected one stays, marked as superseded. `recorded_at`
    is empty for rows that no snapshot can be older than.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    district = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    measure = models.CharField(max_length=40)
    on = models.DateField()
    value = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "measure", "on"], condition=Q(superseded_at__isnull=True), name="fact_stands_once"
            ),
        ]
        indexes = [
            models.Index(fields=["district", "measure", "on"], name="fact_by_district"),
            # Covers reading a whole survey in the order of its places.
            models.Index(
                fields=["measure", "on", "place", "value"],
                condition=Q(superseded_at__isnull=True),
                name="fact_by_survey",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class Neighbour(models.Model):
    """Two places that touch: how long their border is, how close they feel, whether a river or ridge lies between.

    Invariants: written once per pair (the lower key first) and period; lengths in metres; affinity 0–1000.
    """

    a = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    b = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    border_m = models.PositiveIntegerField(default=0)
    affinity = models.PositiveIntegerField(default=500)
    is_barrier = models.BooleanField(default=False)
    road_m = models.PositiveIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    origin = models.CharField(max_length=10, choices=choices(Origin))
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            PeriodsDoNotOverlap(fields=["a", "b"], name="neighbour_pairs_do_not_overlap"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="neighbour_lower_first"),
            models.CheckConstraint(condition=Q(affinity__lte=1000), name="neighbour_affinity_per_mille"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="neighbour_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=[origin.value for origin in Origin]), name="neighbour_origin_known"
            ),
        ]
        indexes = [models.Index(fields=["a", "b", "valid_from"], name="neighbour_by_pair")]

    def __str__(self) -> str:
        return f"{self.a_id} – {self.b_id}"


# Found by Django only where this module names them.
from heli.places import models_imports as models_imports  # noqa: E402, PLC0414 - after the models it points to
