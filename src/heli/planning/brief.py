"""The brief of a plan as docx in the official layout (GB/T 9704: margins, 22 × 28 type area, title in 小标宋, body in 仿宋)."""

import io
import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from heli.planning import presenting
from heli.planning.queries import Standing
from heli.planning.rules import compute_summary
from heli.planning.solving import planner_values
from heli.planning.wording import KIND_LABELS
from heli.ui.exports import SAMPLE
from mergeplan.draw import Language, draw

TITLE, HEAD, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
"""Fonts by the names that offices have them under; python-docx cannot embed."""
SIZE_2, SIZE_3, SIZE_SMALL = Pt(22), Pt(16), Pt(10.5)


def write_brief(standing: Standing, visible: presenting.Visible = None) -> bytes:
    """The brief: title, summary in words, picture, table of mergers."""
    document = Document()
    _page(document)
    _fonts(document)
    scenario, material = standing.scenario, standing.material
    if material.is_sample:
        _line(document, SAMPLE, HEAD, SIZE_3, WD_ALIGN_PARAGRAPH.CENTER)
    title = _("Brief on the merger plan “%(name)s” of %(district)s") % {
        "name": scenario.name,
        "district": material.district_name,
    }
    _line(document, title, TITLE, SIZE_2, WD_ALIGN_PARAGRAPH.CENTER)
    if standing.acceptance is not None:
        values = {"number": standing.acceptance.document_number, "on": standing.acceptance.document_on}
        _line(document, _("Accepted by %(number)s of %(on)s") % values, BODY, SIZE_3, WD_ALIGN_PARAGRAPH.CENTER)
    _heading(document, _("I. Summary"))
    for text in summary_sentences(standing, visible):
        _line(document, text, BODY, SIZE_3, indent=True)
    # The picture shows the whole district, so that it is for those who see all of it.
    picture = _picture(standing) if visible is None else None
    if picture is not None:
        _heading(document, _("II. Map"))
        document.add_picture(io.BytesIO(picture), width=Mm(156))
    _heading(document, _("III. Mergers") if picture is not None else _("II. Mergers"))
    _table(document, standing, visible)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def summary_sentences(standing: Standing, visible: presenting.Visible = None) -> list[str]:
    """The plan in sentences, every figure with its base."""
    result = standing.result
    if result is None or not result.is_feasible:
        return presenting.explanations(standing)
    summary = compute_summary(standing.material, standing.shown_rules, result, visible)
    reduction = presenting.reduction_of(summary)
    values: dict[str, Any] = {
        "day": standing.material.on,
        "before": presenting.number(summary.before),
        "after": presenting.number(summary.after),
        "removed": presenting.number(summary.removed),
        "percent": reduction.percent,
        "words": reduction.words,
        "kinds": presenting.kinds_in_words(summary),
        "touched": presenting.number(summary.touched),
        "untouched": presenting.number(summary.untouched),
        "mean": presenting.number(summary.mean_population),
        "way": presenting.number(summary.mean_distance_m),
        "far": presenting.number(summary.farthest_m),
        "most": presenting.number(summary.at_most),
        "proof": presenting.proof(standing),
    }
    found = [
        _(
            "By the register of %(day)s the plan turns %(before)s villages into %(after)s, %(removed)s fewer (%(percent)s %%)."
        )
        % values,
        _("Kinds of change: %(kinds)s; %(touched)s villages are touched, %(untouched)s stay as they are.") % values,
        _(
            "A new village has %(mean)s registered people on average; the mean way to its centre is %(way)s m, at most %(far)s m."
        )
        % values,
    ]
    if reduction.words:
        found.insert(1, _("Needed are at most %(most)s villages; the plan is %(words)s.") % values)
    found.append(_("The plan is %(proof)s under the scenario's rules.") % values)
    return found


def _picture(standing: Standing) -> bytes | None:
    """The map drawn by the planner itself, so that paper and screen show one plan."""
    if standing.result is None or not standing.result.is_feasible:
        return None
    instance, plan = planner_values(standing.material, standing.shown_rules, standing.result)
    towns: dict[int | str, str] = {town.id: town.name for town in standing.material.towns}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "plan.png"
        language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
        draw(instance, plan, target, title=standing.scenario.name, language=language, town_names=towns)
        return target.read_bytes()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)


def _fonts(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", SIZE_3
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)


def _run(paragraph: Any, text: str, font: str, size: Any, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = "Times New Roman", size, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _line(document: Any, text: str, font: str, size: Any, align: Any = None, *, indent: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(29)  # 22 lines in 225 mm
    paragraph.paragraph_format.space_after = Pt(0)
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    _run(paragraph, text, font, size)


def _heading(document: Any, text: str) -> None:
    _line(document, text, HEAD, SIZE_3, indent=True)


def _table(document: Any, standing: Standing, visible: presenting.Visible) -> None:
    heads = [
        _("No."),
        _("New village"),
        _("Town"),
        _("Kind"),
        _("Made of"),
        _("Population"),
        _("Farthest way (m)"),
        _("Centre"),
    ]
    widths = [10, 24, 20, 18, 40, 16, 14, 22]
    rows = presenting.merger_rows(standing, visible)
    table = document.add_table(rows=1, cols=len(heads))
    table.style, table.autofit = "Table Grid", False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, head, HEAD)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for place, row in enumerate(rows, start=1):
        texts = [
            str(place), row.name, row.town, str(KIND_LABELS[row.merger.kind]), row.members,
            presenting.number(row.population), presenting.number(row.farthest_m), row.centre,
        ]  # fmt: skip
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            _cell(cell, text, BODY)
    for line in table.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = Mm(width)


def _cell(cell: Any, text: str, font: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, text, font, SIZE_SMALL)
