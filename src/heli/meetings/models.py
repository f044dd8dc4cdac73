"""Meetings and trainings with their decisions."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.models import Campaign


class Meeting(models.Model):
    """A meeting, training or rehearsal that was held; `sittings` of the same kind may be recorded together (100 talks in villages).

    Invariant: it has a title and at least one sitting.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    held_on = models.DateField()
    sittings = models.PositiveIntegerField(default=1)
    agenda = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    minutes_file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & Q(sittings__gte=1), name="meeting_was_held"),
        ]

    def __str__(self) -> str:
        return self.title


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


class Decision(models.Model):
    """What a meeting decided, as a task: who owns it and until when; done when a second person has looked.

    Invariants: one owner; who checks it is not who reported it done.
    """

    public_id = models.CharField(max_length=12, unique=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    owner_person = models.ForeignKey("bodies.Person", on_delete=models.PROTECT, null=True, related_name="+")
    owner_body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    done_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=150, blank=True)
    done_on = models.DateField(null=True)
    result = models.TextField(blank=True)
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    checked_by_name = models.CharField(max_length=150, blank=True)
    checked_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="decision_says_what"),
            models.CheckConstraint(
                condition=Q(owner_person__isnull=True, owner_body__isnull=False)
                | Q(owner_person__isnull=False, owner_body__isnull=True),
                name="decision_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True) | Q(done_on__isnull=False), name="decision_checked_when_done"
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(done_by__isnull=True) | ~Q(checked_by=F("done_by")),
                name="decision_checked_by_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "due_on"], name="decision_by_due_day")]

    def __str__(self) -> str:
        return self.text[:60]
