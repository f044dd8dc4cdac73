"""Files of cases in JSON: `{"form": …, "cases": […]}`, each case with an id, its keys and shapes checked before a rule sees it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import Key, Shape, fits

Case = Mapping[str, Any]


def read_form(text: str, form: str, keys: Sequence[str]) -> dict[str, Any]:
    """The object of a file that must say `form` and may have these keys beside it. Raises `Refused`: the file is no such form."""
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as wrong:
        message = _("This is not JSON: %(what)s. Save the file anew from where it was made.")
        raise Refused(Fault("json", message % {"what": wrong})) from wrong
    if not isinstance(data, dict) or data.get("form") != form:
        message = _("This is no file of the form %(form)s. Write {“form”: “%(form)s”, …}.")
        raise Refused(Fault("form", message % {"form": form}, field="form"))
    if unknown := sorted(set(data) - {"form", *keys}):
        message = _("The key “%(key)s” is unknown here. Remove it.")
        raise Refused([Fault("unknown_key", message % {"key": key}, field=key) for key in unknown])
    return data


def read_cases(text: str, form: str, name: str) -> list[Case]:
    """The cases of a file, each with an id that no other has. Raises `Refused` when the file is no such form."""
    cases = read_form(text, form, [name]).get(name)
    if not isinstance(cases, list):
        message = _("“%(key)s” must be a list.")
        raise Refused(Fault("shape", message % {"key": name}, field=name))
    seen, faults = set[str](), []
    for number, case in enumerate(cases, 1):
        key = case.get("id") if isinstance(case, dict) else None
        if not isinstance(key, str) or not key.strip():
            message = _("Number %(number)s of “%(key)s” has no id. Write a text that no other has.")
            faults.append(Fault("no_id", message % {"number": number, "key": name}, field="id"))
        elif key in seen:
            faults.append(
                Fault("twice", _("This id is there twice. Give one of the two another."), field="id", source=key)
            )
        else:
            seen.add(key)
    if faults:
        raise Refused(faults)
    return cases


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is there twice")
    return found


def check_shape(case: Any, keys: Sequence[Key], source: str, way: str = "") -> Iterator[Fault]:
    """Unknown and missing keys and wrong shapes of a table and those below it; `way` is the field they hang under."""
    known = {key.name: key for key in keys}
    for name in case:
        if name not in known:
            yield Fault(
                "unknown_key",
                _("The key “%(key)s” is unknown here. Remove it.") % {"key": name},
                field=way + name,
                source=source,
            )
    for key in keys:
        field = way + key.name
        if key.name not in case:
            if key.required:
                message = _("“%(key)s” is missing: %(meaning)s.")
                yield Fault("missing_key", message % {"key": field, "meaning": key.meaning}, field=field, source=source)
            continue
        value = case[key.name]
        if not fits(value, key.shape) or (key.choices and value not in key.choices):
            message = _("“%(key)s” must be %(meaning)s.")
            yield Fault("shape", message % {"key": field, "meaning": key.meaning}, field=field, source=source)
        elif key.least is not None and key.shape is Shape.WHOLE and value < key.least:
            message = _("“%(key)s” must not be less than %(least)s.")
            yield Fault("too_small", message % {"key": field, "least": key.least}, field=field, source=source)
        elif key.shape is Shape.TABLE and key.keys:
            yield from check_shape(value, key.keys, source, f"{field}.")
        elif key.shape is Shape.TABLES:
            for number, one in enumerate(value):
                yield from check_shape(one, key.keys, source, f"{field}.{number}.")


def read_day(case: Case, key: str, source: str) -> date | None:
    """A day written 2026-05-20; None when it is not given. Raises `Refused`."""
    if key not in case:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", case[key]):
            raise ValueError
        return date.fromisoformat(case[key])
    except ValueError as wrong:
        message = _("“%(key)s” must be a day such as 2026-05-20.")
        raise Refused(Fault("day", message % {"key": key}, field=key, source=source)) from wrong


def fault_maker(source: str) -> Callable[..., Fault]:
    """Faults of one case: code, field, message and the values it names."""

    def make(code: str, field: str, message: str, **values: object) -> Fault:
        return Fault(code, message % values, field=field, source=source)

    return make
