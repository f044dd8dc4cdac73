"""Cases of the form heli.clock/1: read strictly, counted, and told with what is wrong with them."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from heli.kernel.faults import Fault, Finding, Refused, Unsound
from heli.kernel.forms import Case, check_shape, read_day
from heli.kernel.packs import Key, Shape
from heli.kernel.workdays import Calendar
from heli.matters.rules.clocks import CountedIn, DueDay, DueMoment, Opening, compute_due, compute_due_moment

CLOCK_FORM = "heli.clock/1"
COMMON = (Key("id", Shape.TEXT, "its name"), Key("from", Shape.TEXT, "the day of receipt, such as 2026-05-20"))
DAY_KEYS = (
    *COMMON,
    Key("days", Shape.WHOLE, "a whole number of days", least=0),
    Key("kind", Shape.TEXT, "working or calendar", choices=("working", "calendar")),
)
HOUR_KEYS = (
    *COMMON,
    Key("unit", Shape.TEXT, "hours", choices=("hours",)),
    Key("hours", Shape.WHOLE, "a whole number of office hours", least=0),
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")

Say = Callable[[Finding], Fault]


def clock_result(case: Case, calendar: Calendar, opening: Sequence[Opening], say: Say) -> dict[str, Any]:
    """`{id, due, provisional}`, or with status "refused" and the problems of the case; `say` puts findings into words."""
    source = case["id"]
    try:
        found = _count(case, source, calendar, opening)
    except Unsound as wrong:
        faults = [say(finding) for finding in wrong.findings]
    except Refused as refused:
        faults = [Fault(one.code, one.message, field=one.field, source=source) for one in refused.faults]
    else:
        due = found.day if isinstance(found, DueDay) else found.moment
        return {"id": source, "due": due.isoformat(), "provisional": found.provisional}
    problems = [fault.as_json() for fault in faults]
    return {"id": source, "due": None, "provisional": False, "status": "refused", "problems": problems}


def _count(case: Case, source: str, calendar: Calendar, opening: Sequence[Opening]) -> DueDay | DueMoment:
    in_hours = "unit" in case
    keys = HOUR_KEYS if in_hours else DAY_KEYS
    plain = {name: value for name, value in case.items() if name != "pauses"}
    if found := list(check_shape(plain, keys, source)):
        raise Unsound(*found)
    if in_hours:
        since = _moment(case["from"], "from", source)
        return compute_due_moment(calendar, since, case["hours"], opening, _pauses(case, source, _moment))
    pauses = _pauses(case, source, _day)
    return compute_due(calendar, _day(case["from"], "from", source), case["days"], CountedIn(case["kind"]), pauses)


def _pauses(case: Case, source: str, read: Callable[[Any, str, str], Any]) -> list[tuple[Any, Any]]:
    """The pauses as pairs in order; each ends after it begins."""
    given = case.get("pauses", [])
    if not isinstance(given, list):
        raise Unsound(Finding("pauses", {}, "pauses", source))
    found = []
    for number, pair in enumerate(given):
        field = f"pauses.{number}"
        if not isinstance(pair, list) or len(pair) != 2:
            raise Unsound(Finding("pauses", {}, field, source))
        begins, ends = (read(one, f"{field}.{place}", source) for place, one in enumerate(pair))
        if ends < begins:
            raise Unsound(Finding("pause_backwards", {"begins": pair[0], "ends": pair[1]}, field, source))
        found.append((begins, ends))
    return found


def _day(value: Any, field: str, source: str) -> date:
    if not isinstance(value, str):
        raise Unsound(Finding("day", {"key": field}, field, source))
    found = read_day({field: value}, field, source)
    assert found is not None
    return found


def _moment(value: Any, field: str, source: str) -> datetime:
    try:
        if not isinstance(value, str) or not MOMENT.fullmatch(value):
            raise ValueError
        return datetime.fromisoformat(value)
    except ValueError as wrong:
        raise Unsound(Finding("moment", {"key": field}, field, source)) from wrong
