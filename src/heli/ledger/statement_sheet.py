"""The statements of a holder as a paper, and as the words of a notice that hangs."""

from django.utils.translation import get_language
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


def side_names() -> dict[str, str]:
    """What the sides of the balance sheet are called."""
    return {"assets": _("Assets"), "liabilities": _("Liabilities"), "equity": _("Members' equity")}


def row_name(row: StatementRow) -> str:
    """What a row is called; the sum of a side, and what stands in no account, have words of their own."""
    own = {"": _("Sum"), BROUGHT: _("Undistributed at the beginning of the year"), DISTRIBUTED: _("Distributions")}
    return own.get(row.name, row.name)


def statement_sheet(name: str, told: Statements, *, is_sample: bool) -> Document:
    """Both statements and the earmarked funds, to be signed by three people."""
    heads = [_("Item"), _("Beginning of the year (yuan)"), _("End of the period (yuan)")]
    rows = [
        [f"{side_names()[side]}: {row_name(row)}" if row.is_sum else row_name(row), yuan(row.before), yuan(row.now)]
        for side, part in told.sheet.items()
        for row in part
        if row.is_sum or row.before or row.now
    ]
    income = [[row_name(row), yuan(row.now)] for row in told.income if row.is_sum or row.now]
    blocks: list[Block] = [
        Paragraph(f"{name} · {told.until:%Y-%m-%d}", indent=False),
        Heading(2, _("Balance sheet")),
        PaperTable(heads, rows, widths=[3, 2, 2], aligns=NUMBERS),
        Heading(2, _("Income and its distribution")),
        PaperTable([_("Item"), _("This year (yuan)")], income, widths=[3, 2], aligns=NUMBERS),
    ]
    if told.funds:
        heads = [_("Earmarked fund"), _("Granted (yuan)"), _("Spent (yuan)"), _("Left (yuan)")]
        funds = [[fund, yuan(row.granted), yuan(row.spent), yuan(row.left)] for fund, row in told.funds]
        blocks += [
            Heading(2, _("Earmarked funds")),
            PaperTable(heads, funds, widths=[3, 2, 2, 2], aligns=(*NUMBERS, Align.RIGHT)),
        ]
    blocks.append(SignatureBox([_("Head of the holder"), _("Book-keeper"), _("Supervision")]))
    is_chinese = (get_language() or "zh").startswith("zh")
    return Document(
        title=_("Statements of accounts"), blocks=blocks, is_sample=is_sample, language="zh" if is_chinese else "en",
        date=official_date(told.until) if is_chinese else told.until.isoformat(),
    )  # fmt: skip


def notice_text(told: Statements) -> str:
    """What hangs on the wall: sums of both statements and each earmarked fund."""
    lines = [f"{side_names()[side]}: {yuan(part[-1].now)} {_('yuan')}" for side, part in told.sheet.items()]
    lines += [f"{row_name(row)}: {yuan(row.now)} {_('yuan')}" for row in told.income if row.is_sum or row.now]
    lines += [
        _("%(fund)s: granted %(granted)s yuan, spent %(spent)s yuan, left %(left)s yuan")
        % {"fund": fund, "granted": yuan(row.granted), "spent": yuan(row.spent), "left": yuan(row.left)}
        for fund, row in told.funds
    ]
    return "\n".join(lines)
