"""How places stood on a day."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from heli.places.models import Neighbour, Place, PlaceVersion
from heli.places.naming import short_name
from heli.places.queries.remembering import once
from heli.places.types import KINDS_OF_LEVEL, Level, NeighbourRow, Origin, PlaceKind, PlaceRow

COLUMNS = (
    "place_id",
    "place__public_id",
    "place__level",
    "code",
    "name",
    "kind",
    "parent_id",
    "legal_parent_id",
    "district_id",
    "urban_rural_class",
    "valid_from",
    "valid_to",
    "outline__lon",
    "outline__lat",
    "outline__area_dm2",
    "outline__perimeter_m",
    "outline__is_sample",
    "source__is_sample",
    "outline_id",
)
KINDS_OF_VILLAGES = tuple(kind.value for kind in KINDS_OF_LEVEL[Level.VILLAGE])
KINDS_OF_TOWNS = tuple(kind.value for kind in KINDS_OF_LEVEL[Level.TOWNSHIP])


def valid_on(on: date, prefix: str = "") -> Q:
    """The condition that a version (reached over `prefix`) is valid on the day."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})
    )


def version_on(place_id: int, on: date) -> PlaceRow | None:
    """The place as it stood on the day; None when it was not valid."""
    return once(("version", place_id, on), lambda: _version_on(place_id, on))


def chain_of(place_id: int | None, district_id: int, on: date) -> list[int]:
    """The place, its township and the district: a judgement for a town or the district holds for its villages too."""
    row = version_on(place_id, on) if place_id is not None else None
    chain = [place_id, row.parent_id if row else None, district_id]
    return list(dict.fromkeys(key for key in chain if key is not None))


def _version_on(place_id: int, on: date) -> PlaceRow | None:
    above = PlaceVersion.objects.filter(valid_on(on), place_id=OuterRef("parent_id")).values("name")[:1]
    version = (
        PlaceVersion.objects.filter(valid_on(on), place_id=place_id)
        .annotate(parent_name=Subquery(above))
        .values_list(*COLUMNS, "outline__wkb", "parent_name")
        .first()
    )
    if version is None:
        return None
    # A parent that was not valid that day (a gap in an old list) still has its nearest name.
    name = short_name(version[-1] or "") or (names_at([version[6]], on).get(version[6], "") if version[6] else "")
    return _row(version[:-1], name)


def places_on(
    district_id: int,
    on: date,
    *,
    levels: Collection[Level] = (),
    kinds: Collection[PlaceKind] = (),
    parent_id: int | None = None,
    place_ids: Collection[int] | None = None,
    outlines: bool = False,
) -> list[PlaceRow]:
    """Places of a district on a day, by code and name; `place_ids` narrows them to a scope."""
    wanted = {kind for level in levels for kind in KINDS_OF_LEVEL[level]} | set(kinds)
    versions = PlaceVersion.objects.filter(valid_on(on), district_id=district_id)
    if wanted:
        versions = versions.filter(kind__in=wanted)
    if levels:
        versions = versions.filter(place__level__in=levels)
    if parent_id is not None:
        versions = versions.filter(parent_id=parent_id)
    rows = _rows(versions, on, outlines=outlines)
    return rows if place_ids is None else [row for row in rows if row.id in place_ids]


def villages_of(district_id: int, on: date, *, outlines: bool = True) -> list[PlaceRow]:
    """Villages and communities (and units like them) of a district on a day."""
    return _rows(
        PlaceVersion.objects.filter(valid_on(on), district_id=district_id, kind__in=KINDS_OF_VILLAGES),
        on,
        outlines=outlines,
    )


def towns_of(district_id: int, on: date) -> list[PlaceRow]:
    """Subdistricts, towns, townships and zones of a district on a day."""
    return _rows(PlaceVersion.objects.filter(valid_on(on), district_id=district_id, kind__in=KINDS_OF_TOWNS), on)


def children_of(place_id: int, on: date) -> list[PlaceRow]:
    """Places directly under a place on a day."""
    versions = PlaceVersion.objects.filter(valid_on(on), parent_id=place_id)
    return once(("children", place_id, on), lambda: _rows(versions, on))


def rows_of(place_ids: Iterable[int], on: date, *, outlines: bool = False) -> dict[int, PlaceRow]:
    """Places by key as they stood on a day; those not valid then are left out."""
    versions = PlaceVersion.objects.filter(valid_on(on), place_id__in=list(place_ids))
    return {row.id: row for row in _rows(versions, on, outlines=outlines)}


def townships_of(district_id: int, place_ids: Collection[int], on: date) -> dict[int, int | None]:
    """The township in which each place of the district stands: itself for a township, None for the district.

    A place that has ended stands where it last stood; places elsewhere or below villages are left out.
    """
    rows = rows_of(place_ids, on)
    found: dict[int, int | None] = {}
    for key in dict.fromkeys(place_ids):
        row = rows.get(key) or next(reversed(versions_of(key)), None)
        if row is None or row.district_id != district_id:
            continue
        if row.level in (Level.TOWNSHIP, Level.VILLAGE):
            found[key] = row.id if row.level is Level.TOWNSHIP else row.parent_id
        elif key == district_id:
            found[key] = None
    return found


def versions_of(place_id: int) -> list[PlaceRow]:
    """All versions of a place in order, those that lived within one day included."""
    return _rows(PlaceVersion.objects.filter(place_id=place_id), None, order=("valid_from", "id"))


