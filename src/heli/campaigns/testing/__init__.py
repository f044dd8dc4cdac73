"""Builders of campaigns for tests, and who may open which page; a file per topic."""

from heli.campaigns.testing.matter_pages import ACCESS as MATTERS
from heli.campaigns.testing.papers import ACCESS as PAPERS
from heli.campaigns.testing.runs import ACCESS as RUNS
from heli.campaigns.testing.runs import campaign_of, draw_playbook, open_drawn
from heli.campaigns.testing.weeks import ACCESS as WEEKS

ACCESS = [*RUNS, *WEEKS, *MATTERS, *PAPERS]

__all__ = ["ACCESS", "campaign_of", "draw_playbook", "open_drawn"]
