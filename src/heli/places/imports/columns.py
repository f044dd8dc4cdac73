# ruff: noqa: E501 — sentences and lists of words stay whole
"""Which column holds what: recognised headers, units told by headers, and the signature under which a mapping is kept."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from heli.files.sheets import UNITS, Heading, read_heading
from heli.places.imports.types import ImportKind, Record, Row, Table
from heli.places.types import Finding


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can hold; `aliases` are headers it is recognised by (as `plain_header` writes them)."""

    name: str
    aliases: tuple[str, ...]
    required: bool = False


CODE = (
    "code",
    "编码",
    "代码",
    "区划代码",
    "统计用区划代码",
    "统计用区划代码和城乡划分代码",
    "行政区划代码",
    "villagecode",
    "村代码",
    "村编码",
    "村级代码",
    "区划编码",
    "statcode",
    "dm",
    "zldwdm",
    "xzqdm",
)
NAME = (
    "name",
    "名称",
    "村名",
    "村名称",
    "村社区",
    "村社名称",
    "村社区名称",
    "单位名称",
    "villagename",
    "行政村",
    "行政村名称",
    "建制村",
    "村居名称",
    "村居",
    "mc",
    "zldwmc",
    "xzqmc",
)
TOWN_CODE = ("towncode", "streetcode", "乡镇代码", "街道代码", "乡镇街道代码", "镇代码", "乡级代码")
TOWN_NAME = (
    "townname",
    "town",
    "street",
    "streetname",
    "乡镇",
    "乡镇街道",
    "镇乡街道",
    "乡镇名称",
    "街道",
    "所属乡镇",
    "所属乡镇街道",
    "镇",
    "乡镇街道名称",
    "镇街",
    "所在乡镇",
)
CLASS = ("urbanruralclass", "城乡分类代码", "城乡分类", "城乡划分代码")

MEASURE_ALIASES: Mapping[str, tuple[str, ...]] = {
    "registered_population": ("registeredpopulation", "户籍人口", "户籍人口数", "户籍总人口", "人口", "总人口", "人口数", "population", "户籍"),
    "resident_population": ("residentpopulation", "常住人口", "常住人口数", "常住", "常驻人口"),
    "households": ("households", "户数", "总户数", "户籍户数", "农户数", "家庭户数"),
    "members": ("members", "成员", "成员数", "集体经济组织成员", "集体经济组织成员数", "集体成员", "集体成员数"),
    "party_members": ("partymembers", "党员", "党员数", "党员人数"),
    "villager_groups": ("villagergroups", "groups", "村民小组", "村民小组数", "村居民小组", "小组数", "组数"),
    "area": ("area", "面积", "幅员面积", "辖区面积", "行政区域面积", "村域面积", "区域面积", "国土面积"),
    "farmland": ("farmland", "耕地", "耕地面积", "耕地面积合计"),
    "collective_income": ("collectiveincome", "集体经济收入", "集体收入", "村集体经济收入", "村集体收入"),
    "cadre_posts": ("cadreposts", "常职干部职数", "常职干部", "职数", "村干部职数"),
    "party_votes_for": ("partyvotesfor", "党员同意票数", "党员同意数"),
    "party_votes_base": ("partyvotesbase", "党员表决总票数", "党员表决数"),
    "representatives_votes_for": ("representativesvotesfor", "村居民代表同意票数", "居民代表同意票数", "村民代表同意票数", "代表同意数"),
    "representatives_votes_base": ("representativesvotesbase", "村居民代表表决总票数", "居民代表表决总票数", "村民代表表决总票数", "代表表决数"),
    "households_votes_for": ("householdsvotesfor", "户代表同意票数", "户代表同意数"),
    "households_votes_base": ("householdsvotesbase", "户代表表决总票数", "户代表表决数"),
    "farthest_group_distance": ("farthestgroupdistance", "最远小组到村委会距离", "最远小组距离", "最远距离"),
}  # fmt: skip

DATE = ("on", "date", "日期", "统计日期", "截止日期", "时点", "数据日期")
LON = ("lon", "lng", "longitude", "x", "经度")
LAT = ("lat", "latitude", "y", "纬度")

