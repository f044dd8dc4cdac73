"""Reads of matters: what is whistled, what is alike, what strangers may see, what waits."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models import Count, F, Q, QuerySet, Sum
from numpy.typing import NDArray

from heli.bodies.queries import Holder, grassroots_in, holders_in
from heli.files.queries import thumbnail_path
from heli.kernel.access import Actor, Scope
from heli.matters.catalogues import departments_of
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.models import (
    E6,
    Content,
    HotlineLink,
    Matter,
    MatterLift,
    MatterLink,
    MatterOutcome,
    MatterState,
    MatterVoice,
    ReportChannel,
    SiteCount,
    SiteKind,
    Whistle,
    WhistleState,
)
from heli.matters.rules.likeness import Sighting, rank_alike
from heli.meetings.queries import held_since
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.problems.queries import Problem
from heli.records.abouts import About
from heli.records.models import Event
from heli.records.queries import find_row, part_of

SETTLED = (MatterState.REFUSED, MatterState.CLOSED, MatterState.MERGED)
"""States in which nothing more is done."""
BORDER = 0.005
"""Degrees beyond the outlines that a telephone may be wrong by: about 500 m."""
UNSEEN = (MatterState.COLLECTED, MatterState.REFUSED, MatterState.MERGED)
"""States that strangers see nothing of: nobody looked yet, or it is told elsewhere."""


def matter_of(actor: Actor, about: About, public_id: str) -> Matter | None:
    """A matter of the actor's part by its public id."""
    found: Matter | None = find_row(MATTERS, actor, about, public_id)
    return found


def matter_numbered(actor: Actor, about: About, number: int) -> Matter | None:
    """A matter of the actor's part by its number."""
    found = Matter.objects.filter(part_of(actor, about, MATTERS.reads), about=about.id, number=number)
    return found.first()


def whistles_of(matter: Matter) -> QuerySet[Whistle]:
    """Whom a matter was whistled to, from the first."""
    return matter.whistles.select_related("body_body", "right_body").order_by("number")


def voices_of(matter: Matter) -> QuerySet[MatterVoice]:
    """Who said it, as codes and sealed contacts."""
    return matter.heard.order_by("pk")


def departments(about: About, on: date) -> list[Holder]:
    """The organisations of a district that may be whistled for: not those of its villages and communities, which whistle."""
    below = grassroots_in(about.district_id, on)
    return [one for one in holders_in(about.district_id, on) if not one.is_person and one.id not in below]


def proposed(item: str, known: Iterable[Holder]) -> tuple[str, list[str]]:
    """Keys of the departments that the catalogue names for an item: who leads, who supports; "" where the district has none."""
    lead, support = departments_of(item)
    by_name = [(one.name, one.key) for one in known]

    def keyed(wanted: str) -> str:
        return next((key for name, key in by_name if wanted and wanted in name), "")

    return keyed(lead), [key for key in map(keyed, support) if key]


def voice_by_code(code: str) -> MatterVoice | None:
    """A voice by the code its owner keeps."""
    plain = "".join(code.split()).lower()
    return MatterVoice.objects.select_related("matter", "told_of").filter(code=plain).first() if plain else None


def voice_by_key(key: str) -> MatterVoice | None:
    """The voice that a device sent under this key."""
    return MatterVoice.objects.select_related("matter", "told_of").filter(key=key).first()


def alike(district_id: int, new: Sighting) -> list[Matter]:
    """Open matters that strangers may see and that are most like the new one: three at most."""
    near = Q(place_id=new.place)
    if new.point is not None:
        lon, lat = new.point
        near |= Q(lon_e6__range=(lon - 1_200, lon + 1_200), lat_e6__range=(lat - 600, lat + 600))
    open_ones = Matter.objects.filter(near, district_id=district_id).exclude(status__in=(*SETTLED, *UNSEEN))
    columns = ("pk", "place_id", "title", "text", "item", "lon_e6", "lat_e6")
    known = [
        Sighting(key, place, f"{title} {text}", item, (lon, lat) if lon is not None and lat is not None else None)
        for key, place, title, text, item, lon, lat in open_ones.order_by("-pk").values_list(*columns)[:2_000]
    ]
    found = rank_alike(new, known)
    rows = Matter.objects.in_bulk(found)
    return [rows[key] for key in found]


