"""What is asked of villages, and what goes on after a merger: admissions, refusals, handed items, functions, agency points, slips.

Nothing here is about residents: a slip has a number and a service, whose it is stands on the paper slip only.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.handover.catalogues import BEARERS, item_words, kind_words
from heli.records import fields
from heli.records.fields import SHOWN, UNLISTED, ShownIn
from heli.records.models import LedgerRow, kept, second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})


class AdmissionState(WordEnum):
    """How far an application is; ENDED: by exit. One whose last day is over stays ADMITTED, and is in force no longer."""

    DRAFTED = "drafted", "quiet", pgettext_lazy("admission", "draft")
    APPLIED = "applied", "info", pgettext_lazy("admission", "applied for")
    ADMITTED = "admitted", "good", pgettext_lazy("admission", "admitted")
    DECLINED = "declined", "bad", pgettext_lazy("admission", "not admitted")
    ENDED = "ended", "quiet", pgettext_lazy("admission", "ended")


DECIDED = [AdmissionState.ADMITTED, AdmissionState.DECLINED, AdmissionState.ENDED]


class Admission(LedgerRow):
    """A task, form, check, platform or certificate that an office wants of villages 事项准入; `place`: of all villages in it.

    Invariants: an organisation applies; another one decides, through another person; admitted for a time, with its money
    (费随事转) and the number of the decision.
    """

    title = fields.text(
        _("What is asked"), question=_("What shall villages do?"), most=60, search=True,
        missing=_("Say in a few words what villages shall do."),
    )  # fmt: skip
    kind = fields.choice(_("Kind"), kind_words, filter=True)
    applicant_person, applicant_body = fields.holder(
        "applicant", _("Who asks"), required=True, search=True, missing=_("Name the office that asks.")
    )
    basis = fields.text(
        _("Basis"), question=_("By which law or document"), most=200, where=UNLISTED,
        missing=_("Name the law, article or document it rests on."),
    )  # fmt: skip
    times = fields.number(_("Times a year"), question=_("How often a year, in each village"), least=1, most=366)
    minutes = fields.number(_("Minutes each time"), least=1, most=6_000)
    funding = fields.money(
        _("Money"), question=_("Money a year for each village"), where=UNLISTED,
        help=_("Whoever entrusts a task pays for it: without money it is not admitted."),
    )  # fmt: skip
    starts_on = fields.day(_("From"), where=UNLISTED)
    ends_on = fields.day(_("Last day"))
    due_on = fields.day(_("Decide by"), required=False, where=SHOWN)
    office_person, office_body = fields.holder("office", _("Deciding office"), where=PAGE)
    decision = fields.text(_("Number of the decision"), required=False, most=60, where=PAGE)
    applied_by, applied_on = fields.stamp()
    decided_by, decided_on = fields.stamp()
    ended_by, ended_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("admission", AdmissionState),
            models.CheckConstraint(condition=~Q(title="") & ~Q(basis=""), name="admission_named_with_basis"),
            models.CheckConstraint(
                condition=Q(applicant_body__isnull=False, applicant_person__isnull=True),
                name="admission_asked_by_office",
            ),
            models.CheckConstraint(
                condition=Q(times__range=(1, 366), minutes__range=(1, 6_000), funding__gte=0), name="admission_measured"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="admission_limited_in_time"),
            models.CheckConstraint(
                condition=Q(office_body__isnull=True) | ~Q(office_body=F("applicant_body")),
                name="admission_decided_by_another_office",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["drafted", "applied"])
                | Q(office_body__isnull=False, office_person__isnull=True),
                name="admission_decided_by_office",
            ),
            models.CheckConstraint(
                condition=~Q(status="admitted") | (Q(funding__gt=0) & ~Q(decision="")), name="admission_funded"
            ),
            stamped("admission_applied_on_a_day", "applied", [AdmissionState.APPLIED, *DECIDED], only=True),
            stamped("admission_decided_on_a_day", "decided", DECIDED, only=True),
            second_person("admission_decided_by_another", "decided", "applied"),
        ]
        indexes = [models.Index(fields=["about", "status", "due_on"], name="admission_by_due_day")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class TaskRefusal(models.Model):
    """A village refused a task that is on no list and not admitted; `matter` is what became of it, for the office that asked.

    Invariants: once for a task in a village; somebody asked.
    """

    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=60)
    asker = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, null=True, related_name="+")
    matter = models.OneToOneField("matters.Matter", on_delete=models.PROTECT, related_name="+")
    refused_on = models.DateField()
    refused_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="task_refusal_named"),
            models.UniqueConstraint(fields=["place", "title"], name="task_refused_once"),
        ]

    def __str__(self) -> str:
        return self.title


class HandedState(WordEnum):
    """How far the handover of a service is: given by the department, then received by the village, two signatures."""

    LISTED = "listed", "quiet", pgettext_lazy("handover", "to be handed over")
    GIVEN = "given", "info", pgettext_lazy("handover", "given")
    RECEIVED = "received", "good", pgettext_lazy("handover", "received")


class HandedItem(models.Model):
    """A service that a department hands over to a new community or village 事项移交.

    Invariants: once for a place; given before it is received, by two people on a day each.
    """

    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    item = models.CharField(max_length=40)
    department = models.CharField(max_length=40)
    status = models.CharField(max_length=16)
    opened_on = models.DateField()
    given_by, given_on = fields.stamp()
    given_by_name = models.CharField(max_length=150, blank=True)
    received_by, received_on = fields.stamp()
    received_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=HandedState.values), name="handed_status_known"),
            models.CheckConstraint(condition=~Q(item=""), name="handed_item_named"),
            models.UniqueConstraint(fields=["place", "item"], name="handed_item_once"),
            stamped("handed_given_on_a_day", "given", [HandedState.GIVEN, HandedState.RECEIVED], only=True),
            stamped("handed_received_on_a_day", "received", [HandedState.RECEIVED], only=True),
            second_person("handed_received_by_another", "received", "given"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.status}"


class FunctionBearer(models.Model):
    """Who bears a function after a village became a community: the community or the co-operative. Invariant: one of both."""

    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=40)
    bearer = models.CharField(max_length=16)
    set_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(bearer__in=list(BEARERS)) & ~Q(function=""), name="function_has_bearer"),
            models.UniqueConstraint(fields=["place", "function"], name="function_borne_once"),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.bearer}"


class AgencyPoint(models.Model):
    """Where people of a former village go now 代办点: the spot, hours, services, and the office-holder who is there.

    `place` is the former village; `is_seat`: the new committee itself sits there, and no point is needed.
    Invariants: one for a former village; a point has spot, hours, services and somebody; closed on a day, not before it opened,
    with a reason.
    """

    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.OneToOneField("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    is_seat = models.BooleanField(default=False)
    spot = fields.text(_("Where it is"), missing=_("Say where people find it."))
    hours = fields.text(_("Hours"), missing=_("Say when somebody is there."))
    items = models.JSONField(default=list)
    keeper = models.ForeignKey("bodies.Person", on_delete=models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_why="")
                | (Q(closed_on__isnull=False, closed_on__gte=F("opened_on")) & ~Q(closed_why="")),
                name="agency_point_closed_with_reason",
            ),
            models.CheckConstraint(condition=~Q(spot="") & ~Q(hours=""), name="agency_point_has_spot_and_hours"),
            models.CheckConstraint(
                condition=Q(is_seat=True) | (Q(keeper__isnull=False) & ~Q(items=[])), name="agency_point_has_keeper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spot}"


class SlipState(WordEnum):
    """How far a request at an agency point is."""

    TAKEN = "taken", "info", pgettext_lazy("slip", "taken")
    DONE = "done", "good", pgettext_lazy("slip", "done")
    POINTED = "pointed", "quiet", pgettext_lazy("slip", "shown the right way")


class RequestSlip(LedgerRow):
    """A request that an agency point carries to the window 代办. The paper slip has the name, Heli the number and the service.

    Invariants: of a known service; done on a day.
    """

    item = fields.choice(_("Service"), item_words, filter=True)
    note = fields.text(_("Note"), required=False, help=MATTERS_ONLY, where=UNLISTED)
    taken_on = fields.day(_("Taken on"), is_past=True, start=localdate, where=UNLISTED)
    due_on = fields.day(
        _("Due"), question=_("Due on"), required=False, help=_("Left empty: the working days of the list are counted.")
    )
    result = fields.text(_("What was done"), required=False, where=PAGE)
    done_by, done_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("slip", SlipState),
            models.CheckConstraint(condition=~Q(item=""), name="slip_of_a_service"),
            stamped("slip_done_on_a_day", "done", [SlipState.DONE], only=True),
        ]
        indexes = [models.Index(fields=["about", "status", "due_on"], name="slip_by_due_day")]

    def __str__(self) -> str:
        return f"#{self.number}"
