"""Reads of campaigns, a file per topic."""

from heli.campaigns.queries.runs import (
    CampaignRow,
    campaign_rows,
    campaigns_in_scope,
    find_campaign,
    is_whole,
    playbook_of,
    rows_of_campaigns,
    tracks_in_scope,
)

__all__ = [
    "CampaignRow",
    "campaign_rows",
    "campaigns_in_scope",
    "find_campaign",
    "is_whole",
    "playbook_of",
    "rows_of_campaigns",
    "tracks_in_scope",
]
