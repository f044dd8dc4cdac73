"""Builders of campaigns for tests, and who may open which page; a file per topic."""

from heli.campaigns.testing.runs import ACCESS, campaign_of, draw_playbook, open_drawn

__all__ = ["ACCESS", "campaign_of", "draw_playbook", "open_drawn"]
