"""What the bank says of a holder's account: its lines, to which postings they belong, and balances that agree."""

from django.db import models
from django.db.models import F, Q

from heli.kernel.db import AppendOnly, NotInserted
from heli.ledger.models.books import VoucherLine
from heli.ledger.models.holders import Collective
from heli.records import fields
from heli.records.models import second_person


class BankStatement(models.Model):
    """A list of the bank that was taken in; the file itself, which names the other sides, is not kept. Never changed."""

    public_id = models.CharField(max_length=12, unique=True)
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=13)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    taken_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(known__lte=F("rows")), name="bank_statement_counts"),
            AppendOnly(name="bank_statement_stays"),
        ]

    def __str__(self) -> str:
        return self.name


class BankLine(models.Model):
    """A line of the bank: so many fen came in (plus) or went out (minus). Never changed.

    `nth` is the how-manieth of the same amount on the same day: so a line has an identity in every file that holds it.
    `stands_fen` is the balance the bank gives after it. Invariants: each once; it moves something; none in what is reconciled.
    """

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="+")
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=13)
    on = models.DateField()
    fen = models.BigIntegerField()
    nth = models.PositiveSmallIntegerField()
    stands_fen = models.BigIntegerField(null=True)
    serial = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "account", "on", "fen", "nth"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(fen=0), name="bank_line_moves"),
            AppendOnly(name="bank_line_stays"),
            NotInserted(
                name="bank_line_not_in_reconciled",
                table="ledger_reconciliation",
                where="settled.collective_id = NEW.collective_id AND settled.account = NEW.account "
                'AND settled.until >= NEW."on"',
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.fen}"


class MatchedLine(models.Model):
    """A line of the bank, or a posting, in a `group` that a person confirmed to be the same money: both sides add up alike.

    Invariants: it is one of the two; each stands in one group at a time.
    """

    group = models.CharField(max_length=12, db_index=True)
    bank_line = models.ForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    posting = models.ForeignKey(VoucherLine, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    confirmed_by, confirmed_on = fields.stamp()
    undone_by, undone_on = fields.stamp()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(bank_line__isnull=True, posting__isnull=False)
                | Q(bank_line__isnull=False, posting__isnull=True),
                name="matched_line_of_one_side",
            ),
            models.UniqueConstraint(
                fields=["bank_line"], condition=Q(undone_on__isnull=True), name="bank_line_matched_once"
            ),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(undone_on__isnull=True), name="posting_matched_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.bank_line_id or self.posting_id}"


class Reconciliation(models.Model):
    """An account of the books and the bank agree on a day 银行存款余额调节表: what stands at the bank, with what only the books
    have, is what stands in the books, with what only the bank has. Never changed, and nothing is posted up to its day any more.

    Invariants: the two sides are equal; once a day; who says so has not taken in the statement.
    """

    public_id = models.CharField(max_length=12, unique=True)
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=13)
    until = models.DateField()
    bank_fen = models.BigIntegerField()
    books_fen = models.BigIntegerField()
    only_books_fen = models.BigIntegerField()
    only_bank_fen = models.BigIntegerField()
    prepared_by, prepared_on = fields.stamp()
    reconciled_by, reconciled_on = fields.stamp()

    class Meta:
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "account", "until"], name="reconciled_once_a_day"),
            models.CheckConstraint(
                condition=Q(bank_fen=F("books_fen") + F("only_bank_fen") - F("only_books_fen")),
                name="reconciled_agrees",
            ),
            second_person("reconciled_by_another", "reconciled", "prepared"),
            AppendOnly(name="reconciliation_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.until}"
