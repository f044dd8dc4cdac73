"""What the files of grids and of pairing hold, read row by row: what cannot be meant is told with its row, nothing is guessed."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import Transformer

from heli.places.services import cells_within
from heli.places.types import PlaceRow
from heli.planning.questions.sheets import SheetReader
from heli.planning.questions.types import QuestionMaterial, Thing, way_m
from heli.planning.types import PlanKind
from mergeplan.geo import neighbours_from_points

Called = Mapping[str, Sequence[PlaceRow]]
"""Places of the register by what they are called: name, listed name, code."""
GRID_COLUMNS = {
    "id": ("编号", "楼栋编号", "id"),
    "name": ("名称", "楼栋", "小区", "name"),
    "community": ("社区", "所属社区", "community"),
    "lon": ("经度", "lon"),
    "lat": ("纬度", "lat"),
    "households": ("户数", "households"),
    "near": ("相邻", "neighbours"),
    "special": ("专属网格", "special"),
}
ORG_COLUMNS = {
    "name": ("单位名称", "单位", "部门"),
    "staff": ("人数", "工作人员"),
    "strong": ("骨干", "骨干单位"),
    "tags": ("专长", "职能"),
}
AREA_COLUMNS = {
    "name": ("片区名称", "片区"),
    "places": ("所辖村", "村", "所辖村（社区）"),
    "weight": ("难度", "权重"),
    "key": ("重点", "重点片区"),
    "needs": ("需求",),
}
PAIR_COLUMNS = {"org": ("单位名称", "单位", "部门"), "area": ("片区名称", "片区")}
APART = re.compile(r"[、，,;；\s]+")
YES = frozenset({"是", "1", "有", "√", "yes"})


def read_buildings(
    file: tuple[str, bytes], *, district: PlaceRow, on: date, called: Called, plane: Transformer, is_sample: bool
) -> QuestionMaterial:
    """Buildings and estates with the ways between them. Raises `Refused` with every row that is wrong.

    Told are: an unknown community or one of two with that name, a number twice, no households, a point outside the community,
    a neighbour that is nowhere or in another community, a community in two pieces. What names a special grid (a station, a
    market, a park) is taken out first: it may have no households, and no way leads through it.
    """
    reader = SheetReader(GRID_COLUMNS)
    rows = reader.rows(file[1], file[0], optional=("name", "near", "special"))
    things: list[Thing] = []
    seen: dict[str, int] = {}
    near: dict[int, tuple[int, str]] = {}
    frames = {row.id: row.outline for group in called.values() for row in group}
    for number, cells in rows:
        key = cells["id"]
        community = _one(reader, number, called, cells["community"], _("community"))
        if not key:
            reader.wrong(number, _("the building has no number."))
        elif key in seen:
            reader.wrong(number, _("%(name)s stands in row %(row)s already.") % {"name": key, "row": seen[key]})
        lon, lat = reader.number(number, cells, "lon"), reader.number(number, cells, "lat")
        special = cells.get("special", "")
        households = reader.whole(number, cells, "households", low=0 if special else 1)
        if community is None or key in seen or not key:
            continue
        frame = frames.get(community.id)
        if frame is not None and not shapely.from_wkb(frame).buffer(0.0005).contains(shapely.Point(lon, lat)):
            text = _("%(name)s lies outside %(community)s: mend its point or its community.")
            reader.wrong(number, text % {"name": key, "community": community.name})
        seen[key] = number
        near[len(things)] = (number, cells.get("near", ""))
        x, y = plane.transform(lon, lat)
        things.append(
            Thing(
                id=key,
                name=cells.get("name") or key,
                parent=community.name,
                parent_place=community.id,
                size=households,
                x=round(x),
                y=round(y),
                lon=round(lon, 6),
                lat=round(lat, 6),
                role="special" if special else "building",
                more={"grid": special} if special else {},
            )
        )
    reader.done()
    edges = _given_edges(reader, things, near) if any(text for _row, text in near.values()) else _near_edges(things)
    edges = tuple(edge for edge in edges if {things[edge[0]].role, things[edge[1]].role} == {"building"})
    reader.done()
    _check_pieces(reader, things, edges, seen)
    reader.done()
    shaped = _with_cells(things, frames)
    return QuestionMaterial(PlanKind.GRIDS, district.id, district.name, on, is_sample, shaped, edges)


def _one(reader: SheetReader, number: int, called: Called, name: str, what: str) -> PlaceRow | None:
    found = called.get(name, ())
    if len(found) == 1:
        return found[0]
    text = (
        _("several places are called %(name)s: give the code.")
        if found
        else _("no %(what)s of the register is called %(name)s.")
    )
    reader.wrong(number, text % {"name": name or "—", "what": what})
    return None


def _given_edges(
    reader: SheetReader, things: Sequence[Thing], near: Mapping[int, tuple[int, str]]
) -> tuple[tuple[int, int, int, int], ...]:
    """Neighbours as the file names them, with metres where it gives them."""
    at = {thing.id: number for number, thing in enumerate(things)}
    found: dict[tuple[int, int], int] = {}
    for i, (number, text) in near.items():
        for part in filter(None, APART.split(text)):
            key, _colon, metres = part.replace("：", ":").partition(":")
            j = at.get(key)
            if j is None or j == i or things[j].parent_place != things[i].parent_place:
                reader.wrong(number, _("%(name)s is no building of this community.") % {"name": key})
                continue
            if metres and not metres.isdecimal():
                reader.wrong(number, _("“%(value)s” is no length in metres.") % {"value": metres})
                continue
            found[min(i, j), max(i, j)] = max(1, int(metres)) if metres else way_m(things[i], things[j])
    return tuple((i, j, metres, 0) for (i, j), metres in sorted(found.items()))


def _communities(things: Sequence[Thing]) -> Mapping[int, list[int]]:
    inside: dict[int, list[int]] = defaultdict(list)
    for number, thing in enumerate(things):
        inside[thing.parent_place or 0].append(number)
    return inside


def _near_edges(things: Sequence[Thing]) -> tuple[tuple[int, int, int, int], ...]:
    """Neighbours by nearness: buildings whose cells touch."""
    edges = []
    for everything in _communities(things).values():
        numbers = [n for n in everything if things[n].role == "building"]
        points: list[Any] = [(things[n].x, things[n].y) for n in numbers]
        for border in neighbours_from_points(points, shortest_m=1.0).borders if len(points) > 1 else ():
            i, j = sorted((numbers[border.i], numbers[border.j]))
            edges.append((i, j, way_m(things[i], things[j]), 0))
    return tuple(sorted(edges))


def _check_pieces(
    reader: SheetReader,
    things: Sequence[Thing],
    edges: Sequence[tuple[int, int, int, int]],
    rows: Mapping[str, int],
) -> None:
    """Tell the first building of every further piece of a community."""
    near: dict[int, set[int]] = defaultdict(set)
    for i, j, _m, _c in edges:
        near[i].add(j)
        near[j].add(i)
    for numbers in _communities(things).values():
        left = {number for number in numbers if things[number].role == "building"}
        first = True
        while left:
            start = min(left)
            todo = [start]
            while todo:
                here = todo.pop()
                if here in left:
                    left.discard(here)
                    todo += near[here]
            if not first:
                text = _("no way leads from %(name)s to the rest of %(community)s: add a neighbour.")
                thing = things[start]
                reader.wrong(rows[thing.id], text % {"name": thing.id, "community": thing.parent})
            first = False


def _with_cells(things: Sequence[Thing], frames: Mapping[int, bytes | None]) -> tuple[Thing, ...]:
    """The buildings with stand-in outlines: the community parted by nearness, for the map and for the grids' outlines."""
    outlines: dict[int, dict[str, Any]] = {}
    for community, numbers in _communities(things).items():
        wkb = frames.get(community)
        if wkb is None:
            continue
        points = [(things[n].lon or 0.0, things[n].lat or 0.0) for n in numbers]
        for number, cell in zip(numbers, cells_within(points=points, outline=wkb), strict=True):
            outlines[number] = shapely.geometry.mapping(shapely.transform(cell, lambda p: np.round(p, 6)))
    return tuple(_shaped(thing, outlines.get(number)) for number, thing in enumerate(things))


