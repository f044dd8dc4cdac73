"""Which rows of a sheet are no rows of its list: totals, notes, signatures, and the row that numbers the columns. Pure."""

import re
import unicodedata
from collections.abc import Sequence

from heli.files.sheets.types import Row

TOTAL = re.compile(
    r"(?:本|全)?.{0,8}?(?:合计|小计|总计|共计|累计)[:：]?|(?:全区|全县|全市|全镇|全乡|全街道|全村|total)", re.I
)
NOTE = re.compile(r"(?:注|附注|说明|备注|填表说明|注意事项|数据来源|资料来源)\s*\d?\s*[:：].*", re.S)
SIGNATURE = re.compile(
    r"(?:填表人|制表人?|审核人?|复核人?|负责人|填报人|经办人|联系人|联系电话|填报单位|制表单位|填表单位|填表日期|填报日期|制表日期|"
    r"单位负责人|分管领导|主要领导|签字|签章|盖章|审批意见)\s*(?:\(.*\))?\s*[:：].*", re.S,
)  # fmt: skip
LETTERS = list("甲乙丙丁戊己庚辛")


def kind_of_row(row: Row, *, is_first: bool = False) -> str:
    """ "totals" or "notes" for a row that adds up, explains, signs or numbers the columns; "" for a row of the list."""
    texts = [unicodedata.normalize("NFKC", str(cell)).strip() for cell in row.cells if cell is not None]
    if not texts:
        return ""
    if any(NOTE.fullmatch(text) or SIGNATURE.fullmatch(text) for text in texts[:1]):
        return "notes"
    if all(SIGNATURE.fullmatch(text) or not text for text in texts):
        return "notes"
    words = [re.sub(r"[\s　]", "", text) for text in texts[:4] if not re.fullmatch(r"[\d.]+", text)]
    is_coded = any(re.fullmatch(r"\d{9,12}", text) for text in texts)
    if not is_coded and any(TOTAL.fullmatch(word) for word in words[:2]):
        return "totals"
    if is_first and len(texts) > 2 and _numbers_columns(texts):
        return "notes"
    return ""


def _numbers_columns(texts: Sequence[str]) -> bool:
    """甲 乙 1 2 3: the row of a statistical form that numbers its columns."""
    letters = [text for text in texts if text in LETTERS]
    rest = [text.removesuffix(".0") for text in texts[len(letters) :]]
    return texts[: len(letters)] == LETTERS[: len(letters)] and rest == [str(n) for n in range(1, len(rest) + 1)]
