"""Property cleared and kept as it is: the run of a clearance 清产核资 at a place, and the lock on what the place holds."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.records import fields
from heli.records.fields import SHOWN
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum


class ClearanceState(WordEnum):
    """How far the clearance of a place is (清查、登记、核实、公示、确认、锁定、备案、移交)."""

    OPEN = "open", "quiet", pgettext_lazy("clearance", "being counted")
    COUNTED = "counted", "info", pgettext_lazy("clearance", "counted and entered")
    VERIFIED = "verified", "info", pgettext_lazy("clearance", "verified")
    POSTED = "posted", "warn", pgettext_lazy("clearance", "posted")
    CONFIRMED = "confirmed", "good", pgettext_lazy("clearance", "confirmed")
    LOCKED = "locked", "good", pgettext_lazy("clearance", "locked")
    FILED = "filed", "good", pgettext_lazy("clearance", "filed")
    HANDED_OVER = "handed_over", "quiet", pgettext_lazy("clearance", "handed over")


class Clearance(LedgerRow):
    """A clearance of what a village's collective holds and owes: counted and entered, verified by another person, posted seven
    days, confirmed by the members, locked, filed with the town, handed over.

    Its assets are led along where they stand. `notice` is the address of the notice, `totals` what was posted.

    Invariants: one at a time at a place; who verified is not who counted; each step has its day.
    """

    title = fields.text(pgettext_lazy("clearance", "What is cleared"), search=True, help=MATTERS_ONLY)
    cleared_on = fields.day(_("As of"), is_past=True)
    due_on = fields.day(_("To be done by"), required=False)
    decision = fields.text(_("Decision of the members"), required=False, where=SHOWN, help=MATTERS_ONLY)
    filed_as = fields.text(_("Filed as"), required=False, where=SHOWN, most=60)
    notice = models.CharField(max_length=24, blank=True)
    totals = models.JSONField(default=dict)
    counted_by, counted_on = fields.stamp()
    verified_by, verified_on = fields.stamp()
    posted_by, posted_on = fields.stamp()
    confirmed_by, confirmed_on = fields.stamp()
    locked_by, locked_on = fields.stamp()
    filed_by, filed_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("clearance", ClearanceState),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(status__in=[one.value for one in list(ClearanceState)[:5]]),
                name="clearance_one_at_a_time",
            ),
            second_person("clearance_verified_by_another", "verified", "counted"),
            stamped("clearance_counted_on_a_day", "counted", list(ClearanceState)[1:], only=True),
            stamped("clearance_verified_on_a_day", "verified", list(ClearanceState)[2:], only=True),
            stamped("clearance_posted_on_a_day", "posted", list(ClearanceState)[3:], only=True),
            stamped("clearance_confirmed_on_a_day", "confirmed", list(ClearanceState)[4:], only=True),
            stamped("clearance_locked_on_a_day", "locked", list(ClearanceState)[5:], only=True),
            stamped("clearance_filed_on_a_day", "filed", list(ClearanceState)[6:], only=True),
            stamped("clearance_closed_on_a_day", "closed", [ClearanceState.HANDED_OVER], only=True),
        ]
        indexes = [models.Index(fields=["about", "status"], name="clearance_by_state")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class PropertyLock(models.Model):
    """What a place's collective holds stays as it is from a day on 锁定: no voucher but what the bank did, no contract, no disposal
    without the town's second signature. `kept` is how contracts and public facilities stood on that day.

    Invariants: one at a time at a place; it is lifted after it began, and says why.
    """

    public_id = models.CharField(max_length=12, unique=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField()
    kept = models.JSONField(default=dict)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["since_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=Q(lifted_on__isnull=True), name="lock_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("since_on")) & ~Q(reason=""),
                name="lock_lifted_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.since_on}"
