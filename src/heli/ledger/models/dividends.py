"""A year's dividend 收益分配: planned from the books, open ten days, decided by the members, paid by the roll."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from heli.ledger.models.books import Voucher
from heli.ledger.models.holders import Collective
from heli.ledger.models.members import RollConfirmation
from heli.records import fields
from heli.records.models import second_person, stamped
from heli.records.words import WordEnum


class DividendState(WordEnum):
    """How far a dividend is."""

    PLANNED = "planned", "quiet", pgettext_lazy("dividend", "planned")
    OPEN = "open", "warn", pgettext_lazy("dividend", "open to all")
    DECIDED = "decided", "good", pgettext_lazy("dividend", "decided")
    DROPPED = "dropped", "quiet", pgettext_lazy("dividend", "dropped")


class DividendPlan(models.Model):
    """The plan of a holder's dividend for a closed year. `asked` are the numbers of heli.dividend/1 without the shares (which are
    those of `roll`), `result` what the rule made of them: left, paid, carried, amounts by number of the roll.

    Invariants: one a year that is not dropped; nothing below zero, something is paid; who opens it has not planned it; what is
    open hangs as a notice; decided has its day, its sitting and the voucher that distributes it.
    """

    public_id = models.CharField(max_length=12, unique=True)
    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, default=DividendState.PLANNED)
    roll = models.ForeignKey(RollConfirmation, on_delete=models.PROTECT, related_name="+")
    asked = models.JSONField()
    never_fen = models.BigIntegerField(default=0)
    surplus_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField()
    shares = models.BigIntegerField()
    result = models.JSONField()
    notice = models.CharField(max_length=24, blank=True)
    meeting = models.CharField(max_length=24, blank=True)
    voucher = models.OneToOneField(Voucher, on_delete=models.PROTECT, null=True, related_name="+")
    planned_by, planned_on = fields.stamp()
    opened_by, opened_on = fields.stamp()
    decided_by, decided_on = fields.stamp()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "year"], condition=~Q(status="dropped"), name="dividend_once_a_year"
            ),
            models.CheckConstraint(condition=Q(status__in=DividendState.values), name="dividend_status_known"),
            models.CheckConstraint(
                condition=Q(paid_fen__gt=0, shares__gt=0, never_fen__gte=0), name="dividend_pays_something"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "decided"]) | ~Q(notice=""), name="dividend_open_hangs"
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | ~Q(meeting="") & Q(voucher__isnull=False),
                name="dividend_decided_by_sitting",
            ),
            stamped("dividend_decided_on_a_day", "decided", [DividendState.DECIDED], only=True),
            second_person("dividend_opened_by_another", "opened", "planned"),
        ]

    def __str__(self) -> str:
        return f"{self.collective_id} {self.year}"
