"""What campaigns tell of a place: on its page the steps that are open, in its archive all steps and their proof.

Only what the actor may read at those places; matters and counts, never who said what.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from heli.campaigns.models import Track
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.queries.steps import PlaceRun, proof_on, runs_at, steps_on, tracks_at
from heli.campaigns.texts import COLOUR_TONES, COLOURS, EVIDENCE, STATUSES, number_text
from heli.campaigns.types import COLOUR_ORDER, Colour, EvidenceKind, StepRule, StepStatus
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Panel, Section, offer, offer_section
from heli.places import queries as places
from heli.places.types import Level, PlaceRow

MOST_STEPS = 6
"""So many open steps of a campaign stand on the page of a place; its sheet has the rest."""
MOST_VILLAGES = 10
"""So many villages that are behind stand on the page of their town; the board has the rest."""


def fill_steps(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The campaigns under way at a place: its colour and why, the steps open there, and how its villages stand."""
    place = places.version_on(place_id, on)
    if place is None:
        return None
    villages = {row.id: row for row in places.children_of(place_id, on) if row.level is Level.VILLAGE}
    runs = runs_at(actor, place_id, on, villages)
    return {"runs": [_run(run, place, villages, on) for run in runs]} if runs else None


def _run(run: PlaceRun, row: PlaceRow, villages: Mapping[int, PlaceRow], on: date) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    now = [step for step in run.open if step.row.start_on <= on]
    shown = (now or list(run.open))[:MOST_STEPS]
    campaign = run.campaign
    behind = [one for one in run.below if one.colour is not Colour.GREEN]
    return {
        "campaign": campaign,
        "run": run,
        "is_coloured": run.standing.level != "district",
        "sheet": reverse("campaigns:sheet", args=[campaign.public_id, row.public_id]) if run.has_steps else "",
        "board": reverse("campaigns:campaign", args=[campaign.public_id]) + (f"?town={row.id}" if run.below else ""),
        "tone": COLOUR_TONES[run.standing.colour],
        "colour": COLOURS[run.standing.colour],
        "more": len(run.open) - len(shown),
        "steps": [
            {
                "title": step.rule.title.text(language),
                "url": reverse("campaigns:step", args=[campaign.public_id, row.public_id, step.row.key]),
                "status": STATUSES[StepStatus(step.row.status)],
                "due_on": step.row.due_on,
                "days_late": step.days_late,
                "tone": COLOUR_TONES[step.colour],
            }
            for step in shown
        ],
        "colours": [
            {"tone": COLOUR_TONES[colour], "name": COLOURS[colour], "count": count}
            for colour in reversed(COLOUR_ORDER)
            if (count := sum(one.colour is colour for one in run.below))
        ],
        "behind": [
            {"row": villages[one.place], "at": one, "tone": COLOUR_TONES[one.colour], "colour": COLOURS[one.colour]}
            for one in behind[:MOST_VILLAGES]
        ],
        "more_behind": len(behind) - len(behind[:MOST_VILLAGES]),
    }


def readable(actor: Actor, place_ids: Sequence[int]) -> set[int]:
    return places.reached_among(scope(actor, READ), place_ids)


def _rules(tracks: Collection[Track]) -> dict[tuple[int, str], StepRule]:
    """Steps as their playbooks have them, by campaign and key."""
    campaigns = {track.campaign_id: track.campaign for track in tracks}
    return {(key, rule.key): rule for key, campaign in campaigns.items() for rule in playbook_of(campaign).steps}


def _titles(tracks: Collection[Track]) -> dict[tuple[int, str], str]:
    """Titles of steps by campaign and key."""
    language = get_language() or "zh-hans"
    return {key: rule.title.text(language) for key, rule in _rules(tracks).items()}


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
    """Proof in force of those steps: what each piece is, a number with its unit, its day, and who gave it."""
    heads = (_("Step"), _("What it is"), _("Kind"), _("Content"), _("Day"), _("Given by"), _("Sealed"))
    tracks, language = tracks_at(readable(actor, place_ids)), get_language() or "zh-hans"
    rules = _rules(tracks.values())
    lines, links = [], []
    for one in proof_on(tracks, on):
        track = tracks[one.step.track_id]
        rule = rules.get((track.campaign_id, one.step.key))
        wanted = rule.evidence[one.requirement] if rule and one.requirement < len(rule.evidence) else None
        content = one.file.name if one.file else one.text[:60]
        if one.number is not None:
            content = number_text(one.number, wanted)
        lines.append((
            rule.title.text(language) if rule else one.step.key, wanted.name.text(language) if wanted else "",
            str(EVIDENCE[EvidenceKind(one.kind)]), content, one.on, one.added_by_name,
            _("yes") if one.sealed_at else _("no"),
        ))  # fmt: skip
        links.append(reverse("campaigns:step", args=[track.campaign.public_id, track.place.public_id, one.step.key]))
    return Rows(heads, lines, links)


def offer_panels() -> None:
    """Called once at start-up."""
    offer(Panel("campaigns.steps", "campaigns/panel.html", fill_steps, order=10))
    offer_section(Section("campaigns.steps", gettext_lazy("Steps of campaigns"), step_rows, order=50))
    offer_section(Section("campaigns.proof", gettext_lazy("Proof of steps"), proof_rows, order=51, is_brief=True))
