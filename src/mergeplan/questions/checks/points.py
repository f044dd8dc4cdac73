"""Whether an answer of mergeplan.points/1 stands."""

from __future__ import annotations

from decimal import Decimal
from math import isqrt

from mergeplan.questions.checks.common import Raw, check_head, flaw
from mergeplan.types import Flaw


def metres(raw: Raw, i: int, j: int) -> int:
    """From a group to a site by place in the file: ⌊detour · distance + ½⌋ without floating point."""
    demand, sites = raw["demand"], raw["sites"]
    squares: int = (demand["x"][i] - sites["x"][j]) ** 2 + (demand["y"][i] - sites["y"][j]) ** 2
    detour = Decimal(str(raw.get("detour", 1)))
    digits = max(0, -int(detour.as_tuple().exponent))
    scale: int = 10**digits
    return (isqrt(4 * squares * int(detour * scale) ** 2) + scale) // (2 * scale)


def check_points(raw: Raw, answer: Raw) -> list[Flaw]:
    """Every group that can be reached has a site within reach that is open or opened, and the sum is right."""
    demand, sites = raw["demand"], raw["sites"]
    place = {key: j for j, key in enumerate(sites["id"])}
    new, site_of = answer.get("sites"), answer.get("site_of")
    if not isinstance(new, list) or not isinstance(site_of, dict) or not set(new) | set(site_of.values()) <= set(place):
        return [flaw("sites", "does not name sites of the file", "sites")]
    found: list[Flaw] = []
    if len(set(new)) != len(new) or any(sites["open"][place[key]] for key in new) or answer.get("further") != len(new):
        found.append(flaw("sites", "does not list each further site once", "sites"))
    usable = {key for key in place if key in new or sites["open"][place[key]]}
    lost, beyond, cost = [], 0, 0
    for i, key in enumerate(demand["id"]):
        ways = [metres(raw, i, j) for j in range(len(place))]
        beyond += all(way > raw["reach"] for j, way in enumerate(ways) if sites["open"][j])
        if min(ways, default=raw["reach"] + 1) > raw["reach"]:
            lost.append(key)
        elif site_of.get(key) not in usable:
            found.append(flaw("no-site", f"{site_of.get(key)!r} is no open site", f"site_of.{key}"))
        elif ways[place[site_of[key]]] > raw["reach"]:
            found.append(flaw("reach", f"{ways[place[site_of[key]]]} m are beyond {raw['reach']} m", f"site_of.{key}"))
        else:
            cost += demand["households"][i] * ways[place[site_of[key]]]
    cover = answer.get("cover")
    told = cover if isinstance(cover, dict) else {}
    if sorted(told.get("unreachable", [""])) != sorted(lost) or set(site_of) & set(lost):
        found.append(flaw("unreachable", f"must name {', '.join(lost) or 'nobody'}", "cover.unreachable"))
    if told.get("beyond_seats") != beyond or not isinstance(told.get("further"), int) or told["further"] > len(new):
        found.append(flaw("cover", f"{beyond} are beyond the open sites, {len(new)} further ones reach them", "cover"))
    curve, bounds = answer.get("curve", {}), answer.get("curve_bound", {})
    values = [curve[number] for number in sorted(curve, key=int)]
    if (
        set(curve) != set(bounds)
        or any(bounds[number] > curve[number] for number in curve)
        or values != sorted(values)[::-1]
    ):
        found.append(flaw("curve", "rises, or lies below its bound", "curve"))
    return found + check_head(answer, None if found else cost)
