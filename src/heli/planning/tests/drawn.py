"""What tests of planning's services share: days, a drawing, and how results are read."""

from datetime import UTC, date, datetime

import pytest

from heli.accounts.models import User
from heli.audit.testing import unaudited
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import PlaceKind
from heli.planning import queries, services
from heli.planning.models import Acceptance, PlanRun, Scenario
from heli.planning.testing import DrawnDistrict
from heli.planning.types import Goal, GoalKind, Merger, PlanRules

DAY = date(2026, 1, 1)
LATER = date(2026, 3, 1)
AT = datetime(2026, 2, 1, 9, tzinfo=UTC)
DRAWING = """
a1 a2 a3 b1
a4 a5 Aa b2
"""
RULES = PlanRules(goal=Goal(GoalKind.AT_MOST, count=4), pmin=0)
EAST = "a1 a2 a3 b1\na4 a5 a6 b2"
WEST = "c1 c2 c3\nd1 d2 d3"
EXACTLY_NINE = PlanRules(goal=Goal(GoalKind.EXACTLY, count=9), pmin=0, pmax=100_000)


def officer(name: str) -> Actor:
    """Somebody who may do everything; roles are tested with the pages."""
    with unaudited():
        user = User.objects.create(username=name, name=name)
    return Actor(user.pk, name, is_system=True)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {fault.code.removeprefix("planning.") for fault in refused.value.faults}


def members(run: PlanRun) -> set[tuple[int, ...]]:
    return {merger.members for merger in queries.result_of(run).mergers}


def decided(scenario: Scenario, author: Actor, chief: Actor) -> Acceptance:
    services.run_scenario(actor=author, scenario=scenario)
    services.propose(actor=author, scenario=scenario)
    return services.accept(actor=chief, scenario=scenario, document_number="前府发〔2026〕1号", document_on=DAY, at=AT)


def plan_of(scenario: Scenario) -> list[Merger]:
    result = queries.standing(scenario).result
    assert result is not None
    return list(result.mergers)


def count(district: DrawnDistrict, on: date) -> dict[PlaceKind, int]:
    counts = places.counts_on(on, [district.id])[district.id]
    return {kind: number for kind, number in counts.items() if kind in (PlaceKind.VILLAGE, PlaceKind.COMMUNITY)}