def lies_in(district_id: int, point: tuple[int, int], on: date) -> bool:
    """Whether a point (millionths of a degree) lies in a district, or so near its border that it may be meant.

    True where no outline of its villages is known.
    """
    outlines = _outlines(district_id, on, Level.VILLAGE)[1]
    return not outlines.size or bool(shapely.distance(outlines, _spot(point)).min() <= BORDER)


def village_at(district_id: int, point: tuple[int, int], on: date) -> int | None:
    """The village in whose outline a point (millionths of a degree) lies."""
    keys, outlines = _outlines(district_id, on, Level.VILLAGE)
    inside = keys[shapely.intersects(outlines, _spot(point))]
    return int(inside[0]) if inside.size else None


def _spot(point: tuple[int, int]) -> shapely.Point:
    return shapely.Point(point[0] / E6, point[1] / E6)


def _outlines(district_id: int, on: date, level: Level) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Keys and outlines of the places of a level that have one."""
    drawn = places.shapes([district_id], on, places.footprints([district_id], on, level), level)
    is_area = shapely.get_dimensions(drawn.geometries) == 2
    return drawn.places[is_area], drawn.geometries[is_area]


@dataclass(frozen=True, slots=True)
class Hung:
    """Where a code hangs on the wall: its village, and the grid or building in words ("" for the village itself)."""

    village: int
    name: str
    spot: str


def hanging_at(district_id: int, public_id: str, on: date) -> Hung | None:
    """Where the code with this place in its address hangs; None for a place of another district, or none at all."""
    found = places.find(public_id, Scope(place_ids=frozenset({district_id}))) if public_id else None
    row, spot = places.version_on(found.pk, on) if found is not None else None, ""
    while row is not None and row.level in (Level.BUILDING, Level.GRID, Level.GROUP):
        spot = row.name + spot
        row = places.version_on(row.parent_id, on) if row.parent_id is not None else None
    return None if row is None or row.level is not Level.VILLAGE else Hung(row.id, row.name, spot)


def pointed_at(district_id: int, on: date) -> dict[str, Any]:
    """The villages of a district as GeoJSON to point at: names and outlines to about 20 m, so that a telephone gets them soon."""
    found = []
    for row in places.villages_of(district_id, on):
        if row.outline is None:
            continue
        shape = shapely.set_precision(shapely.simplify(shapely.from_wkb(row.outline), 0.0002), 0.00001)
        geometry = shapely.geometry.mapping(shape)
        properties = {"name": row.name, "town": row.parent_name}
        found.append({"type": "Feature", "id": row.id, "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": found}


def is_drawn(district_id: int, on: date) -> bool:
    """Whether the outline of a village is known, so that there is something to point at."""
    return any(row.outline is not None for row in places.footprints([district_id], on, Level.VILLAGE))


def public_places_of(matters: Sequence[Matter], on: date) -> dict[int, str]:
    """How the place of each matter is told to everybody, by the matter's key: its village, and the grid where one is known.

    A home is never named: of a building its grid is told, of a point the grid it lies in.
    """
    rows = places.rows_of({one.place_id for one in matters}, on)
    names = places.names_at({one.place_id for one in matters}, on)
    pointed = [one for one in matters if one.lon_e6 is not None and one.lat_e6 is not None]
    grids: dict[int, str] = {}
    for district in {one.district_id for one in pointed}:
        named = {one.place: one.name for one in places.footprints([district], on, Level.GRID)}
        keys, outlines = _outlines(district, on, Level.GRID)
        if not keys.size:
            continue
        here = [one for one in pointed if one.district_id == district]
        spots = shapely.points([one.lon_e6 / E6 for one in here], [one.lat_e6 / E6 for one in here])  # type: ignore[operator]  # those with a point
        which, found = shapely.STRtree(outlines).query(spots, predicate="intersects")
        grids |= {here[at].pk: named[int(keys[grid])] for at, grid in zip(which, found, strict=True)}
    told = {}
    for one in matters:
        row, name = rows.get(one.place_id), names.get(one.place_id, "")
        if row is not None and row.level is Level.BUILDING:
            name = row.parent_name
        elif row is not None and row.level is Level.VILLAGE and one.pk in grids:
            name = f"{name} {grids[one.pk]}"
        told[one.pk] = name
    return told


def pictures_of(matters: Sequence[Matter]) -> dict[int, str]:
    """The small copies of what the office shows of some matters, as addresses that hold the picture itself; one query."""
    rows = Matter.objects.filter(pk__in=[one.pk for one in matters], picture__isnull=False).select_related("picture")
    found = {}
    for one in rows:
        path = thumbnail_path(one.picture) if one.picture is not None else None
        if path is not None and path.exists():
            found[one.pk] = f"data:image/jpeg;base64,{b64encode(path.read_bytes()).decode()}"
    return found


def seen_by_all(district_id: int, place_ids: Collection[int] | None = None) -> QuerySet[Matter]:
    """Matters that strangers may see, the newest first."""
    found = Matter.objects.filter(district_id=district_id).exclude(status__in=UNSEEN)
    if place_ids is not None:
        found = found.filter(place_id__in=place_ids)
    return found.order_by("-pk")


def district_by_id(public_id: str, on: date) -> PlaceRow | None:
    """The district at a public address."""
    return next((row for row in places.districts(on) if row.public_id == public_id), None)


def seen_within(within: Mapping[str, Any]) -> QuerySet[Matter]:
    """Matters in some part of a district that strangers may see, the newest first."""
    return Matter.objects.filter(**within).exclude(status__in=UNSEEN).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Diary:
    """A grid worker's own counts between two days: matters found, hazards removed, disputes mediated."""

    found: int
    hazards: int
    disputes: int


