"""Checking an official code list: every row is a unit, a warning, or a problem with its row, column, value and remedy.

Law: 统计用区划代码, twelve digits; the national lists are untidy and pass with warnings. A code is not an identity:
nothing here says which place a row is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from heli.kernel.faults import Finding
from heli.places import rules
from heli.places.imports.types import CodeListDraft, ListedUnit, Record
from heli.places.types import Level

MARKUP = re.compile(r"<[^>]*>|&[a-z#0-9]+;|</?[a-z]", re.IGNORECASE)
SCIENTIFIC = re.compile(r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$")

PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)


def check_codes(records: Iterable[Record], *, known_above: Iterable[str] = (), within: str = "") -> CodeListDraft:  # noqa: PLR0912 - one branch per cause
    """A code list from its records.

    `known_above` are codes of towns and districts the register has already (a list may leave them out); `within` is the
    six-digit code of the district the list must stay inside, empty for any.
    """
    findings: list[Finding] = []
    listed: list[tuple[Record, ListedUnit]] = []
    seen: dict[str, int] = {}
    named_towns: dict[str, ListedUnit] = {}
    above: dict[str, ListedUnit] = {}
    for record in records:
        source = str(record.number)
        code, fault = read_code(record.text("code"), source)
        name = rules.clean_name(record.text("name"))
        if fault:
            findings.append(fault)
        if not name:
            findings.append(Finding("row_name_missing", {"code": code or record.text("code")}, "name", source))
        elif MARKUP.search(record.text("name")):
            findings.append(
                Finding("row_markup", {"value": record.text("name")[:60], "column": "name"}, "name", source)
            )
            continue
        if code is None or not name:
            continue
        findings += rules.check_damaged(str(record.values.get("name") or ""), source)
        if len(name) > 100:
            findings.append(Finding("name_too_long", {"name": name[:20]}, "name", source))
            continue
        if code in seen:
            findings.append(
                Finding("row_code_twice", {"code": code, "first": seen[code], "name": name}, "code", source)
            )
            continue
        seen[code] = record.number
        if within and code[:6] != within:
            findings.append(Finding("row_other_district", {"code": code, "district": within}, "code", source))
            continue
        unit, noticed = read_unit(record.number, code, name, record.text("urban_rural_class"))
        findings += noticed
        if unit is None:
            continue
        if unit.level is Level.VILLAGE:
            listed.append((record, unit))
        else:
            above[code] = unit
        findings += _check_town_columns(record, unit, named_towns)
    towns = {code: unit for code, unit in named_towns.items() if code not in above}
    have = {code for code, unit in (above | towns).items()} | set(known_above)
    units: list[ListedUnit] = []
    for record, unit in listed:
        town = unit.code[:9] + "000"
        if town not in have and unit.code[6:9] != "000":
            facts = {"code": unit.code, "town": town[:9], "name": unit.name}
            findings.append(Finding("row_town_unknown", facts, "town_code", str(record.number)))
            continue
        units.append(unit)
    ordered = sorted([*above.values(), *towns.values()], key=lambda unit: unit.code)
    return CodeListDraft(tuple(ordered), tuple(units), tuple(findings))


def read_code(text: str, source: str) -> tuple[str | None, Finding | None]:  # noqa: PLR0911 - one way out per cause
    """The twelve digits in a cell, or what is wrong with it. Spaces and an apostrophe before it are Excel's habits."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'’").replace(" ", "")
    if not plain:
        return None, Finding("row_code_missing", {}, "code", source)
    if MARKUP.search(plain):
        return None, Finding("row_markup", {"value": text[:60], "column": "code"}, "code", source)
    if SCIENTIFIC.match(plain):
        return None, Finding("row_code_scientific", {"value": text}, "code", source)
    if not (plain.isascii() and plain.isdigit()):
        return None, Finding("row_code_not_digits", {"value": text[:60]}, "code", source)
    if len(plain) == 11:
        return None, Finding("row_code_eleven", {"value": plain}, "code", source)
    if len(plain) in (2, 4, 6, 9):
        plain = plain.ljust(12, "0")
    if len(plain) != 12:
        return None, Finding("row_code_length", {"value": plain[:30], "digits": len(plain)}, "code", source)
    if plain[:2] not in PROVINCES or not rules.is_code(plain):
        return None, Finding("row_code_province", {"value": plain}, "code", source)
    return plain, None


def read_unit(
    number: int, code: str, name: str, urban_rural_class: str = ""
) -> tuple[ListedUnit | None, list[Finding]]:
    """The unit of a checked code and name, with its warnings; None where the digits lie outside every range."""
    source = str(number)
    kind, level = rules.compute_kind(code), rules.compute_level(code)
    if kind is None:
        return None, [
            Finding(
                "row_kind_unknown",
                {"code": code, "digits": code[9:] if code[9:] != "000" else code[6:9]},
                "code",
                source,
            )
        ]
    found = [replace(one, source=source) for one in rules.check_name_against_code(name, code)]
    if urban_rural_class and urban_rural_class not in rules.URBAN_RURAL_CLASSES:
        found.append(
            Finding("row_class_unknown", {"value": urban_rural_class[:20]}, "urban_rural_class", source, "warning")
        )
        urban_rural_class = ""
    return ListedUnit(number, code, name, level, kind, urban_rural_class), found


def _check_town_columns(record: Record, unit: ListedUnit, towns: dict[str, ListedUnit]) -> Iterator[Finding]:
    """Towns told by the columns of a village's row; a town code that is not the beginning of the code is refused."""
    if unit.level is not Level.VILLAGE:
        return
    told = unicodedata.normalize("NFKC", record.text("town_code")).strip()[:9]
    name = rules.clean_name(record.text("town_name"))
    source = str(record.number)
    if told and told != unit.code[:9]:
        yield Finding("row_town_contradicts", {"code": unit.code, "town": told}, "town_code", source)
        return
    if not name:
        return
    code = unit.code[:9] + "000"
    kind = rules.compute_kind(code)
    if rules.compute_level(code) is not Level.TOWNSHIP or kind is None:
        yield Finding("row_town_kind_unknown", {"code": unit.code, "digits": code[6:9]}, "town_code", source)
        return
    known = towns.setdefault(code, ListedUnit(record.number, code, name, Level.TOWNSHIP, kind))
    if known.name != name:
        facts = {"town": code[:9], "name": name, "first": known.name, "row": known.number}
        yield Finding("row_town_two_names", facts, "town_name", source)
