"""What books tell everybody of a village 财务公开榜: the accounts that hang, as sums; who voted, owes or is a member: never."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.openly import OpenAsk, OpenLine, OpenPart, OpenRows
from heli.ledger.queries.holders import collectives_at
from heli.ledger.queries.statements import disclosed_of, statements_of
from heli.ledger.statement_sheet import row_name, sum_names, yuan

MOST = 4


def accounts(ask: OpenAsk) -> OpenRows | None:
    """The newest accounts of each holder that were posted, with their sums; major payments that hang."""
    if ask.level != "village":
        return None
    held = [one for found in collectives_at(ask.here, ask.on).values() for one in found]
    lines = []
    for one in held:
        rows = disclosed_of(one, ask.on)
        period = next((row for row in rows if row.voucher_id is None), None)
        if period is not None:
            told = statements_of(one, period.until)
            sums = [(sum_names()[side], part[-1].now) for side, part in told.sheet.items()]
            sums += [(row_name(row), row.now) for row in told.income if row.is_sum][-1:]
            text = _("%(holder)s up to %(day)s") % {"holder": one.body.name, "day": period.until}
            note = " · ".join(f"{label} {yuan(fen)} {_('yuan')}" for label, fen in sums)
            lines.append(OpenLine(text=text, note=note, link=reverse("consultation:notice", args=[period.notice])))
        lines += [
            OpenLine(
                text=_("Major payment of %(holder)s") % {"holder": one.body.name},
                note=f"{row.until} · {yuan(row.voucher.money_out_fen)} {_('yuan')}",
                link=reverse("consultation:notice", args=[row.notice]),
            )
            for row in rows[:MOST] if row.voucher is not None
        ]  # fmt: skip
    return OpenRows(lines=lines) if lines else None


OPEN = (OpenPart(id="ledger.accounts", title=gettext_lazy("Accounts of the collective"), fill=accounts, order=20),)
