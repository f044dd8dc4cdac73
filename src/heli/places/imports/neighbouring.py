"""Who is whose neighbour, computed from what the register has drawn: outlines where all have one, points otherwise."""

from collections.abc import Sequence
from datetime import date

import shapely
from django.utils.translation import gettext

from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused, Severity
from heli.places import services as register
from heli.places.imports.outlines import TOLERANCES_M
from heli.places.queries import villages_of
from heli.places.services.neighbours import NeighbourSpec
from mergeplan.geo.coords import local_metres
from mergeplan.geo.neighbours import neighbours_from_outlines, neighbours_from_points

ACTION = "places.import"


def compute_neighbours(
    *,
    actor: Actor,
    district_id: int,
    on: date,
    barriers: Sequence[shapely.Geometry] = (),
    tolerance_m: int = TOLERANCES_M[0],
) -> tuple[dict[str, int], list[Fault]]:
    """Compute a district's pairs anew; those edited by hand stay. Returns counts and what geometry noticed.

    `barriers` are rivers and ridges in degrees: a pair whose straight way from point to point one of them cuts stays in
    the table, marked as parted, so that a person can open it again where a bridge is. `tolerance_m`: gaps up to so wide
    between two drawings of one border are closed. Raises `Refused` while some
    village lies nowhere.
    """
    villages = villages_of(district_id, on)
    nowhere = [row.name for row in villages if row.lon is None or row.lat is None]
    if nowhere or len(villages) < 2:
        names = "、".join(nowhere[:3])
        text = gettext("%(count)s villages have neither outline nor point, %(names)s among them. Import those first.")
        raise Refused(Fault("villages_without_place", text % {"count": len(nowhere), "names": names}))
    lons = [float(row.lon or 0) for row in villages]
    lats = [float(row.lat or 0) for row in villages]
    metres = local_metres(min(lons), min(lats), max(lons), max(lats))
    if all(row.outline is not None for row in villages):
        shapes = [metres.project(shapely.from_wkb(row.outline)) for row in villages]
        found = neighbours_from_outlines(shapes, tolerance_m=tolerance_m)
    else:
        xs, ys = metres.forward(lons, lats)
        found = neighbours_from_points(list(zip(xs.tolist(), ys.tolist(), strict=True)))
    ways = [shapely.LineString([(lons[one.i], lats[one.i]), (lons[one.j], lats[one.j])]) for one in found.borders]
    tree = shapely.STRtree(ways)
    parted = {int(way) for barrier in barriers for way in tree.query(barrier, predicate="intersects")}
    pairs = [
        NeighbourSpec(
            a_id=villages[one.i].id,
            b_id=villages[one.j].id,
            border_m=one.length_m,
            road_m=one.distance_m,
            is_barrier=number in parted,
        )
        for number, one in enumerate(found.borders)
    ]
    counts = register.replace_computed_neighbours(
        actor=actor, district_id=district_id, on=on, pairs=pairs, action=ACTION
    )
    counts["parted"] = len(parted)
    noticed = [
        Fault(
            one.code,
            f"{one.message} {one.remedy}",
            Severity.WARNING,
            source=villages[one.index].name if one.index is not None else "",
        )
        for one in found.flaws
    ]
    return counts, noticed
