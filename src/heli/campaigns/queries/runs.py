"""Campaigns in scope, their playbooks, and which tracks an actor sees of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from heli.campaigns.models import Campaign, Deputy, PinnedPlaybook, Step, Track
from heli.campaigns.rules.playbooks import parse_playbook
from heli.campaigns.types import DONE, OPEN, CampaignStatus, Playbook
from heli.kernel.access import Actor, scope
from heli.kernel.levels import Per
from heli.kernel.quantities import Ratio
from heli.places import queries as places

READ = "campaigns.read"


def campaigns_in_scope(actor: Actor, action: str = READ) -> QuerySet[Campaign]:
    """Campaigns of every district in which the actor may do this somewhere, newest first."""
    found = Campaign.objects.select_related("playbook", "district").defer("playbook__text")
    districts = places.reached_districts(scope(actor, action))
    return found if districts is None else found.filter(district_id__in=districts)


def begun_campaigns() -> QuerySet[Campaign]:
    """Every campaign that was begun, the first one first; for work by the clock, which has no scope."""
    return Campaign.objects.exclude(status=CampaignStatus.DRAFT).select_related("playbook").order_by("pk")


def find_campaign(public_id: str, actor: Actor, action: str = READ) -> Campaign | None:
    """The campaign behind a public id, if the actor's scope reaches it."""
    return campaigns_in_scope(actor, action).filter(public_id=public_id).first()


def is_whole(actor: Actor, campaign: Campaign, action: str = READ) -> bool:
    """Whether the actor's scope for the action holds the whole district of the campaign."""
    return places.reaches(scope(actor, action), campaign.district_id)


def part_of(actor: Actor, campaign: Campaign, action: str = READ, path: str = "place") -> Q:
    """The condition that a row's place lies in the actor's part of the campaign; a place that was merged counts to it."""
    if is_whole(actor, campaign, action):
        return Q()
    return Q(**{f"{path}__in": places.in_scope(scope(actor, action)).values("pk")})


def tracks_in_scope(actor: Actor, campaign: Campaign, action: str = READ) -> QuerySet[Track]:
    """The tracks of a campaign whose place the actor reaches; of a part of the district also those of its town and district.

    What a village waits for in its town and district is no secret to it: the steps of those are shown, nothing else is.
    """
    tracks = Track.objects.filter(campaign=campaign)
    if is_whole(actor, campaign, action):
        return tracks
    reachable = places.in_scope(scope(actor, action)).values("pk")
    own = tracks.filter(place__in=reachable)
    return tracks.filter(Q(place__in=reachable) | Q(place__in=own.values("town_id")) | Q(place_id=campaign.district_id))


def village_tracks(campaign: Campaign) -> QuerySet[Track]:
    """The tracks of a campaign's villages, old and new."""
    return Track.objects.filter(campaign=campaign, per__in=(Per.VILLAGE, Per.SUCCESSOR))


def deputies_on(on: date) -> QuerySet[Deputy]:
    """Who stands in for whom on a day or later, the earliest first."""
    return Deputy.objects.filter(valid_to__gt=on).select_related("principal", "deputy").order_by("valid_from")


def playbook_of(campaign: Campaign) -> Playbook:
    """The playbook exactly as the campaign pinned it."""
    return pinned_playbook(campaign.playbook_id, campaign.playbook.sha256)


@lru_cache(maxsize=32)
def pinned_playbook(playbook_id: int, sha256: str) -> Playbook:
    """A pinned playbook, parsed; kept in memory under its hash, since it never changes."""
    text, key = PinnedPlaybook.objects.values_list("text", "key").get(pk=playbook_id, sha256=sha256)
    return parse_playbook(text, f"{key}.toml")


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as the list shows it: steps of the actor's part, done and all."""

    public_id: str
    name: str
    district_name: str
    playbook_title: str
    status: CampaignStatus
    starts_on: date
    ends_on: date | None
    places: int
    done: int
    steps: int
    is_sample: bool

    @property
    def share(self) -> Ratio:
        """Done of all."""
        return Ratio(self.done, self.steps)


def campaign_rows(actor: Actor, on: date) -> list[CampaignRow]:
    """The campaigns an actor sees, with how far they are; three queries."""
    return rows_of_campaigns(actor, list(campaigns_in_scope(actor)), on)


def rows_of_campaigns(actor: Actor, found: Sequence[Campaign], on: date) -> list[CampaignRow]:
    """How far some campaigns are, of the steps of the actor's part; two queries."""
    reach = scope(actor, READ)
    whole = places.whole_districts(reach)
    is_part = not reach.everything and not whole.issuperset(campaign.district_id for campaign in found)
    mine = Q(track__place__in=places.in_scope(reach).values("pk")) if is_part else Q()
    counted = (
        Step.objects.filter(mine, campaign__in=found)
        .values_list("campaign_id")
        .annotate(
            done=Count("pk", filter=Q(status__in=DONE)),
            every=Count("pk", filter=Q(status__in=DONE | OPEN)),
            places=Count("track", distinct=True, filter=~Q(track__place_id=None)),
        )
    )
    counts = {row[0]: row[1:] for row in counted}
    names = places.names_at({campaign.district_id for campaign in found}, on)
    rows = []
    for campaign in found:
        done, every, tracks = counts.get(campaign.pk, (0, 0, 0))
        due = max((window[1] for window in campaign.windows.values()), default=None)
        rows.append(
            CampaignRow(
                public_id=campaign.public_id,
                name=campaign.name,
                district_name=names.get(campaign.district_id, ""),
                playbook_title=campaign.playbook.title,
                status=CampaignStatus(campaign.status),
                starts_on=campaign.starts_on,
                ends_on=date.fromisoformat(due) if due else None,
                places=tracks,
                done=done,
                steps=every,
                is_sample=campaign.is_sample,
            )
        )
    return rows
