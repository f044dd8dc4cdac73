"""National lists: 600,000 units and more, by command only. Read twice from memory, written province by province.

A national list is a folder, a package (.tgz) or a zip that holds villages.csv and, beside it, streets.csv, areas.csv,
cities.csv and provinces.csv with the names of what stands above.
"""

import codecs
import csv
import hashlib
import io
import tarfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from heli.files.sheets import MAX_UNPACKED, Unreadable
from heli.kernel.faults import Finding
from heli.places import rules
from heli.places.imports.cells import plain_header
from heli.places.imports.codelists import MARKUP, read_code
from heli.places.imports.types import ListedUnit
from heli.places.types import Level, PlaceKind

PARTS = ("provinces", "cities", "areas", "streets", "villages")
CODE_HEADERS = frozenset({"code", "编码", "代码", "统计用区划代码", "区划代码"})
NAME_HEADERS = frozenset({"name", "名称", "单位名称"})
MOST_FINDINGS = 200

Said = Callable[[str, int, int], None]
"""Told of progress: step, done, whole."""


@dataclass(slots=True)
class NationalList:
    """The files of a list, in memory; `above` maps twelve-digit codes to names."""

    name: str
    sha256: str
    villages: bytes
    above: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class NationalCheck:
    """What validation found: rows to be left out, counts by finding, the first findings of each kind."""

    rows: int = 0
    provinces: tuple[str, ...] = ()
    errors: list[Finding] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)
    shown: list[Finding] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    counties_without_counties: frozenset[str] = frozenset()


def open_national(path: Path) -> NationalList:
    """Read the files of a list. Raises `Unreadable`."""
    files = _files(path)
    if "villages" not in files:
        raise Unreadable("geodata_broken" if path.suffix == ".json" else "file_not_a_table", name=path.name)
    above: dict[str, str] = {}
    # From the highest: a city without counties keeps the name it has as a county (441900 东莞市).
    for part in PARTS[:-1]:
        if part in files:
            for _, code, name in read_pairs(files[part], path.name):
                above.setdefault(unicodedata.normalize("NFKC", code).strip().ljust(12, "0"), rules.clean_name(name))
    villages = files["villages"]
    return NationalList(path.name, hashlib.sha256(villages).hexdigest(), villages, above)


def _files(path: Path) -> dict[str, bytes]:
    def part_of(name: str) -> str | None:
        stem, _, suffix = name.rpartition("/")[2].rpartition(".")
        return stem if suffix == "csv" and stem in PARTS else None

    if path.is_dir():
        return {part: file.read_bytes() for file in sorted(path.rglob("*.csv")) if (part := part_of(file.name))}
    if tarfile.is_tarfile(path):
        found: dict[str, bytes] = {}
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and (part := part_of(member.name)):
                    if member.size > MAX_UNPACKED:
                        raise Unreadable("zip_bomb", name=path.name, size=str(member.size >> 20))
                    stream = archive.extractfile(member)
                    if stream is not None:
                        found[part] = stream.read()
        return found
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            infos = [(part, info) for info in bundle.infolist() if (part := part_of(info.filename))]
            if sum(info.file_size for _, info in infos) > MAX_UNPACKED:
                raise Unreadable("zip_bomb", name=path.name, size="400")
            return {part: bundle.read(info) for part, info in infos}
    beside = {part: path.with_name(f"{part}.csv") for part in PARTS[:-1]}
    return {part: file.read_bytes() for part, file in beside.items() if file.exists()} | {"villages": path.read_bytes()}


def read_pairs(data: bytes, name: str) -> Iterator[tuple[int, str, str]]:
    """(row number, code, name) of a CSV file. Raises `Unreadable`."""
    # Decoded as it is read: the whole text at once would take five times the file's size.
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding=_encoding(data, name), newline=""))
    headers = [plain_header(header) for header in next(reader, [])]
    try:
        code = next(i for i, header in enumerate(headers) if header in CODE_HEADERS)
        named = next(i for i, header in enumerate(headers) if header in NAME_HEADERS)
    except StopIteration:
        raise Unreadable("column_missing", column="code", headers="、".join(headers)) from None
    last = max(code, named)
    try:
        for number, row in enumerate(reader, 2):
            if len(row) > last:
                yield number, row[code], row[named]
            elif row:
                yield number, row[code] if len(row) > code else "", ""
    except csv.Error as wrong:
        raise Unreadable("csv_broken", name=name, reason=str(wrong)) from wrong


