"""Rules and inputs read back from their stored JSON, strictly."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from heli.planning.types import Material, PlanRules, SharedBorder, Town, Village

_hints = cache(get_type_hints)


def rules_from_json(raw: Mapping[str, Any]) -> PlanRules:
    """Read the stored form strictly; missing keys take their defaults.

    Raises `ValueError` naming every unknown key or the first value of a wrong type.
    """
    rules: PlanRules = _read(PlanRules, raw, "rules")
    return rules


def _read(kind: Any, raw: Any, name: str) -> Any:
    """A stored value as what the annotation says: values by names or in a row, lists as tuples, None where it may be."""
    if get_origin(kind) is UnionType:
        return None if raw is None else _read(get_args(kind)[0], raw, name)
    if get_origin(kind) is tuple:
        if not isinstance(raw, list | tuple):
            raise ValueError(f"{name}: {raw!r} is not a list")
        inside = get_args(kind)
        kinds = inside[:1] * len(raw) if inside[-1] is Ellipsis else inside
        return tuple(_read(one, value, name) for one, value in zip(kinds, raw, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        given = raw if isinstance(raw, Mapping) else dict(zip(hints, raw, strict=True))
        if unknown := sorted(set(given) - set(hints)):
            raise ValueError(f"{name}: unknown {', '.join(unknown)}")
        return kind(**{key: _read(hints[key], value, key) for key, value in given.items()})
    if issubclass(kind, StrEnum):
        return kind(raw)
    if type(raw) is not kind:
        words = {int: "a whole number", str: "a text", bool: "true or false"}
        raise ValueError(f"{name}: {raw!r} is not {words[kind]}")
    return raw


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
        borders=tuple(SharedBorder(*row) for row in raw["borders"]),
    )
