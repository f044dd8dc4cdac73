"""Whom a proposed plan waits for: it is told, and stands in their inbox until it is decided."""

from datetime import UTC, date, datetime, timedelta

import pytest

from heli.accounts.queries import actor_of
from heli.accounts.services import grant_role
from heli.accounts.testing import World, build_world
from heli.consultation.services import notices as consultation
from heli.kernel.access import SYSTEM, Actor
from heli.notices.queries import inbox
from heli.planning import services
from heli.planning.models import Scenario
from heli.planning.testing import post, scenario_of
from heli.planning.types import Goal, GoalKind, PlanRules
from heli.records.inbox import inbox_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def chief(world: World) -> Actor:
    """A second officer of the first district."""
    user = world.b.users["district_officer"]
    grant_role(actor=SYSTEM, user=user, role="district_officer", on=date(2026, 1, 1), place_id=world.a.district.pk)
    return actor_of(user, DAY)


@pytest.fixture
def scenario(world: World) -> Scenario:
    """A draft with a plan that can be proposed."""
    return scenario_of(world.a)


def plans_for(actor: Actor) -> list[str]:
    return [line.one.public_id for line in inbox_of(actor, DAY) if line.due.id == "planning.proposed"]


def told(actor: Actor) -> list[str]:
    return [message.title for message in inbox(actor) if message.kind == "planning.proposed"]


def test_a_proposal_is_told_to_who_may_accept_it_and_waits_for_them(
    world: World, scenario: Scenario, chief: Actor
) -> None:
    author = world.a.actor("district_officer")
    assert not plans_for(chief), "a draft waits for nobody"
    services.propose(actor=author, scenario=scenario, at=AT)
    assert told(chief) == [f"合并方案待采纳：{scenario.name}"]
    assert plans_for(chief) == [scenario.public_id]
    assert not told(author)
    assert not plans_for(author)
    for role in ("town_officer", "auditor"):
        assert not plans_for(world.a.actor(role))
    services.accept(actor=chief, scenario=scenario, document_number="1号", document_on=DAY, at=AT)
    assert not plans_for(chief)


def test_whoever_had_it_computed_does_not_accept_it(world: World, scenario: Scenario, chief: Actor) -> None:
    rules = PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=0), k=2)
    services.change_rules(actor=chief, scenario=scenario, rules=rules)
    services.run_scenario(actor=chief, scenario=scenario)
    services.propose(actor=world.a.actor("district_officer"), scenario=scenario, at=AT)
    assert not plans_for(chief)
    assert not told(chief)


def test_what_is_still_posted_waits_for_nobody(world: World, scenario: Scenario, chief: Actor) -> None:
    author = world.a.actor("district_officer")
    services.propose(actor=author, scenario=scenario, at=AT)
    notice = post(scenario, author, first_on=DAY, last_on=DAY + timedelta(days=15), on=DAY)
    assert not plans_for(chief)
    consultation.take_down(actor=author, notice=notice, reason="有误", on=DAY)
    assert plans_for(chief) == [scenario.public_id]