def diary_of(actor: Actor, first_on: date, last_on: date) -> Diary:
    """What the actor found and settled on their rounds; two queries."""
    days = {"on__range": (first_on, last_on), "by_id": actor.id}
    settled = dict(SiteCount.objects.filter(**days).order_by().values_list("kind").annotate(Sum("count")))
    found = found_by(actor).filter(opened_at__date__range=(first_on, last_on)).count()
    return Diary(found, settled.get(SiteKind.HAZARD, 0), settled.get(SiteKind.DISPUTE, 0))


def found_by(actor: Actor) -> QuerySet[Matter]:
    """Matters that the actor found on a round, the newest first."""
    begun = Event.objects.filter(ledger=MATTERS.name, did="opened", by_id=actor.id).values("row")
    return Matter.objects.filter(channel=ReportChannel.GRID, public_id__in=begun).order_by("-pk")


def usual_items(place_ids: Collection[int], since: date, most: int) -> list[str]:
    """The items that come up most in some places, the most frequent first; one query."""
    rows = Matter.objects.filter(place_id__in=place_ids, opened_at__date__gte=since).exclude(item="")
    counted = rows.order_by().values("item").annotate(n=Count("pk")).order_by("-n", "item")
    return list(counted.values_list("item", flat=True)[:most])


Counted = tuple[int, int]
"""How many, over how many."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The three rates as everybody reads them, each over its own base as `figures` count; open ones; closed without a call."""

    response: Counted = (0, 0)
    solution: Counted = (0, 0)
    content: Counted = (0, 0)
    unasked: int = 0
    open: int = 0

    @property
    def bases(self) -> tuple[int, int, int, int, int]:
        """What they are over: nothing to tell where all are 0."""
        return self.response[1], self.solution[1], self.content[1], self.unasked, self.open


