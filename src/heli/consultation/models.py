"""Consultation: notices on the wall and on the net, opinions and answers, anonymous surveys, talks as counts."""

from collections.abc import Mapping
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.consultation.catalogues import notice_kinds, opinion_topics
from heli.kernel.db import AppendOnly
from heli.records import fields
from heli.records.words import Text, WordEnum, words_of


class OpinionChannel(WordEnum):
    """How an opinion came in."""

    WALL_BOX = "wall_box", _("opinion box")
    MEETING = "meeting", pgettext_lazy("channel", "meeting")
    PHONE = "phone", pgettext_lazy("channel", "telephone")
    ONLINE = "online", pgettext_lazy("channel", "notice page")
    LETTER = "letter", pgettext_lazy("channel", "letter")


class Stance(WordEnum):
    """What an opinion says about what was posted."""

    AGREE = "agree", "good", pgettext_lazy("stance", "agree")
    DISAGREE = "disagree", "warn", pgettext_lazy("stance", "disagree")
    SUGGEST = "suggest", "info", pgettext_lazy("stance", "suggestion")


def topics() -> Mapping[str, Text]:
    """What opinions and questions are about, in the reader's language."""
    return words_of(opinion_topics())


class Notice(models.Model):
    """A public notice 公示: posted in some places from a day to a day, readable by strangers at an address nobody can guess.

    Invariants: `days` are at least those its kind asks for: on the wall, or from posting to the day it is for (`for_on`: an
    election, a meeting); the day of posting is not counted (Civil Code Art. 201). It has words or a file; it is taken down
    early only with a reason.
    """

    public_id = models.CharField(max_length=24, unique=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    kind = fields.choice(
        _("Kind"), lambda: words_of(notice_kinds()), help=_("The kind says how long it must hang at least.")
    )
    title = fields.text(_("Title"), missing=_("Give the notice a title."))
    text = fields.said(
        models.TextField(blank=True), fields.FieldKind.TEXT, _("Text"), most=20_000, required=False, lines=9,
        help=_("Plain words, short sentences: the page is read on telephones and by elderly people."),
    )  # fmt: skip
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    first_on = fields.day(_("Posted on"))
    last_on = fields.day(_("Hangs until"))
    for_on = fields.day(
        _("Day of the election or meeting"), required=False,
        help=_("Only for a kind that is posted before a day: a list of voters, a call of an assembly."),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField()
    least_days = models.PositiveSmallIntegerField()
    takes_opinions = models.BooleanField(default=True)
    posted_by = models.CharField(max_length=150)
    posted_at = models.DateTimeField()
    taken_down_on = models.DateField(null=True)
    taken_down_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-first_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="notice_runs_forward"),
            models.CheckConstraint(condition=Q(days__gte=F("least_days")), name="notice_hangs_long_enough"),
            models.CheckConstraint(
                condition=Q(for_on__isnull=True) | Q(for_on__gt=F("first_on")), name="notice_before_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & (~Q(text="") | Q(file__isnull=False)), name="notice_has_content"
            ),
            models.CheckConstraint(
                condition=Q(taken_down_on__isnull=True, reason="") | (Q(taken_down_on__isnull=False) & ~Q(reason="")),
                name="notice_taken_down_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def hangs_on(self, on: date) -> bool:
        """Whether it hangs on the day."""
        return self.state_on(on) == "hanging"

    def state_on(self, on: date) -> str:
        """ "waiting", "hanging", "over" or "down" on the day."""
        if self.taken_down_on is not None and self.taken_down_on <= on:
            return "down"
        return "waiting" if on < self.first_on else "hanging" if on <= self.last_on else "over"

    def takes_on(self, on: date) -> bool:
        """Whether it hangs and asks for opinions on the day."""
        return self.takes_opinions and self.hangs_on(on)


class NoticePlace(models.Model):
    """A place in which a notice hangs. Invariant: once per notice."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="places")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "place"], name="notice_once_per_place")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.place_id}"


class WallPhoto(models.Model):
    """A photo of the copy on the wall, proof that a notice really hung there. Never changed."""

    hung = models.ForeignKey(NoticePlace, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [AppendOnly(name="wall_photo_append_only")]

    def __str__(self) -> str:
        return f"{self.hung_id} {self.on}"


class NoticeViews(models.Model):
    """How often a notice was opened on a day by people who were not signed in. A number, and nothing about anybody.

    Invariant: one number per notice and day.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="views")
    on = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["notice", "on"], name="notice_views_once_per_day")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.on}: {self.count}"


