"""Campaigns as what the rows of ledgers are about: how one is found, which villages it runs over, what its pages look like."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from heli.campaigns.models import Campaign, Track
from heli.campaigns.pages import shell
from heli.campaigns.queries.runs import campaigns_in_scope, find_campaign
from heli.campaigns.types import CampaignStatus
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.levels import Per
from heli.records.abouts import About, AboutKind, AboutVillage
from heli.ui.pages import ActorRequest


class CampaignKind(AboutKind):
    """A campaign: its rows are listed under its tabs."""

    name, model, template = "campaign", "campaigns.Campaign", "campaigns/base.html"

    def find(self, public_id: str, actor: Actor, action: str) -> About | None:
        """The campaign of this id, if the actor may do this somewhere in its district."""
        campaign = find_campaign(public_id, actor, action)
        return about_of(campaign) if campaign is not None else None

    def open(self) -> Iterator[About]:
        """Those that run."""
        for campaign in Campaign.objects.filter(status=CampaignStatus.RUNNING).order_by("pk"):
            yield about_of(campaign)

    def names(self, actor: Actor) -> Mapping[str, str]:
        """Those that run in districts that hold something of the actor's."""
        running = campaigns_in_scope(actor).filter(status=CampaignStatus.RUNNING)
        return dict(running.values_list("public_id", "name"))

    def head(self, request: ActorRequest, about: About, tab: str) -> dict[str, Any]:
        """The campaign's own head."""
        return shell(request, campaigns_in_scope(SYSTEM).get(public_id=about.id), tab)

    def heirs(self, about: About, place_ids: Collection[int]) -> Mapping[int, int]:
        """In which villages those that were merged go on."""
        followed = Track.objects.filter(campaign__public_id=about.id, place_id__in=place_ids, successor__isnull=False)
        return dict(followed.values_list("place_id", "successor__place_id"))

    def villages(self, district_ids: Collection[int], at: datetime) -> Iterator[AboutVillage]:
        """Villages whose runs had begun and not ended."""
        ran = Track.objects.filter(campaign__district_id__in=district_ids, per=Per.VILLAGE, created_at__lte=at)
        columns = ("campaign__public_id", "place_id", "place__public_id", "town_id", "campaign__district_id")
        for row in ran.exclude(ended_at__lte=at).order_by("pk").values_list(*columns):
            yield AboutVillage(*row)


CAMPAIGN = CampaignKind()
ABOUTS: tuple[AboutKind, ...] = (CAMPAIGN,)


def about_of(campaign: Campaign) -> About:
    """A campaign as ledgers know it."""
    running = Track.objects.filter(campaign=campaign, per=Per.VILLAGE, ended_at__isnull=True)
    return About(
        CAMPAIGN, campaign.public_id, campaign.name, campaign.district_id,
        is_open=campaign.status != CampaignStatus.FINISHED, is_sample=campaign.is_sample,
        villages=frozenset(running.values_list("place_id", flat=True)),
    )  # fmt: skip
