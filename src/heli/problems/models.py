"""The problem ledger 问题台账: matters found, who leads them, how they were closed. Never persons."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.problems.catalogues import problem_kinds
from heli.records import fields
from heli.records.fields import UNLISTED, ShownIn
from heli.records.models import LedgerRow, kept, one_holder, second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum, words_of


class ProblemState(WordEnum):
    """How far a problem is: closed only by a second person."""

    OPEN = "open", "quiet", pgettext_lazy("problem", "open")
    IN_HAND = "in_hand", "info", pgettext_lazy("problem", "in hand")
    CLAIMED = "claimed", "info", pgettext_lazy("problem", "claimed done")
    CLOSED = "closed", "good", pgettext_lazy("problem", "closed")


class ProblemSource(WordEnum):
    """Where a problem came to light."""

    SURVEY = "survey", "quiet", pgettext_lazy("problem", "baseline survey")
    INSPECTION = "inspection", "quiet", pgettext_lazy("problem", "supervision round")
    CONSULTATION = "consultation", "quiet", pgettext_lazy("problem", "consultation")
    MEETING = "meeting", "quiet", pgettext_lazy("problem", "meeting")
    REPORT = "report", "quiet", pgettext_lazy("problem", "report of the village")
    MATTER = "matter", "quiet", pgettext_lazy("problem", "what people reported")


class Problem(LedgerRow):
    """A problem of a place: a debt, a border, a file that is missing. It is about a matter, never a person.

    Invariants: from `in hand` on it has a leader and a due day; who closes it (销号) is not who claimed it done.
    """

    title = fields.text(
        _("Problem"), question=_("What is the matter?"), help=MATTERS_ONLY, search=True,
        missing=_("Say in a few words what the matter is."),
    )  # fmt: skip
    kind = fields.choice(_("Kind"), lambda: words_of(problem_kinds()), filter=True)
    found_on = fields.day(
        _("Found on"),
        is_past=True,
        start=localdate,
        where=UNLISTED,
        beside="source",
        missing=_("Give the day it was found."),
    )
    source = fields.choice(
        _("Source"),
        ProblemSource,
        question=_("Where it came to light"),
        where=UNLISTED,
        start=lambda: ProblemSource.SURVEY,
    )
    description = fields.text(
        _("Description"), required=False, lines=4, help=MATTERS_ONLY, is_lead=True,
        where=frozenset({ShownIn.FORM, ShownIn.EXCEL, ShownIn.PAGE}),
    )  # fmt: skip
    cause = fields.text(_("Cause"), required=False, where=UNLISTED, help=MATTERS_ONLY)
    leader_person, leader_body = fields.holder("leader", _("Who leads it"), search=True)
    due_on = fields.day(
        _("Due"), question=_("Due on"), required=False,
        help=_("Left empty with a leader chosen: the working days of its kind are counted from the day it was found."),
    )  # fmt: skip
    measures = fields.text(_("Measures"), required=False, lines=3, where=UNLISTED, search=True)
    claimed_by, claimed_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("problem", ProblemState),
            models.CheckConstraint(condition=Q(source__in=ProblemSource.values), name="problem_source_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(kind=""), name="problem_has_title_and_kind"),
            one_holder("problem_one_leader", "leader"),
            models.CheckConstraint(
                condition=Q(status=ProblemState.OPEN)
                | (
                    (Q(leader_person__isnull=False) | Q(leader_body__isnull=False))
                    & Q(due_on__isnull=False)
                    & Q(due_on__gte=F("found_on"))
                ),
                name="problem_in_hand_is_led",
            ),
            stamped("problem_claimed_on_a_day", "claimed", [ProblemState.CLAIMED, ProblemState.CLOSED]),
            stamped("problem_closed_on_a_day", "closed", [ProblemState.CLOSED], only=True),
            second_person("problem_closed_by_a_second_person", "closed", "claimed"),
        ]
        indexes = [models.Index(fields=["about", "status", "due_on"], name="problem_by_due_day")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"
