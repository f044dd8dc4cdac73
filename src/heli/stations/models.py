"""Stations 红领工作站: what they do, how many members they have by group, which departments they called to a site.

A station is a body of its place; who is a member is not kept, only how many are.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.kernel.db import AppendOnly
from heli.records import fields
from heli.records.fields import SHOWN, UNLISTED, ShownIn
from heli.records.models import LedgerRow, kept, stamped
from heli.records.words import MATTERS_ONLY, WordEnum
from heli.stations.catalogues import act_words

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})
MOST_MEMBERS = 9_999


class ActState(WordEnum):
    """How far an act of a station is."""

    NOTED = "noted", "info", pgettext_lazy("station", "written down")
    ANSWERED = "answered", "good", pgettext_lazy("station", "answered")
    WITHDRAWN = "withdrawn", "quiet", pgettext_lazy("station", "withdrawn")


class StationAct(LedgerRow):
    """A power that a station exercised, a platform it held, a leader's visit; `whom`: the department it was towards, who came.

    Invariants: named; withdrawn and answered on a day.
    """

    title = fields.text(_("What it was about"), most=60, search=True, missing=_("Say what it was about."))
    act = fields.choice(_("Act"), act_words, filter=True)
    held_on = fields.day(_("Day"), is_past=True, start=localdate)
    whom_person, whom_body = fields.holder("whom", _("Towards whom, or who came"), search=True)
    people = fields.number(_("People present"), least=1, most=5_000, required=False, where=UNLISTED)
    note = fields.text(_("What was said"), required=False, lines=3, most=500, help=MATTERS_ONLY, where=UNLISTED)
    result = fields.text(_("What came of it"), required=False, lines=2, most=300, where=PAGE)
    answered_by, answered_on = fields.stamp()
    withdrawn_by, withdrawn_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("station_act", ActState),
            models.CheckConstraint(condition=~Q(title="") & ~Q(act=""), name="station_act_named"),
            stamped("station_act_answered_on_a_day", "answered", [ActState.ANSWERED], only=True),
            stamped("station_act_withdrawn_on_a_day", "withdrawn", [ActState.WITHDRAWN], only=True),
        ]
        indexes = [models.Index(fields=["place", "act", "held_on"], name="station_act_by_place")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class CalloutState(WordEnum):
    """Whether a department that was called to a site came."""

    CALLED = "called", "warn", pgettext_lazy("callout", "called")
    ARRIVED = "arrived", "good", pgettext_lazy("callout", "arrived")
    ABSENT = "absent", "bad", pgettext_lazy("callout", "did not come")


class Callout(LedgerRow):
    """A department on call that was called to a site for joint enforcement 1+N, and when it arrived.

    Called at `opened_at`. Invariants: an organisation; arrived at a moment, and not before the call; each department once in a
    call.
    """

    title = fields.text(_("What is to be enforced"), most=60, where=SHOWN, search=True)
    department_person, department_body = fields.holder("department", _("Department"), where=SHOWN, search=True)
    call = models.CharField(max_length=12)
    arrived_by, arrived_on = fields.stamp()
    arrived_at = models.DateTimeField(null=True)
    absent_by, absent_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("callout", CalloutState),
            models.CheckConstraint(
                condition=Q(department_body__isnull=False, department_person__isnull=True),
                name="callout_of_a_department",
            ),
            models.UniqueConstraint(fields=["call", "department_body"], name="callout_once_in_a_call"),
            models.CheckConstraint(
                condition=Q(status="arrived", arrived_at__isnull=False)
                | (~Q(status="arrived") & Q(arrived_at__isnull=True)),
                name="callout_arrived_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("opened_at")),
                name="callout_came_after_the_call",
            ),
        ]
        indexes = [models.Index(fields=["place", "status"], name="callout_by_place")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def minutes(self) -> int | None:
        """Whole minutes from the call to the arrival."""
        return None if self.arrived_at is None else int((self.arrived_at - self.opened_at).total_seconds() // 60)


class MemberCount(models.Model):
    """How many members of a station come from a group on a day; the newest line of a group counts. Nobody is named.

    Invariants: of a group; not below nought; never changed.
    """

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=40)
    members = models.PositiveIntegerField()
    on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(group="") & Q(members__range=(0, MOST_MEMBERS)), name="member_count_of_a_group"
            ),
            AppendOnly(name="member_counts_append_only"),
        ]
        indexes = [models.Index(fields=["place", "group", "on"], name="member_count_by_place")]

    def __str__(self) -> str:
        return f"{self.on} {self.group} {self.members}"
