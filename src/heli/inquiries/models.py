"""E-questionnaires to villages 电子问卷: what the register knows is prefilled, changes become dated facts."""

from django.db import models
from django.db.models import F, Q

from heli.campaigns.models import Campaign, values
from heli.inquiries.types import InquiryStatus


class Inquiry(models.Model):
    """A form sent to villages of a campaign, asking how things stood on a day. Its fields are pinned as they were.

    Invariant: it is due after it was sent. `on` is the day the answers hold for.
    """

    public_id = models.CharField(max_length=12, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    fields = models.JSONField()
    on = models.DateField()
    sent_on = models.DateField()
    due_on = models.DateField()
    sent_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("sent_on")), name="inquiry_runs_forward"),
            models.CheckConstraint(condition=~Q(title=""), name="inquiry_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Reply(models.Model):
    """A village's answer to a form: how far it is, how many fields were typed and how many only confirmed.

    The values themselves are facts of the register. Invariants: one per village; who checks is not who answered.
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="replies")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, default=InquiryStatus.SENT)
    answers = models.JSONField(default=dict)
    typed = models.PositiveSmallIntegerField(default=0)
    confirmed = models.PositiveSmallIntegerField(default=0)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    checked_by_name = models.CharField(max_length=150, blank=True)
    checked_on = models.DateField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "place"], name="reply_once_per_village"),
            models.CheckConstraint(condition=Q(status__in=values(InquiryStatus)), name="reply_status_known"),
            models.CheckConstraint(
                condition=Q(status=InquiryStatus.SENT) | Q(answered_on__isnull=False), name="reply_answered_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(status=InquiryStatus.CHECKED) | Q(checked_on__isnull=False), name="reply_checked_on_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(status=InquiryStatus.RETURNED) | ~Q(reason=""), name="reply_returned_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(answered_by__isnull=True) | ~Q(checked_by=F("answered_by")),
                name="reply_checked_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.place_id}"
