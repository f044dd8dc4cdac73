"""Files of cases in JSON: `{"form": …, "cases": […]}`, each case with an id, its keys and shapes checked before a rule sees it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from heli.kernel.faults import Finding, Unsound
from heli.kernel.packs import Key, Shape, fits

Case = Mapping[str, Any]


def read_form(text: str, form: str, keys: Sequence[str]) -> dict[str, Any]:
    """The object of a file that must say `form` and may have these keys beside it. Raises `Unsound`: the file is no such form."""
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as wrong:
        raise Unsound(Finding("json", {"what": wrong})) from wrong
    if not isinstance(data, dict) or data.get("form") != form:
        raise Unsound(Finding("form", {"form": form}, field="form"))
    if unknown := sorted(set(data) - {"form", *keys}):
        raise Unsound(*(Finding("unknown_key", {"key": key}, field=key) for key in unknown))
    return data


def read_cases(text: str, form: str, name: str) -> list[Case]:
    """The cases of a file, each with an id that no other has. Raises `Unsound` when the file is no such form."""
    data = read_form(text, form, [name])
    if found := list(check_ids(data.get(name), name)):
        raise Unsound(*found)
    return list(data[name])


def check_ids(cases: Any, name: str) -> Iterator[Finding]:
    """Whether the list called `name` is one of tables, each with an id that no other has."""
    if not isinstance(cases, list):
        yield Finding("no_list", {"key": name}, field=name)
        return
    seen = set[str]()
    for number, case in enumerate(cases, 1):
        key = case.get("id") if isinstance(case, dict) else None
        if not isinstance(key, str) or not key.strip():
            yield Finding("no_id", {"number": number, "key": name}, field="id")
        elif key in seen:
            yield Finding("id_twice", field="id", source=key)
        else:
            seen.add(key)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is there twice")
    return found


def check_shape(case: Any, keys: Sequence[Key], source: str, way: str = "") -> Iterator[Finding]:
    """Unknown and missing keys and wrong shapes of a table and those below it; `way` is the field they hang under."""
    known = {key.name: key for key in keys}
    for name in case:
        if name not in known:
            yield Finding("unknown_key", {"key": name}, way + name, source)
    for key in keys:
        field = way + key.name
        facts = {"key": field, "meaning": key.meaning, "least": key.least}
        if key.name not in case:
            if key.required:
                yield Finding("missing_key", facts, field, source)
            continue
        value = case[key.name]
        if not fits(value, key.shape) or (key.choices and value not in key.choices):
            yield Finding("shape", facts, field, source)
        elif key.least is not None and key.shape is Shape.WHOLE and value < key.least:
            yield Finding("too_small", facts, field, source)
        elif key.shape is Shape.TABLE and key.keys:
            yield from check_shape(value, key.keys, source, f"{field}.")
        elif key.shape is Shape.TABLES:
            for number, one in enumerate(value):
                yield from check_shape(one, key.keys, source, f"{field}.{number}.")


def read_day(case: Case, key: str, source: str) -> date | None:
    """A day written 2026-05-20; None when it is not given. Raises `Unsound`."""
    if key not in case:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", case[key]):
            raise ValueError
        return date.fromisoformat(case[key])
    except ValueError as wrong:
        raise Unsound(Finding("day", {"key": key}, key, source)) from wrong
