"""Recruitment as counts per stage, and what is done for leaders (正向激励10条): nominated, posted, decided."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heli.posts.catalogues import kind_words, measure_words
from heli.records import fields
from heli.records.fields import SHOWN, ShownIn
from heli.records.models import LedgerRow, kept, one_holder, second_person, stamped
from heli.records.words import WordEnum

PAGE = frozenset({ShownIn.EXPORT, ShownIn.PAGE})
MOST = 100_000


class RecruitingState(WordEnum):
    """How far a recruitment is."""

    PLANNED = "planned", "quiet", pgettext_lazy("recruiting", "planned")
    NOTICED = "noticed", "info", pgettext_lazy("recruiting", "notice hangs")
    EXAMINED = "examined", "info", pgettext_lazy("recruiting", "examined")
    POSTED = "posted", "info", pgettext_lazy("recruiting", "posted")
    HIRED = "hired", "good", pgettext_lazy("recruiting", "hired")
    DROPPED = "dropped", "quiet", pgettext_lazy("recruiting", "dropped")


class WhoMayApply(WordEnum):
    """Whether anybody may apply, or people in village offices only (定向招录)."""

    ANYBODY = "anybody", "quiet", _("anybody")
    TARGETED = "targeted", "info", _("people in village offices only")


class Recruitment(LedgerRow):
    """So many posts of a kind are to be filled from outside: a notice, and how many people there were at each stage.

    Counts only: nobody who applied is kept. `unclear` says what the source leaves open.
    Invariants: no stage has more people than the one before, nor are more hired than the quota.
    """

    title = fields.text(_("Recruitment"), missing=_("Name it."), search=True)
    kind = fields.choice(_("Post"), kind_words, filter=True)
    who = fields.choice(_("Who may apply"), WhoMayApply, filter=True, where=fields.UNLISTED)
    quota = fields.number(_("Posts to be filled"), least=1, most=MOST)
    source = fields.text(_("Document"), required=False, where=fields.UNLISTED)
    unclear = fields.text(_("What the source leaves open"), required=False, lines=2, most=300, where=fields.UNLISTED)
    notice = fields.text(_("Notice"), required=False, where=PAGE)
    applied = fields.number(_("Applied"), required=False, most=MOST, where=SHOWN)
    examined = fields.number(_("Examined"), required=False, most=MOST, where=SHOWN)
    posted = fields.number(_("Posted"), required=False, most=MOST, where=SHOWN)
    hired = fields.number(_("Hired"), required=False, most=MOST, where=SHOWN)
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("recruitment", RecruitingState),
            models.CheckConstraint(
                condition=(Q(examined__isnull=True) | Q(examined__lte=F("applied")))
                & (Q(posted__isnull=True) | Q(posted__lte=F("examined")))
                & (Q(hired__isnull=True) | Q(hired__lte=F("posted"))),
                name="recruitment_stages_shrink",
            ),
            models.CheckConstraint(
                condition=Q(hired__isnull=True) | Q(hired__lte=F("quota")), name="recruitment_within_quota"
            ),
            stamped("recruitment_hired_on_a_day", "closed", [RecruitingState.HIRED], only=True),
        ]  # fmt: skip


class IncentiveState(WordEnum):
    """How far an incentive is."""

    NOMINATED = "nominated", "info", _("nominated")
    POSTED = "posted", "info", pgettext_lazy("incentive", "posted")
    DECIDED = "decided", "good", pgettext_lazy("incentive", "given")
    DECLINED = "declined", "quiet", pgettext_lazy("incentive", "not given")


class Incentive(LedgerRow):
    """One of the ten measures for somebody in office: nominated on a basis, posted, decided by another person.

    Whoever was not nominated is nowhere. Invariants: one holder at most; decided on a day, not by whoever posted it.
    """

    title = fields.text(_("What for"), missing=_("Say what it is for."), search=True)
    measure = fields.choice(_("Measure"), measure_words, filter=True)
    leader_person, leader_body = fields.holder("leader", _("Who"), required=True)
    basis = fields.text(_("On which facts"), lines=2, most=500, where=fields.UNLISTED)
    document = fields.text(_("Document"), most=100, required=False, where=SHOWN)
    posted_by, posted_on = fields.stamp()
    closed_by, closed_on = fields.stamp()

    class Meta(LedgerRow.Meta):
        constraints = [
            *kept("incentive", IncentiveState),
            one_holder("incentive_one_holder", "leader"),
            second_person("incentive_decided_by_another", "closed", "posted"),
            stamped("incentive_decided_on_a_day", "closed", [IncentiveState.DECIDED, IncentiveState.DECLINED], only=True),
        ]  # fmt: skip
