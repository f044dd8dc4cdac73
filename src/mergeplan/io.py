"""The JSON form of instances and plans, read strictly and written stably.

Every error names field, index and remedy; reading never stops at the first one. Nothing here scores or solves.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from mergeplan.fields import LARGEST, Reader
from mergeplan.plan_io import plan_to_json
from mergeplan.types import (
    WEIGHT_SCALE,
    Absorption,
    Edge,
    Flaw,
    Instance,
    InstanceError,
    Number,
    Plan,
    Rules,
    VillageId,
    Weights,
)

LISTS = ("x", "y", "pop", "area", "perim", "town", "id", "name", "edges")
RULES = (
    "k", "Pmin", "Pmax", "R", "T", "K", "Kmin", "detour", "weights", "fixed", "must", "cannot", "exempt", "convertible",
    "convert_cost", "hosts", "absorb", "type", "windows", "zones",
)  # fmt: skip
REMARKS = ("title", "note", "comment", "source", "seed", "towns")
"""Keys that the planner does not read: what a person or a program wrote about the instance."""
MERCATOR_M = math.pi * 6_378_137.0
CHINA = (73.0, 3.0, 136.0, 54.0)
"""Degrees: west, south, east, north."""


def read_json(source: str | Path | bytes) -> Instance:
    """Read an instance from a path or from JSON bytes.

    Raises `InstanceError` with every problem found, `OSError` when the file cannot be opened.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        flaw = Flaw("not-json", f"is not readable JSON: {error}", "file", None, "save it as UTF-8 JSON")
        raise InstanceError((flaw,)) from error
    return instance_from_json(raw)


def instance_from_json(raw: object) -> Instance:
    """Build an instance from the decoded JSON object. Raises `InstanceError`."""
    if not isinstance(raw, Mapping):
        flaw = Flaw("not-an-object", "the file holds no JSON object", "file", None, "write {…} with n, x, y, …")
        raise InstanceError((flaw,))
    r = Reader(raw)
    _check_keys(r, raw, ("n", *LISTS, *RULES, *REMARKS), "")
    n = r.whole(raw.get("n", len(r.many("x"))), "n", None, low=1, high=10_000_000)
    if not r.flaws and isinstance(raw.get("x"), list) and len(raw["x"]) != n:
        r.wrong("wrong-length", f"has {len(raw['x'])} entries, n is {n}", "x", None, f"give exactly {n} entries")
    if r.flaws:
        raise InstanceError(tuple(r.flaws))
    x, y = r.numbers("x", n), r.numbers("y", n)
    pop = [r.whole(v, "pop", i, low=0, high=10**9) for i, v in enumerate(r.column("pop", n) or [0] * n)]
    area, perim = r.numbers("area", n, low=0), r.numbers("perim", n, low=0)
    town = _labels(r, "town", n)
    ids = _labels(r, "id", n) if r.raw.get("id") else list(range(n))
    _check_unique(r, ids)
    names = _names(r, n, ids)
    edges = _read_edges(r, n)
    rules = _read_rules(r, n, pop)
    weights = _read_weights(r)
    _check_windows(r, rules)
    _check_borders(r, edges, perim)
    _check_metres(r, x, y)
    if r.flaws:
        raise InstanceError(tuple(r.flaws))
    _warn_oddities(r, names, pop, perim)
    return Instance(
        id=tuple(ids),
        name=tuple(names),
        x=tuple(x),
        y=tuple(y),
        pop=tuple(pop),
        area=tuple(area),
        perim=tuple(perim),
        town=tuple(town),
        edges=tuple(edges),
        rules=rules,
        weights=weights,
        warnings=tuple(r.warnings),
    )


def _check_keys(r: Reader, raw: Mapping[str, Any], known: Sequence[str], inside: str) -> None:
    """A misspelt rule would silently not hold, so no key passes unread."""
    for key in raw:
        if key not in known:
            near = get_close_matches(str(key), known, 1, 0.6)
            lower = [name for name in known if name.lower() == str(key).lower()]
            meant = (lower or near or [""])[0]
            remedy = f"write {inside}{meant}" if meant else f"known are {', '.join(known)}"
            r.wrong("unknown-key", "is no key of an instance", f"{inside}{key!s:.60}", None, remedy)


