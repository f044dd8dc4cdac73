"""What campaigns tell the archive of a place: steps and proof, documents' meetings, notices, problems, risks, visits.

Only what the actor may read at those places; matters and counts, never who said what.
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from heli.campaigns.models import Evidence, Issue, Meeting, NoticePlace, RiskAssessment, Step, Track, Visit
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.texts import EVIDENCE, STATUSES
from heli.campaigns.texts_matters import ISSUE_STATUSES, RISK_LEVELS
from heli.campaigns.types import EvidenceKind, Status
from heli.campaigns.types_matters import IssueStatus, RiskLevel
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.places import queries as places


def _readable(actor: Actor, place_ids: Sequence[int]) -> set[int]:
    return places.reached_among(scope(actor, READ), place_ids)


def _titles(tracks: Collection[Track]) -> dict[tuple[int, str], str]:
    """Titles of steps by campaign and key."""
    language = get_language() or "zh-hans"
    campaigns = {track.campaign_id: track.campaign for track in tracks}
    return {
        (key, rule.key): rule.title.text(language)
        for key, campaign in campaigns.items()
        for rule in playbook_of(campaign).steps
    }


def _tracks(actor: Actor, place_ids: Sequence[int]) -> dict[int, Track]:
    found = Track.objects.filter(place__in=_readable(actor, place_ids)).select_related("campaign__playbook", "place")
    return {track.pk: track for track in found}


def step_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Every step of every campaign over the place and what went into it."""
    heads = (_("Campaign"), _("Step"), _("First day"), _("Due"), _("Standing"), _("Accepted"))
    tracks = _tracks(actor, place_ids)
    titles = _titles(tracks.values())
    lines, links = [], []
    for step in Step.objects.filter(track__in=tracks, created_at__date__lte=on).order_by("track_id", "ordinal"):
        track = tracks[step.track_id]
        title = titles.get((track.campaign_id, step.key), step.key)
        standing = str(STATUSES[Status(step.status)])
        lines.append((track.campaign.name, title, step.start_on, step.due_on, standing, step.accepted_on or ""))
        links.append(reverse("campaigns:step", args=[track.campaign.public_id, track.place.public_id, step.key]))
    return Rows(heads, lines, links)


def proof_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Proof in force of those steps."""
    heads = (_("Step"), _("Kind"), _("Name"), _("Day"), _("Sealed"))
    tracks = _tracks(actor, place_ids)
    titles = _titles(tracks.values())
    proof = Evidence.objects.filter(step__track__in=tracks, withdrawn_at=None, on__lte=on)
    lines, links = [], []
    for one in proof.select_related("file", "step").order_by("step__track_id", "step__ordinal", "pk"):
        track = tracks[one.step.track_id]
        name = one.file.name if one.file else (f"{one.number:,}" if one.number is not None else one.text[:60])
        kind = str(EVIDENCE[EvidenceKind(one.kind)])
        sealed = _("yes") if one.sealed_at else _("no")
        lines.append((titles.get((track.campaign_id, one.step.key), one.step.key), kind, name, one.on, sealed))
        links.append(reverse("campaigns:step", args=[track.campaign.public_id, track.place.public_id, one.step.key]))
    return Rows(heads, lines, links)


def problem_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """The problem ledger of the place."""
    heads = (_("No."), _("Problem"), _("Found"), _("Due"), _("Standing"), _("Closed"))
    found = Issue.objects.filter(place__in=_readable(actor, place_ids), found_on__lte=on)
    issues = list(found.select_related("campaign").order_by("found_on", "number"))
    lines = [
        (i.number, i.title, i.found_on, i.due_on or "", str(ISSUE_STATUSES[IssueStatus(i.status)]), i.closed_on or "")
        for i in issues
    ]
    links = [reverse("campaigns:problem", args=[issue.campaign.public_id, issue.public_id]) for issue in issues]
    return Rows(heads, lines, links)


def risk_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Signed risk assessments."""
    heads = (_("Signed"), _("Version"), _("Level"), _("Signed by"))
    found = RiskAssessment.objects.filter(place__in=_readable(actor, place_ids), signed_on__lte=on)
    risks = list(found.select_related("campaign", "place").order_by("signed_on", "version"))
    lines = [(r.signed_on, r.version, str(RISK_LEVELS[RiskLevel(r.level)]), r.signed_by_name) for r in risks]
    return Rows(
        heads, lines, [reverse("campaigns:risk", args=[r.campaign.public_id, r.place.public_id]) for r in risks]
    )


def consultation_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Public notices that hung there."""
    heads = (_("Notice"), _("From"), _("Until"))
    hung = NoticePlace.objects.filter(place__in=_readable(actor, place_ids), notice__first_on__lte=on)
    notices = [one.notice for one in hung.select_related("notice__campaign").order_by("notice__first_on", "pk")]
    lines = [(notice.title, notice.first_on, notice.last_on) for notice in notices]
    links = [reverse("campaigns:notice_sheet", args=[n.campaign.public_id, n.public_id]) for n in notices]
    return Rows(heads, lines, links)


def meeting_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Meetings held there, and visits of supervision teams."""
    heads = (_("Day"), _("What"), _("Sittings"))
    readable = _readable(actor, place_ids)
    meetings = Meeting.objects.filter(place__in=readable, held_on__lte=on).select_related("campaign")
    visits = Visit.objects.filter(place__in=readable, on__lte=on).select_related("round__campaign", "team")
    lines = [
        (
            m.held_on,
            m.title,
            m.sittings,
            reverse("campaigns:meeting", args=[m.campaign.public_id, m.public_id]),
        )
        for m in meetings
    ]
    visited = _("Supervision round %(number)s: %(team)s")
    lines += [
        (
            v.on,
            visited % {"number": v.round.number, "team": v.team.name},
            1,
            reverse("campaigns:round", args=[v.round.campaign.public_id, v.round.number]),
        )
        for v in visits
    ]
    lines.sort(key=lambda line: (line[0], line[1]))
    return Rows(heads, [line[:3] for line in lines], [line[3] for line in lines])


def offer_sections() -> None:
    """Called once at start-up."""
    for order, (name, title, fill) in enumerate(
        (
            ("steps", gettext_lazy("Steps of campaigns"), step_rows),
            ("proof", gettext_lazy("Proof of steps"), proof_rows),
            ("notices", gettext_lazy("Public notices"), consultation_rows),
            ("meetings", gettext_lazy("Meetings and visits"), meeting_rows),
            ("risks", gettext_lazy("Risk assessments"), risk_rows),
            ("problems", gettext_lazy("Problems"), problem_rows),
        ),
        start=50,
    ):
        offer_section(Section(f"campaigns.{name}", title, fill, order=order))
