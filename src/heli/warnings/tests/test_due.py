"""Whom statements, contests, entries in the appraisal record and key villages wait for."""

import pytest

from heli.accounts.testing import World
from heli.kernel.access import SYSTEM, Actor
from heli.records.inbox import inbox_of
from heli.warnings.models import Statement
from heli.warnings.queries.weeks import weeks_of
from heli.warnings.rules.key_villages import Reason
from heli.warnings.services.key_villages import propose_key_village
from heli.warnings.services.statements import contest_red, decide_proposal, give_statement
from heli.warnings.services.weeks import freeze_due
from heli.warnings.testing import MONDAY, DrawnCampaign, ends, red_town
from heli.warnings.types import Tier

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(world: World) -> DrawnCampaign:
    """A town that was red two weeks in a row."""
    made = red_town(world.a)
    freeze_due(actor=SYSTEM, at=ends(4))
    return made


def second(world: World) -> Actor:
    """Another officer of the district."""
    return Actor(world.b.users["district_officer"].pk, "second", world.a.actor("district_officer").grants)


def waiting(actor: Actor) -> set[str]:
    found = {line.due.id for line in inbox_of(actor, MONDAY)}
    return {name.removeprefix("warnings.") for name in found if name.startswith("warnings.")}


def test_a_statement_waits_for_the_town_then_for_the_district(world: World, run: DrawnCampaign) -> None:
    town, district = world.a.actor("town_officer"), world.a.actor("district_officer")
    statement = Statement.objects.get()
    assert (waiting(town), waiting(district)) == ({"demanded"}, {"appraised"})
    assert not waiting(world.b.actor("town_officer"))
    give_statement(actor=town, statement=statement, text="本周补齐")
    assert (waiting(town), waiting(district)) == (set(), {"given", "appraised"})
    decide_proposal(actor=district, proposal=statement.proposal, confirm=False, reason="首次")
    assert waiting(district) == {"given"}


def test_who_took_the_first_step_is_not_asked_for_the_second(world: World, run: DrawnCampaign) -> None:
    chief = world.a.actor("district_officer")
    contest_red(actor=chief, week=weeks_of(run.campaign)[0], town_id=world.a.town.pk, text="不服")
    reason = Reason("large_population", 3200, "")
    propose_key_village(
        actor=chief, campaign=run.campaign, place_id=world.a.village.pk, tier=Tier.TOWN, reasons=[reason], on=MONDAY
    )
    assert waiting(chief) == {"appraised"}
    assert waiting(second(world)) == {"appraised", "contested", "proposed"}
