"""What campaigns tell the archive of a place: steps and proof, documents' meetings, notices, problems, risks, visits.

Only what the actor may read at those places; matters and counts, never who said what.
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from heli.campaigns.models import Track
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.queries.steps import proof_on, steps_on, tracks_at
from heli.campaigns.texts import EVIDENCE, STATUSES
from heli.campaigns.types import EvidenceKind, StepStatus
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.places import queries as places


def readable(actor: Actor, place_ids: Sequence[int]) -> set[int]:
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


def step_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Every step of every campaign over the place and what went into it."""
    heads = (_("Campaign"), _("Step"), _("First day"), _("Due"), _("Standing"), _("Accepted"))
    tracks = tracks_at(readable(actor, place_ids))
    titles = _titles(tracks.values())
    lines, links = [], []
    for step in steps_on(tracks, on):
        track = tracks[step.track_id]
        title = titles.get((track.campaign_id, step.key), step.key)
        standing = str(STATUSES[StepStatus(step.status)])
        lines.append((track.campaign.name, title, step.start_on, step.due_on, standing, step.accepted_on or ""))
        links.append(reverse("campaigns:step", args=[track.campaign.public_id, track.place.public_id, step.key]))
    return Rows(heads, lines, links)


def proof_rows(actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """Proof in force of those steps."""
    heads = (_("Step"), _("Kind"), _("Name"), _("Day"), _("Sealed"))
    tracks = tracks_at(readable(actor, place_ids))
    titles = _titles(tracks.values())
    lines, links = [], []
    for one in proof_on(tracks, on):
        track = tracks[one.step.track_id]
        name = one.file.name if one.file else (f"{one.number:,}" if one.number is not None else one.text[:60])
        kind = str(EVIDENCE[EvidenceKind(one.kind)])
        sealed = _("yes") if one.sealed_at else _("no")
        lines.append((titles.get((track.campaign_id, one.step.key), one.step.key), kind, name, one.on, sealed))
        links.append(reverse("campaigns:step", args=[track.campaign.public_id, track.place.public_id, one.step.key]))
    return Rows(heads, lines, links)


def offer_sections() -> None:
    """Called once at start-up."""
    for order, (name, title, fill) in enumerate(
        (
            ("steps", gettext_lazy("Steps of campaigns"), step_rows),
            ("proof", gettext_lazy("Proof of steps"), proof_rows),
        ),
        start=50,
    ):
        offer_section(Section(f"campaigns.{name}", title, fill, order=order))
