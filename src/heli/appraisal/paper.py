"""The paper of an appraisal: every part with what it rests on, the grade, the objection and its ruling, boxes for signatures."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.appraisal.models import Appraisal, AppraisalGrade
from heli.appraisal.queries import AppraisalPart
from heli.files.documents import Align, Block, Document, PaperTable, Paragraph, SignatureBox, official_date


def hundredths(number: int | None) -> str:
    """A score in hundredths as people read it."""
    return "—" if number is None else f"{number // 100}.{number % 100:02}"


def appraisal_paper(row: Appraisal, parts: list[AppraisalPart], *, is_sample: bool) -> Document:
    """The sheet that is signed by hand."""
    lines = [
        [one.name, f"{one.weight / 100:.2f}%", hundredths(one.score), one.exempt or one.source or "—"] for one in parts
    ]
    heads = [_("Indicator"), _("Weight"), _("Score"), _("Rests on")]
    total, grade = row.parts.get("total"), AppraisalGrade(row.grade).label if row.grade else _("not graded yet")
    blocks: list[Block] = [
        Paragraph(f"{row.title} · {row.year.year}", indent=False),
        PaperTable(heads, lines, widths=[4, 2, 2, 4], aligns=(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT)),
        Paragraph(_("Total %(total)s; grade: %(grade)s.") % {"total": hundredths(total), "grade": grade}),
    ]
    for label, text in (
        (_("Reason for the grade"), row.why),
        (_("Objection"), row.objection),
        (_("Ruling"), row.ruling),
    ):
        if text:
            blocks.append(Paragraph(f"{label}: {text}"))
    if row.sha256:
        blocks.append(Paragraph(_("Sealed; hash over all of it (SHA-256):"), indent=False))
        blocks.append(Paragraph(row.sha256, indent=False, align=Align.LEFT))
    blocks.append(SignatureBox([_("The appraised"), _("Who proposed"), _("Who confirmed"), _("Supervision")]))
    is_chinese, day = (get_language() or "zh").startswith("zh"), row.sealed_on or row.confirmed_on
    return Document(
        title=_("Appraisal form"), blocks=blocks, is_sample=is_sample, language="zh" if is_chinese else "en",
        date="" if day is None else official_date(day) if is_chinese else day.isoformat(),
    )  # fmt: skip
