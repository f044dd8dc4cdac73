"""That the accounts of a holder hung: of a period, or of one major payment."""

from django.db import models
from django.db.models import Q

from heli.kernel.db import AppendOnly
from heli.ledger.models.books import Voucher
from heli.ledger.models.holders import Collective


class Disclosed(models.Model):
    """The accounts of a holder up to a day, or one major payment (`voucher`), were posted as a notice. Never changed.

    Invariants: a period hangs once, and a payment once; it names its notice.
    """

    collective = models.ForeignKey(Collective, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, null=True, related_name="+")
    notice = models.CharField(max_length=24)
    posted_on = models.DateField()

    class Meta:
        ordering = ["-until", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "until"], condition=Q(voucher__isnull=True), name="period_disclosed_once"
            ),
            models.UniqueConstraint(fields=["voucher"], name="payment_disclosed_once"),
            models.CheckConstraint(condition=~Q(notice=""), name="disclosed_by_notice"),
            AppendOnly(name="disclosed_stays"),
        ]

    def __str__(self) -> str:
        return f"{self.collective_id} {self.until}"
