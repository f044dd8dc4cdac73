"""What offices write into cells beside names: numbers of a list, several names at once, words for “stays”, marks for “as above”.

Pure; whatever is taken away or read into a cell is counted, so that it can be said.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from heli.kernel.faults import Finding
from heli.places.imports.cells import text_of
from heli.places.imports.types import Cell, ImportKind, Record
from heli.places.rules import clean_name

NAMES = ("name", "town_name", "old_name", "old_town", "new_name", "new_town")
DITTO_IN = ("town_name", "village", "estate", "in_grid", "old_town", "new_name", "new_town", "document", "on")
DITTO = frozenset({"同上", "〃", "″", '"', "''", "”", "“", "..", "……"})
STAYS = re.compile(
    r"(?:继续|予以|仍)?(?:保留|保持|维持)(?:不变|原状|现状|原名|建制|原建制)?|不变|没变|无变化|不(?:作|做|予)?(?:调整|撤并|合并|变动|变更|动|涉及)|未(?:作|做)?(?:调整|变动|撤并|变更)|"
    r"无(?:调整|变动|变更)?|同左|同前|原名|原村|[/\\\-—–_－―~～×xX]+|n/?a|none|unchanged|stays?",
    re.I,
)  # fmt: skip
NUMBER = re.compile(
    r"\s*(?:[(（]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）]\s*[、.．]?|(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.、．)）]|[①-⑳])\s*(?=[^\d\s])"
)
COUNTED = re.compile(r"等?([0-9一二三四五六七八九十两]+)个?(?:行政|建制)?(?:村|社区|村社区|单位)$")
BETWEEN = re.compile(r"[、，,;；\n\r]|(?<=[村区会])(?:和|与|及|以及|暨)(?=.)|(?<=[村区会])\s+(?=\S)")
DIGITS = {**{letter: digit for digit, letter in enumerate("零一二三四五六七八九")}, "两": 2}


def tidy(kind: ImportKind, records: Sequence[Record]) -> tuple[list[Record], list[Finding]]:
    """Records with list numbers taken from names, marks for “as above” written out, several old villages of one cell split."""
    tidied: list[Record] = []
    numbered: list[str] = []
    repeated: list[str] = []
    split: list[str] = []
    findings: list[Finding] = []
    above: dict[str, Cell] = {}
    for record in records:
        values = dict(record.values)
        for name in DITTO_IN:
            if name in values and text_of(values[name]) in DITTO and name in above:
                values[name] = above[name]
                repeated.append(str(record.number))
            if name in values:
                above[name] = values[name]
        for name in NAMES:
            cell = values.get(name)
            if isinstance(cell, str) and (found := NUMBER.match(cell)):
                values[name] = cell[found.end() :]
                numbered.append(cell.strip())
        here = replace(record, values=values)
        parts, counted = split_names(here.text("old_name")) if kind is ImportKind.MERGERS else ([], None)
        if counted is not None and counted != len(parts):
            facts = {"value": here.text("old_name")[:60], "said": counted, "count": len(parts)}
            findings.append(Finding("names_counted", facts, "old_name", str(record.number)))
        if len(parts) > 1:
            split.append(" + ".join(parts))
            tidied += [replace(here, values=_alone(values, part)) for part in parts]
        else:
            tidied.append(replace(here, values={**values, "old_name": parts[0]}) if parts else here)
    for code, examples in (("read_list_numbers", numbered), ("read_split", split), ("read_ditto", repeated)):
        if examples:
            findings.append(Finding(code, {"count": len(examples), "example": examples[0][:60]}, severity="note"))
    return tidied, findings


def split_names(text: str) -> tuple[list[str], int | None]:
    """The names in a cell, and how many it says there are (A、B、C等3个村); what stands in brackets is not split."""
    plain = unicodedata.normalize("NFKC", text).strip()
    counted = None
    if (found := COUNTED.search(plain)) and BETWEEN.search(plain[: found.start()] or " "):
        counted, plain = _number(found[1]), plain[: found.start()]
    kept: list[str] = []

    def hide(bracket: re.Match[str]) -> str:
        kept.append(bracket[0])
        return f"\x00{len(kept) - 1}\x00"

    hidden = re.sub(r"[(\[【〔][^)\]】〕]*[)\]】〕]", hide, plain)
    parts = [re.sub(r"\x00(\d+)\x00", lambda one: kept[int(one[1])], part).strip() for part in BETWEEN.split(hidden)]
    parts = [NUMBER.sub("", part, count=1) for part in parts if part]
    return parts, counted


def stays(text: str) -> bool:
    """Whether a cell says that a village stays as it is: 不变, 保留, 同左, /, —."""
    plain = re.sub(r"[\s()。.，,]", "", unicodedata.normalize("NFKC", text))
    return bool(plain) and bool(STAYS.fullmatch(plain))


def one_spelling(names: Sequence[str]) -> str:
    """Of several spellings of one village the one that says most, of equals the first: 光明村村民委员会 before 光明村."""
    return max(names, key=lambda name: (names.count(name), len(clean_name(name))))


def _alone(values: Mapping[str, Cell], part: str) -> dict[str, Cell]:
    """The values of one of several villages of a row: a figure of all together is nobody's."""
    return {
        **values,
        "old_name": part,
        **{name: None for name in ("people", "area", "households", "groups") if name in values},
    }


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("十") if "十" in text else ("", "", text)
    return 10 * ((DIGITS.get(tens, 1)) if "十" in text else 0) + DIGITS.get(ones, 0)
