"""Builders for a campaign's matters: a bare campaign over one half of the small world (heli.accounts.testing)."""

from datetime import UTC, date, datetime
from typing import Any

from heli.audit.services import writing
from heli.campaigns.models import Campaign, Issue, PinnedPlaybook
from heli.campaigns.services.problems import IssueSpec, add_issue
from heli.campaigns.types_matters import Aspect, IssueSource, RiskFactor
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def bare_campaign(half: Any, name: str = "村改", **more: Any) -> Campaign:
    """A campaign without steps: enough for whatever is not about steps."""
    with writing(SYSTEM, "campaigns.open", place_id=half.district.pk):
        pinned, _made = PinnedPlaybook.objects.get_or_create(
            sha256="0" * 64, defaults={"key": "bare", "version": 1, "title": "Bare", "text": "bare", "pinned_at": AT}
        )
        return Campaign.objects.create(
            **{
                "public_id": new_public_id(),
                "district": half.district,
                "name": name,
                "playbook": pinned,
                "starts_on": DAY,
                "opened_by": "test",
                "opened_at": AT,
                **more,
            }
        )


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


def four_factors(likelihood: int = 2, severity: int = 2, measures: str = "逐户核对") -> list[RiskFactor]:
    """One risk in each aspect."""
    return [RiskFactor(aspect, likelihood, severity, f"{aspect}：可能有异议", measures) for aspect in Aspect]
