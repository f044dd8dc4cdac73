"""The database holds what weeks, answers and key villages may be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id
from heli.warnings.models import AppraisalProposal, Contest, Forecast, FrozenColour, FrozenWeek, KeyVillage, Statement
from heli.warnings.queries.weeks import weeks_of
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import MONDAY, DrawnCampaign, ends, red_town
from heli.warnings.types import ContestStatus, ProposalStatus, StatementStatus, Tier

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(world: World) -> DrawnCampaign:
    return red_town(world.a)


def refuses(name: str, model: Any, **columns: Any) -> None:
    """The row is refused by the constraint of that name ("a|b" where a row breaks two and the database names either)."""
    with unaudited(), pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.create(**columns)
    assert any(one in str(refused.value) for one in (*name.split("|"), "UNIQUE"))


def test_the_database_holds_the_invariants_of_weeks(world: World, run: DrawnCampaign) -> None:
    week = weeks_of(run.campaign)[0]
    columns: dict[str, Any] = {
        "campaign": run.campaign, "number": 99, "ends_at": ends(30), "label": "2026-W40", "pack_id": "colours",
        "pack_version": 1, "pack_sha256": "0" * 64, "rules": {}, "counts": True, "sha256": "0" * 64, "frozen_at": ends(30),
    }  # fmt: skip
    refuses("week_frozen_once", FrozenWeek, **columns | {"ends_at": week.ends_at})
    refuses("week_numbered_once", FrozenWeek, **columns | {"number": week.number})
    refuses("week_says_why_not", FrozenWeek, **columns | {"counts": False})
    refuses("week_frozen_after_its_end", FrozenWeek, **columns | {"frozen_at": ends(29)})
    place = world.a.other_village
    with unaudited():
        empty = FrozenWeek.objects.create(**columns)
    colour: dict[str, Any] = {
        "week": empty, "place": place, "level": "village", "colour": "red", "days_late": 6, "open": 1, "late": 1, "done": 0,
    }  # fmt: skip
    refuses("colour_known", FrozenColour, **colour | {"colour": "blue"})
    refuses("colour_level_known", FrozenColour, **colour | {"level": "street"})
    refuses("colour_late_among_open", FrozenColour, **colour | {"open": 0})
    refuses("colour_once_per_week", FrozenColour, **colour | {"week": week})
    forecast: dict[str, Any] = {
        "week": empty, "place": place, "level": "village", "p50_on": MONDAY, "p80_on": MONDAY, "draws": 1, "seed": 1,
    }  # fmt: skip
    refuses("forecast_level_known", Forecast, **forecast | {"level": "street"})
    refuses("forecast_quantiles_ordered", Forecast, **forecast | {"p80_on": MONDAY - timedelta(days=1)})


def test_the_database_holds_the_invariants_of_answers(world: World, run: DrawnCampaign) -> None:
    freeze_due(actor=SYSTEM, at=ends(4))
    week, town = weeks_of(run.campaign)[0], world.a.town
    one, other = world.a.users["town_officer"], world.a.users["district_officer"]
    contest: dict[str, Any] = {
        "week": week, "town": town, "text": "不服", "contested_by": one, "contested_by_name": "a", "contested_at": ends(4),
    }  # fmt: skip
    decided = {"status": ContestStatus.UPHELD, "decided_by": other, "decided_at": ends(4), "reason": "属实"}

    def new(model: Any, name: str, **columns: Any) -> None:
        refuses(name, model, public_id=new_public_id(), **columns)

    new(Contest, "contest_status_known", **contest | decided | {"status": "maybe"})
    new(Contest, "contest_says_why", **contest | {"text": ""})
    new(Contest, "contest_decided_by_another", **contest | decided | {"decided_by": one})
    new(Contest, "contest_decided_whole", **contest | decided | {"reason": ""})
    with unaudited():
        Contest.objects.create(public_id=new_public_id(), **contest)
    new(Contest, "contest_once_per_red", **contest)
    asked = Statement.objects.get(campaign=run.campaign)
    asking: dict[str, Any] = {
        "campaign": run.campaign, "town": world.a.place("观塘镇"), "first_week": asked.first_week,
        "last_week": asked.last_week, "due_on": MONDAY, "demanded_at": ends(4),
    }  # fmt: skip
    given = {"status": StatementStatus.GIVEN, "text": "将完成", "given_by": one, "given_at": ends(4)}
    noted = {"status": StatementStatus.ACKNOWLEDGED, "acknowledged_by": other, "acknowledged_at": ends(4)}
    new(Statement, "statement_status_known", **asking | {"status": "maybe"})
    new(Statement, "statement_given_has_text", **asking | given | {"text": ""})
    new(Statement, "statement_acknowledged_by_somebody", **asking | given | noted | {"acknowledged_at": None})
    new(Statement, "statement_acknowledged_by_another", **asking | given | noted | {"acknowledged_by": one})
    new(Statement, "statement_withdrawn_with_reason", **asking | {"status": StatementStatus.WITHDRAWN})
    new(Statement, "statement_once_per_streak", **asking | {"town": asked.town})
    with unaudited():
        another = Statement.objects.create(public_id=new_public_id(), **asking)
    proposal: dict[str, Any] = {"statement": another, "text": "x", "proposed_at": ends(4)}
    new(AppraisalProposal, "proposal_status_known|proposal_decided_by_a_person", **proposal | {"status": "maybe"})
    new(AppraisalProposal, "proposal_has_text", **proposal | {"text": ""})
    confirmed = {"status": ProposalStatus.CONFIRMED, "decided_at": ends(4), "reason": "属实"}
    new(AppraisalProposal, "proposal_decided_by_a_person", **proposal | confirmed)


def test_the_database_holds_the_invariants_of_key_villages(world: World, run: DrawnCampaign) -> None:
    one = world.a.users["town_officer"]
    columns: dict[str, Any] = {
        "campaign": run.campaign, "place": world.a.village, "tier": Tier.CITY, "reasons": [{"kind": "debts"}],
        "valid_from": MONDAY, "proposed_by": one, "proposed_by_name": "a", "proposed_at": ends(1),
    }  # fmt: skip

    def new(name: str, **more: Any) -> None:
        refuses(name, KeyVillage, public_id=new_public_id(), **columns | more)

    new("key_village_tier_known", tier="province")
    new("key_village_has_reasons", reasons=[])
    new("key_village_period_forward", valid_to=MONDAY, ended_reason="x")
    new("key_village_confirmed_by_another", confirmed_by=one, confirmed_at=ends(1))
    new("key_village_confirmed_whole", confirmed_at=ends(1))
    new("key_village_ends_with_reason", valid_to=MONDAY + timedelta(days=3))
    with unaudited():
        KeyVillage.objects.create(public_id=new_public_id(), **columns)
    new("key_village_once_at_a_time")
