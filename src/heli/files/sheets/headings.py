"""What a header says: a word, its qualifiers, a unit with its multiplier, a year. Nothing in it is thrown away.

人口（常住） is the word 人口 with the qualifier 常住; 集体经济收入（千元） has the unit 千元; 人口·常住 is the path of two rows.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

MU = Fraction(10_000, 15)
"""Square metres of one mu."""

UNITS: dict[str, tuple[str, Fraction]] = {
    "平方米": ("area", Fraction(1)),
    "m2": ("area", Fraction(1)),
    "万平方米": ("area", Fraction(10_000)),
    "亩": ("area", MU),
    "mu": ("area", MU),
    "市亩": ("area", MU),
    "千亩": ("area", 1_000 * MU),
    "万亩": ("area", 10_000 * MU),
    "公顷": ("area", Fraction(10_000)),
    "hm2": ("area", Fraction(10_000)),
    "ha": ("area", Fraction(10_000)),
    "hectare": ("area", Fraction(10_000)),
    "hectares": ("area", Fraction(10_000)),
    "千公顷": ("area", Fraction(10_000_000)),
    "万公顷": ("area", Fraction(100_000_000)),
    "平方公里": ("area", Fraction(1_000_000)),
    "平方千米": ("area", Fraction(1_000_000)),
    "km2": ("area", Fraction(1_000_000)),
    "sqkm": ("area", Fraction(1_000_000)),
    "元": ("money", Fraction(1)),
    "人民币元": ("money", Fraction(1)),
    "yuan": ("money", Fraction(1)),
    "百元": ("money", Fraction(100)),
    "千元": ("money", Fraction(1_000)),
    "万元": ("money", Fraction(10_000)),
    "十万元": ("money", Fraction(100_000)),
    "百万元": ("money", Fraction(1_000_000)),
    "千万元": ("money", Fraction(10_000_000)),
    "亿元": ("money", Fraction(100_000_000)),
    "人": ("people", Fraction(1)),
    "名": ("people", Fraction(1)),
    "口": ("people", Fraction(1)),
    "people": ("people", Fraction(1)),
    "千人": ("people", Fraction(1_000)),
    "万人": ("people", Fraction(10_000)),
    "户": ("households", Fraction(1)),
    "千户": ("households", Fraction(1_000)),
    "万户": ("households", Fraction(10_000)),
    "个": ("count", Fraction(1)),
    "组": ("count", Fraction(1)),
    "票": ("count", Fraction(1)),
    "米": ("length", Fraction(1)),
    "m": ("length", Fraction(1)),
    "公里": ("length", Fraction(1_000)),
    "千米": ("length", Fraction(1_000)),
    "km": ("length", Fraction(1_000)),
    "%": ("ratio", Fraction(1)),
    "百分比": ("ratio", Fraction(1)),
}
"""{unit as people write it: (what it measures, how many m², yuan, people, households, metres it is)}."""

BRACKETS = re.compile(r"[(\[【〔{《<]([^()\[\]【】〔〕{}《》<>]*)[)\]】〕}》>]")
YEAR = re.compile(
    r"(?:截至|截止|至)?(?:(?:19|20)\d\d(?:年度|年末|年底|年)?(?:\d{1,2}月(?:末|底|份)?)?(?:\d{1,2}日)?|上年同期|上年末|上年|去年|本年|今年)(?:数|止)?"
)
BEHIND = re.compile(
    r"(?<=.)(?:[/_\-]?)(万平方米|平方公里|平方千米|平方米|km2|hm2|m2|千公顷|万公顷|公顷|万亩|千亩|亩|[百千万亿]+元|元|万人|万户|公里|千米|米)$"
)
"""A unit that stands right behind the word: 耕地面积亩. One-letter units that also end words (人 户 组) do not count here."""
UNIT_LINE = re.compile(r"(?:^|[\s(,，;；。、])(?:计量|金额|面积|数据)?单位\s*[:：]\s*([^)\]】〕]+)")
DROPPED = re.compile(r"[\s*_:：、/\-]+")
SILENT = frozenset(
    {"必填", "选填", "单位", "如有", "可不填", "可空", "全称", "规范名称", "12位", "十二位", "12位代码", "公章"}
)
"""Words in brackets that say how to fill in a column, not what it holds."""
GROUPS = re.compile(r"情况|信息|概况|数据|行政区划|区划|基本|地区|指标|所辖|所在|名单")
"""Upper header cells that gather columns without changing what they mean."""


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """A header taken apart: `words` from the upper row to the lowest, `qualifiers` from brackets, `unit` as written.

    `word` is all words in one, `phrases` what the header may be called, qualifiers included: 人口（常住） gives 常住人口 and
    人口常住.
    """

    text: str
    words: tuple[str, ...]
    qualifiers: tuple[str, ...]
    unit: str
    year: str
    word: str
    phrases: tuple[str, ...]

    def bare(self) -> Iterator[str]:
        """What it would be called if qualifiers and upper rows did not matter: only to be asked about."""
        yield self.word
        yield from reversed(self.words)


def plain(text: object) -> str:
    """A header or a part of it without spaces, letter width and marks, in lower case; brackets stay."""
    return DROPPED.sub("", unicodedata.normalize("NFKC", str(text or "")).lower())


def read_heading(text: str) -> SheetHeading:
    """Take a header apart; its rows are joined by ·."""
    words: list[str] = []
    qualifiers: list[str] = []
    unit = year = inline = ""
    for part in unicodedata.normalize("NFKC", text).lower().split("·"):
        rest = own = part
        while match := BRACKETS.search(rest):
            for piece in re.split(r"[,，、;；:：/\s]+", match[1]):
                word = piece.strip("*_-. 。")
                if not word or word in SILENT:
                    continue
                if word in UNITS:
                    unit = unit or word
                elif YEAR.fullmatch(word):
                    year = year or word
                else:
                    qualifiers.append(word)
            kept = "" if _is_aside(match[1]) else match[1]
            own = own.replace(match[0], kept, 1)
            rest = rest[: match.start()] + rest[match.end() :]
        inline += DROPPED.sub("", own)
        word = DROPPED.sub("", re.sub(r"[,，/\s]+单位[:：]?(?=\S)", "/", rest))
        if found := YEAR.search(word):
            # A year stands before or behind the word; what is only a year is no word.
            year, word = year or found[0], word[: found.start()] + word[found.end() :]
        separated = re.split(r"[\s/,，:：_\-]+", rest.strip())
        if len(separated) > 1 and separated[-1] in UNITS:
            unit, word = unit or separated[-1], word.removesuffix(separated[-1])
        elif (behind := BEHIND.search(word)) and word not in UNITS:
            unit, word = unit or behind[1], word[: behind.start()]
        elif word in UNITS and words:
            unit, word = unit or word, ""
        if word and (not words or words[-1] != word):
            words.append(word)
    phrases = tuple(_phrases(words, "".join(qualifiers), inline))
    return SheetHeading(text, tuple(words), tuple(qualifiers), unit, year, "".join(words), phrases)


def read_headings(texts: Iterable[str]) -> list[SheetHeading]:
    """Several headers taken apart."""
    return [read_heading(text) for text in texts]


def _phrases(words: Sequence[str], qualifiers: str, inline: str) -> Iterator[str]:
    """`inline` is the header with its qualifiers where they stand: 村（居）民小组 is also 村居民小组."""
    if qualifiers:
        yield inline
    for word in dict.fromkeys(_orders(words)):
        yield qualifiers + word
        if qualifiers:
            yield word + qualifiers


def _orders(words: Sequence[str]) -> Iterator[str]:
    yield "".join(words)
    if len(words) > 1:
        yield "".join(reversed(words))
        last = words[-1]
        telling = [upper for upper in words[:-1] if not (GROUPS.search(upper) or upper in last)]
        yield "".join([*telling, last])
        yield "".join([last, *reversed(telling)])


def _is_aside(bracket: str) -> bool:
    """Whether a bracket says nothing about what is held: a unit, a year, a hint."""
    words = [word for word in re.split(r"[,，、;；:：/\s]+", bracket) if word]
    return all(word in UNITS or word in SILENT or YEAR.fullmatch(word) for word in words)


def units_in(text: str) -> tuple[str, ...]:
    """The units that a line above the header names: 单位：万元、亩. A line that names an office (单位：民政局) has none."""
    match = UNIT_LINE.search(unicodedata.normalize("NFKC", text).lower())
    if match is None:
        return ()
    words = [word for word in re.split(r"[,，、;；/\s]+", match[1].strip()) if word]
    return tuple(words) if words and all(word in UNITS for word in words) else ()


def is_unit(text: str) -> bool:
    """Whether a cell holds nothing but a unit, in brackets or bare."""
    word = plain(text).strip("()[]【】")
    return word in UNITS


def score(headers: Collection[str], known: Collection[str]) -> int:
    """How many different known words are among the headers."""
    found = (next((one for one in read_heading(header).phrases if one in known), "") for header in headers if header)
    return len(set(found) - {""})