def _check_windows(r: Reader, rules: Rules) -> None:
    given = {t for t in rules.types if t is not None}
    for name, _, _ in rules.windows:
        if name not in given:
            listed = ", ".join(sorted(given)[:12]) or "no village has one"
            r.wrong("window-of-nobody", "is the type of no village", f"windows.{name}", None, f"types are: {listed}")


def _check_borders(r: Reader, edges: Sequence[Edge], perim: Sequence[Number]) -> None:
    """A border is part of both outlines (a metre is left for rounding)."""
    for index, e in enumerate(edges):
        for i in (e.i, e.j):
            if perim[i] and e.length_m > perim[i] + 1:
                message = f"{e.length_m:g} m are more than the perimeter of village {i}, {perim[i]:g} m"
                r.wrong(
                    "border-too-long", message, "edges", index, "give both in metres, measured on the same outlines"
                )


def _check_metres(r: Reader, x: Sequence[Number], y: Sequence[Number]) -> None:
    """Web Mercator's metres are longer than real ones the farther from the equator: 1.16-fold at 30° north.

    Its coordinates in China are taken by nothing else but the easternmost and westernmost old survey zones (13 and 14).
    """
    degrees = [(math.degrees(v / MERCATOR_M * math.pi), _latitude(w)) for v, w in zip(x, y, strict=True)]
    west, south, east, north = CHINA
    if not all(west <= lon <= east and south <= lat <= north for lon, lat in degrees):
        return
    factor = 1 / math.cos(math.radians(sum(lat for _, lat in degrees) / len(degrees)))
    message = f"looks like Web Mercator (EPSG:3857), whose metres are {factor:.2f} times too long here"
    remedy = "give survey metres, as EPSG:4547 or another 3-degree zone, or degrees in a GeoJSON"
    if all(abs(v % 1_000_000 - 500_000) < 340_000 and 12.9e6 < v < 15.0e6 for v in x):
        r.warn("web-mercator", message, "x", None, f"{remedy}; in survey zone 13 or 14 all is well")
    else:
        r.wrong("web-mercator", message, "x", None, remedy)


def _latitude(y: float) -> float:
    """Web Mercator's y → degrees north; nothing sensible beyond the square map."""
    if abs(y) > MERCATOR_M:
        return math.inf
    return math.degrees(2 * math.atan(math.exp(y / MERCATOR_M * math.pi)) - math.pi / 2)


def _labels(r: Reader, field: str, n: int) -> list[int | str]:
    labels: list[int | str] = []
    for index, value in enumerate(r.column(field, n) or [0] * n):
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            r.wrong("not-a-label", f"{value!r:.60} names nothing", field, index, "give a whole number or a text")
            labels.append(index)
        else:
            labels.append(value)
    return labels


def _check_unique(r: Reader, ids: Sequence[VillageId]) -> None:
    seen: dict[str, int] = {}
    for index, value in enumerate(ids):
        # 7 and "7" would look the same in every table and message, so they may not stand side by side.
        first = seen.setdefault(str(value), index)
        if first != index:
            r.wrong("duplicate-id", f"{value!r} is also the id of village {first}", "id", index, "make ids unique")


def _names(r: Reader, n: int, ids: Sequence[VillageId]) -> list[str]:
    if not r.raw.get("name") or not isinstance(r.raw["name"], list | tuple):
        return [str(v) for v in ids]  # "name" may also be the instance's own title
    given = r.column("name", n) or [None] * n
    return [str(v) if v not in (None, "") else str(ids[i]) for i, v in enumerate(given)]


def _read_edges(r: Reader, n: int) -> list[Edge]:
    edges: list[Edge] = []
    seen: dict[tuple[int, int], int] = {}
    if "edges" not in r.raw:
        r.wrong("missing", "is missing", "edges", None, "add [[i, j, length_m, affinity], …], [] for islands only")
    for index, value in enumerate(r.many("edges")):
        row = r.row(value, 4, "edges", index, "[i, j, length_m, affinity]")
        if row is None:
            continue
        i, j = r.village(row[0], n, "edges", index), r.village(row[1], n, "edges", index)
        length = r.number(row[2], "edges", index, low=0)
        affinity = r.whole(row[3], "edges", index, low=0, high=1000)
        if i is None or j is None:
            continue
        pair = (min(i, j), max(i, j))
        if i == j:
            r.wrong("same-village", f"joins village {i} with itself", "edges", index, "remove the edge")
        elif pair in seen:
            r.wrong(
                "duplicate-edge", f"repeats edges[{seen[pair]}]", "edges", index, "add the lengths and keep one row"
            )
        else:
            seen[pair] = index
            edges.append(Edge(*pair, length, affinity))
    return edges


