"""Checking figures per village: exact integers in the measure's unit, each from a row, a column and a day. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from heli.kernel.lint import read
from heli.places.imports.columns import AREA_UNITS, MEASURE_ALIASES, MONEY_UNITS, money_unit_of_header, unit_of_header
from heli.places.imports.matching import Villages
from heli.places.imports.readers import date_of, number_of, text_of
from heli.places.imports.types import FactDraft, Record
from heli.places.measures import measures
from heli.places.types import Finding

LARGEST: Mapping[str, int] = {
    "people": 2_000_000, "households": 1_000_000, "groups": 2_000, "posts": 1_000, "votes": 2_000_000, "dm2": 10**13,
    "fen": 10**14, "m": 500_000,
}  # fmt: skip
"""Past these a figure of one village is surely in another unit."""


def check_facts(  # noqa: PLR0912
    records: Sequence[Record],
    villages: Villages,
    *,
    on: date,
    headers: Mapping[str, str],
    units: Mapping[str, str],
) -> tuple[list[FactDraft], list[Finding]]:
    """Figures and findings. `headers` gives each measure's header, `units` the units chosen where headers tell none."""
    drafts: list[FactDraft] = []
    findings: list[Finding] = []
    chosen = [name for name in MEASURE_ALIASES if name in headers]
    factors: dict[str, tuple[int, int]] = {}
    for name in chosen:
        factor = factor_of(name, headers[name], units.get(name, ""))
        if factor is None:
            findings.append(Finding("unit_missing", {"header": headers[name]}, name))
        else:
            factors[name] = factor
    seen: dict[tuple[int, date], int] = {}
    for record in records:
        source = str(record.number)
        if is_total(record):
            continue
        village, wrong = villages.find(record)
        if village is None:
            if wrong:
                findings.append(wrong)
            continue
        day = on
        if text_of(record.values.get("on")):
            told = date_of(record.values.get("on"))
            if told is None:
                findings.append(Finding("date_unreadable", {"value": record.text("on")}, "on", source))
                continue
            day = told
        if (village.id, day) in seen:
            facts = {"village": village.name, "first": seen[village.id, day]}
            findings.append(Finding("village_twice", facts, "code", source))
            continue
        seen[village.id, day] = record.number
        values: dict[str, int] = {}
        for name, factor in factors.items():
            value, problem = read_value(record, name, factor)
            if problem:
                findings.append(problem)
            elif value is not None:
                values[name] = value
        findings += lint(record, values, village.name)
        if not values:
            findings.append(Finding("row_without_figures", {"village": village.name}, "", source, "warning"))
        registered, resident = values.get("registered_population"), values.get("resident_population")
        if registered is not None and resident is not None and resident > 5 * max(registered, 200):
            facts = {"village": village.name, "resident": resident, "registered": registered}
            findings.append(Finding("resident_far_from_registered", facts, "resident_population", source, "warning"))
        drafts += [
            FactDraft(record.number, village.id, village.name, name, day, value) for name, value in values.items()
        ]
    missing = [one for one in villages.known if one.id not in {place for place, _ in seen}]
    if missing and seen:
        names = "、".join(one.name for one in missing[:3])
        findings.append(Finding("villages_without_figures", {"count": len(missing), "names": names}, severity="note"))
    return drafts, findings


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


def is_total(record: Record) -> bool:
    """Rows that add others up (合计) are no villages."""
    said = (record.text("name") or record.text("code") or record.text("town_name")).replace(" ", "")
    return not record.text("code").isdigit() and said in ("合计", "总计", "小计", "全区", "全区合计", "total", "Total")


def factor_of(measure: str, header: str, chosen: str) -> tuple[int, int] | None:
    """From the column's unit to the measure's, as a fraction; None when the unit is not known."""
    unit = measures()[measure].unit
    if unit == "dm2":
        return AREA_UNITS.get(unit_of_header(header) or chosen)
    if unit == "fen":
        return MONEY_UNITS[chosen or money_unit_of_header(header)], 1
    return (10_000, 1) if "万" in header else (1, 1)


def read_value(record: Record, name: str, factor: tuple[int, int]) -> tuple[int | None, Finding | None]:
    """The figure of a cell in the measure's unit; nothing for an empty cell or a dash."""
    cell = record.values.get(name)
    source = str(record.number)
    if text_of(cell) in ("", "-", "—", "/", "无"):
        return None, None
    number = number_of(cell)
    if number is None:
        return None, Finding("number_unreadable", {"value": text_of(cell)[:40]}, name, source)
    if number < 0:
        return None, Finding("number_negative", {"value": text_of(cell)[:40]}, name, source)
    unit = measures()[name].unit
    exact = number * factor[0] / Decimal(factor[1])
    whole = int(exact.to_integral_value(ROUND_HALF_UP))
    if unit in ("people", "households", "groups", "posts", "votes") and exact != whole:
        return None, Finding("number_not_whole", {"value": text_of(cell)[:40]}, name, source)
    if whole > LARGEST[unit]:
        return None, Finding("number_too_large", {"value": text_of(cell)[:40]}, name, source)
    return whole, None
