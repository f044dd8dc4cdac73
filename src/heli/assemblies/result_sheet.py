"""The result sheet of a contest: everything counted, the law with its inequalities, the hash, and a code to the page."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heli.assemblies.counted import ShownResult
from heli.assemblies.models import CountSheet, UnitContest
from heli.files.documents import (
    Align,
    Block,
    Document,
    Heading,
    PaperTable,
    Paragraph,
    Picture,
    SignatureBox,
    official_date,
)
from heli.files.documents.codes import qr_svg

CODE_MM = 30


def result_sheet(
    contest: UnitContest, result: ShownResult, sheets: list[CountSheet], *, unit: str, url: str, is_sample: bool
) -> Document:
    """The sheet that is signed: `url` is where strangers read the result."""
    declared = contest.declaration
    numbers = [
        (_("Registered voters"), contest.registered), (_("Ballots issued"), result.totals["issued"]),
        (_("Ballots returned"), result.totals["returned"]), (_("valid"), result.totals["valid"]),
        (_("invalid"), result.totals["invalid"]),
    ]  # fmt: skip
    aligns = (Align.LEFT, Align.RIGHT)
    blocks: list[Block] = [
        Paragraph(f"{unit} · {contest.election.title} · {contest.on:%Y-%m-%d}", indent=False),
        PaperTable(
            [_("Count"), _("Number")],
            [[name, str(number or 0)] for name, number in numbers],
            widths=[3, 1],
            aligns=aligns,
        ),
        Paragraph(result.words),
    ]
    for post in result.posts:
        rows = [[str(line.number), line.name, str(line.votes), line.mark] for line in post.lines]
        heads = [_("No."), pgettext("person", "Name"), _("Votes"), _("Result")]
        blocks += [
            Heading(2, f"{post.post}（{post.seats}）"),
            PaperTable(heads, rows, widths=[1, 3, 2, 2], aligns=[Align.CENTRE, Align.LEFT, Align.RIGHT, Align.LEFT]),
        ]
    tests = [[test["text"], f"{test['left']} {test['op']} {test['right']}", test["article"]] for test in result.tests]
    blocks += [
        Heading(2, _("What the law asks")),
        PaperTable([_("Rule"), _("Numbers"), _("Article")], tests, widths=[4, 2, 4]),
    ]
    tables = [
        [
            one.name,
            str(one.issued),
            str(one.returned or ""),
            str(one.invalid if one.returned is not None else ""),
            one.word,
        ]
        for one in sheets
    ]
    heads = [_("Counting table"), _("Issued"), _("Returned"), _("Invalid"), _("A word")]
    blocks += [
        Heading(2, _("Counting tables")), PaperTable(heads, tables, widths=[3, 1, 1, 1, 3]),
        Paragraph(_("Law: %(packs)s; hash of the count and its result (SHA-256):") % {"packs": result.packs}, indent=False),
        Paragraph(declared.sha256, indent=False, align=Align.LEFT),
        Picture(qr_svg(url).encode(), width=CODE_MM, alt=url),
        SignatureBox([_("Chair of the election committee"), _("Supervision"), _("Who counted"), _("Who read out")]),
    ]  # fmt: skip
    is_chinese = (get_language() or "zh").startswith("zh")
    day = declared.declared_on
    return Document(
        title=_("Result of the election"), blocks=blocks, is_sample=is_sample, language="zh" if is_chinese else "en",
        date=official_date(day) if is_chinese else day.isoformat(),
    )  # fmt: skip