def _read_rules(r: Reader, n: int, pop: Sequence[int]) -> Rules:
    raw = r.raw

    def whole(key: str, default: int | None, low: int, high: float = LARGEST) -> int | None:
        return default if raw.get(key) is None else r.whole(raw[key], key, None, low=low, high=high)

    k = cast(int, whole("k", 3, 1, 64))
    pmin = cast(int, whole("Pmin", 0, 0))
    pmax = cast(int, whole("Pmax", 10**9, 0))
    radius = 10**9 if raw.get("R") is None else r.number(raw["R"], "R", None, low=0)
    at_most, at_least = whole("K", None, 0), whole("Kmin", None, 0)
    if pmin > pmax:
        r.wrong("window-empty", f"Pmin {pmin} is above Pmax {pmax}", "Pmin", None, "lower Pmin or raise Pmax")
    if at_most is not None and at_least is not None and at_least > at_most:
        r.wrong("counts-cross", f"Kmin {at_least} is above K {at_most}", "Kmin", None, "lower Kmin or raise K")
    hosts = r.villages("hosts", n)
    return Rules(
        k=k,
        pmin=pmin,
        pmax=pmax,
        radius_m=radius,
        target_pop=_target(r, whole("T", None, 1), at_most, n, pop),
        is_target_given=raw.get("T") is not None,
        at_most=at_most,
        at_least=at_least,
        detour=r.decimal(raw.get("detour"), "detour", "1.3"),
        fixed=r.villages("fixed", n),
        must=r.pairs("must", n),
        cannot=r.pairs("cannot", n),
        exempt=r.villages("exempt", n),
        convertible=r.villages("convertible", n),
        convert_cost=cast(int, whole("convert_cost", 0, -LARGEST)),
        hosts=hosts,
        absorb=_read_absorb(r, n, hosts),
        types=_read_types(r, n),
        windows=_read_windows(r),
        zones=_read_zones(r, n),
    )


def _target(r: Reader, given: int | None, at_most: int | None, n: int, pop: Sequence[int]) -> int:
    if given is not None:
        return given
    divisor = at_most or n
    target = (2 * sum(pop) + divisor) // (2 * divisor)  # half up
    if target == 0:
        r.warn("target-zero", "total population is too small for a target", "T", None, "1 is used; give T")
    return max(target, 1)


def _read_absorb(r: Reader, n: int, hosts: frozenset[int]) -> tuple[Absorption, ...]:
    found: dict[tuple[int, int], Absorption] = {}
    for index, value in enumerate(r.many("absorb")):
        row = r.row(value, 3, "absorb", index, "[village, host, cost]")
        if row is None:
            continue
        village, host = r.village(row[0], n, "absorb", index), r.village(row[1], n, "absorb", index)
        cost = r.whole(row[2], "absorb", index, low=-LARGEST)
        if village is None or host is None:
            continue
        if host not in hosts:
            r.wrong("not-a-host", f"{host} is not in hosts", "absorb", index, f"add {host} to hosts")
        if village in hosts:
            r.wrong("host-absorbed", f"{village} is a host itself", "absorb", index, "remove the row")
        if (village, host) in found:
            r.wrong("duplicate-absorb", f"repeats {[village, host]}", "absorb", index, "keep one row")
        found[village, host] = Absorption(village, host, cost)
    return tuple(found[key] for key in sorted(found))


def _read_types(r: Reader, n: int) -> tuple[str | None, ...]:
    if not r.raw.get("type"):
        return ()
    return tuple(None if v in (None, "") else str(v) for v in r.column("type", n) or [])


