"""The Excel form for progress: what an actor may fill in, written; and read back."""

import io
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from heli.campaigns import registry
from heli.campaigns.queries.picture import CampaignPicture
from heli.campaigns.queries.steps import Task, Tasks
from heli.campaigns.services.filling import DAY, SUBMIT, YES, FilledRow
from heli.campaigns.texts import unit_of
from heli.campaigns.types import EvidenceKind, Required
from heli.files import apart
from heli.files.sheets import Sheet, Unreadable, fault, is_excel, read_book
from heli.kernel.faults import Fault, Refused
from heli.ui.exports import SAMPLE, sheet_name
from heli.ui.http import whole_number

SUBMITTED = (YES, "1", "yes")
TYPED = (EvidenceKind.NUMBER, EvidenceKind.MINUTES)
WIDTHS = (14, 16, 14, 22, 30, 30, 10, 24, 12, 10)
TECHNICAL = 3
"""So many columns, the first ones, name the step for Heli."""
LONGEST = 20_000
"""Rows of a form read at most."""


def heads() -> list[str]:
    """The columns of the form; the first three name the step and are not to be changed."""
    return [
        _("Mark of the place"), _("Mark of the step"), _("No. of the proof"), _("Town"), _("Village"), _("Step"),
        _("Unit"), _("Value"), _("Day"), _("Submit (是)"),
    ]  # fmt: skip


def write_form(seen: CampaignPicture, tasks: Tasks, language: str) -> bytes:
    """A workbook with a line for every number or text that the actor's open steps ask for, and one per step to submit."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#E6F0EF"})
    said = book.add_format({"text_wrap": True, "valign": "top"})
    typed = book.add_format(
        {"locked": False, "border": 1, "border_color": "#B8C4C2", "bg_color": "#FFFDF2", "valign": "top"}
    )
    day = book.add_format(
        {"locked": False, "border": 1, "border_color": "#B8C4C2", "num_format": "yyyy-mm-dd", "valign": "top"}
    )
    sheet = book.add_worksheet(sheet_name(seen.campaign.name))
    for column, (text, width) in enumerate(zip(heads(), WIDTHS, strict=True)):
        # What only Heli reads is out of sight, and what it says is not to be changed.
        sheet.set_column(column, column, width, None, {"hidden": column < TECHNICAL})
        sheet.write_string(0, column, text, head)
    _set_up(sheet, seen.campaign.name)
    if seen.campaign.is_sample:
        sheet.write_string(0, len(WIDTHS), SAMPLE, head)
    row = 0
    for task in tasks.do:
        asked: list[tuple[int, Required] | None] = [
            (number, one)
            for number, one in enumerate(task.rule.evidence)
            if one.kind in TYPED and one.fact not in registry.facts()
        ]
        for one in asked or [None]:
            row += 1
            for column, text in enumerate(_texts(task, one, language)):
                sheet.write_string(row, column, text, said)
            is_day = one is not None and one[1].is_day
            sheet.write_blank(row, 7, None, day if is_day else typed)
            sheet.write_blank(row, 8, None, day)
            sheet.write_blank(row, 9, None, typed)
            if one is not None and one[1].kind is EvidenceKind.NUMBER and not is_day:
                sheet.data_validation(row, 7, row, 7, _whole_only())
    if row:
        sheet.data_validation(1, 9, row, 9, {"validate": "list", "source": [YES]})
    book.close()
    return stream.getvalue()


def _set_up(sheet: Any, name: str) -> None:
    """Locked but for what is filled in, the heading in view and on every printed page."""
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sheet.freeze_panes(1, 6)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&C{name.replace('&', '&&')}")
    sheet.set_footer("&C&P / &N")


def _texts(task: Task, asked: tuple[int, Required] | None, language: str) -> list[str]:
    """What a line says of itself: its marks, then where, what and in which unit."""
    title = task.rule.title.text(language)
    own = [task.track.public_id, task.rule.key]
    if asked is None:
        return [*own, "", task.track.town_name, task.track.name, title, ""]
    number, one = asked
    return [
        *own, str(number + 1), task.track.town_name, task.track.name, f"{title}：{one.name.text(language)}", unit_of(one),
    ]  # fmt: skip


def _whole_only() -> dict[str, Any]:
    return {
        "validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning",
        "error_title": _("Value"), "error_message": _("Write a whole number, zero or more."),
    }  # fmt: skip


def read_form(content: bytes, name: str = "") -> list[FilledRow]:
    """The lines in which something was written. Raises `Refused` naming row and column of what cannot be read."""
    if not is_excel(content):
        raise Refused(Fault("unreadable", _("This is not an Excel file that can be read."), field="file"))
    try:
        book = apart.call(read_book, content, name)
        for sheet in book.sheets[:1]:
            sheet.require_rows(name)
    except Unreadable as unreadable:
        raise Refused(fault(unreadable)) from unreadable
    sheets = [sheet for sheet in book.sheets if not sheet.is_hidden and _is_form(sheet)]
    forms = [_lines(sheet) for sheet in sheets]
    if len(forms) > 1:
        text = _("Several sheets hold the form. Keep one, so that it is clear what was reported.")
        raise Refused(Fault("several_forms", text, field="file"))
    lines = forms[0] if forms else []
    if not lines:
        text = _("This is not the form: download it from this page, fill it in, and send it back.")
        raise Refused(Fault("not_the_form", text, field="file"))
    if len(lines) > LONGEST:
        raise Refused(Fault("too_long", _("The form has too many rows."), field="file"))
    rows: list[FilledRow] = []
    faults: list[Fault] = []
    for number, cells in lines[1:]:
        for found in _line(sheets[0].name, number, [*cells, *[""] * 10]):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                rows.append(found)
    if faults:
        raise Refused(faults)
    return rows


def _is_form(sheet: Sheet) -> bool:
    lines = _lines(sheet)
    return bool(lines) and [str(cell).strip() for cell in lines[0][1][:3]] in _first_heads()


def _lines(sheet: Sheet) -> list[tuple[int, list[Any]]]:
    return [(row.number, ["" if cell is None else cell for cell in row.cells]) for row in sheet.rows]


def _first_heads() -> list[list[str]]:
    """The first three headings in every language of the screen: a form may be filled by a reader of the other."""
    from django.utils import translation

    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(heads()[:3])
    return found


def _line(sheet: str, number: int, cells: list[Any]) -> Iterator[FilledRow | Fault]:
    place, key, which = (str(cell).strip().removesuffix(".0") for cell in cells[:3])
    value, day, submit = _text(cells[7]), cells[8], _plain(cells[9])
    if not value and not submit:
        return
    asked, on = whole_number(which), _day(day)
    line = FilledRow(
        row=number,
        place_id=place,
        key=key,
        requirement=asked - 1 if asked is not None else None,
        value=value,
        on=on,
        submit=submit in SUBMITTED,
        sheet=sheet,
        label=" · ".join(text for text in map(_text, cells[4:6]) if text),
    )
    if on is None and str(day).strip():
        text = _("Write the day as 2026-03-05.")
        yield Fault("day_unreadable", text, source=line.where(DAY, str(day).strip()))
    elif submit not in ("", "0", *SUBMITTED):
        text = _("Write 是 to submit, or leave it empty.")
        yield Fault("submit_unreadable", text, source=line.where(SUBMIT, submit))
    else:
        yield line


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _plain(cell: Any) -> str:
    """A sign that is meant, however wide it was typed; never for words, whose punctuation is wide."""
    return unicodedata.normalize("NFKC", _text(cell)).lower()


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(_plain(cell).replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
