"""Reads of campaigns, a file per topic."""

from heli.campaigns.models import Campaign
from heli.campaigns.queries.runs import (
    CampaignRow,
    begun_campaigns,
    campaign_rows,
    campaigns_in_scope,
    find_campaign,
    is_whole,
    playbook_of,
    rows_of_campaigns,
    tracks_in_scope,
    village_tracks,
)

__all__ = [
    "Campaign",
    "CampaignRow",
    "begun_campaigns",
    "campaign_rows",
    "campaigns_in_scope",
    "find_campaign",
    "is_whole",
    "playbook_of",
    "rows_of_campaigns",
    "tracks_in_scope",
    "village_tracks",
]
