"""A plan as GeoJSON: villages with their old outlines, and the outlines of the new units."""

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from shapely import MultiPoint, union_all
from shapely.geometry import mapping, shape

from heli.planning.queries import ScenarioStanding, stored_material, stored_result
from heli.planning.rules import is_visible, names_of
from heli.planning.types import Merger, Result, Village
from heli.planning.wording import KIND_LABELS
from heli.ui.exports import SAMPLE

Feature = dict[str, Any]


def collection(features: list[Feature], *, is_sample: bool = False) -> dict[str, Any]:
    """A feature collection; sample data say so in the file itself."""
    return {"type": "FeatureCollection", **({"mark": SAMPLE} if is_sample else {}), "features": features}


def village_features(
    standing: ScenarioStanding, names: dict[tuple[int, ...], str], visible: frozenset[int] | None
) -> list[Feature]:
    """Every visible village with its old outline (a point where none is known) and what becomes of it."""
    material, result = standing.material, standing.result
    unit_of = {member: merger for merger in result.mergers for member in merger.members} if result else {}
    towns = {town.id: town.name for town in material.towns}
    classes = dict(standing.rules.classes)
    features = []
    for village in material.villages:
        if visible is not None and village.id not in visible:
            continue
        merger = unit_of.get(village.id)
        properties: dict[str, Any] = {
            "name": village.name,
            "label": village.name if merger is None or merger.centre == village.id else "",
            "town": towns[village.town],
            "population": village.population,
            "kind": "community" if village.is_community else "unplanned",
        }
        if village.id in classes:
            properties["village_class"] = classes[village.id]
        if merger is not None:
            properties |= {
                "kind": merger.kind,
                "kind_name": str(KIND_LABELS[merger.kind]),
                "unit": names.get(merger.members, ""),
                "unit_key": merger.key,
                "unit_population": merger.population,
                "score": round(merger.score / 1_000_000, 3),
                "farthest_m": merger.farthest_m,
                "is_centre": merger.centre == village.id,
                "is_locked": merger.is_locked,
            }
        geometry = village.outline or _point(village)
        features.append({"type": "Feature", "id": village.id, "properties": properties, "geometry": geometry})
    return features


def _point(village: Village) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [village.lon, village.lat]}


@lru_cache(maxsize=16)
def _unions(inputs: tuple[int, str], run: tuple[int, str]) -> dict[tuple[int, ...], Any]:
    """Members → joined outline; kept in memory, since neither inputs nor a finished run ever change."""
    shapes = {
        village.id: village.outline for village in stored_material(*inputs).villages if village.outline is not None
    }
    unions: dict[tuple[int, ...], Any] = {}
    for merger in stored_result(*run).mergers:
        outlines = [shape(dict(shapes[member])) for member in merger.members if member in shapes]
        if outlines:
            unions[merger.members] = mapping(union_all(outlines))
    return unions


def unit_shapes(standing: ScenarioStanding) -> dict[tuple[int, ...], Any]:
    """GeoJSON geometry of every new unit with outlines."""
    run = standing.run
    inputs = (standing.scenario.inputs_id, standing.scenario.inputs.sha256)
    return _unions(inputs, (run.pk, run.result_sha256)) if run is not None else {}


def unit_features(
    standing: ScenarioStanding, names: dict[tuple[int, ...], str], visible: frozenset[int] | None
) -> list[Feature]:
    """The new units as features, ready for a geographic information system."""
    result: Result | None = standing.result
    if result is None:
        return []
    by_id = {village.id: village for village in standing.material.villages}
    towns = {town.id: town.name for town in standing.material.towns}
    shapes = unit_shapes(standing)

    def feature(merger: Merger) -> Feature:
        points = MultiPoint([(by_id[member].lon, by_id[member].lat) for member in merger.members])
        members = str(_(", ")).join(names_of(merger.members, by_id))
        return {
            "type": "Feature",
            "id": merger.centre,
            "geometry": shapes.get(merger.members) or mapping(points),
            "properties": {
                "name": names.get(merger.members, by_id[merger.centre].name),
                "town": towns[merger.town],
                "kind": str(KIND_LABELS[merger.kind]),
                "members": members,
                "centre": by_id[merger.centre].name,
                "population": merger.population,
                "farthest_m": merger.farthest_m,
                "score": merger.score / 1_000_000,
                **({"mark": SAMPLE} if standing.material.is_sample else {}),
            },
        }

    return [feature(merger) for merger in result.mergers if is_visible(merger, visible)]