def _read_windows(r: Reader) -> tuple[tuple[str, int, int], ...]:
    raw = r.raw.get("windows") or {}
    if not isinstance(raw, Mapping):
        r.wrong("not-an-object", f"{raw!r:.60} is not an object", "windows", None, "write {type: [Pmin, Pmax]}")
        return ()
    found: list[tuple[str, int, int]] = []
    for index, (name, value) in enumerate(raw.items()):
        row = r.row(value, 2, "windows", index, "[Pmin, Pmax]")
        if row is None:
            continue
        low, high = (r.whole(v, "windows", index, low=0) for v in row)
        if low > high:
            r.wrong("window-empty", f"{name}: {low} is above {high}", "windows", index, "lower Pmin or raise Pmax")
        found.append((str(name), low, high))
    return tuple(sorted(found))


def _read_zones(r: Reader, n: int) -> tuple[tuple[int, ...], ...]:
    zones: list[tuple[int, ...]] = []
    for index, value in enumerate(r.many("zones")):
        if not isinstance(value, list | tuple):
            r.wrong("wrong-form", f"{value!r:.60} is not a list of villages", "zones", index, "write [i, j, …]")
            continue
        members = {v for v in (r.village(v, n, "zones", index) for v in value) if v is not None}
        if len(members) > 1:
            zones.append(tuple(sorted(members)))
    return tuple(sorted(zones))


def _read_weights(r: Reader) -> Weights:
    raw = r.raw.get("weights") or {}
    if not isinstance(raw, Mapping):
        r.wrong("not-an-object", f"{raw!r:.60} is not an object", "weights", None, "write {balance: 1.0, …}")
        return Weights()
    _check_keys(r, raw, ("balance", "travel", "disrupt", "compact", "affinity"), "weights.")
    defaults = {"balance": "1.0", "travel": "0.5", "disrupt": "0.2", "compact": "0.3", "affinity": "0.2"}
    return Weights(**{key: r.decimal(raw.get(key), f"weights.{key}", text) for key, text in defaults.items()})


def _warn_oddities(r: Reader, names: Sequence[str], pop: Sequence[int], perim: Sequence[Number]) -> None:
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        if seen.setdefault(name, i) != i:
            r.warn("duplicate-name", f"{name} is also village {seen[name]}", "name", i, "ids tell them apart")
    for i, people in enumerate(pop):
        if people == 0:
            r.warn("zero-population", "nobody lives here", "pop", i, "check the figure; it is planned all the same")
    for i, length in enumerate(perim):
        if length == 0:
            r.warn("no-perimeter", "no outline, compactness counts 0", "perim", i, "give the outer perimeter")


def instance_to_json(instance: Instance) -> dict[str, Any]:
    """The instance in the exchange form; reading it back gives an equal instance."""
    rules, weights = instance.rules, instance.weights
    raw: dict[str, Any] = {"n": instance.n, "id": list(instance.id), "name": list(instance.name)}
    for key in ("x", "y", "pop", "area", "perim", "town"):
        raw[key] = list(getattr(instance, key))
    raw["edges"] = [[e.i, e.j, e.length_m, e.affinity] for e in instance.edges]
    raw |= {"k": rules.k, "Pmin": rules.pmin, "Pmax": rules.pmax, "R": rules.radius_m}
    if rules.is_target_given:
        raw["T"] = rules.target_pop
    raw |= {"K": rules.at_most, "Kmin": rules.at_least, "detour": rules.detour / WEIGHT_SCALE}
    names = ("balance", "travel", "compact", "disrupt", "affinity")
    raw["weights"] = {name: getattr(weights, name) / WEIGHT_SCALE for name in names}
    for key in ("fixed", "exempt", "convertible", "hosts"):
        raw[key] = sorted(getattr(rules, key))
    raw |= {"must": [list(p) for p in rules.must], "cannot": [list(p) for p in rules.cannot]}
    raw |= {"convert_cost": rules.convert_cost, "absorb": [[a.village, a.host, a.cost] for a in rules.absorb]}
    raw |= {"type": list(rules.types), "windows": {name: [low, high] for name, low, high in rules.windows}}
    raw["zones"] = [list(zone) for zone in rules.zones]
    return raw


def write_json(value: Instance | Plan, path: str | Path) -> None:
    """Write an instance or a plan; the same value gives the same bytes."""
    Path(path).write_bytes(dump_json(value))


def dump_json(value: Instance | Plan) -> bytes:
    """UTF-8 JSON, one line per top-level key so that two plans can be compared by `diff`."""
    raw = plan_to_json(value) if isinstance(value, Plan) else instance_to_json(value)
    lines = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False, allow_nan=False)}" for k, v in raw.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
