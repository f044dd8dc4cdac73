"""What campaigns tell of a place: on its page the steps that are open, in its archive all steps and their proof.

Only what the actor may read at those places; matters and counts, never who said what.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from heli.campaigns.models import Track
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.queries.steps import PlaceRun, proof_on, runs_at, steps_on, tracks_at
from heli.campaigns.texts import COLOUR_TONES, COLOURS, EVIDENCE, STATUSES
from heli.campaigns.types import EvidenceKind, StepStatus
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Panel, Section, offer, offer_section
from heli.places import queries as places

MOST_STEPS = 6
"""So many open steps of a campaign stand on the page of a place; its sheet has the rest."""


def fill_steps(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The campaigns under way at a place with the steps open there, those begun or late first."""
    runs = runs_at(actor, place_id, on)
    return {"runs": [_run(run, on) for run in runs]} if runs else None


def _run(run: PlaceRun, on: date) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    now = [step for step in run.open if step.row.start_on <= on]
    shown = (now or list(run.open))[:MOST_STEPS]
    campaign, public_id = run.campaign, run.place_public_id
    return {
        "is_village": run.is_village,
        "campaign": campaign,
        "sheet": reverse("campaigns:sheet", args=[campaign.public_id, public_id]),
        "tone": COLOUR_TONES[run.colour],
        "colour": COLOURS[run.colour],
        "days_late": run.days_late,
        "done": run.done,
        "every": run.every,
        "more": len(run.open) - len(shown),
        "steps": [
            {
                "title": step.rule.title.text(language),
                "url": reverse("campaigns:step", args=[campaign.public_id, public_id, step.row.key]),
                "status": STATUSES[StepStatus(step.row.status)],
                "due_on": step.row.due_on,
                "days_late": step.days_late,
                "tone": COLOUR_TONES[step.colour],
            }
            for step in shown
        ],
    }


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


def offer_panels() -> None:
    """Called once at start-up."""
    offer(Panel("campaigns.steps", "campaigns/panel.html", fill_steps, order=10))
    for order, (name, title, fill) in enumerate(
        (
            ("steps", gettext_lazy("Steps of campaigns"), step_rows),
            ("proof", gettext_lazy("Proof of steps"), proof_rows),
        ),
        start=50,
    ):
        offer_section(Section(f"campaigns.{name}", title, fill, order=order))
