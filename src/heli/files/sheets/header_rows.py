"""Which rows of a sheet are its header, and what stands above each column when they are joined. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from heli.files.sheets.headings import is_unit, score
from heli.files.sheets.types import Cell, Row, Sheet

HEADER_WITHIN = 15
"""Titles and notes may stand above the header: it is looked for in so many rows."""
MOST_HEADER_ROWS = 3


def filled_across(sheet: Sheet) -> dict[int, list[Cell]]:
    """Rows near the head with merged cells repeated over their whole range: what a person sees above each column."""
    head = {row.number: list(row.cells) for row in sheet.rows[: HEADER_WITHIN + MOST_HEADER_ROWS]}
    for top, left, bottom, right in sheet.merged:
        if top not in head or left > len(head[top]):
            continue
        value = head[top][left - 1]
        for number in range(top, min(bottom, top + MOST_HEADER_ROWS) + 1):
            cells = head.setdefault(number, [])
            cells += [None] * (min(right, left + 200) - len(cells))
            for column in range(left - 1, min(right, left + 200)):
                cells[column] = value
    return defaultdict(list, head)


def find_header(rows: Sequence[Row], across: Mapping[int, list[Cell]], words: frozenset[str]) -> tuple[int, int]:
    """The first and last row of the header: those whose joined cells are known best; of equals the upper, shorter one."""
    near = rows[:HEADER_WITHIN]
    best, found = (0, 0), None
    for at, row in enumerate(near):
        width = len(across[row.number])
        for many in range(1, MOST_HEADER_ROWS + 1):
            block = rows[at : at + many]
            if len(block) < many or (many > 1 and not _belongs(block[-2], block[-1], across)):
                break
            joined = joined_headers([across[one.number] for one in block], max(width, len(across[block[-1].number])))
            value = (
                score([text for text in joined if text], words),
                sum(bool(text) for text in joined) if many > 1 else 0,
            )
            if value[0] > best[0] or (value[0] == best[0] and value[0] and found and found[0] == row.number):
                best, found = value, (row.number, block[-1].number)
    if found is None:
        several = next((row for row in near if len({str(c) for c in row.cells if c is not None}) > 1), near[0])
        found = (several.number, several.number)
    return found


def _belongs(upper: Row, lower: Row, across: Mapping[int, list[Cell]]) -> bool:
    """Whether the lower row goes on the header of the upper one: units, and words under what the upper leaves open."""
    if lower.number != upper.number + 1 or not _is_wordy(lower):
        return False
    said = [cell for cell in lower.cells if cell is not None]
    if all(is_unit(str(cell)) for cell in said):
        return True
    above = list(upper.cells) + [None] * (len(lower.cells) - len(upper.cells))
    shared = across[upper.number]
    under_open = False
    for column, cell in enumerate(lower.cells):
        if cell is None or is_unit(str(cell)):
            continue
        begins = above[column] is not None and column + 1 < len(above) and above[column + 1] is None
        spanned = column < len(shared) and shared[column] is not None and _spans(shared, column)
        if above[column] is None or spanned:
            under_open = True
        elif not begins:
            return False
        elif begins:
            under_open = under_open or column + 1 < len(lower.cells)
    return under_open


def _spans(cells: Sequence[Cell], column: int) -> bool:
    """Whether a header cell stands over more than this column."""
    here = cells[column]
    beside = [cells[other] for other in (column - 1, column + 1) if 0 <= other < len(cells)]
    return here is not None and here in beside


def _is_wordy(row: Row) -> bool:
    """Whether a row holds words only: no number, date or code, as headers do."""
    for cell in row.cells:
        if cell is None:
            continue
        if not isinstance(cell, str) or re.fullmatch(r"[\s\d.,:/\-年月日]+", unicodedata.normalize("NFKC", cell)):
            return False
    return True


def joined_headers(block: Sequence[Sequence[Cell]], width: int) -> list[str]:
    """The headers of one to three rows, joined from the upper to the lower: 人口·常住; a unit row becomes brackets.

    Without merged cells an upper cell stands over the blank ones to its right, as far as the rows below have words there.
    """
    rows = [[_header_text(row[column] if column < len(row) else None) for column in range(width)] for row in block]
    for upper, lower in pairwise(rows):
        for column in range(1, width):
            if not upper[column] and upper[column - 1] and lower[column] and lower[column - 1]:
                upper[column] = upper[column - 1]
    headers = []
    for column in range(width):
        text = ""
        for at, row in enumerate(rows):
            part = row[column]
            if not part or part == (rows[at - 1][column] if at else ""):
                continue
            if text and is_unit(part):
                text += f"（{part.strip('（）()')}）"
            else:
                text = f"{text}·{part}" if text else part
        headers.append(text)
    return headers


def _header_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"\s+", " ", str(cell)).strip() if cell is not None else ""
