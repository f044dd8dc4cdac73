"""Builders of problems over one half of the small world (heli.accounts.testing), and who may open which page."""

from datetime import date
from typing import Any

from heli.campaigns.models import Campaign
from heli.campaigns.testing.matter_pages import EDITORS, PART, case, kept, of_campaign, post
from heli.campaigns.testing.matters import AT, DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.problems.models import Issue
from heli.problems.services import IssueSpec, add_issue
from heli.problems.types import IssueSource
from heli.ui.testing import AccessCase, Kwargs


def team_key(half: Any) -> str:
    """The work group of that half, as forms name it."""
    return f"body:{half.bodies['group'].public_id}"


def spec(half: Any, **more: Any) -> IssueSpec:
    """A debt of the cadre's village."""
    return IssueSpec(
        **{
            "place_id": half.village.pk,
            "kind": "debts",
            "source": IssueSource.SURVEY,
            "title": "欠款未核实",
            "found_on": DAY,
            **more,
        }
    )


def issue_in_hand(half: Any, campaign: Campaign, **more: Any) -> Issue:
    """A problem led by the work group, due on 2026-03-20."""
    given = {"leader": team_key(half), "due_on": date(2026, 3, 20), **more}
    return add_issue(actor=half.actor("town_officer"), campaign=campaign, spec=spec(half, **given), on=DAY, at=AT)


def _issue(half: Any, place: Any = None) -> Kwargs:
    campaign: Campaign = campaign_of(half)
    where = place or half.village

    def add() -> str:
        actor = half.actor("district_officer")
        return add_issue(actor=actor, campaign=campaign, spec=spec(half, place_id=where.pk), on=DAY).public_id

    return {**of_campaign(half), "problem_id": kept(half, f"matter_issue_{where.pk}", add)}


ACCESS: list[AccessCase] = [
    case("problems:list", READERS),
    case("problems:new", EDITORS),
    post("problems:new", EDITORS),
    case("problems:import", EDITORS),
    case("problems:import", EDITORS, query="?template=1"),
    post("problems:import", EDITORS),
    case("problems:problem", READERS, _issue, narrow=PART, elsewhere=lambda world: _issue(world.a, world.a.other_village)),
    post("problems:problem", EDITORS, _issue, "lead", refused=(403, 404)),
]  # fmt: skip