FIELDS: Mapping[ImportKind, tuple[Field, ...]] = {
    ImportKind.CODES: (
        Field("code", CODE, required=True),
        Field("name", NAME, required=True),
        Field("town_code", TOWN_CODE),
        Field("town_name", TOWN_NAME),
        Field("urban_rural_class", CLASS),
    ),
    ImportKind.FACTS: (
        Field("code", CODE),
        Field("name", NAME),
        Field("town_name", TOWN_NAME),
        Field("on", DATE),
        *(Field(measure, aliases) for measure, aliases in MEASURE_ALIASES.items()),
    ),
    ImportKind.POINTS: (
        Field("code", CODE),
        Field("name", NAME),
        Field("town_name", TOWN_NAME),
        Field("lon", LON, required=True),
        Field("lat", LAT, required=True),
    ),
    ImportKind.OUTLINES: (Field("code", CODE), Field("name", NAME), Field("town_name", TOWN_NAME)),
    ImportKind.MERGERS: (
        Field("old_code", ("oldcode", "原村代码", "原代码", "原编码", "原区划代码", "调整前代码", "撤并前代码")),
        Field("old_name", ("oldname", "oldvillage", "原村", "原村名", "原村名称", "原行政村", "原建制村", "调整前", "调整前村名", "原村社区", "撤并村", "原村社区名称", "调整前名称", "撤并前村名"), required=True),
        Field("old_town", ("oldtown", "原乡镇", "原乡镇街道", "调整前乡镇", "原所属乡镇")),
        Field("part", ("part", "group", "自然村", "村民小组", "小组", "原自然村", "原村民小组", "划入小组", "涉及小组", "自然村小组", "自然村或小组")),
        Field("new_name", ("newname", "newvillage", "新村", "新村名", "新村名称", "新行政村", "新建制村", "调整后", "调整后村名", "合并后村名", "合并后", "新村社区", "新村社区名称", "调整后名称"), required=True),
        Field("new_code", ("newcode", "新村代码", "新代码", "新编码", "调整后代码")),
        Field("new_town", ("newtown", "town", "townname", "新乡镇", "乡镇", "乡镇街道", "镇街", "调整后乡镇", "现乡镇", "所属乡镇", "所属乡镇街道")),
        Field("area", ("area", "面积", "幅员面积")),
        Field("groups", ("groups", "组数", "小组数", "村民小组数")),
        Field("households", ("households", "户数")),
        Field("people", ("people", "population", "人口", "人口数", "户籍人口", "总人口")),
        Field("seat", ("seat", "驻地", "村委会驻地", "新村驻地", "办公地点", "村部")),
        Field("on", ("on", "date", "日期", "批准日期", "调整日期", "生效日期")),
        Field("document", ("document", "documentnumber", "文号", "批复文号", "文件", "批文", "批准文号", "发文字号")),
    ),
}  # fmt: skip

DIMENSIONS: Mapping[str, tuple[str, int]] = {
    "dm2": ("area", 100), "fen": ("money", 100), "people": ("people", 1), "households": ("households", 1),
    "groups": ("count", 1), "posts": ("count", 1), "votes": ("count", 1), "m": ("length", 1),
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
    heading: Heading
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
    headings = [read_heading(header) for header in headers]
    found: dict[int, Read] = {}
    for field in FIELDS[kind]:
        is_measure = kind is ImportKind.FACTS and field.name in MEASURE_ALIASES
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


def _rank(heading: Heading, field: Field, is_measure: bool) -> int | None:
    """How well a header fits a field, 0 best; None where it does not. Brackets that mislead nobody are passed over."""
    phrases = set(heading.phrases())
    for rank, alias in enumerate(field.aliases):
        if alias in phrases:
            return rank
    if is_measure or MISLEADING.search("".join(heading.qualifiers)):
        return None
    return next((rank for rank, alias in enumerate(field.aliases, 100) if alias == heading.word), None)


def _might_be(heading: Heading) -> str:
    """The measure a header would be without its qualifiers; "" where it has none or would be none."""
    if not heading.qualifiers and len(heading.words) < 2:
        return ""
    bare = list(heading.bare())
    return next((name for name, aliases in MEASURE_ALIASES.items() for one in bare if one in aliases), "")


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
    if kind is ImportKind.FACTS and not set(MEASURE_ALIASES) & set(mapping):
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


def records(table: Table, mapping: Mapping[str, int], mended: Mapping[str, Mapping[str, str]]) -> list[Record]:
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
class Scale:
    """A column's unit as people write it, and how many of the measure's own unit one of it is."""

    unit: str
    factor: Fraction


def scale_of(unit: str, header: str, line: Sequence[str] = (), chosen: str = "") -> Scale | Finding:
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
            return Scale("", Fraction(1))
        return Finding("unit_missing", {"header": header})
    if not fits_unit(named, dimension):
        return Finding("unit_of_other_kind", {"header": header, "unit": named})
    return Scale(named, UNITS[named][1] * own)


def fits_unit(unit: str, dimension: str) -> bool:
    """Whether a unit measures this; a plain 个 counts people, households and groups alike."""
    measured, size = UNITS[unit]
    return measured == dimension or (dimension in COUNTED and measured in COUNTED and size == 1 and measured == "count")


CHOSEN: Mapping[str, str] = {"km2": "平方公里", "ha": "公顷", "mu": "亩", "m2": "平方米", "yuan": "元", "wan": "万元"}
"""Short names of units, as commands and forms give them."""
