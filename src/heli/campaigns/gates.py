"""Gates that a campaign's own matters answer: risk signed, talks covered, rehearsed, notice hung long enough."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.campaigns.models import Campaign, Meeting, Notice, RiskAssessment, TalkCount
from heli.campaigns.rules.catalogues import meeting_kinds, risk_pack, talk_classes, whole
from heli.campaigns.rules.consultation import earliest_end, uncovered
from heli.campaigns.rules.risks import is_allowed
from heli.campaigns.texts_matters import RISK_LEVELS, words
from heli.campaigns.types_matters import RiskLevel
from heli.kernel.declare import Gate
from heli.kernel.problems import Problem
from heli.places import queries as places


def _above(campaign: Campaign, place_id: int, on: date) -> list[int]:
    """The place, its township and the district: a judgement for a town or the district holds for its villages too."""
    row = places.version_on(place_id, on)
    chain = [place_id, row.parent_id if row else None, campaign.district_id]
    return list(dict.fromkeys(key for key in chain if key is not None))


def risk_signed(*, place_id: int, subject: str, on: date) -> Iterable[Problem]:
    """The nearest assessment is signed by the day, not above the allowed level, and nothing newer is being written."""
    campaign = Campaign.objects.get(public_id=subject)
    chain = _above(campaign, place_id, on)
    rows = list(RiskAssessment.objects.filter(campaign=campaign, place_id__in=chain).order_by("version"))
    nearest = next((key for key in chain if any(row.place_id == key for row in rows)), None)
    if nearest is None:
        return [
            Problem(
                "risk_missing", _("No risk assessment has been written for this place."), source="campaigns.risk_signed"
            )
        ]
    last = [row for row in rows if row.place_id == nearest][-1]
    if last.signed_on is None or last.signed_on > on:
        return [
            Problem("risk_unsigned", _("The newest risk assessment is not signed yet."), source="campaigns.risk_signed")
        ]
    if not is_allowed(RiskLevel(last.level), risk_pack()):
        message = _("The assessed risk is %(level)s: reduce it by measures and assess anew before deciding.")
        return [
            Problem(
                "risk_too_high", message % {"level": RISK_LEVELS[RiskLevel(last.level)]}, source="campaigns.risk_signed"
            )
        ]
    return []


def talks_covered(*, place_id: int, subject: str, on: date) -> Iterable[Problem]:
    """Every class was talked with as widely as the rule asks, by the newest counts of the day."""
    rows = TalkCount.objects.filter(campaign__public_id=subject, place_id=place_id, on__lte=on).order_by("on", "pk")
    counts = {row.kind: (row.done, row.base) for row in rows}
    pack = talk_classes()
    names = words(pack)
    return [
        Problem(
            "talks_missing",
            _("%(class)s: no talks recorded yet.") % {"class": names[key]}
            if missing is None
            else _("%(class)s: %(missing)s more talks are needed.") % {"class": names[key], "missing": missing},
            source="campaigns.talks_covered",
        )
        for key, missing in uncovered(counts, pack).items()
    ]


def rehearsed(*, place_id: int, subject: str, on: date) -> Iterable[Problem]:
    """Enough rehearsals were held in the place, its town or the district by the day."""
    campaign = Campaign.objects.get(public_id=subject)
    kinds = [key for key, entry in meeting_kinds().entries.items() if entry.more["group"] == "rehearsal"]
    held = Meeting.objects.filter(
        campaign=campaign, kind__in=kinds, held_on__lte=on, place_id__in=_above(campaign, place_id, on)
    ).aggregate(total=Sum("sittings"))["total"]
    need = whole(meeting_kinds().settings["rehearsals"])
    if (held or 0) >= need:
        return []
    message = _("%(held)s of %(need)s rehearsals were held.") % {"held": held or 0, "need": need}
    return [Problem("rehearsals_missing", message, source="campaigns.rehearsed")]


def notice_hung(*, place_id: int, subject: str, on: date) -> Iterable[Problem]:
    """A notice hung in the place for all the days the law asks for, and they are over by the day."""
    campaign = Campaign.objects.get(public_id=subject)
    notices = Notice.objects.filter(
        campaign=campaign, least_days__gt=1, places__place_id__in=_above(campaign, place_id, on)
    )
    periods = notices.values_list("first_on", "least_days", "taken_down_on")
    ends = [
        earliest_end(first, least)
        for first, least, down in periods
        if down is None or down >= earliest_end(first, least)
    ]
    if not ends:
        return [Problem("notice_missing", _("No notice hangs for this place."), source="campaigns.notice_hung")]
    if min(ends) > on:
        message = _("The notice must hang until %(day)s.") % {"day": min(ends).isoformat()}
        return [Problem("notice_still_hangs", message, source="campaigns.notice_hung")]
    return []


GATES: tuple[Gate, ...] = (
    Gate("campaigns.risk_signed", gettext_noop("Risk assessment signed"), risk_signed),
    Gate("campaigns.talks_covered", gettext_noop("Talks held as widely as asked"), talks_covered),
    Gate("campaigns.rehearsed", gettext_noop("Rehearsed often enough"), rehearsed),
    Gate("campaigns.notice_hung", gettext_noop("Notice hung as long as the law asks"), notice_hung),
)
