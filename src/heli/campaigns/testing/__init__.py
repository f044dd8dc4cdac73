"""Builders of campaigns for tests, and who may open which page; a file per topic."""

from heli.campaigns.testing.runs import ACCESS as RUNS
from heli.campaigns.testing.runs import campaign_of, draw_playbook, open_drawn

ACCESS = [*RUNS]

__all__ = ["ACCESS", "campaign_of", "draw_playbook", "open_drawn"]
