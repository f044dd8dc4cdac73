"""Rules and inputs read back from their stored JSON, strictly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from heli.planning.types import (
    Border,
    Goal,
    GoalKind,
    Material,
    Override,
    OverrideKind,
    PlanRules,
    ScoreWeights,
    Town,
    Village,
    VillageClass,
    Window,
    Zone,
)


def rules_from_json(raw: Mapping[str, Any]) -> PlanRules:
    """Read the stored form strictly; missing keys take their defaults.

    Raises `ValueError` naming every unknown key or the first value of a wrong type.
    """
    known = {item.name for item in fields(PlanRules)}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"unknown rules: {', '.join(unknown)}")
    given: dict[str, Any] = {}
    for name in ("k", "pmin", "pmax", "radius_m", "detour", "absorb_cost", "convert_cost"):
        if name in raw:
            given[name] = _whole(raw[name], name)
    if raw.get("target_population") is not None:
        given["target_population"] = _whole(raw["target_population"], "target_population")
    if "absorb_bordering" in raw:
        if not isinstance(raw["absorb_bordering"], bool):
            raise ValueError("absorb_bordering: expected true or false")
        given["absorb_bordering"] = raw["absorb_bordering"]
    if "goal" in raw:
        given["goal"] = _goal(raw["goal"])
    if "weights" in raw:
        if extra := sorted(set(raw["weights"]) - {item.name for item in fields(ScoreWeights)}):
            raise ValueError(f"weights: unknown {', '.join(extra)}")
        given["weights"] = ScoreWeights(**{key: _whole(value, key) for key, value in raw["weights"].items()})
    given["windows"] = tuple(
        Window(VillageClass(kind), _whole(low, "windows"), _whole(high, "windows"))
        for kind, low, high in raw.get("windows", ())
    )
    given["classes"] = tuple((_whole(place, "classes"), VillageClass(kind)) for place, kind in raw.get("classes", ()))
    given["zones"] = tuple(Zone(_text(name), _ids(members, "zones")) for name, members in raw.get("zones", ()))
    given["overrides"] = tuple(
        Override(
            _whole(place, "overrides"),
            OverrideKind(kind),
            _text(reason),
            None if host is None else _whole(host, "host"),
        )
        for place, kind, reason, host in raw.get("overrides", ())
    )
    for name in ("town_merges", "forbidden_pairs"):
        given[name] = tuple(_pair(pair, name) for pair in raw.get(name, ()))
    for name in ("locks", "forbidden_units"):
        given[name] = tuple(_ids(members, name) for members in raw.get(name, ()))
    given["moved"] = _ids(raw.get("moved", ()), "moved")
    given["names"] = tuple((_ids(members, "names"), _text(name)) for members, name in raw.get("names", ()))
    return PlanRules(**given)


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name}: {value!r} is not a whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")
    return value


def _ids(values: Iterable[object], name: str) -> tuple[int, ...]:
    return tuple(_whole(value, name) for value in values)


def _pair(values: Sequence[object], name: str) -> tuple[int, int]:
    first, second = _ids(values, name)
    return first, second


def _goal(raw: Mapping[str, Any]) -> Goal:
    if extra := sorted(set(raw) - {"kind", "count", "reduction"}):
        raise ValueError(f"goal: unknown {', '.join(extra)}")
    count, reduction = raw.get("count"), raw.get("reduction")
    return Goal(
        GoalKind(raw["kind"]),
        None if count is None else _whole(count, "goal.count"),
        None if reduction is None else _whole(reduction, "goal.reduction"),
    )


def material_from_json(raw: Mapping[str, Any]) -> Material:
    """Read pinned inputs back."""
    district, name, code = raw["district"]
    columns = raw["columns"]
    return Material(
        district=district,
        district_name=name,
        district_code=code,
        on=date.fromisoformat(raw["on"]),
        is_sample=raw["is_sample"],
        towns=tuple(Town(*row) for row in raw["towns"]),
        villages=tuple(Village(**dict(zip(columns, row, strict=True))) for row in raw["villages"]),
        borders=tuple(Border(*row) for row in raw["borders"]),
    )
