"""Which column holds what: recognised headers, units told by headers, and the signature under which a mapping is kept."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from heli.files.sheets import UNITS, SheetHeading, read_heading, read_headings
from heli.kernel.faults import Finding
from heli.kernel.packs import Key, Shape, load_pack
from heli.places.imports.types import PART_LEVELS, ImportKind, ReadTable, Record, Row

_WORDS = (Key("headings", Shape.TEXTS, "headings as `plain_header` writes them, the best known first"),)
_FILE = load_pack(
    Path(__file__).parents[1] / "data" / "headings.toml",
    tuple(
        Key(name, Shape.NAMED, "fields by name", keys=_WORDS)
        for name in ("columns", "measures", "mergers", "grids", "buildings")
    ),
)
COLUMNS, MEASURES, MERGERS, GRIDS, BUILDINGS = (
    {name: tuple(entry["headings"]) for name, entry in _FILE.data[part].items()}
    for part in ("columns", "measures", "mergers", "grids", "buildings")
)


@dataclass(frozen=True, slots=True)
class ImportField:
    """One thing a column can hold; `aliases` are headers it is recognised by (as `plain_header` writes them)."""

    name: str
    aliases: tuple[str, ...]
    required: bool = False


def _fields(
    aliases: Mapping[str, tuple[str, ...]], *names: str, required: Collection[str] = ()
) -> tuple[ImportField, ...]:
    return tuple(ImportField(name, aliases[name], name in required) for name in names or aliases)


FIELDS: Mapping[ImportKind, tuple[ImportField, ...]] = {
    ImportKind.CODES: _fields(
        COLUMNS, "code", "name", "town_code", "town_name", "urban_rural_class", required=("code", "name")
    ),
    ImportKind.FACTS: (*_fields(COLUMNS, "code", "name", "town_name", "on"), *_fields(MEASURES)),
    ImportKind.POINTS: _fields(COLUMNS, "code", "name", "town_name", "lon", "lat", required=("lon", "lat")),
    ImportKind.OUTLINES: _fields(COLUMNS, "code", "name", "town_name"),
    ImportKind.MERGERS: _fields(MERGERS, required=("old_name", "new_name")),
    ImportKind.GRIDS: (*_fields(GRIDS, required=("name",)), *_fields(COLUMNS, "town_name", "lon", "lat")),
    ImportKind.BUILDINGS: (*_fields(BUILDINGS, required=("name",)), *_fields(COLUMNS, "town_name", "lon", "lat")),
}

DIMENSIONS: Mapping[str, tuple[str, int]] = {
    "dm2": ("area", 100), "fen": ("money", 100), "people": ("people", 1), "households": ("households", 1),
    "groups": ("count", 1), "grids": ("count", 1), "posts": ("count", 1), "votes": ("count", 1), "m": ("length", 1),
}  # fmt: skip
"""{unit of a measure: (what it measures, how many of it are in a m², yuan, person, household, metre)}."""

COUNTED = ("people", "households", "count")
"""Dimensions whose plain unit needs no word: a number of people is a number of people."""

MISLEADING = re.compile(r"原|旧|新|前|后|曾|拟|现|备")
"""Qualifiers that make another column of 名称: which of two villages, or of two times, is meant."""


@dataclass(frozen=True, slots=True)
class Read:
    """A header as understood: the field it holds; or why a person must say it (`asks`), with the field it may hold."""

    column: int
    heading: SheetHeading
    field: str = ""
    asks: str = ""
    maybe: str = ""


def header_words(kind: ImportKind) -> frozenset[str]:
    """All headers recognised for a kind of import."""
    return frozenset(alias for field in FIELDS[kind] for alias in field.aliases)


def recognise(kind: ImportKind, headers: Sequence[str]) -> dict[str, int]:
    """{field: column} for headers that are known; every column is used once, what must be asked is left open."""
    return {one.field: one.column for one in read_headers(kind, headers) if one.field}


def read_headers(kind: ImportKind, headers: Sequence[str]) -> list[Read]:
    """Every header as understood. A bracket or an upper row decides the field, or the person is asked.

    Asked is also where one measure stands in two columns (twice, or for two years); of other fields the better known header
    wins, and the same header twice is asked.
    """
    headings = read_headings(headers)
    found: dict[int, Read] = {}
    for field in FIELDS[kind]:
        is_measure = kind is ImportKind.FACTS and field.name in MEASURES
        fits = [
            (rank, column)
            for column, heading in enumerate(headings)
            if column not in found and (rank := _rank(heading, field, is_measure)) is not None
        ]
        if not fits:
            continue
        best = min(fits)
        rivals = [column for rank, column in fits if is_measure or rank == best[0]]
        if len(rivals) == 1:
            found[best[1]] = Read(best[1], headings[best[1]], field.name)
            continue
        years = {headings[column].year for column in rivals}
        for column in rivals:
            found[column] = Read(column, headings[column], "", "years" if len(years) > 1 else "twice", field.name)
    if kind is ImportKind.FACTS:
        for column, heading in enumerate(headings):
            if column not in found and (maybe := _might_be(heading)):
                found[column] = Read(column, heading, "", "qualifier", maybe)
    return [found.get(column, Read(column, heading)) for column, heading in enumerate(headings)]


def _rank(heading: SheetHeading, field: ImportField, is_measure: bool) -> int | None:
    """How well a header fits a field, 0 best; None where it does not. Brackets that mislead nobody are passed over."""
    for rank, alias in enumerate(field.aliases):
        if alias in heading.phrases:
            return rank
    if is_measure or MISLEADING.search("".join(heading.qualifiers)):
        return None
    return next((rank for rank, alias in enumerate(field.aliases, 100) if alias == heading.word), None)


def _might_be(heading: SheetHeading) -> str:
    """The measure a header would be without its qualifiers; "" where it has none or would be none."""
    if not heading.qualifiers and len(heading.words) < 2:
        return ""
    bare = list(heading.bare())
    return next((name for name, aliases in MEASURES.items() for one in bare if one in aliases), "")


def signature(headers: Iterable[str], units: Iterable[str] = ()) -> str:
    """What tells one layout of columns from another, whatever the letter width or spacing; units of a line above count."""
    joined = "\x1f".join(unicodedata.normalize("NFKC", header).strip().lower() for header in [*headers, *units])
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def check_mapping(
    kind: ImportKind, mapping: Mapping[str, int], headers: Sequence[str], left_out: Collection[int] = ()
) -> list[Finding]:
    """What is missing before rows can be read; `left_out` are columns that a person chose not to read."""
    shown = "、".join(header for header in headers if header)[:120]
    found = [
        Finding("column_missing", {"column": field.name, "headers": shown}, field.name)
        for field in FIELDS[kind]
        if field.required and field.name not in mapping
    ]
    if kind in (ImportKind.FACTS, ImportKind.POINTS, ImportKind.OUTLINES) and not {"code", "name"} & set(mapping):
        found.append(Finding("code_or_name_missing", {"headers": shown}, "code"))
    if kind in PART_LEVELS and not {"number", "code", "village"} & set(mapping):
        found.append(Finding("village_column_missing", {"headers": shown}, "village"))
    if kind is ImportKind.FACTS and not set(MEASURES) & set(mapping):
        found.append(Finding("measure_column_missing", {"headers": shown}, "registered_population"))
    settled = {*mapping.values(), *left_out}
    found += [
        Finding(
            f"header_{one.asks}",
            {"header": headers[one.column], "column": one.maybe},
            one.maybe,
            f"{letters(one.column)}",
        )
        for one in read_headers(kind, headers)
        if one.asks and one.column not in settled
    ]
    twice = {column for column in mapping.values() if list(mapping.values()).count(column) > 1}
    found += [
        Finding("column_used_twice", {"column": headers[column] or str(column + 1)}, "", str(column + 1))
        for column in sorted(twice)
    ]
    return found


def records(table: ReadTable, mapping: Mapping[str, int], mended: Mapping[str, Mapping[str, str]]) -> list[Record]:
    """Rows by field. `mended` gives cells corrected on the page: {row number: {field: text}}."""
    return [_record(row, mapping, mended.get(str(row.number), {})) for row in table.rows]


def _record(row: Row, mapping: Mapping[str, int], mended: Mapping[str, str]) -> Record:
    values = {name: row.cells[column] if column < len(row.cells) else None for name, column in mapping.items()}
    return Record(row.number, {**values, **mended})


def letters(column: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class ColumnScale:
    """A column's unit as people write it, and how many of the measure's own unit one of it is."""

    unit: str
    factor: Fraction


def scale_of(unit: str, header: str, line: Sequence[str] = (), chosen: str = "") -> ColumnScale | Finding:
    """The unit in which a column gives a measure of this `unit`: as chosen, as the header says, or as the line above does.

    People, households and things counted need no word; area, money and distance do. A finding where the unit is missing or
    measures something else.
    """
    dimension, own = DIMENSIONS[unit]
    heading = read_heading(header)
    named = CHOSEN.get(chosen, chosen) or heading.unit
    if not named:
        named = next((one for one in line if UNITS[one][0] == dimension), "")
    if not named:
        if dimension in COUNTED:
            return ColumnScale("", Fraction(1))
        return Finding("unit_missing", {"header": header})
    if not fits_unit(named, dimension):
        return Finding("unit_of_other_kind", {"header": header, "unit": named})
    return ColumnScale(named, UNITS[named][1] * own)


def fits_unit(unit: str, dimension: str) -> bool:
    """Whether a unit measures this; a plain 个 counts people, households and groups alike."""
    measured, size = UNITS[unit]
    return measured == dimension or (dimension in COUNTED and measured in COUNTED and size == 1 and measured == "count")


CHOSEN: Mapping[str, str] = {"km2": "平方公里", "ha": "公顷", "mu": "亩", "m2": "平方米", "yuan": "元", "wan": "万元"}
"""Short names of units, as commands and forms give them."""
