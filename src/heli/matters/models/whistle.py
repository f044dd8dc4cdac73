"""What a department was whistled for, and what it did."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.matters.models.matter import Matter
from heli.matters.rules.urging import Urgency
from heli.records import fields
from heli.records.fields import SHOWN, ShownIn
from heli.records.models import LedgerRow, kept, stamped, urgent
from heli.records.words import WordEnum

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})


class WhistleState(WordEnum):
    """How far a department is. Its clock runs from the whistle on and stands only in SUSPENDED."""

    SENT = "sent", "quiet", pgettext_lazy("whistle", "whistled")
    ARRIVED = "arrived", "info", pgettext_lazy("whistle", "reported in")
    ANSWERED = "answered", "info", pgettext_lazy("whistle", "answered")
    HANDLED = "handled", "good", pgettext_lazy("whistle", "handled")
    RETURNING = "returning", "warn", pgettext_lazy("whistle", "given back, to be judged")
    RETURNED = "returned", "quiet", pgettext_lazy("whistle", "given back")
    MORE_TIME = "more_time", "warn", pgettext_lazy("whistle", "asks for more time")
    MORE_REST = "more_rest", "warn", pgettext_lazy("whistle", "asks to suspend")
    MOVING = "moving", "warn", pgettext_lazy("whistle", "asks to hand it on")
    MOVED = "moved", "quiet", pgettext_lazy("whistle", "handed on")
    SUSPENDED = "suspended", "warn", pgettext_lazy("whistle", "suspended")
    WITHDRAWN = "withdrawn", "quiet", pgettext_lazy("whistle", "withdrawn")


OVER = (WhistleState.HANDLED, WhistleState.RETURNED, WhistleState.MOVED, WhistleState.WITHDRAWN)
"""States in which a department is no longer asked."""
GONE_ON = (WhistleState.RETURNED, WhistleState.MOVED)
"""States in which the matter went from the department to another one."""


class Duty(WordEnum):
    """What a department has to do with it."""

    LEAD = "lead", "info", pgettext_lazy("whistle", "leads")
    SUPPORT = "support", "quiet", pgettext_lazy("whistle", "supports")


class UrgeColour(WordEnum):
    """How pressing it was when a department was urged 督办: each colour is urged by its own level."""

    YELLOW = Urgency.YELLOW.value, "warn", _("yellow: before its day, by the station")
    ORANGE = Urgency.ORANGE.value, "warn", _("orange: on its day, by the town")
    RED = Urgency.RED.value, "bad", _("red: after its day, by the district")


class Whistle(LedgerRow):
    """A matter that a department was whistled for 吹哨, and what it did: reported in, answered, handled, or gave back.

    `sitting` is the joint sitting that decided who does it (`decided` says which); then it cannot be given back. `days` count
    from the whistle, suspended ones left out. `urged` is the strongest colour in which it was urged for the day that is due
    now. Invariants: one open whistle of a matter to a department; given back or handed on only with whose it is; decided by a
    sitting; urged, and answered to it, on a day.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="whistles")
    title = fields.text(pgettext_lazy("matter", "Matter"), most=60, where=SHOWN, search=True)
    body_person, body_body = fields.holder("body", _("Responsible department"), where=SHOWN, search=True)
    duty = fields.choice(_("Duty"), Duty, where=SHOWN, filter=True)
    whistled_on = fields.day(_("Whistled on"), where=SHOWN)
    due_on = fields.day(_("Due"), required=False, where=SHOWN)
    answer = fields.text(_("Answer"), required=False, lines=3, most=1_000, where=PAGE)
    result = fields.text(_("What was done"), required=False, lines=3, most=1_000, where=PAGE)
    cost = fields.money(_("Cost"), required=False, where=PAGE)
    right_person, right_body = fields.holder("right", _("Whose it is"), where=PAGE)
    more = fields.number(_("More days"), required=False, least=1, most=180, where=PAGE)
    decided = fields.text(_("Decided by the joint sitting"), required=False, where=PAGE)
    urged = fields.choice(_("Urged"), UrgeColour, required=False, filter=True, where=PAGE)
    sitting = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, null=True, related_name="+")
    days = models.PositiveSmallIntegerField()
    counted = models.CharField(max_length=8)
    arrived_by, arrived_on = fields.stamp()
    answered_by, answered_on = fields.stamp()
    handled_by, handled_on = fields.stamp()
    returned_by, returned_on = fields.stamp()
    asked_by, asked_on = fields.stamp()
    judged_by, judged_on = fields.stamp()
    urged_by, urged_on = fields.stamp()
    replied_by, replied_on = fields.stamp()
    answer_due_on = models.DateField()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("whistle", WhistleState),
            models.UniqueConstraint(
                fields=["matter", "body_body"], condition=~Q(status__in=[one.value for one in OVER]),
                name="whistle_once_to_a_department",
            ),
            models.CheckConstraint(
                condition=Q(body_body__isnull=False, body_person__isnull=True), name="whistle_to_a_department"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["returning", "returned", "moving", "moved"])
                | (Q(right_body__isnull=False) & Q(decided="")),
                name="whistle_given_back_to_whose_it_is",
            ),
            models.CheckConstraint(
                condition=Q(sitting__isnull=True, decided="") | (Q(sitting__isnull=False) & ~Q(decided="")),
                name="whistle_decided_by_a_sitting",
            ),
            models.CheckConstraint(
                condition=Q(right_body__isnull=True) | ~Q(right_body=F("body_body")), name="whistle_right_is_another"
            ),
            stamped("whistle_handled_on_a_day", "handled", [WhistleState.HANDLED], only=True),
            models.CheckConstraint(
                condition=Q(urged_on__isnull=False) | Q(urged="", replied_on__isnull=True), name="whistle_urged_on_a_day"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["about", "status", "due_on", "handled_on"], name="whistle_by_state"),
            models.Index(fields=["about", "body_body", "status", "due_on"], name="whistle_by_department"),
            urgent("whistle_by_urgency", OVER),
            models.Index(
                fields=["about", "urged"],
                name="whistle_urged",
                condition=~Q(urged="") & ~Q(status__in=[one.value for one in OVER]),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"
