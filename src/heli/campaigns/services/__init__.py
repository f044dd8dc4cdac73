"""Writes of campaigns, a file per topic."""

from heli.campaigns.services.lineage import follow_lineage
from heli.campaigns.services.runs import finish_campaign, open_campaign, pause_campaign, pin_playbook, resume_campaign

__all__ = ["finish_campaign", "follow_lineage", "open_campaign", "pause_campaign", "pin_playbook", "resume_campaign"]
