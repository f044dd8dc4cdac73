"""Meetings and trainings, how many came, and what was decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heli.meetings.catalogues import kinds
from heli.records import fields
from heli.records.models import second_person, stamped
from heli.records.words import MATTERS_ONLY, WordEnum


class Meeting(models.Model):
    """A meeting, training or rehearsal that was held; `sittings` of the same kind may be recorded together (100 talks in villages).

    `about`: the public id of the campaign (or whatever else) it belongs to. Invariant: it has a title and at least one sitting.
    """

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24, db_index=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    kind = fields.choice(_("Kind"), kinds)
    title = fields.text(_("Title"), missing=_("Give the meeting a title."))
    place = fields.place(_("Place"))
    held_on = fields.day(_("Held on"), is_past=True)
    sittings = fields.number(
        _("Sittings"), least=1, most=10_000,
        help=_("More than one when several of the same kind are recorded together."),
    )  # fmt: skip
    agenda = fields.text(_("Agenda"), required=False, lines=3)
    minutes = fields.text(
        _("Minutes"), required=False, lines=5, most=20_000,
        help=MATTERS_ONLY,
    )  # fmt: skip
    minutes_file = fields.file(_("Minutes as a file"))
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & Q(sittings__gte=1), name="meeting_was_held"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Attendance(models.Model):
    """How many of a class of people came to a meeting. Never who. Invariant: one number per class and meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    kind = models.CharField(max_length=40)
    present = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "kind"], name="attendance_once_per_class")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.kind}: {self.present}"


class DecisionState(WordEnum):
    """How far a decision is; LATE is never stored: what is to do after its day."""

    OPEN = "open", "quiet", _("to do")
    LATE = "late", "warn", _("late")
    DONE = "done", "info", _("done, to be checked")
    CHECKED = "checked", "good", _("done and checked")


class Decision(models.Model):
    """What a meeting decided, as a task: who owns it and until when; done when a second person has looked.

    Invariants: one owner; who checks it is not who reported it done.
    """

    public_id = models.CharField(max_length=12, unique=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    text = fields.text(_("What was decided"), lines=2, most=1_000, missing=_("Say what was decided."))
    owner_person, owner_body = fields.holder("owner", _("Who does it"), required=True)
    due_on = fields.day(_("Due on"))
    status = models.CharField(max_length=16, default=DecisionState.OPEN)
    result = fields.text(
        _("What came of it"), lines=2, most=1_000, where=fields.SHOWN, missing=_("Say what came of it.")
    )
    done_by, done_on = fields.stamp()
    checked_by, checked_on = fields.stamp()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="decision_says_what"),
            models.CheckConstraint(
                condition=Q(owner_person__isnull=True, owner_body__isnull=False)
                | Q(owner_person__isnull=False, owner_body__isnull=True),
                name="decision_one_owner",
            ),
            models.CheckConstraint(condition=Q(status__in=["open", "done", "checked"]), name="decision_status_known"),
            stamped("decision_done_on_a_day", "done", [DecisionState.DONE, DecisionState.CHECKED], only=True),
            stamped("decision_checked_when_done", "checked", [DecisionState.CHECKED], only=True),
            second_person("decision_checked_by_a_second_person", "checked", "done"),
        ]
        indexes = [models.Index(fields=["about", "due_on"], name="decision_by_due_day")]

    def __str__(self) -> str:
        return str(self.text)[:60]
