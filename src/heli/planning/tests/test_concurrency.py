"""Two who change a scenario at the same moment take turns: nothing is lost, doubled or answered with a crash (PostgreSQL)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, connections

from heli.accounts.models import User
from heli.audit.testing import unaudited
from heli.consultation.models import Notice, Opinion
from heli.consultation.services import notices as consultation
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.places.models import LineageEvent
from heli.planning import queries, services
from heli.planning.abouts import SCENARIO
from heli.planning.models import Application, PlanRun, Posting, Scenario
from heli.planning.testing import draw_district, post
from heli.planning.types import Goal, GoalKind, PlanRules

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]
AT = datetime(2026, 2, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)


def at_once(work: Callable[[int], object], times: int = 6) -> list[object]:
    """What each of several threads got: a value, or the refusal's first code."""

    def one(number: int) -> object:
        try:
            return work(number)
        except Refused as refused:
            return refused.faults[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def officer(name: str) -> Actor:
    with unaudited():
        user = User.objects.create(username=name, name=name)
    return Actor(user.pk, name, is_system=True)


@pytest.fixture
def proposed() -> Scenario:
    district = draw_district("a1 a2 b1\na3 a4 b2")
    rules = PlanRules(goal=Goal(GoalKind.AT_MOST, count=3), pmin=0)
    made = services.create_scenario(
        actor=officer("author"), district_id=district.id, name="First", on=DAY, rules=rules, at=AT
    )
    services.run_scenario(actor=officer("runner"), scenario=made)
    return services.propose(actor=officer("proposer"), scenario=made)


def test_opinions_are_numbered_without_a_gap(proposed: Scenario) -> None:
    chief = officer("chief")
    notice, about = post(proposed, chief), SCENARIO.about(proposed)
    place = queries.pinned(proposed).villages[0].id

    def write(number: int) -> object:
        said: dict[str, Any] = {
            "channel": "online",
            "topic": "plan",
            "stance": "suggest",
            "text": f"{number}",
            "on": DAY,
        }
        return consultation.add_opinion(actor=chief, about=about, notice=notice, place_id=place, **said)

    at_once(write)
    assert list(Opinion.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_plan_is_posted_once(proposed: Scenario) -> None:
    chief = officer("chief")

    def begin(_number: int) -> object:
        return post(Scenario.objects.get(pk=proposed.pk), chief).pk

    assert sum(isinstance(got, int) for got in at_once(begin)) == 1
    assert Posting.objects.count() == Notice.objects.count() == 1


def test_a_plan_is_accepted_and_applied_once(proposed: Scenario) -> None:
    chief = officer("chief")

    def accept(number: int) -> object:
        mine = Scenario.objects.get(pk=proposed.pk)
        return services.accept(actor=chief, scenario=mine, document_number=f"{number}", document_on=DAY).pk

    assert sum(isinstance(got, int) for got in at_once(accept)) == 1
    before = LineageEvent.objects.count()

    def apply(_number: int) -> object:
        mine = Scenario.objects.get(pk=proposed.pk)
        return services.apply_plan(actor=chief, scenario=mine, on=date(2026, 3, 1)).pk

    at_once(apply)
    application = Application.objects.get()
    assert LineageEvent.objects.count() == before + len(application.events)

    def take_back(_number: int) -> object:
        mine = Scenario.objects.get(pk=proposed.pk)
        return services.reverse_plan(actor=chief, scenario=mine, reason="wrong").pk

    assert sum(isinstance(got, int) for got in at_once(take_back)) == 1


def test_runs_of_two_editors_are_numbered_apart(proposed: Scenario) -> None:
    chief = officer("chief")
    draft = services.copy_scenario(actor=chief, scenario=proposed)

    def adjust(number: int) -> object:
        mine = Scenario.objects.get(pk=draft.pk)
        return services.choose_count(actor=chief, scenario=mine, count=2 + number % 3).number

    got = at_once(adjust)
    assert {one for one in got if isinstance(one, str)} <= {"planning.stale"}
    numbers = list(PlanRun.objects.filter(scenario=draft).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_name_is_given_once(proposed: Scenario) -> None:
    chief = officer("chief")

    def copy(_number: int) -> object:
        return services.copy_scenario(actor=chief, scenario=proposed, name="Second").pk

    got = at_once(copy)
    assert sum(isinstance(one, int) for one in got) == 1
    assert {one for one in got if isinstance(one, str)} == {"planning.name_taken"}
