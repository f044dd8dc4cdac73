"""Checking figures per village: exact integers in the measure's unit, each from a row, a column and a day. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from heli.files.sheets import UNITS, read_heading
from heli.kernel.faults import Finding
from heli.kernel.lint import read
from heli.places.imports.cells import day_of, number_and_unit, text_of
from heli.places.imports.columns import DIMENSIONS, MEASURES, ColumnScale, fits_unit, scale_of
from heli.places.imports.matching import Villages
from heli.places.imports.types import FactDraft, Record
from heli.places.measures import measures

LARGEST: Mapping[str, int] = {
    "people": 2_000_000, "households": 1_000_000, "groups": 2_000, "grids": 2_000, "posts": 1_000, "votes": 2_000_000,
    "dm2": 10**13, "fen": 10**14, "m": 500_000,
}  # fmt: skip
"""Past these a figure of one village is surely in another unit."""


def check_facts(
    records: Sequence[Record],
    villages: Villages,
    *,
    on: date,
    headers: Mapping[str, str],
    units: Mapping[str, str],
    line: Sequence[str] = (),
) -> tuple[list[FactDraft], list[Finding]]:
    """Figures and findings. `headers` gives each measure's header, `units` those chosen, `line` those above the header."""
    drafts: list[FactDraft] = []
    scales, findings = _scales(headers, units, line, on)
    by_name = rounded = 0
    seen: dict[tuple[int, date], int] = {}
    for record in records:
        source = str(record.number)
        village, wrong = villages.find(record)
        by_name += village is not None and not record.text("code")
        if village is None:
            if wrong:
                findings.append(wrong)
            continue
        day = on
        if text_of(record.values.get("on")):
            told, is_rounded = day_of(record.values.get("on"))
            if told is None:
                findings.append(Finding("date_unreadable", {"value": record.text("on")}, "on", source))
                continue
            day, rounded = told, rounded + is_rounded
        if (village.id, day) in seen:
            facts = {"village": village.name, "first": seen[village.id, day]}
            findings.append(Finding("village_twice", facts, "code", source))
            continue
        seen[village.id, day] = record.number
        said, found = _figures(record, scales, village.name)
        findings += found
        drafts += [
            FactDraft(record.number, village.id, village.name, name, day, value, text)
            for name, (value, text) in said.items()
        ]
    if by_name:
        findings.append(Finding("read_by_name", {"count": by_name}, severity="note"))
    if rounded:
        findings.append(Finding("read_last_day", {"count": rounded}, "on", severity="note"))
    missing = [one for one in villages.known if one.id not in {place for place, _ in seen}]
    if missing and seen:
        names = "、".join(one.name for one in missing[:3])
        findings.append(Finding("villages_without_figures", {"count": len(missing), "names": names}, severity="note"))
    return drafts, findings


def _scales(
    headers: Mapping[str, str], units: Mapping[str, str], line: Sequence[str], on: date
) -> tuple[dict[str, ColumnScale], list[Finding]]:
    """The unit of every column, and how it is understood or what is missing."""
    scales: dict[str, ColumnScale] = {}
    findings: list[Finding] = []
    for name in (one for one in MEASURES if one in headers):
        scale = scale_of(measures()[name].unit, headers[name], line, units.get(name, ""))
        if isinstance(scale, Finding):
            findings.append(replace(scale, field=name))
        else:
            scales[name] = scale
            findings += _said_of(name, headers[name], scale, on)
    return scales, findings


def _figures(
    record: Record, scales: Mapping[str, ColumnScale], village: str
) -> tuple[dict[str, tuple[int, str]], list[Finding]]:
    """{measure: (value, as the file says it)} of a row, and what is or looks wrong with it."""
    source = str(record.number)
    values: dict[str, int] = {}
    said: dict[str, tuple[int, str]] = {}
    findings: list[Finding] = []
    for name, scale in scales.items():
        value, fault = read_value(record, name, scale)
        if isinstance(fault, Finding):
            findings.append(fault)
        elif value is not None:
            values[name], said[name] = value, (value, fault)
    findings += lint(record, values, village)
    if not values:
        findings.append(Finding("row_without_figures", {"village": village}, "", source, "warning"))
    registered, resident = values.get("registered_population"), values.get("resident_population")
    if registered is not None and resident is not None and resident > 5 * max(registered, 200):
        facts = {"village": village, "resident": resident, "registered": registered}
        findings.append(Finding("resident_far_from_registered", facts, "resident_population", source, "warning"))
    return said, findings


def lint(record: Record, values: Mapping[str, int], village: str) -> Iterator[Finding]:
    """What looks wrong in a row although it can be read: mended digits, more votes for than votes."""
    for name in values:
        cell = record.values.get(name)
        written = read(cell) if isinstance(cell, str) else None
        if written is not None and "full_stop" in written.typos:
            facts = {"value": text_of(cell)[:40], "read": written.text()}
            yield Finding("number_mended", facts, name, str(record.number), "warning")
    for name, votes in values.items():
        base = values.get(name.replace("_votes_for", "_votes_base"))
        if name.endswith("_votes_for") and base is not None and votes > base:
            counted = {"village": village, "votes": votes, "base": base}
            yield Finding("votes_above_base", counted, name, str(record.number), "warning")


def _said_of(name: str, header: str, scale: ColumnScale, on: date) -> Iterator[Finding]:
    """How a column is understood, in a line; a year in its header that is not the day's is told as a warning."""
    code = "read_column_unit" if scale.unit else "read_column"
    yield Finding(code, {"header": header, "column": name, "unit": scale.unit}, name, severity="note")
    year = read_heading(header).year
    if (digits := "".join(letter for letter in year if letter.isdigit())[:4]) and digits != str(on.year):
        yield Finding("header_other_year", {"header": header, "year": digits, "on": on}, name, severity="warning")


def read_value(record: Record, name: str, scale: ColumnScale) -> tuple[int | None, Finding | str]:  # noqa: PLR0911 - one way out per cause
    """The figure of a cell in the measure's unit and as the file says it; no figure for an empty cell or a dash.

    A unit written in the cell itself goes before the column's, if it measures the same.
    """
    cell = record.values.get(name)
    source = str(record.number)
    if text_of(cell) in ("", "-", "—", "/", "无"):
        return None, ""
    number, own = number_and_unit(cell)
    if number is None:
        return None, Finding("number_unreadable", {"value": text_of(cell)[:40]}, name, source)
    if number < 0:
        return None, Finding("number_negative", {"value": text_of(cell)[:40]}, name, source)
    unit = measures()[name].unit
    dimension, size = DIMENSIONS[unit]
    if own and not fits_unit(own, dimension):
        return None, Finding("number_other_unit", {"value": text_of(cell)[:40], "unit": own}, name, source)
    factor = UNITS[own][1] * size if own else scale.factor
    exact = Fraction(number) * factor
    # Half a unit is rounded up, as by hand.
    whole = int(exact + Fraction(1, 2))
    if unit in ("people", "households", "groups", "grids", "posts", "votes") and exact != whole:
        return None, Finding("number_not_whole", {"value": text_of(cell)[:40]}, name, source)
    if whole > LARGEST[unit]:
        return None, Finding("number_too_large", {"value": text_of(cell)[:40]}, name, source)
    return whole, f"{number.normalize():,f} {own or scale.unit}".strip()
