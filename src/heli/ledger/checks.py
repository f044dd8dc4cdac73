"""What no constraint can say of the books: sums over lines, gapless numbers, nothing below zero, months in order."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from heli.kernel.faults import Fault
from heli.ledger.models import ClosedMonth, Reconciliation, Voucher, VoucherLine, VoucherState
from heli.ledger.rules import books as rules


def check_invariants() -> Iterator[Fault]:
    """Every broken rule of the books; a constant number of queries beside one per account that never falls below zero."""
    lines = VoucherLine.objects.filter(voucher=OuterRef("pk")).order_by().values("voucher")
    summed = Voucher.objects.annotate(
        left=Coalesce(Subquery(lines.annotate(fen=Sum("fen")).values("fen")), 0),
        debit=Coalesce(Subquery(lines.annotate(fen=Sum("fen", filter=Q(fen__gt=0))).values("fen")), 0),
    )
    posted = Q(status=VoucherState.POSTED)
    unbalanced = summed.filter(posted & (~Q(left=0) | ~Q(debit=F("debit_fen"))) | ~posted & ~Q(debit=0))
    strange = VoucherLine.objects.exclude(collective=F("voucher__collective"), on=F("voucher__on"))
    for voucher in unbalanced:
        yield Fault("voucher_lines", _("The lines of voucher %(voucher)s are not what it says.") % {"voucher": voucher})
    for line in strange.select_related("voucher"):
        yield Fault("line_elsewhere", _("A line of voucher %(voucher)s stands elsewhere.") % {"voucher": line.voucher})
    series = Voucher.objects.filter(posted).values("collective", "year").order_by()
    for one in series.annotate(first=Min("number"), last=Max("number"), count=Count("pk")):
        if (one["first"], one["last"]) != (1, one["count"]):
            text = _("Numbers of holder %(collective)s in %(year)s have gaps.")
            yield Fault("number_gap", text % one)
    yield from _below_zero()
    within = VoucherLine.objects.filter(
        collective=OuterRef("collective"), account__startswith=OuterRef("account"), on__lte=OuterRef("until")
    )
    summed_up = within.order_by().values("collective").annotate(fen=Sum("fen")).values("fen")
    stood = Reconciliation.objects.annotate(fen=Coalesce(Subquery(summed_up), 0))
    for kept in stood.exclude(fen=F("books_fen")):
        text = _("%(account)s of holder %(collective)s no longer stands as it was reconciled on %(day)s.")
        given = {"account": kept.account, "collective": kept.collective_id, "day": kept.until}
        yield Fault("reconciled_moved", text % given)
    closed: dict[int, date] = {}
    for month in ClosedMonth.objects.select_related("collective").order_by("collective", "month"):
        before = closed.get(month.collective_id)
        if month.month != rules.compute_next_month(before, month.collective.begins_on):
            text = _("%(month)s of holder %(collective)s was closed out of order.")
            yield Fault("closed_out_of_order", text % {"month": month, "collective": month.collective_id})
        closed[month.collective_id] = month.month


def _below_zero() -> Iterator[Fault]:
    kept = Q()
    for account in rules.NEVER_BELOW:
        kept |= Q(account__startswith=account)
    days = VoucherLine.objects.filter(kept).values_list("collective", "account", "on").annotate(fen=Sum("fen"))
    stands: dict[tuple[int, str], int] = {}
    for holder, account, on, fen in days.order_by("collective", "account", "on"):
        stands[holder, account] = stands.get((holder, account), 0) + fen
        if stands[holder, account] * rules.NEVER_BELOW[rules.compute_first_level(account)] < 0:
            text = _("%(account)s of holder %(collective)s is below zero on %(day)s.")
            yield Fault("below_zero_on", text % {"account": account, "collective": holder, "day": on})
