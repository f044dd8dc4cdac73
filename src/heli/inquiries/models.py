"""E-questionnaires to villages 电子问卷: what the register knows is prefilled, changes become dated facts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.inquiries.catalogues import titles
from heli.records.fields import choice, day, stamp, text
from heli.records.models import second_person, stamped
from heli.records.words import WordEnum


class InquiryStatus(WordEnum):
    """How far a village is with its e-questionnaire."""

    SENT = "sent", "quiet", pgettext_lazy("questionnaire", "not answered")
    ANSWERED = "answered", "info", pgettext_lazy("questionnaire", "answered")
    RETURNED = "returned", "warn", pgettext_lazy("questionnaire", "sent back")
    CHECKED = "checked", "good", pgettext_lazy("questionnaire", "checked")


class Inquiry(models.Model):
    """A form sent to villages of a district, asking how things stood on a day. Its fields and their relations are pinned as
    they were.

    `about`: the public id of the campaign (or whatever else) it belongs to. Invariant: it is due after it was sent.
    """

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24, db_index=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    form = choice(_("Form"), titles)
    title = text(_("Title"), missing=_("Give the questionnaire a title."))
    asked_on = day(_("As of"), is_past=True, help=_("The day the answers hold for."))
    due_on = day(_("Due on"))
    version = models.PositiveIntegerField()
    fields = models.JSONField()
    relations = models.JSONField(default=list)
    sent_on = models.DateField()
    sent_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("sent_on")), name="inquiry_runs_forward"),
            models.CheckConstraint(condition=~Q(title=""), name="inquiry_has_title"),
        ]

    def __str__(self) -> str:
        return str(self.title)


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
    answered_by, answered_on = stamp()
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)
    checked_by, checked_on = stamp()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "place"], name="reply_once_per_village"),
            models.CheckConstraint(condition=Q(status__in=list(InquiryStatus)), name="reply_status_known"),
            stamped("reply_answered_on_a_day", "answered", [one for one in InquiryStatus if one != InquiryStatus.SENT]),
            stamped("reply_checked_on_a_day", "checked", [InquiryStatus.CHECKED]),
            models.CheckConstraint(
                condition=~Q(status=InquiryStatus.RETURNED) | ~Q(reason=""), name="reply_returned_with_reason"
            ),
            second_person("reply_checked_by_a_second_person", "checked", "answered"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry_id} {self.place_id}"
