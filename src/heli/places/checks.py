"""Invariants of the register that no constraint can say; asked by `heli check`. Reads only."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from heli.kernel.faults import Fault, Severity
from heli.places.measures import measures
from heli.places.models import Fact, LineageEvent, LineageLink, Neighbour, Place, PlaceVersion
from heli.places.rules import normalise_name
from heli.places.types import KINDS_OF_LEVEL, Level

MOST = 20
"""Examples shown of one kind of fault; the count says how many there are."""


def check_invariants() -> Iterable[Fault]:
    """Every broken invariant, the most basic first."""
    yield from _versions()
    yield from _names()
    yield from _parents()
    yield from _events()
    yield from _figures()


def _report(code: str, message: str, found: Iterable[object], severity: Severity = Severity.ERROR) -> Iterator[Fault]:
    """One problem per kind of fault, with examples and how many there are."""
    examples = list(found)
    if examples:
        shown = ", ".join(str(example) for example in examples[:MOST])
        yield Fault(code, f"{message} ({len(examples)}): {shown}", severity=severity, source="places")


def _versions() -> Iterator[Fault]:
    lasting = PlaceVersion.objects.exclude(valid_to=F("valid_from"))
    without = Place.objects.filter(~Exists(PlaceVersion.objects.filter(place=OuterRef("pk"))))
    yield from _report("place_without_version", _("Places that have no version"), without.values_list("pk", flat=True))
    # Two periods share a day when the later one begins before the earlier one ends.
    later = lasting.filter(place=OuterRef("place"), valid_from__gte=OuterRef("valid_from")).exclude(pk=OuterRef("pk"))
    overlaps = lasting.filter(
        Exists(later.filter(valid_from__lt=OuterRef("valid_to"))) | Q(valid_to__isnull=True) & Exists(later)
    )
    yield from _report(
        "versions_overlap", _("Places with two versions on one day"), overlaps.values_list("place_id", flat=True)
    )
    wrong_kind = Q()
    for level in Level:
        wrong_kind |= Q(place__level=level) & ~Q(kind__in=KINDS_OF_LEVEL[level])
    yield from _report(
        "kind_of_other_level",
        _("Versions whose kind does not belong to the level of their place"),
        PlaceVersion.objects.filter(wrong_kind).values_list("place_id", flat=True),
    )
    # A gap or an end needs an event; lists alone end nothing.
    ended = lasting.filter(valid_to__isnull=False, ended_by__isnull=True)
    goes_on = PlaceVersion.objects.filter(place=OuterRef("place"), valid_from=OuterRef("valid_to"))
    yield from _report(
        "ended_without_event",
        _("Versions that end without an event"),
        ended.filter(~Exists(goes_on)).values_list("place_id", flat=True),
    )
    dates = PlaceVersion.objects.filter(
        Q(begun_by__isnull=False) & ~Q(valid_from=F("begun_by__on"))
        | Q(ended_by__isnull=False) & ~Q(valid_to=F("ended_by__on"))
    )
    yield from _report(
        "version_off_event",
        _("Versions that begin or end on another day than their event"),
        dates.values_list("place_id", flat=True),
    )


def _names() -> Iterator[Fault]:
    """Two villages in force of one short name in one town: each can only be told by its code."""
    held: dict[tuple[int, str, str], list[int]] = {}
    now = PlaceVersion.objects.filter(valid_to__isnull=True, place__level=Level.VILLAGE, parent__isnull=False)
    for place, parent, name, kind in now.values_list("place_id", "parent_id", "name", "kind").iterator(
        chunk_size=5_000
    ):
        held.setdefault((parent, normalise_name(name), kind), []).append(place)
    twice = (f"{name} {ids}" for (_parent, name, _kind), ids in held.items() if len(ids) > 1)
    yield from _report("one_name_twice", _("Villages in force with one name in one township"), twice, Severity.WARNING)


def _parents() -> Iterator[Fault]:
    lasting = PlaceVersion.objects.exclude(valid_to=F("valid_from")).filter(parent__isnull=False)
    at_start = PlaceVersion.objects.filter(place=OuterRef("parent"), valid_from__lte=OuterRef("valid_from")).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_from"))
    )
    yield from _report(
        "parent_not_valid",
        _("Places whose parent was not valid when they began"),
        lasting.filter(~Exists(at_start)).values_list("place_id", flat=True),
    )
    open_parent = PlaceVersion.objects.filter(place=OuterRef("parent"), valid_to__isnull=True)
    yield from _report(
        "parent_ended",
        _("Places still valid under a parent that has ended"),
        lasting.filter(~Exists(open_parent), valid_to__isnull=True).values_list("place_id", flat=True),
    )
    elsewhere = PlaceVersion.objects.filter(
        place=OuterRef("parent"), valid_to__isnull=True, district__isnull=False
    ).exclude(district=OuterRef("district"))
    yield from _report(
        "district_of_parent",
        _("Places that stand in another district than their parent"),
        lasting.filter(Exists(elsewhere), valid_to__isnull=True, district__isnull=False)
        .exclude(place__level=Level.DISTRICT)
        .values_list("place_id", flat=True),
    )
    current = PlaceVersion.objects.filter(place=OuterRef("pk"), valid_to__isnull=True).exclude(
        district=OuterRef("district")
    )
    yield from _report(
        "district_not_current",
        _("Places whose district is not that of their present version"),
        Place.objects.filter(Exists(current), district__isnull=False).values_list("pk", flat=True),
    )


SHARES = ("population", "area")


def _wrong_sum(name: str) -> Q:
    """Known shares of one source that have two bases, exceed it, or fall short of it though all are known."""
    links = f"{name}_of"
    wrong = Q(**{f"{name}_sum__gt": F(f"{name}_base")}) | ~Q(**{f"{name}_base": Min(links)})
    return wrong | Q(Q(**{f"{name}_sum__lt": F(f"{name}_base")}), arrows=Count(links))


def _events() -> Iterator[Fault]:
    sums = (
        LineageLink.objects.filter(from_place__isnull=False, event__reverses__isnull=True)
        .values_list("event_id", "from_place_id")
        .annotate(arrows=Count("pk"))
        .annotate(**{f"{name}_sum": Sum(f"{name}_part") for name in SHARES})
        .annotate(**{f"{name}_base": Max(f"{name}_of") for name in SHARES})
        .filter(_wrong_sum("population") | _wrong_sum("area"))
        .order_by("event_id")
    )
    yield from _report(
        "shares_do_not_add_up", _("Events whose shares do not add up to the whole"), (row[0] for row in sums)
    )
    bare = LineageEvent.objects.filter(~Exists(LineageLink.objects.filter(event=OuterRef("pk"))))
    yield from _report("event_without_links", _("Events that concern no place"), bare.values_list("pk", flat=True))
    forced = LineageEvent.objects.filter(
        pk__in=LineageEvent.objects.exclude(reverses=None).values("reverses"), in_force=True
    )
    yield from _report(
        "reversed_in_force", _("Events that were reversed but are in force"), forced.values_list("pk", flat=True)
    )
    alone = LineageEvent.objects.filter(in_force=False, reverses__isnull=True).exclude(
        pk__in=LineageEvent.objects.exclude(reverses=None).values("reverses")
    )
    yield from _report(
        "out_of_force_alone", _("Events out of force that nothing reversed"), alone.values_list("pk", flat=True)
    )


def _figures() -> Iterator[Fault]:
    unknown = Fact.objects.exclude(measure__in=[key for key, measure in measures().items() if not measure.is_ratio])
    yield from _report(
        "measure_unknown", _("Figures of unknown measures"), unknown.values_list("measure", flat=True).distinct()
    )
    then = PlaceVersion.objects.filter(place=OuterRef("place"), valid_from__lte=OuterRef("on")).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("on"))
    )
    standing = Fact.objects.filter(~Exists(then), superseded_at__isnull=True)
    yield from _report(
        "figure_out_of_time",
        _("Figures of a day on which their place was not valid"),
        standing.values_list("place_id", flat=True),
    )
    apart = Neighbour.objects.filter(valid_to__isnull=True).exclude(a__district=F("b__district"))
    yield from _report(
        "neighbours_apart", _("Neighbours in different districts"), apart.values_list("pk", flat=True), Severity.WARNING
    )
