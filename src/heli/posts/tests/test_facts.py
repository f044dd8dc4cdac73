"""The four facts of holders are sealed, counted over teams, told from ten people on, and emptied in time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.posts.models import Holding
from heli.posts.queries.facts import TeamEntry, facts_of, team_of, told, told_by_place, woman_entries
from heli.posts.services.facts import empty_facts, keep_facts
from heli.posts.services.offices import say_word, vacate
from heli.posts.team_figures import FIGURES
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


def entries(**people: int) -> list[TeamEntry]:
    """So many people of each place, one in three of whom counts."""
    return [TeamEntry(int(place[1:]), int(number % 3 == 0)) for place, many in people.items() for number in range(many)]


TOWNS = {place: (place // 10 * 10, 100) for place in range(10, 60)}


def test_of_fewer_than_ten_nothing_is_told_and_nothing_of_a_village() -> None:
    assert told_by_place(entries(p11=9), TOWNS) == {}
    assert set(told_by_place(entries(p11=10, p21=12), TOWNS)) == {10, 20, 100}
    assert told_by_place(entries(p11=10), {}) == {}


def test_nothing_is_found_by_subtraction() -> None:
    assert set(told_by_place(entries(p11=10, p21=12, p31=3), TOWNS)) == {20, 100}
    assert set(told_by_place(entries(p11=10, p21=12, p31=3, p41=8), TOWNS)) == {10, 20, 100}


@given(st.dictionaries(st.sampled_from([f"p{town}1" for town in range(1, 6)]), st.integers(0, 25), max_size=5))
def test_what_is_left_of_a_district_is_nobody_or_ten(people: dict[str, int]) -> None:
    found = told_by_place(entries(**people), TOWNS)
    by_town = {int(place[1:]) // 10 * 10: many for place, many in people.items()}
    assert all(by_town[town] >= 10 for town in found if town != 100)
    left = sum(many for town, many in by_town.items() if town not in found)
    assert 100 not in found or left == 0 or left >= 10


def test_figures_of_teams_are_told_of_ten_and_their_rows_show_offices_alone(world: World) -> None:
    body = committee(world.a, member=5, clerk=3)
    for number, (kind, count) in enumerate((("secretary", 1), ("head", 1), ("deputy", 1), ("member", 5), ("clerk", 3))):
        for one in range(count):
            held = holder(body, kind, f"谁{number}{one}")
            kept = OfficeFacts(Sex.FEMALE if kind == "member" else Sex.MALE, "1980-03", Education.COLLEGE, one == 0)
            keep_facts(actor=SYSTEM, holding=held, facts=kept, on=DAY)
            say_word(actor=SYSTEM, holding=held, matter="conduct", is_met=one < 4, ground="x", decided_by="y", on=DAY)
    ask = Ask(district_ids=(world.a.district.pk,), on=DAY)
    told_ = {one.id: one.evaluate(ask).get(world.a.town.pk) for one in FIGURES}
    assert told_ == {
        "posts.women": (5, 11), "posts.party_members": (5, 11), "posts.college": (11, 11),
        "posts.mean_age": (11 * 46 * 12, 11 * 12),
        "posts.conduct": (10, 11), "posts.woman_teams": None,
    }  # fmt: skip
    for figure in FIGURES:
        assert world.a.village.pk not in figure.evaluate(ask)
        rows = figure.rows(ask, [world.a.village.pk])
        assert len(rows.lines) == 11
        assert {cell for line in rows.lines for cell in line} <= {
            "岩门村",
            "两委",
            "党组织书记",
            "主任",
            "副主任",
            "委员",
            "文书",
        }


def test_a_team_with_a_woman_is_known_as_soon_as_there_is_one(world: World) -> None:
    body = committee(world.a)
    one, two = holder(body), holder(body, "deputy", "李副主任")
    assert woman_entries([one, two]) == []
    keep_facts(actor=SYSTEM, holding=one, facts=WOMAN, on=DAY)
    one.refresh_from_db()
    assert woman_entries([one, two]) == [TeamEntry(world.a.village.pk, 1)]
