"""Posts of bodies, who holds them, and what the deciding body says of whoever holds one.

A quota is so many posts of a kind. That nobody holds a post that is not there is kept by the same constraint as that nobody
holds it beside another: the time in which a post is not there, before it is set up and after it is given up, is a row too.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heli.kernel.db import AppendOnly, PeriodsDoNotOverlap, period_runs_forward
from heli.posts.catalogues import kind_words
from heli.records import fields
from heli.records.words import WordEnum


class HowHeld(WordEnum):
    """How somebody came to a post."""

    ELECTED = "elected", "quiet", _("elected")
    APPOINTED = "appointed", "quiet", _("appointed")
    HIRED = "hired", "quiet", _("hired")
    SECONDED = "seconded", "quiet", _("seconded")
    VOLUNTEER = "volunteer", "quiet", _("volunteer")


class OfficeMatter(WordEnum):
    """What the deciding body says about somebody in office, in one word with its ground."""

    KIN = "kin", "quiet", _("apart from near relatives")
    QUALIFIED = "qualified", "quiet", _("qualified")
    CONDUCT = "conduct", "quiet", _("conduct reviewed")


class Establishment(models.Model):
    """Under a document a body has so many posts from a day on, until the next such paper 核定职数.

    `committee`: posts that are its committee, between the `least` and `most` of the `law` of that day (all None where no law says).
    `joint`: secretary and head are meant to be one person, whose two posts count as one.
    Invariants: one paper of a body and day, with a document; the committee has a lawful size.
    """

    public_id = models.CharField(max_length=12, unique=True)
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    valid_from = fields.day(_("From"))
    document_number = fields.text(_("Document"), most=100, missing=_("Name the document that sets the posts."))
    joint = models.BooleanField(default=False)
    committee = models.PositiveSmallIntegerField(null=True)
    least = models.PositiveSmallIntegerField(null=True)
    most = models.PositiveSmallIntegerField(null=True)
    law = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "valid_from"], name="establishment_once_a_day"),
            models.CheckConstraint(condition=~Q(document_number=""), name="establishment_with_document"),
            models.CheckConstraint(
                condition=Q(committee__isnull=True, least__isnull=True, most__isnull=True, law="")
                | Q(committee__gte=F("least"), committee__lte=F("most")) & ~Q(law=""),
                name="establishment_of_lawful_size",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.valid_from}"


class Post(models.Model):
    """One of the posts of a kind that a body has; so many of them are its quota.

    Invariants: numbered once; of an exclusive kind there is one.
    """

    public_id = models.CharField(max_length=12, unique=True)
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="+")
    kind = fields.choice(_("Post"), kind_words)
    number = models.PositiveSmallIntegerField()
    is_exclusive = models.BooleanField()

    class Meta:
        ordering = ["body", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["body", "kind", "number"], name="post_numbered_once"),
            models.UniqueConstraint(
                fields=["body", "kind"], condition=Q(is_exclusive=True), name="post_exclusive_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.kind} {self.number}"


class Holding(models.Model):
    """Somebody holds a post from a day to a day; or, without a person, the post is not there in that time.

    `same_as` is the other post of the same human, declared (一肩挑). `sealed` keeps sex, birth month, education and membership,
    encrypted, until `emptied_on`.
    Invariants: a post has one holder at a time, and none while it is not there: never more holders than the quota; a person row is
    one holding; a person comes in some way; nobody is paired with themselves; pay kept for a term ends by a day.
    """

    public_id = models.CharField(max_length=12, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.OneToOneField("bodies.Person", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    how = fields.choice(_("How"), HowHeld, required=False)
    document_number = fields.text(_("Document"), most=100, required=False)
    same_as = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    pay_kept_until = models.DateField(null=True)
    sealed = models.TextField(blank=True)
    emptied_on = models.DateField(null=True)

    class Meta:
        ordering = ["post", "valid_from", "pk"]
        constraints = [
            period_runs_forward("holding_period_forward"),
            PeriodsDoNotOverlap(fields=("post",), name="holding_one_per_post"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, how="", same_as__isnull=True, sealed="")
                | Q(person__isnull=False, how__in=HowHeld.values),
                name="holding_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True) | ~Q(same_as=F("id")), name="holding_not_paired_with_itself"
            ),
            models.CheckConstraint(
                condition=Q(pay_kept_until__isnull=True)
                | Q(valid_to__isnull=False, pay_kept_until__gt=F("valid_to")),
                name="holding_pay_kept_after_it",
            ),
            models.CheckConstraint(
                condition=Q(emptied_on__isnull=True) | Q(sealed=""), name="holding_emptied_is_empty"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post_id} {self.valid_from}"


class OfficeWord(models.Model):
    """What the deciding body says of somebody in office: apart from near relatives, qualified, conduct. Never changed.

    Yes or no, on which ground, by whom; nothing of a review is kept beside it. Invariant: it has its ground and its decider.
    """

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="words")
    matter = fields.choice(_("About"), OfficeMatter)
    is_met = models.BooleanField()
    ground = fields.text(_("Ground"), most=200, missing=_("Name the article or rule it rests on."))
    decided_by = fields.text(_("Who decided"), most=120, missing=_("Name the body that decided."))
    on = fields.day(_("On"), is_past=True)
    by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(matter__in=OfficeMatter.values) & ~Q(ground="") & ~Q(decided_by=""),
                name="office_word_with_ground",
            ),
            AppendOnly(name="office_word_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id} {self.matter}"
