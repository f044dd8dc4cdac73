"""The Excel form for progress: what an actor may fill in, written; and read back."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from heli.campaigns import registry
from heli.campaigns.queries.picture import CampaignPicture
from heli.campaigns.queries.steps import Tasks
from heli.campaigns.services.filling import FilledRow
from heli.campaigns.texts import unit_of
from heli.campaigns.types import EvidenceKind, Required
from heli.files import apart
from heli.files.sheets import Sheet, Unreadable, fault, is_excel, read_book
from heli.kernel.faults import Fault, Refused
from heli.ui.exports import SAMPLE, sheet_name
from heli.ui.http import whole_number

TYPED = (EvidenceKind.NUMBER, EvidenceKind.MINUTES)
WIDTHS = (14, 16, 14, 22, 30, 30, 10, 24, 12, 10)
LONGEST = 20_000
"""Rows of a form read at most."""


def heads() -> list[str]:
    """The columns of the form; the first three name the step and are not to be changed."""
    return [
        _("Mark of the place"), _("Mark of the step"), _("No. of the proof"), _("Town"), _("Village"), _("Step"),
        _("Unit"), _("Value"), _("Day"), _("Submit (1)"),
    ]  # fmt: skip


def write_form(seen: CampaignPicture, tasks: Tasks, language: str) -> bytes:
    """A workbook with a line for every number or text that the actor's open steps ask for, and one per step to submit."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#E6F0EF"})
    fixed = book.add_format({"font_color": "#6B7280"})
    sheet = book.add_worksheet(sheet_name(seen.campaign.name))
    for column, (text, width) in enumerate(zip(heads(), WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, head)
    sheet.freeze_panes(1, 6)
    if seen.campaign.is_sample:
        sheet.write_string(0, len(WIDTHS), SAMPLE, head)
    row = 0
    for task in tasks.do:
        typed: list[tuple[int, Required] | None] = [
            (number, one)
            for number, one in enumerate(task.rule.evidence)
            if one.kind in TYPED and one.fact not in registry.facts()
        ]
        for asked in typed or [None]:
            row += 1
            number, name, unit = (
                (asked[0] + 1, asked[1].name.text(language), unit_of(asked[1])) if asked else ("", "", "")
            )
            title = task.rule.title.text(language)
            texts = [
                task.track.public_id, task.rule.key, str(number), task.track.town_name,
                task.track.name, f"{title}：{name}" if name else title, unit,
            ]  # fmt: skip
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, fixed if column < 3 else None)
    book.close()
    return stream.getvalue()


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
    forms = [_lines(sheet) for sheet in book.sheets if not sheet.is_hidden and _is_form(sheet)]
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
        for found in _line(number, [*cells, *[""] * 10]):
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


def _line(number: int, cells: list[Any]) -> Iterator[FilledRow | Fault]:
    place, key, which = (str(cell).strip().removesuffix(".0") for cell in cells[:3])
    value, day, submit = _text(cells[7]), cells[8], _text(cells[9])
    if not value and not submit:
        return
    where = _("row %(row)s") % {"row": number}
    on = _day(day)
    if on is None and str(day).strip():
        yield Fault("day_unreadable", _("Write the day as 2026-03-05."), field=heads()[8], source=where)
        return
    if submit not in ("", "0", "1"):
        yield Fault("submit_unreadable", _("Write 1 to submit, or leave it empty."), field=heads()[9], source=where)
        return
    asked = whole_number(which)
    requirement = asked - 1 if asked is not None else None
    yield FilledRow(number, place, key, requirement, value, on, submit == "1")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell).strip())
    except ValueError:
        return None
