"""The Excel template for figures: the district's villages prefilled, one column a measure."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from heli.places.imports.types import KnownPlace
from heli.places.measures import counted


def facts_template(
    district: str, villages: Sequence[KnownPlace], on: date, standing: Mapping[tuple[int, str], int]
) -> bytes:
    """An .xlsx with codes as text; figures that the register has of that day are filled in."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(_("Figures"))
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"num_format": "@"})
    measures = counted()
    title = _("%(district)s: figures per village on %(on)s") % {"district": district, "on": on}
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    headers = ["代码", "乡镇街道", "名称"]
    for measure in measures:
        unit = {"dm2": "（亩）" if measure.id == "farmland" else "（平方公里）", "fen": "（元）", "m": "（米）"}.get(
            measure.unit, ""
        )
        headers.append(f"{measure.zh}{unit}")
    sheet.write_row(2, 0, headers, head)
    for i, village in enumerate(villages, 3):
        sheet.write_string(i, 0, village.code, text)
        sheet.write_string(i, 1, village.town)
        sheet.write_string(i, 2, village.name)
        for j, measure in enumerate(measures, 3):
            value = standing.get((village.id, measure.id))
            if value is not None:
                sheet.write_number(i, j, _shown(value, measure.unit, measure.id))
    sheet.set_column(0, 0, 15, text)
    sheet.set_column(1, 2, 18)
    sheet.set_column(3, 2 + len(measures), 13)
    sheet.freeze_panes(3, 3)
    notes = book.add_worksheet(_("Notes"))
    for i, line in enumerate(
        (
            _("One row per village; leave a cell empty where nothing is known, a zero means none."),
            _("Registered population, residents, households and groups are whole numbers."),
            _("Do not change the codes; columns may be left out or put in another order."),
        )
    ):
        notes.write(i, 0, line)
    book.close()
    return buffer.getvalue()


def _shown(value: int, unit: str, measure: str) -> float:
    if unit == "dm2":
        return value * 15 / 1_000_000 if measure == "farmland" else value / 100_000_000
    return value / 100 if unit == "fen" else value
