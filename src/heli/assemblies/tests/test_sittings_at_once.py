"""Two who record the same sitting at the same moment: it is there once, and so are its meeting and its votes (PostgreSQL)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from heli.accounts.testing import build_world
from heli.assemblies.models import Sitting
from heli.assemblies.services.sittings import withdraw_sitting
from heli.assemblies.testing.sittings import sitting_in
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.kernel.faults import Refused
from heli.meetings.models import Meeting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time from the start"),
]


def at_once(*works: Callable[[], str]) -> list[str]:
    """What each of several threads got: a status, or the refusal's first code."""

    def one(work: Callable[[], str]) -> str:
        try:
            return work()
        except Refused as refused:
            return refused.faults[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


def test_the_same_sitting_is_recorded_and_withdrawn_once() -> None:
    world = build_world()
    campaign_of(world.a)
    roles = ("district_officer", "town_officer", "village_cadre", "district_officer")
    given = [lambda role=role: sitting_in(world.a, role=role).status for role in roles]
    assert at_once(*given) == ["passed", *["sitting_twice"] * 3]
    assert Meeting.objects.count() == 1
    row, actor = Sitting.objects.get(), world.a.actor("town_officer")

    def withdraw() -> str:
        return str(withdraw_sitting(actor=actor, sitting=row, reason="抄错", on=DAY).withdrawn_on)

    assert at_once(withdraw, withdraw) == [str(DAY), "not_now"]
