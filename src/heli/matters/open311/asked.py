"""What a program asked for, read strictly: empty is absent, and what is wrong names its parameter and GeoReport's code. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from heli.kernel.faults import Finding

SPAN = timedelta(days=90)
MOST_ROWS = 1_000
LONGEST_DESCRIPTION, LONGEST_VALUE = 4_000, 500
STATUSES = ("open", "closed")
OF_ATTRIBUTE = re.compile(r"attribute\[([\w.-]{1,60})\](?:\[\])?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?")
Given = Mapping[str, list[str]]
"""Parameters as they came: the values of each name."""


class NotServed(Exception):
    """A request that cannot be served: GeoReport's code (400, 403, 404; 429 beyond it), and what was found, before it is said."""

    def __init__(self, code: int, *findings: Finding) -> None:
        super().__init__(findings)
        self.code, self.findings = code, findings


def wrong(code: str, field: str = "", status: int = 400, **facts: object) -> NotServed:
    """What is wrong with a parameter."""
    return NotServed(status, Finding(code, {"field": field, **facts}, field))


def one(given: Given, name: str) -> str:
    """The last value of a parameter without spaces around it, "" where it is absent or empty."""
    values = given.get(name) or [""]
    return values[-1].strip()


def several(given: Given, name: str) -> list[str]:
    """The values of a parameter that may be declared often or by comma."""
    return [part.strip() for value in given.get(name, ()) for part in value.split(",") if part.strip()]