class Opinion(models.Model):
    """What was said about the reform or a plan, by topic and channel, without a name; `count` voices said the same.

    Who wants the answer keeps the code: it is the only way back to a voice. Invariants: numbered once per about, the
    code is one opinion's; an answer has its day and author; `gist` (never the raw text) and the answer may be published.
    """

    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=10, unique=True)
    place = fields.place(_("Place it is about"))
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    channel = fields.choice(_("How it came in"), OpinionChannel)
    topic = fields.choice(_("What it is about"), topics)
    stance = fields.choice(_("Stance"), Stance, required=False)
    text = fields.said(
        models.TextField(), fields.FieldKind.TEXT, _("What was said"), most=2_000, lines=3, missing=_("Write what you think."),
        help=_("Write about the matter: no names, telephone or identity numbers of residents."),
    )  # fmt: skip
    count = fields.said(
        models.PositiveIntegerField(default=1),
        fields.FieldKind.NUMBER,
        _("Voices that said this"),
        least=1,
        most=100_000,
    )
    received_on = models.DateField()
    taken_by = models.CharField(max_length=150, blank=True)
    gist = fields.text(_("The opinion in your own words"), most=300, required=False)
    answer = fields.said(
        models.TextField(blank=True), fields.FieldKind.TEXT, _("Answer"), missing=_("Write an answer.")
    )
    answered_by = models.CharField(max_length=150, blank=True)
    answered_on = models.DateField(null=True)
    is_published = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="opinion_numbered_within_about"),
            models.CheckConstraint(condition=Q(channel__in=OpinionChannel.values), name="opinion_channel_known"),
            models.CheckConstraint(condition=Q(stance__in=["", *Stance.values]), name="opinion_stance_known"),
            models.CheckConstraint(condition=~Q(text="") & Q(count__gte=1), name="opinion_not_empty"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by="", answered_on__isnull=True, is_published=False)
                | (~Q(answer="") & ~Q(answered_by="") & Q(answered_on__isnull=False)),
                name="opinion_answered_whole",
            ),
            models.CheckConstraint(condition=Q(is_published=False) | ~Q(gist=""), name="opinion_published_gist"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class PolicyQuestion(models.Model):
    """A question about the policy as people ask it, and its answer: the question bank 政策解答. Invariants: both are there."""

    public_id = models.CharField(max_length=12, unique=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    topic = fields.choice(_("What it is about"), topics)
    question = fields.said(
        models.TextField(), fields.FieldKind.TEXT, _("Question"), most=1_000, lines=2,
        missing=_("Write the question as people ask it."),
    )  # fmt: skip
    answer = fields.text(_("Answer"), lines=4, missing=_("Write an answer."))
    is_public = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="policy_question_numbered_once"),
            models.CheckConstraint(condition=~Q(question="") & ~Q(answer=""), name="policy_question_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.question}"


class Survey(models.Model):
    """An anonymous questionnaire: its questions as data, its days, and whether households answer online with a code."""

    public_id = models.CharField(max_length=24, unique=True)
    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    title = fields.text(_("Title"), missing=_("Give the survey a title."))
    intro = fields.text(_("What people should know"), required=False, lines=3)
    questions = models.JSONField()
    first_on = fields.day(_("First day"))
    last_on = fields.day(_("Last day"))
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-first_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="survey_runs_forward"),
            models.CheckConstraint(condition=~Q(title=""), name="survey_has_title"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class SurveyTurnout(models.Model):
    """How many questionnaires of a survey a village was given and how many came back. Invariant: not more than given."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="turnouts")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    given = models.PositiveIntegerField()
    returned = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "place"], name="survey_turnout_once"),
            models.CheckConstraint(condition=Q(returned__lte=F("given")), name="survey_returned_within_given"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.place_id}: {self.returned}/{self.given}"


class SurveyTally(models.Model):
    """How often an option was chosen in a village. Only such counts exist: no row holds anybody's answers."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tallies")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=20)
    option = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "place", "question", "option"], name="survey_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.question}={self.option}: {self.count}"


class SurveyCode(models.Model):
    """A one-time code printed for a household: kept as a keyed digest, marked when used, and tied to no answer and no moment."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    is_used = models.BooleanField(default=False)

    class Meta:
        ordering = ["digest"]
        constraints = [models.UniqueConstraint(fields=["survey", "digest"], name="survey_code_once")]

    def __str__(self) -> str:
        return "a code"


class TalkCount(models.Model):
    """How many of a class of people in a village were talked with so far: `done` of `base`. Never who, never what they said.

    The newest row of a village and class counts; earlier ones stay. Invariant: not more than there are.
    """

    about = models.CharField(max_length=24)
    district = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    on = models.DateField()
    done = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("base")) & Q(base__gte=1), name="talks_within_base"),
            AppendOnly(name="talks_append_only"),
        ]
        indexes = [models.Index(fields=["about", "place", "kind"], name="talks_by_place")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.kind}: {self.done}/{self.base}"