def _encoding(data: bytes, name: str) -> str:
    """The encoding in which all of the data can be read. Raises `Unreadable`."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(data), 1 << 20):
                decoder.decode(data[start : start + (1 << 20)])
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable("encoding_unknown", name=name)


@cache
def kind_of_digits(digits: str) -> PlaceKind | None:
    """The kind that digits 10–12 tell."""
    return rules.compute_kind(f"110101001{digits}") if digits != "000" else None


def plain_name(name: str) -> str:
    """As `rules.clean_name`, at once where nothing is to be cleaned."""
    if name.isprintable() and " " not in name and unicodedata.is_normalized("NFKC", name):
        return name
    return rules.clean_name(name)


def check_national(
    listed: NationalList, *, excluded: frozenset[int] = frozenset(), say: Said = lambda *_: None
) -> NationalCheck:
    """Validate every row; memory holds one integer a row."""
    found = NationalCheck()
    seen: set[int] = set()
    towns = {code[:9] for code in listed.above if rules.compute_level(code) is Level.TOWNSHIP}
    provinces: set[str] = set()
    whole = max(listed.villages.count(b"\n") - 1, 0)
    for number, raw, said in read_pairs(listed.villages, listed.name):
        found.rows += 1
        if not found.rows % 50_000:
            say("check", found.rows, whole)
        if number in excluded:
            found.skipped.add(number)
            continue
        fault = _check_row(number, raw, said, towns, seen, found)
        if fault is not None:
            found.errors.append(fault)
            found.skipped.add(number)
        elif raw[9:] != "000":
            provinces.add(raw[:2])
    found.provinces = tuple(sorted(provinces))
    counts = {code[:4] for code in listed.above if rules.compute_level(code) is Level.TOWNSHIP and code[4:6] == "00"}
    found.counties_without_counties = frozenset(counts)
    for four in sorted(counts):
        code = four.ljust(12, "0")
        _warn(
            found,
            Finding("city_without_counties", {"code": code, "name": listed.above.get(code, code)}, severity="warning"),
        )
    return found


def _check_row(  # noqa: PLR0911, PLR0917 - one way out per cause
    number: int, raw: str, said: str, towns: set[str], seen: set[int], found: NationalCheck
) -> Finding | None:
    source = str(number)
    code: str | None = raw
    if not (len(raw) == 12 and raw.isascii() and raw.isdigit()):
        code, fault = read_code(raw, source)
        if fault is not None or code is None or code != raw:
            return fault or Finding("row_code_length", {"value": raw[:30], "digits": len(raw)}, "code", source)
    assert code is not None
    name = plain_name(said)
    if not name:
        return Finding("row_name_missing", {"code": code}, "name", source)
    if MARKUP.search(name):
        return Finding("row_markup", {"value": said[:60], "column": "name"}, "name", source)
    if len(name) > 100:
        return Finding("name_too_long", {"name": name[:20]}, "name", source)
    value = int(code)
    if value in seen:
        return Finding("row_code_twice", {"code": code, "name": name, "first": "?"}, "code", source)
    seen.add(value)
    if code[9:] == "000":
        # 350527000000 金门县: no villages are listed under it, so the county itself stands in the list.
        found.skipped.add(number)
        _warn(found, Finding("county_as_village", {"code": code, "name": name}, "code", source, "warning"))
        return None
    if kind_of_digits(code[9:]) is None:
        return Finding("row_kind_unknown", {"code": code, "digits": code[9:]}, "code", source)
    if code[:9] not in towns:
        return Finding("row_town_unknown", {"code": code, "town": code[:9], "name": name}, "town_code", source)
    for one in rules.check_damaged(said, source):
        _warn(found, one)
    if _may_contradict(name, code[9]):
        for one in rules.check_name_against_code(name, code):
            _warn(found, Finding(one.code, one.facts, one.field, source, "warning"))
    return None


def _may_contradict(name: str, first_digit: str) -> bool:
    """Whether the careful check is worth its time."""
    if first_digit in "014":
        return name.endswith("村") or "村民委员会" in name or "村委会" in name or "嘎查" in name
    return "居委会" in name or "居民委员会" in name or "社区" in name


def _warn(found: NationalCheck, finding: Finding) -> None:
    found.warnings[finding.code] += 1
    if found.warnings[finding.code] <= MOST_FINDINGS // 10:
        found.shown.append(finding)


def above_units(listed: NationalList, check: NationalCheck) -> list[ListedUnit]:
    """Provinces, cities, districts and towns; a city without counties stands as a district, a county as a town is left out."""
    units = []
    for code, name in sorted(listed.above.items()):
        level, kind = rules.compute_level(code), rules.compute_kind(code)
        if level is Level.CITY and code[:4] in check.counties_without_counties:
            level, kind = Level.DISTRICT, PlaceKind.CITY
        if level is Level.TOWNSHIP and kind is None:
            kind = PlaceKind.TOWNSHIP_LIKE
        if kind is not None and level is not Level.VILLAGE:
            units.append(ListedUnit(0, code, name, level, kind))
    return units


def units_by_province(listed: NationalList, check: NationalCheck) -> Iterator[tuple[str, list[ListedUnit]]]:
    """Village-level units, a province at a time; a list that is not sorted comes in several pieces of one province."""
    good = (row for row in read_pairs(listed.villages, listed.name) if row[0] not in check.skipped)
    for province, rows in groupby(good, key=lambda row: row[1][:2]):
        yield (
            province,
            [
                ListedUnit(number, code, plain_name(name), Level.VILLAGE, kind_of_digits(code[9:]) or PlaceKind.VILLAGE)
                for number, code, name in rows
            ],
        )
