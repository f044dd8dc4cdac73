"""The open steps of running campaigns as inboxes read them; as many questions for many campaigns as for one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from heli.campaigns.models import Campaign, Step, StepEvent, Track
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.queries.waits import StepWaits
from heli.campaigns.rules.steps import Lane
from heli.campaigns.types import OPEN, CampaignStatus, Did, StepRule, StepStatus
from heli.kernel.access import Actor, scope
from heli.kernel.levels import Per
from heli.places import queries as places


class OpenRow(NamedTuple):
    """A step as it is read for everything at once."""

    id: int
    track: int
    key: str
    status: str
    due_on: date
    asked_due_on: date | None
    submitted_by: int | None
    submitted_for: int | None


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """An open step of a running campaign. `is_ready`: it waits for nothing; `reason`: why it was returned, or more time asked for.

    `handed_in` and `asked` are the accounts that submitted it or asked for more time, who may not judge that themselves.
    """

    campaign: Campaign
    lane: Lane
    place_public_id: str
    rule: StepRule
    row: OpenRow
    is_ready: bool
    reason: str = ""
    asked: tuple[int, ...] = ()

    @property
    def handed_in(self) -> tuple[int, ...]:
        """Who submitted it, and for whom."""
        return tuple(key for key in (self.row.submitted_by, self.row.submitted_for) if key is not None)

    @property
    def chain(self) -> tuple[int, int | None, int]:
        """Keys of its place, town and district."""
        return self.lane.place, self.lane.town, self.campaign.district_id


def open_steps(actor: Actor, campaigns: Collection[str]) -> list[WaitingStep]:
    """The open steps of those of some campaigns (public ids) that run, as far as the actor reaches them; four queries.

    Nothing is read of a campaign whose playbook asks nothing of the actor's roles.
    """
    running = Campaign.objects.filter(public_id__in=campaigns, status=CampaignStatus.RUNNING)
    roles = {grant.role for grant in actor.grants}
    asked = {
        one.pk: one
        for one in running.select_related("playbook").defer("playbook__text").order_by("pk")
        if actor.is_system or any({rule.does.role, rule.accepts.role} & roles for rule in playbook_of(one).steps)
    }
    if not asked:
        return []
    lanes, addresses, of = _lanes(actor, asked)
    rows: dict[int, dict[int, dict[str, OpenRow]]] = {key: {} for key in asked}
    steps = Step.objects.filter(campaign__in=asked)
    if len(lanes) <= 200:
        steps = steps.filter(track__in=lanes)
    columns = ("pk", "track_id", "key", "status", "due_on", "asked_due_on", "submitted_by_id", "submitted_for_id")
    for line in steps.order_by("track_id", "ordinal").values_list(*columns).iterator(chunk_size=20_000):
        if line[1] in lanes:
            rows[of[line[1]]].setdefault(line[1], {})[line[2]] = OpenRow._make(line)
    said = _said([row for tracks in rows.values() for steps in tracks.values() for row in steps.values()])
    found = []
    for key, tracks in rows.items():
        rules = playbook_of(asked[key]).by_key
        waits = StepWaits(playbook_of(asked[key]), {track: lanes[track] for track in tracks}, tracks)
        for track, held in tracks.items():
            for row in held.values():
                if row.status in OPEN and row.key in rules:
                    reason, by = said.get(row.id, ("", ()))
                    ready = row.status == StepStatus.SUBMITTED or not waits.of(track, row.key)
                    found.append(
                        WaitingStep(asked[key], lanes[track], addresses[track], rules[row.key], row, ready, reason, by)
                    )
    return found


def _lanes(actor: Actor, asked: Mapping[int, Campaign]) -> tuple[dict[int, Lane], dict[int, str], dict[int, int]]:
    """The tracks that the actor reaches with those of their towns and districts: lane, address of the place, campaign."""
    tracks, reach = Track.objects.filter(campaign__in=asked), scope(actor, READ)
    whole = places.whole_districts(reach)
    if not reach.everything and not whole.issuperset(one.district_id for one in asked.values()):
        mine = places.in_scope(reach).values("pk")
        own = tracks.filter(place__in=mine)
        tracks = tracks.filter(Q(place__in=mine) | Q(place__in=own.values("town_id")) | Q(per=Per.DISTRICT))
    lanes, addresses, of = {}, {}, {}
    columns = ("pk", "place_id", "town_id", "per", "successor_id", "place__public_id", "campaign_id")
    for pk, place, town, per, heir, address, campaign in tracks.values_list(*columns):
        lanes[pk], addresses[pk], of[pk] = Lane(pk, place, town, Per(per), heir), address, campaign
    return lanes, addresses, of


def _said(rows: Collection[OpenRow]) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Of steps that were returned or for which more time was asked: the words said last, and who asked for the time."""
    returned = {row.id for row in rows if row.status == StepStatus.RETURNED}
    late = {row.id for row in rows if row.asked_due_on is not None}
    found: dict[int, tuple[str, tuple[int, ...]]] = {}
    if not returned and not late:
        return found
    told = StepEvent.objects.filter(
        Q(step__in=returned, did=Did.RETURNED) | Q(step__in=late, did=Did.ASKED_EXTENSION)
    ).order_by("pk")
    for step, did, reason, by, data in told.values_list("step_id", "did", "reason", "by_id", "data"):
        asked = (by, data.get("for")) if did == Did.ASKED_EXTENSION else ()
        found[step] = (reason, tuple(key for key in asked if key is not None))
    return found
