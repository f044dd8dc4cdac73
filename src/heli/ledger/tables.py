"""The lists of the books."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.quantities import YUAN
from heli.ledger.models import Collective, MemberClass, RollMember, VoucherKind, VoucherState
from heli.ledger.queries.books import BalanceRow, HolderRow
from heli.ui.tables import Column, Exceptions, Table


def money(name: str, label: Any, side: int = 0, **more: Any) -> Column:
    """A column of fen, shown in yuan; of a `side` (1 debit, -1 credit) only what stands there."""

    def typed(row: Any) -> Any:
        fen = getattr(row, name) * (side or 1)
        return YUAN.typed(fen) if fen > 0 or (fen and not side) else None

    key = {1: f"{name}_debit", -1: f"{name}_credit"}.get(side, name)
    return Column(key, label, kind="decimal", value=typed, unit=_("yuan"), **more)


def holder_table(request: HttpRequest, rows: Sequence[HolderRow]) -> Table:
    """Holders and how far their books are."""
    return Table(
        "books",
        request,
        rows,
        [
            Column("name", _("Holder"), link=lambda row: reverse("property:holder", args=[row.public_id])),
            Column("place_name", _("Village or group")),
            Column("members", _("Members"), kind="integer", total=True),
            money("money", _("Cash and bank"), total=True),
            Column("waiting", _("Vouchers that wait"), kind="integer", total=True),
            Column("closed", _("Closed until"), value=lambda row: row.closed and f"{row.closed:%Y-%m}"),
        ],
        search=("name", "place_name"),
        caption=_("Books of collectives"),
        empty=_("No books within your reach"),
        replaces=_("list of account sets (账套一览)"),
        exceptions=Exceptions(_("Only with vouchers that wait"), lambda row: row.waiting > 0),
    )


def balance_table(request: HttpRequest, holder: Collective, rows: Sequence[BalanceRow], year: int) -> Table:
    """Accounts with opening, turnover and closing."""
    return Table(
        "balances",
        request,
        rows,
        [
            Column(
                "code", pgettext_lazy("books", "Account"), kind="code",
                link=lambda row: f"{_account(holder, row.code)}?year={year}",
            ),
            Column("name", _("Name")),
            *(money(name, label, side) for name, label, side in (
                ("opening", _("Opening, debit"), 1), ("opening", _("Opening, credit"), -1),
                ("debit", _("Debit"), 0), ("credit", _("Credit"), 0),
                ("closing", _("Closing, debit"), 1), ("closing", _("Closing, credit"), -1),
            )),
        ],
        search=("code", "name"),
        caption=_("Balances of accounts"),
        empty=_("Nothing was booked yet"),
        replaces=_("trial balance (科目余额表)"),
        page_size=200,
        prefix="b-",
    )  # fmt: skip


def voucher_table(request: HttpRequest, holder: Collective, rows: Any, *, caption: Any, prefix: str = "") -> Table:
    """Vouchers by day and number."""

    def link(row: Any) -> str:
        return reverse("property:voucher", args=[holder.public_id, row.public_id])

    return Table(
        "vouchers",
        request,
        rows,
        [
            Column("on", _("Day"), kind="date", link=link),
            Column("number", pgettext_lazy("voucher", "Number"), kind="integer"),
            Column("text", pgettext_lazy("voucher", "What happened"), link=link),
            money("debit_fen", _("Amount")),
            Column("papers", _("Pieces of paper"), kind="integer", screen=False),
            Column("kind", _("Kind"), labels=VoucherKind.words(), filter=True),
            Column(
                "status",
                _("State"),
                labels=VoucherState.words(),
                badge=lambda row: VoucherState(row.status).tone,
                filter=True,
            ),
        ],
        search=("text",),
        caption=caption,
        empty=_("No voucher yet"),
        replaces=_("day book (序时账)"),
        exceptions=Exceptions(_("Only those that wait"), Q(status__in=[VoucherState.MADE, VoucherState.RETURNED])),
        prefix=prefix,
    )


def member_table(request: HttpRequest, rows: Sequence[RollMember], names: Mapping[int, str]) -> Table:
    """Lines of the roll, without names but those that were opened just now."""
    opened = [Column("name", _("Name"), value=lambda row: names.get(row.number, ""))] if names else []
    return Table(
        "roll",
        request,
        rows,
        [
            Column("number", pgettext_lazy("roll", "Number"), kind="integer"),
            Column("household", _("Household"), kind="integer"),
            *opened,
            Column("sort", pgettext_lazy("roll", "Class"), labels=MemberClass.words(), filter=True),
            Column("shares", _("Shares"), kind="decimal", value=lambda row: Decimal(row.shares) / 100, total=True),
            Column("begins_on", _("Since"), kind="date"),
            Column("confirmed_on", _("Confirmed on"), kind="date"),
            Column("ended_on", _("Ended on"), kind="date"),
        ],
        caption=_("Roll of members"),
        empty=_("Nobody stands on the roll yet"),
        replaces=_("roll of members (成员名册)"),
        exceptions=Exceptions(
            _("Only those to be confirmed"), lambda row: row.confirmed_on is None and row.ended_on is None
        ),
    )


def _account(holder: Collective, code: str) -> str:
    return reverse("property:account", args=[holder.public_id, code])