def rates_within(within: Mapping[str, Any], on: date) -> Rates:
    """The rates of some part of one district up to a day; two queries."""
    return next(iter(rates_by(within, "district_id", on).values()), Rates())


def rates_by(within: Mapping[str, Any], column: str, on: date) -> dict[int, Rates]:
    """The rates by a column of place, {key: rates}; two queries."""
    is_answered = Q(answered_on__lte=on)
    asked = Whistle.objects.filter(**within, whistled_on__lte=on).exclude(
        status__in=(WhistleState.RETURNED, WhistleState.WITHDRAWN)
    )
    in_time = is_answered & Q(answered_on__lte=F("answer_due_on"))
    answers = asked.order_by().values_list(column).annotate(
        k=Count("pk", filter=in_time), n=Count("pk", filter=is_answered | Q(answer_due_on__lt=on))
    )  # fmt: skip
    response = {key: (k, n) for key, k, n in answers}
    is_called = Q(called_on__lte=on)
    calls = Matter.objects.filter(**within).order_by().values_list(column).annotate(
        n=Count("pk", filter=is_called),
        solved=Count("pk", filter=is_called & Q(outcome=MatterOutcome.SOLVED)),
        content=Count("pk", filter=is_called & Q(content=Content.YES)),
        unasked=Count("pk", filter=Q(closed_on__lte=on, called_on__isnull=True)),
        open=Count("pk", filter=~Q(status__in=(*SETTLED, *UNSEEN))),
    )  # fmt: skip
    found = {
        key: Rates(response.get(key, (0, 0)), (solved, n), (content, n), unasked, still)
        for key, n, solved, content, unasked, still in calls
    }
    return {key: rates for key, rates in found.items() if any(rates.bases)}


def lifted_into(matter: Matter) -> Problem | None:
    """The problem that a matter became."""
    found = MatterLift.objects.filter(matter=matter).select_related("problem").first()
    return found.problem if found is not None else None


def lifted_from(problem: Problem) -> list[Matter]:
    """The matters that a problem was lifted from, by number."""
    keys = MatterLift.objects.filter(problem=problem).values("matter")
    return list(Matter.objects.filter(pk__in=keys).order_by("number"))


JOINT = "joint"
"""The kind of meeting that decides who does what was sent back and forth."""


def sittings(about: About, matter: Matter, on: date) -> list[Any]:
    """Joint sittings of the district up to a day that may have decided about a matter: since it was sent back and forth."""
    found = held_since(about.id, JOINT, matter.flagged_on or matter.opened_at.date()).filter(held_on__lte=on)
    return list(found[:20])


def find_sitting(about: About, matter: Matter, public_id: str, on: date) -> Any:
    """One of them by its public id."""
    return next((one for one in sittings(about, matter, on) if one.public_id == public_id), None)


def said_of(sitting: Any) -> str:
    """How a whistle names the sitting that decided it; nothing for none."""
    return "" if sitting is None else f"{sitting.title}（{sitting.held_on.isoformat()}）"


def decided_lately(actor: Actor, about: About) -> list[Whistle]:
    """What joint sittings decided, the newest first."""
    rows = Whistle.objects.filter(part_of(actor, about, WHISTLES.reads), about=about.id, sitting__isnull=False)
    return list(rows.select_related("body_body", "matter", "sitting").order_by("-whistled_on", "-pk")[:20])


def linked_to(matter: Matter) -> list[Matter]:
    """The matters that a matter is linked with, and those split from it or merged into it, by number."""
    tied = MatterLink.objects.filter(Q(first=matter) | Q(second=matter)).values_list("first_id", "second_id")
    keys = {key for pair in tied for key in pair} - {matter.pk}
    return list(Matter.objects.filter(Q(pk__in=keys) | Q(split_from=matter) | Q(merged_into=matter)).order_by("number"))


def hotlines_of(matter: Matter) -> list[HotlineLink]:
    """Which hotlines of others know a matter: those it came from, and those it was sent on to."""
    return list(HotlineLink.objects.filter(matter=matter).select_related("hotline"))
