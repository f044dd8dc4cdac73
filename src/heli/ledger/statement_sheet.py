"""The statements of a holder as a paper, and as the words of a notice that hangs."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from heli.files.documents import Align, Block, Document, Heading, PaperTable, Paragraph, SignatureBox, official_date
from heli.kernel.quantities import YUAN
from heli.ledger.queries.statements import Statements
from heli.ledger.rules.statements import BROUGHT, DISTRIBUTED, StatementRow
from heli.ui.columns import written

NUMBERS = (Align.LEFT, Align.RIGHT, Align.RIGHT)


def yuan(fen: int) -> str:
    """Fen as "1,234.50"."""
    return written(YUAN.typed(fen), "decimal")


def is_chinese() -> bool:
    """Whether papers are written in Chinese for the reader."""
    return (get_language() or "zh").startswith("zh")


def day_said(on: date) -> str:
    """A day as papers write it."""
    return official_date(on) if is_chinese() else on.isoformat()


def signed_paper(title: str, blocks: Sequence[Block], *, on: date, is_sample: bool, by: Sequence[str] = ()) -> Document:
    """A paper of a holder, to be signed by three people: those named, or head, book-keeper and supervision."""
    roles = by or (_("Head of the holder"), _("Book-keeper"), _("Supervision"))
    return Document(
        title=title, blocks=[*blocks, SignatureBox(roles)], is_sample=is_sample,
        language="zh" if is_chinese() else "en", date=day_said(on),
    )  # fmt: skip


def sum_names() -> dict[str, str]:
    """What the sums of the sides are called, and last that of both sides of members."""
    return {
        "assets": _("Total assets"), "liabilities": _("Total liabilities"), "equity": _("Total members' equity"),
        "": _("Liabilities and members' equity together"),
    }  # fmt: skip


def row_name(row: StatementRow) -> str:
    """What a row is called; what stands in no account has words of its own."""
    own = {BROUGHT: _("Undistributed at the beginning of the year"), DISTRIBUTED: _("Distributions")}
    return own.get(row.name, row.name)


def sheet_rows(told: Statements) -> list[tuple[str, str, str, bool]]:
    """The balance sheet as it is read: (name, beginning of the year, now, whether it is a sum); both sides of members last."""
    sums = sum_names()
    rows = [
        (sums[side] if row.is_sum else row_name(row), yuan(row.before), yuan(row.now), row.is_sum)
        for side, part in told.sheet.items()
        for row in part
        if row.is_sum or row.before or row.now
    ]
    owed = [part[-1] for side, part in told.sheet.items() if side != "assets"]
    both = yuan(sum(row.before for row in owed)), yuan(sum(row.now for row in owed))
    return [*rows, (sums[""], *both, True)]


def statement_sheet(name: str, told: Statements, *, is_sample: bool) -> Document:
    """Both statements and the earmarked funds, to be signed by three people."""
    item = pgettext("statement", "Item")
    heads = [item, _("Beginning of the year (yuan)"), _("End of the period (yuan)")]
    rows = [[name, before, now] for name, before, now, _is_sum in sheet_rows(told)]
    income = [[row_name(row), yuan(row.now)] for row in told.income if row.is_sum or row.now]
    blocks: list[Block] = [
        Paragraph(_("Drawn up by %(name)s as of %(day)s") % {"name": name, "day": day_said(told.until)}, indent=False),
        Heading(2, _("Balance sheet")),
        PaperTable(heads, rows, widths=[3, 2, 2], aligns=NUMBERS),
        Heading(2, _("Income and its distribution")),
        PaperTable([item, _("This year (yuan)")], income, widths=[3, 2], aligns=NUMBERS),
    ]
    if told.funds:
        heads = [_("Earmarked fund"), _("Granted (yuan)"), _("Spent (yuan)"), _("Left (yuan)")]
        funds = [[fund, yuan(row.granted), yuan(row.spent), yuan(row.left)] for fund, row in told.funds]
        blocks += [
            Heading(2, _("Earmarked funds")),
            PaperTable(heads, funds, widths=[3, 2, 2, 2], aligns=(*NUMBERS, Align.RIGHT)),
        ]
    return signed_paper(_("Statements of accounts"), blocks, on=told.until, is_sample=is_sample)


def notice_text(told: Statements) -> str:
    """What hangs on the wall: sums of both statements and each earmarked fund."""
    line, sums = pgettext("statement", "%(name)s: %(yuan)s yuan"), sum_names()
    lines = [line % {"name": sums[side], "yuan": yuan(part[-1].now)} for side, part in told.sheet.items()]
    lines += [line % {"name": row_name(row), "yuan": yuan(row.now)} for row in told.income if row.is_sum or row.now]
    lines += [
        _("%(fund)s: granted %(granted)s yuan, spent %(spent)s yuan, left %(left)s yuan")
        % {"fund": fund, "granted": yuan(row.granted), "spent": yuan(row.spent), "left": yuan(row.left)}
        for fund, row in told.funds
    ]
    return "\n".join(lines)
