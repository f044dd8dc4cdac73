"""Cells and headers as people write them, read as text, exact numbers and days."""

import math
import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from heli.files.sheets.headings import UNITS
from heli.files.sheets.types import Cell


def plain_header(header: object) -> str:
    """A header without spaces, brackets and letter width, for lists whose headings Heli itself writes: 面积（亩） gives 面积."""
    text = unicodedata.normalize("NFKC", str(header or "")).lower()
    text = re.sub(r"[(\[【〔].*?[)\]】〕]", "", text)
    return re.sub(r"[\s*_:：、/\-]+", "", text)


def text_of(cell: Cell) -> str:
    """The cell as trimmed text; whole numbers without a decimal point, full-width letters made plain."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return unicodedata.normalize("NFKC", str(cell)).strip()


OWN_UNIT = re.compile(f"(?:{'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})$")


def number_of(cell: Cell) -> Decimal | None:
    """The cell as an exact number, whatever unit it names; None when it is none. Reads １２３, 1,234, 12。5 and 345人."""
    return number_and_unit(cell)[0]


def number_and_unit(cell: Cell) -> tuple[Decimal | None, str]:
    """The cell as an exact number, and the unit written behind it: 300亩 gives 300 and 亩."""
    if isinstance(cell, bool | date) or cell is None:
        return None, ""
    if isinstance(cell, int):
        return Decimal(cell), ""
    if isinstance(cell, float):
        return (Decimal(str(cell)) if math.isfinite(cell) else None), ""
    text = unicodedata.normalize("NFKC", cell).strip().lower().replace("。", ".").replace(" ", "")
    unit = match[0] if (match := OWN_UNIT.search(text)) else ""
    text = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", text.removesuffix(unit))
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None, ""
    return (number, unit) if number.is_finite() else (None, "")


DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d", "%Y%m%d")
MONTH = re.compile(r"(\d{4})(?:[年./\-](\d{1,2})月?|(\d{2}))(初|末|底|份)?")
YEAR = re.compile(r"(\d{4})年?(初|末|底|度|上半年|下半年|第?[1-4一二三四]季度)?")
NUMERALS = {"零": "0", "○": "0", **{letter: str(digit) for digit, letter in enumerate("〇一二三四五六七八九")}}
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


def date_of(cell: Cell) -> date | None:
    """The cell as a day; None when it is none, or only a month or a year."""
    day, is_rounded = day_of(cell)
    return None if is_rounded else day


def day_of(cell: Cell) -> tuple[date | None, bool]:
    """The cell as a day, and whether it named only a month or a year, of which the last day is meant (年初: the first).

    2020年6月, 2020.6, 202006 and 2020年底 are such; 2020.1 as a number may be January or October and is none.
    """
    if isinstance(cell, datetime):
        return cell.date(), False
    if isinstance(cell, date):
        return cell, False
    if isinstance(cell, float) and not cell.is_integer() and re.fullmatch(r"\d{4}\.1", str(cell)):
        return None, False
    text = _arabic(re.sub(r"\s+", "", text_of(cell).replace("。", ".")))
    text = re.sub(r"^(截至|截止|至)|(止|前)$|(?<=\d日)?00:00(:00)?$|T.*$", "", text)
    for pattern in DATES:
        try:
            return datetime.strptime(text, pattern).date(), False
        except ValueError:
            continue
    return _last_day(text), True


def _last_day(text: str) -> date | None:
    """The last day of the month, quarter, half or year a text names."""
    if match := MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2] or match[3])
        if not (1 <= month <= 12 and year):
            return None
        return date(year, month, 1 if match[4] == "初" else monthrange(year, month)[1])
    if (match := YEAR.fullmatch(text)) and int(match[1]):
        year, part = int(match[1]), match[2] or ""
        if part == "初":
            return date(year, 1, 1)
        if part.endswith("季度"):
            month = 3 * QUARTERS.get(part[-3], 0) or 3 * int(part[-3])
            return date(year, month, monthrange(year, month)[1])
        return date(year, 6, 30) if part == "上半年" else date(year, 12, 31)
    return None


def _arabic(text: str) -> str:
    """二〇二〇年六月三十日 in digits."""
    if not any(letter in NUMERALS or letter == "十" for letter in text):
        return text

    def tens(match: re.Match[str]) -> str:
        return NUMERALS.get(match[1], "1") + NUMERALS.get(match[2], "0")

    text = re.sub("([一二三]?)十([一二三四五六七八九]?)", tens, text.replace("季度", "\0")).replace("\0", "季度")
    return "".join(NUMERALS.get(letter, letter) for letter in text)
