"""Builders of problems over one half of the small world (heli.accounts.testing), and who may open which page."""

from datetime import date
from typing import Any

from heli.campaigns.abouts import about_of
from heli.campaigns.models import Campaign
from heli.campaigns.testing.matter_pages import EDITORS
from heli.campaigns.testing.matters import AT
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.problems.ledger import PROBLEMS
from heli.problems.models import Problem
from heli.records import services
from heli.records.services import Draft
from heli.records.testing import DAY, access_of


def team_key(half: Any) -> str:
    """The work group of that half, as forms name it."""
    return f"body:{half.bodies['group'].public_id}"


def draft(half: Any, row: str = "", **more: Any) -> Draft:
    """A debt of the cadre's village."""
    debt = {"place": half.village.pk, "kind": "debts", "source": "survey", "title": "欠款未核实", "found_on": DAY}
    return Draft(debt | more, row)


def enter(half: Any, campaign: Campaign, *drafts: Draft, role: str = "town_officer", **more: Any) -> list[Problem]:
    """Problems of a campaign, entered by that role."""
    given = {"on": DAY, "drafts": drafts, **more}
    return services.enter(actor=half.actor(role), ledger=PROBLEMS, about=about_of(campaign), **given)


def problem_in_hand(half: Any, campaign: Campaign, **more: Any) -> Problem:
    """A problem led by the work group, due on 2026-03-20."""
    given = {"leader": team_key(half), "due_on": date(2026, 3, 20), **more}
    return enter(half, campaign, draft(half, **given), at=AT)[0]


def move(half: Any, role: str, problem: Problem, name: str, **more: Any) -> Problem:
    """The problem as it is after that role's move."""
    moved: Problem = services.move(actor=half.actor(role), ledger=PROBLEMS, row=problem, name=name, **more)
    return moved


ACCESS = access_of(PROBLEMS, readers=READERS, enterers=EDITORS, about=lambda half: about_of(campaign_of(half)))
