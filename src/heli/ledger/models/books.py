"""The books of a holder: accounts below the chart, vouchers and their lines, months that are closed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.db import AppendOnly, NotInserted, SealedOnce
from heli.ledger.models.holders import Collective
from heli.records import fields
from heli.records.models import second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum


class SubAccount(models.Model):
    """A level below an account of the chart that a holder added: the branch of a bank, a debtor, a fund.

    Invariants: a code once per holder; it has a name.
    """

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=13)
    name = fields.text(_("Name"), most=60, help=MATTERS_ONLY)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "code"], name="sub_account_once"),
            models.CheckConstraint(condition=~Q(name=""), name="sub_account_named"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class VoucherState(WordEnum):
    """How far a voucher is; only a posted one has a number and stands in the books."""

    MADE = "made", "info", pgettext_lazy("voucher", "to be checked")
    RETURNED = "returned", "warn", pgettext_lazy("voucher", "sent back")
    POSTED = "posted", "good", pgettext_lazy("voucher", "posted")
    DROPPED = "dropped", "quiet", pgettext_lazy("voucher", "dropped")


class VoucherKind(WordEnum):
    """What a voucher is for; what the house works out itself needs no other paper."""

    ORDINARY = "ordinary", "quiet", pgettext_lazy("voucher", "ordinary")
    OPENING = "opening", "quiet", pgettext_lazy("voucher", "opening balances")
    YEAR_END = "year_end", "quiet", pgettext_lazy("voucher", "end of the year")
    REVERSAL = "reversal", "quiet", pgettext_lazy("voucher", "reversal")
    TRANSFER = "transfer", "quiet", pgettext_lazy("voucher", "carried in a merger or division")


class Voucher(models.Model):
    """A voucher 记账凭证 of a holder: what happened, on which day, with its paper; lines wait in `draft` until it is posted.

    Invariants: debit equals credit; it has paper, or the house worked it out; who makes, who checks and the cashier are three
    people (会计法 Art. 35), who agrees to a large sum a fourth; what moves money is signed by the cashier; a number stands once
    per holder and year, on posted vouchers alone; posted is never changed, and reversed once at most.
    """

    public_id = models.CharField(max_length=12, unique=True)
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=10, default=VoucherKind.ORDINARY)
    status = models.CharField(max_length=10, default=VoucherState.MADE)
    on = fields.day(_("Day"), is_past=True)
    text = fields.text(pgettext_lazy("voucher", "What happened"), help=MATTERS_ONLY, missing=_("Say what happened."))
    draft = models.JSONField(default=list)
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()
    money_out_fen = models.BigIntegerField(default=0)
    moves_money = models.BooleanField()
    right = models.CharField(max_length=40, blank=True)
    paper = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    papers = models.PositiveSmallIntegerField(default=0)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    made_by, made_on = fields.stamp()
    approved_by, approved_on = fields.stamp()
    paid_by, paid_on = fields.stamp()
    checked_by, checked_on = fields.stamp()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["year", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "year", "number"], name="voucher_numbered_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=~Q(status=VoucherState.DROPPED), name="voucher_reversed_once"
            ),
            models.CheckConstraint(condition=Q(status__in=VoucherState.values), name="voucher_status_known"),
            models.CheckConstraint(
                condition=Q(kind__in=VoucherKind.values)
                & (
                    Q(kind=VoucherKind.REVERSAL, reverses__isnull=False)
                    | ~Q(kind=VoucherKind.REVERSAL) & Q(reverses__isnull=True)
                ),
                name="voucher_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status=VoucherState.POSTED, number__isnull=False)
                | ~Q(status=VoucherState.POSTED) & Q(number__isnull=True),
                name="voucher_number_when_posted",
            ),
            models.CheckConstraint(
                condition=Q(debit_fen=F("credit_fen")) & Q(debit_fen__gt=0), name="voucher_balances"
            ),
            models.CheckConstraint(
                condition=Q(papers__gte=1)
                | Q(kind__in=[VoucherKind.YEAR_END, VoucherKind.REVERSAL, VoucherKind.TRANSFER]),
                name="voucher_has_paper",
            ),
            models.CheckConstraint(
                condition=Q(moves_money=False) | ~Q(status=VoucherState.POSTED) | Q(paid_on__isnull=False),
                name="voucher_signed_by_cashier",
            ),
            models.CheckConstraint(
                condition=Q(right="") | ~Q(status=VoucherState.POSTED) | Q(approved_on__isnull=False),
                name="voucher_agreed_to",
            ),
            stamped("voucher_checked_when_posted", "checked", [VoucherState.POSTED], only=True),
            second_person("voucher_checked_by_another", "checked", "made"),
            second_person("voucher_paid_by_another", "paid", "made"),
            second_person("voucher_cashier_checks_nothing", "checked", "paid"),
            second_person("voucher_agreed_by_another", "approved", "made"),
            second_person("voucher_agreed_by_no_cashier", "approved", "paid"),
            second_person("voucher_agreed_by_no_checker", "approved", "checked"),
            SealedOnce(name="voucher_posted_stays", field="number"),
        ]
        indexes = [
            models.Index(fields=["collective", "on", "number"], name="voucher_by_day"),
            models.Index(fields=["collective", "status"], name="voucher_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number or self.public_id}"


class VoucherLine(models.Model):
    """A line of a posted voucher: so many fen on an account of the holder, debit plus, credit minus. Never changed.

    `collective` and `on` are the voucher's, beside it so that sums need no other table. Invariants: it moves something; none comes
    into an account up to a day on which it was reconciled with the bank.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="lines")
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    account = models.CharField(max_length=13)
    fen = models.BigIntegerField()
    text = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="voucher_line_moves"),
            AppendOnly(name="voucher_line_append_only"),
            NotInserted(
                name="voucher_line_not_in_reconciled",
                table="ledger_reconciliation",
                where='settled.collective_id = NEW.collective_id AND settled.until >= NEW."on" '
                "AND settled.account = substr(NEW.account, 1, length(settled.account))",
            ),
        ]
        indexes = [models.Index(fields=["collective", "account", "on", "fen"], name="voucher_line_sums")]

    def __str__(self) -> str:
        return f"{self.account} {self.fen}"


class ClosedMonth(models.Model):
    """A month of a holder's books that is closed: nothing is posted into it any more. Never changed.

    Invariants: it is named by its first day; once per holder.
    """

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "month"], name="month_closed_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_named_by_first_day"),
            AppendOnly(name="month_closed_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
