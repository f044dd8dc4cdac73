"""What posts pay under a document, whose pay an account may see, and who is in the reserve by own signature."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.posts.catalogues import reserve_sources
from heli.posts.models.offices import Holding
from heli.records import fields
from heli.records.words import WordEnum


class PayGrade(WordEnum):
    """The grade of a year by which a share of the base is paid."""

    EXCELLENT = "excellent", "good", pgettext_lazy("grade", "excellent")
    COMPETENT = "competent", "info", pgettext_lazy("grade", "competent")
    BASIC = "basic", "warn", pgettext_lazy("grade", "basically competent")
    INCOMPETENT = "incompetent", "bad", pgettext_lazy("grade", "incompetent")


class PayRule(models.Model):
    """What posts of a district pay from a day on under a document, until the next such rule; fen a year.

    `bases` {kind of post: fen}, `shares` {grade: basis points of the base}. Invariants: one of a day, with a document; no floor
    or budget below nought.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    valid_from = fields.day(_("From"))
    document_number = fields.text(_("Document"), most=100, missing=_("Name the document that sets the pay."))
    bases = models.JSONField()
    shares = models.JSONField()
    floor = models.BigIntegerField()
    budget = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "valid_from"], name="pay_rule_once_a_day"),
            models.CheckConstraint(
                condition=Q(floor__gte=0, budget__gte=0) & ~Q(document_number=""), name="pay_rule_under_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.valid_from}"


class GradedYear(models.Model):
    """The grade of a holder's year, as the pay office was told it. Deleted a year after the office. Invariant: one a year."""

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="grades")
    year = models.PositiveSmallIntegerField()
    grade = fields.choice(_("Grade"), PayGrade)
    source = fields.text(_("Document"), most=100, missing=_("Name the document that says the grade."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holding", "year"], name="graded_year_once"),
            models.CheckConstraint(
                condition=Q(grade__in=PayGrade.values) & ~Q(source=""), name="graded_year_under_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id} {self.year}"


class PayAccount(models.Model):
    """Whose pay an account sees: its own. Set by the pay office, deleted a year after the office. Invariant: one of a holder."""

    holding = models.OneToOneField(Holding, on_delete=models.PROTECT, related_name="account")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.holding_id}"


class ReserveStage(WordEnum):
    """How far somebody in the reserve is with learning."""

    LISTED = "listed", "quiet", pgettext_lazy("reserve", "signed up")
    TRAINED = "trained", "info", pgettext_lazy("reserve", "in training")
    PRACTISING = "practising", "info", pgettext_lazy("reserve", "works alongside")
    READY = "ready", "good", pgettext_lazy("reserve", "through the training")


class ReserveTarget(models.Model):
    """So many people in the reserve for each village from a day on, under a document. Invariants: one of a day; 1 to 99."""

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    valid_from = fields.day(_("From"))
    per_village = fields.number(_("For each village"), least=1, most=99)
    document_number = fields.text(_("Document"), most=100, missing=_("Name the document that sets the target."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "valid_from"], name="reserve_target_once_a_day"),
            models.CheckConstraint(
                condition=Q(per_village__range=(1, 99)) & ~Q(document_number=""), name="reserve_target_under_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.valid_from}"


class ReserveMember(models.Model):
    """Somebody who signed to be in the reserve for posts 后备人才库 (雁归): where they come from, how far they are, until when.

    No mark, no order, no opinion is kept. Deleted at once when they withdraw, and when the time is over.
    Invariants: signed, for a time; a known source and stage; once in a village.
    """

    public_id = models.CharField(max_length=12, unique=True)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    name = fields.text(_("Name"), most=60)
    source = fields.choice(_("Comes from"), reserve_sources)
    stage = fields.choice(_("Stage"), ReserveStage)
    signed_on = fields.day(_("Day of signature"), is_past=True)
    ends_on = fields.day(_("Until"))

    class Meta:
        ordering = ["place", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="reserve_member_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("signed_on")), name="reserve_member_for_a_time"),
            models.CheckConstraint(
                condition=Q(stage__in=ReserveStage.values) & ~Q(name="") & ~Q(source=""), name="reserve_member_classed"
            ),
        ]

    def __str__(self) -> str:
        return "somebody in the reserve"
