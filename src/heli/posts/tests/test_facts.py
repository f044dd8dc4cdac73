"""The four facts of holders are sealed, counted over teams, told from ten people on, and emptied in time."""

from datetime import date

import pytest

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.posts.models import Holding
from heli.posts.queries.facts import facts_of, team_of, told
from heli.posts.services.facts import empty_facts, keep_facts
from heli.posts.services.offices import vacate
from heli.posts.testing import DAY, committee, holder
from heli.posts.types import Education, OfficeFacts, Sex

pytestmark = pytest.mark.django_db
WOMAN = OfficeFacts(Sex.FEMALE, "1980-05", Education.HIGH, True)


@pytest.fixture
def world() -> World:
    return build_world()


def test_facts_are_sealed_and_come_back(world: World) -> None:
    one = holder(committee(world.a))
    keep_facts(actor=SYSTEM, holding=one, facts=WOMAN, on=DAY)
    one.refresh_from_db()
    assert "1980" not in one.sealed
    assert facts_of(one) == WOMAN


@pytest.mark.parametrize("born", ["1980", "1980-13", "2030-01", "80-05"])
def test_a_birth_month_is_a_month_that_has_come(world: World, born: str) -> None:
    with pytest.raises(Refused):
        keep_facts(actor=SYSTEM, holding=holder(committee(world.a)), facts=OfficeFacts(born=born), on=DAY)


def test_a_team_comes_to_counts_of_those_of_whom_it_is_known(world: World) -> None:
    body = committee(world.a, member=2)
    for name, facts in (("甲", WOMAN), ("乙", OfficeFacts(Sex.MALE, "1990-03"))):
        keep_facts(actor=SYSTEM, holding=holder(body, "member", name), facts=facts, on=DAY)
    team = team_of(Holding.objects.filter(person__isnull=False), DAY)
    assert (team.women, team.members, team.up_to_high) == (Ratio(1, 2), Ratio(1, 1), Ratio(1, 1))
    assert (team.months, team.aged) == (45 * 12 + 10 + 36 * 12, 2)
    assert told(team.women) is None
    assert told(Ratio(4, 10)) == Ratio(4, 10)


def test_facts_are_emptied_a_year_after_the_office(world: World) -> None:
    one = holder(committee(world.a))
    keep_facts(actor=SYSTEM, holding=one, facts=WOMAN, on=DAY)
    vacate(actor=SYSTEM, holding=one, on=DAY)
    assert empty_facts(actor=SYSTEM, on=date(2027, 3, 1)) == 0
    assert empty_facts(actor=SYSTEM, on=date(2027, 3, 2)) == 1
    one.refresh_from_db()
    assert (one.sealed, one.emptied_on) == ("", date(2027, 3, 2))
    with pytest.raises(Refused):
        keep_facts(actor=SYSTEM, holding=one, facts=WOMAN, on=DAY)