def versions_of_all(place_ids: Collection[int]) -> dict[int, list[PlaceRow]]:
    """The same of some places at once, in their order."""
    found: dict[int, list[PlaceRow]] = {place: [] for place in place_ids}
    for row in _rows(PlaceVersion.objects.filter(place_id__in=place_ids), None, order=("valid_from", "id")):
        found[row.id].append(row)
    return found


def districts(on: date, within: Collection[int] | None = None) -> list[PlaceRow]:
    """Districts on a day, by code; `within` narrows them to some keys."""
    versions = PlaceVersion.objects.filter(valid_on(on), place__level=Level.DISTRICT)
    return _rows(versions if within is None else versions.filter(place_id__in=within), on)


def counts_on(
    on: date, district_ids: Collection[int] | None = None, within: QuerySet[Place] | None = None
) -> dict[int, dict[PlaceKind, int]]:
    """How many places of each kind each district had on the day: {district: {kind: count}}, one query.

    `within` counts only those among some places.
    """
    versions = PlaceVersion.objects.filter(valid_on(on), district_id__isnull=False)
    if district_ids is not None:
        versions = versions.filter(district_id__in=district_ids)
    if within is not None:
        versions = versions.filter(place__in=within)
    counts: dict[int, dict[PlaceKind, int]] = {}
    for district, kind, count in versions.values_list("district_id", "kind").annotate(count=Count("*")).order_by():
        counts.setdefault(district, {})[PlaceKind(kind)] = count
    return counts


def places_by_code(district_id: int, on: date) -> Mapping[str, PlaceRow]:
    """Places of a district on a day by their code of that day."""
    return {row.code: row for row in places_on(district_id, on) if row.code}


def codes_ever(town_id: int) -> set[str]:
    """Every code any place under the town ever had, dropped ones included; also every code with the town's own digits."""
    own = PlaceVersion.objects.filter(place_id=town_id).exclude(code="").values_list("code", flat=True)
    codes = set(PlaceVersion.objects.filter(parent_id=town_id).exclude(code="").values_list("code", flat=True))
    for code in own:
        low = int(code[:9]) * 1000
        codes |= set(PlaceVersion.objects.filter(code_number__range=(low, low + 999)).values_list("code", flat=True))
    return codes


def find_neighbour(key: int, district_id: int, place_ids: Collection[int]) -> Neighbour | None:
    """A pair of neighbours of a district, when both are among these places."""
    pairs = Neighbour.objects.filter(district_id=district_id, a_id__in=place_ids, b_id__in=place_ids)
    return pairs.filter(pk=key).first()


def neighbours_on(district_id: int, on: date) -> list[NeighbourRow]:
    """Pairs of neighbours of a district on a day, by their keys."""
    pairs = Neighbour.objects.filter(valid_on(on), district_id=district_id).order_by("a_id", "b_id")
    return [
        NeighbourRow(
            pair.pk, pair.a_id, pair.b_id, pair.border_m, pair.affinity, pair.is_barrier, pair.road_m, Origin(pair.origin)
        )
        for pair in pairs
    ]  # fmt: skip


def names_at(place_ids: Collection[int], on: date) -> dict[int, str]:
    """Short names of places on a day; of places not valid then, the last name before it, or else the first after it."""
    return {place: name_at(names, on) for place, names in _names_ever(place_ids).items()}


def _names_ever(place_ids: Collection[int]) -> dict[int, list[tuple[date, str]]]:
    """Every name of the places with the day from which it counts."""
    found: dict[int, list[tuple[date, str]]] = {}
    rows = PlaceVersion.objects.filter(place_id__in=place_ids).values_list("place_id", "valid_from", "name")
    for place, begins, name in rows.order_by("id"):
        found.setdefault(place, []).append((begins, short_name(name)))
    return found


def name_at(names: list[tuple[date, str]], on: date) -> str:
    best = max(range(len(names)), key=lambda at: (names[at][0] <= on, -abs((on - names[at][0]).days), at))
    return names[best][1]


def _rows(
    versions: QuerySet[PlaceVersion],
    on: date | None,
    *,
    outlines: bool = False,
    order: tuple[str, ...] = ("code_number", "name", "place_id"),
) -> list[PlaceRow]:
    columns = (*COLUMNS, "outline__wkb") if outlines else COLUMNS
    found: list[tuple[Any, ...]] = list(versions.order_by(*order).values_list(*columns))
    parents = {row[6] for row in found if row[6] is not None}
    if on is not None:
        names = names_at(parents, on) if parents else {}
        return [_row(row, names.get(row[6], "")) for row in found]
    ever = _names_ever(parents) if parents else {}
    return [_row(row, name_at(ever[row[6]], row[10]) if row[6] in ever else "") for row in found]


def _row(row: tuple[Any, ...], parent_name: str) -> PlaceRow:
    (place, public_id, level, code, name, kind, parent, legal, district, urban, begins, ends) = row[:12]
    lon, lat, area, perimeter, drawn_as_sample, listed_as_sample = row[12:18]
    wkb = row[19] if len(row) > 19 else None
    return PlaceRow(
        place, public_id, Level(level), code, short_name(name), PlaceKind(kind), parent, parent_name, legal, district, urban,
        begins, ends, lon, lat, bytes(wkb) if wkb is not None else None, area, perimeter,
        bool(drawn_as_sample or listed_as_sample), row[18], name,
    )  # fmt: skip