def _shaped(thing: Thing, outline: Mapping[str, Any] | None) -> Thing:
    values = {name: getattr(thing, name) for name in Thing.__dataclass_fields__}
    return Thing(**{**values, "outline": _plain(outline) if outline else None})


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def read_helpers(
    file: tuple[str, bytes], *, district: PlaceRow, on: date, called: Called, is_sample: bool
) -> QuestionMaterial:
    """Departments, areas, forbidden and present pairs. Raises `Refused` with every row that is wrong.

    Told are: a department without staff or twice, an area twice, without villages or with an unknown one, a pair of unknown ones.
    """
    reader = SheetReader(ORG_COLUMNS)
    things: list[Thing] = []
    orgs, areas = _named(reader, file, "单位"), {}
    for name, (number, cells) in orgs.items():
        staff = reader.whole(number, cells, "staff", low=1)
        more = {"strong": int(cells.get("strong", "") in YES), "tags": _parts(cells.get("tags", ""))}
        things.append(Thing(id=f"o:{name}", name=name, size=staff, role="org", more=more))
    reader.done()
    reader = SheetReader(AREA_COLUMNS)
    areas = _named(reader, file, "片区")
    for name, (number, cells) in areas.items():
        found = [_one(reader, number, called, one, _("place")) for one in _parts(cells["places"])]
        places = [row.id for row in found if row is not None]
        if not places:
            reader.wrong(number, _("%(name)s has no villages.") % {"name": name})
        more = {
            "places": places,
            "key": int(cells.get("key", "") in YES),
            "needs": _parts(cells.get("needs", "")),
        }
        size = reader.whole(number, cells, "weight")
        things.append(Thing(id=f"a:{name}", name=name, size=size, role="area", more=more))
    reader.done()
    pairs: dict[str, list[list[str]]] = {}
    for field, sheet in (("forbidden", "回避"), ("present", "现状")):
        reader = SheetReader(PAIR_COLUMNS)
        pairs[field] = []
        for number, cells in reader.rows(file[1], file[0], sheet=sheet):
            for name, known in ((cells["org"], orgs), (cells["area"], areas)):
                if name not in known:
                    reader.wrong(number, _("%(name)s is in neither list.") % {"name": name or "—"})
            pairs[field].append([f"o:{cells['org']}", f"a:{cells['area']}"])
        reader.done()
    return QuestionMaterial(PlanKind.PAIRING, district.id, district.name, on, is_sample, tuple(things), (), pairs)


def _named(reader: SheetReader, file: tuple[str, bytes], sheet: str) -> dict[str, tuple[int, dict[str, str]]]:
    """Rows of a sheet by name; a name twice or none is told."""
    rows: dict[str, tuple[int, dict[str, str]]] = {}
    for number, cells in reader.rows(
        file[1], file[0], optional=("strong", "tags", "key", "needs"), sheet=sheet, is_needed=True
    ):
        name = cells["name"]
        if not name:
            reader.wrong(number, _("the row has no name."))
        elif name in rows:
            reader.wrong(number, _("%(name)s stands in row %(row)s already.") % {"name": name, "row": rows[name][0]})
        else:
            rows[name] = (number, cells)
    return rows


def _parts(text: str) -> list[str]:
    return [part for part in APART.split(text) if part]