def read_moment(text: str, field: str, zone: tzinfo, *, ends: bool = False) -> datetime:
    """A moment as W3C writes it; a bare day begins (or `ends`) in the zone of the house. Raises `NotServed`."""
    # A plus that was not encoded in an address arrives as a space.
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", text)
    try:
        if MOMENT.fullmatch(text) is None:
            raise ValueError(text)
        if "T" in text:
            return datetime.fromisoformat(text.replace("Z", "+00:00"))
        return datetime.combine(date.fromisoformat(text), time.max if ends else time.min, zone)
    except ValueError:
        raise wrong("moment_form", field) from None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are wanted: those with these ids, or those of a time, of some services, in a status; a page of them."""

    ids: tuple[str, ...]
    services: tuple[str, ...]
    statuses: tuple[str, ...]
    begins: datetime
    ends: datetime
    first: int
    most: int


def read_wanted(given: Given, now: datetime, zone: tzinfo) -> Wanted:
    """The filters of GET requests. Ids override all others; 90 days and 1,000 rows at most. Raises `NotServed`."""
    ids = tuple(dict.fromkeys(several(given, "service_request_id")))
    if ids:
        if len(ids) > MOST_ROWS:
            raise wrong("too_many_ids", "service_request_id", most=MOST_ROWS)
        return Wanted(ids, (), (), now, now, 0, MOST_ROWS)
    start, end = one(given, "start_date"), one(given, "end_date")
    begins = read_moment(start, "start_date", zone) if start else None
    ends = read_moment(end, "end_date", zone, ends=True) if end else None
    try:
        ends = ends or (min(begins + SPAN, now) if begins else now)
        begins = begins or ends - SPAN
    except OverflowError:
        raise wrong("moment_form", "start_date") from None
    if ends - begins > SPAN + timedelta(days=1):
        raise wrong("span_long", "end_date")
    statuses = tuple(several(given, "status"))
    if unknown := [word for word in statuses if word not in STATUSES]:
        raise wrong("status_unknown", "status", value=unknown[0][:40])
    page, size = _count(given, "page", 1, 10**6), _count(given, "page_size", MOST_ROWS, MOST_ROWS)
    codes = tuple(several(given, "service_code"))
    return Wanted((), codes, statuses, begins, ends, (page - 1) * size, size)


def _count(given: Given, name: str, usual: int, most: int) -> int:
    text = one(given, name)
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= most):
        raise wrong("count_form", name, most=most)
    return int(text)


def read_point(given: Given) -> tuple[int, int] | None:
    """`lat` and `long` in millionths of a degree, longitude first; None where neither was given. Raises `NotServed`."""
    texts = one(given, "long"), one(given, "lat")
    if texts == ("", ""):
        return None
    found = []
    for name, text, most in (("long", texts[0], 180), ("lat", texts[1], 90)):
        if not text:
            raise wrong("point_half", name)
        number = _decimal(text)
        if number is None or abs(number) > most:
            raise wrong("point_form", name, most=most)
        found.append(round(number * 10**6))
    return found[0], found[1]


def _decimal(text: str) -> Decimal | None:
    if len(text) > 40 or re.fullmatch(r"[+-]?\d+(\.\d*)?", text, re.ASCII) is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the form above is a number
        return None


@dataclass(frozen=True, slots=True)
class AttributeForm:
    """What a service asks beside its description: a question of one of GeoReport's six types.

    `is_asked` is False where it only tells something. `options` are the keys of a list and their words.
    """

    code: str
    words: str
    datatype: str
    is_required: bool
    is_asked: bool
    options: tuple[tuple[str, str], ...] = ()


def read_attributes(given: Given, forms: Iterable[AttributeForm]) -> list[tuple[str, str]]:
    """Question and answer of each attribute that was given, in order. Raises `NotServed` for every one that does not fit."""
    came: dict[str, list[str]] = {}
    for name, values in given.items():
        if (match := OF_ATTRIBUTE.fullmatch(name)) is not None:
            came.setdefault(match[1], []).extend(value.strip() for value in values if value.strip())
    known = {form.code: form for form in forms if form.is_asked}
    found = [_at("attribute_unknown", code) for code in came if code not in known and came[code]]
    said = []
    for code, form in known.items():
        values = came.get(code, [])
        if not values and form.is_required:
            found.append(_at("attribute_missing", code, words=form.words))
        elif values:
            answer = _answer(form, values)
            if isinstance(answer, Finding):
                found.append(answer)
            else:
                said.append((form.words, answer))
    if found:
        raise NotServed(400, *found)
    return said


def _answer(form: AttributeForm, values: Collection[str]) -> str | Finding:
    """The answer in words, or what is wrong with it."""
    if form.datatype == "multivaluelist":
        values = [part.strip() for value in values for part in value.split(",") if part.strip()]
    elif len(values) > 1:
        return _at("attribute_once", form.code)
    if form.datatype in ("singlevaluelist", "multivaluelist"):
        options = dict(form.options)
        if any(one not in options for one in values):
            return _at("attribute_option", form.code, options=", ".join(options))
        return "、".join(options[one] for one in dict.fromkeys(values))
    value = next(iter(values), "")
    return _check_value(form, value) or value


def _check_value(form: AttributeForm, value: str) -> Finding | None:
    """What is wrong with a value that is no choice."""
    if len(value) > LONGEST_VALUE:
        return _at("attribute_long", form.code, most=LONGEST_VALUE)
    if form.datatype == "number" and _decimal(value) is None:
        return _at("attribute_number", form.code)
    if form.datatype == "string" and len(value.splitlines()) > 1:
        return _at("attribute_lines", form.code)
    if form.datatype == "datetime":
        try:
            read_moment(value, form.code, UTC)
        except NotServed:
            return _at("attribute_moment", form.code)
    return None


def _at(code: str, attribute: str, **facts: object) -> Finding:
    field = f"attribute[{attribute[:60]}]"
    return Finding(code, {"field": field, **facts}, field)


def place_named(text: str, names: Iterable[tuple[int, str]]) -> list[int]:
    """The places whose name stands in an address; of names that contain each other the longest. Several: it is not clear."""
    fitting = [(len(name), place) for place, name in names if len(name) > 1 and name in text]
    longest = max((length for length, _place in fitting), default=0)
    return [place for length, place in fitting if length == longest]
