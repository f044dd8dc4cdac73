"""The paper of an appraisal: every part with what it rests on, the grade, the objection and its ruling, boxes for signatures."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heli.appraisal.models import Appraisal, AppraisalGrade, pack_words
from heli.appraisal.queries import AppraisalPart, figure_named
from heli.files.documents import Align, Block, Document, PaperTable, Paragraph, SignatureBox, official_date


def hundredths(number: int | None) -> str:
    """A score in hundredths as people read it."""
    return "—" if number is None else f"{number // 100}.{number % 100:02}"


def known(part: AppraisalPart) -> str:
    """What is known for a part, in a word or two."""
    fact = part.fact
    if part.exempt:
        return _("does not apply:") + part.exempt
    if not fact:
        return _("missing")
    if part.kind == "ratio":
        return f"{fact['k']} / {fact['n']}"
    if part.kind == "done":
        return _("done") if fact["done"] else _("not done")
    return _("excellent %(excellent)s, good %(good)s, fair %(fair)s, incompetent %(poor)s") % fact


def rests_on(part: AppraisalPart) -> str:
    """What shows it: the figure with its snapshot, or what was written."""
    return f"{figure_named(part.figure)} ({part.snapshot})" if part.snapshot else part.source or "—"


def appraisal_paper(row: Appraisal, parts: list[AppraisalPart], *, is_sample: bool) -> Document:
    """The sheet that is signed by hand."""
    lines = [
        [one.name, "—" if one.exempt else f"{one.weight / 100:.2f}%", known(one), hundredths(one.score), rests_on(one)]
        for one in parts
    ]
    heads = [_("Indicator"), _("Weight"), _("What is known"), _("Score"), _("Rests on")]
    total, grade = row.parts.get("total"), AppraisalGrade(row.grade).label if row.grade else _("not graded yet")
    blocks: list[Block] = [
        Paragraph(f"{pack_words().get(row.pack, row.pack)} {row.year.year} · {row.title}", indent=False),
        PaperTable(
            heads, lines, widths=[8, 4, 8, 3, 8], aligns=(Align.LEFT, Align.RIGHT, Align.LEFT, Align.RIGHT, Align.LEFT)
        ),
        Paragraph(_("Total %(total)s; grade: %(grade)s.") % {"total": hundredths(total), "grade": grade}),
    ]
    for label, text in (
        (_("Reason for the grade"), row.why),
        (_("Objection"), row.objection),
        (_("Ruling"), row.ruling),
    ):
        if text:
            blocks.append(Paragraph(_("%(label)s: %(text)s") % {"label": label, "text": text}))
    if row.sha256:
        blocks.append(Paragraph(_("Sealed; hash over all of it (SHA-256):"), indent=False))
        blocks.append(Paragraph(row.sha256, indent=False, align=Align.LEFT))
    blocks.append(
        SignatureBox([_("The appraised"), _("Who proposed"), _("Who confirmed"), pgettext("appraisal", "Supervision")])
    )
    is_chinese, day = (get_language() or "zh").startswith("zh"), row.sealed_on or row.confirmed_on
    return Document(
        title=_("Appraisal form"), blocks=blocks, is_sample=is_sample, language="zh" if is_chinese else "en",
        date="" if day is None else official_date(day) if is_chinese else day.isoformat(),
    )  # fmt: skip
