"""Values of all places at once: added up, scoped, restated, and the same as counting one by one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World, build_world
from heli.figures import catalogue, queries
from heli.figures.queries import Evaluation
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.declare import Figure
from heli.kernel.pairs import Pairs
from heli.places import queries as places
from heli.places import services
from heli.places.testing import Register, arrows, draw_register, merge
from heli.places.types import EventKind, EventSpec, FactSpec

pytestmark = pytest.mark.django_db
CENSUS = date(2019, 12, 31)
DAY = date(2020, 5, 1)
AFTER = date(2020, 6, 30)


def count(
    register: Register, values: dict[str, int], on: date = CENSUS, measure: str = "registered_population"
) -> None:
    facts = [FactSpec(place_id=register[name], measure=measure, on=on, value=value) for name, value in values.items()]
    services.record_facts(actor=SYSTEM, facts=facts)


@pytest.fixture
def register() -> Register:
    """Two towns; A and B merge into N, C joins the community D, Y goes without a successor."""
    drawn = draw_register({"T": "A B C (D)", "U": "X Y"})
    count(drawn, {"A": 1_201, "B": 800, "C": 501, "D": 3_000, "X": 700, "Y": 300})
    count(drawn, {"A": 7, "B": 5, "C": 4, "X": 6, "Y": 2}, measure="villager_groups")
    return drawn


@pytest.fixture
def reformed(register: Register) -> Register:
    merge(register, "A B", "N", DAY, parent="T")
    for kind, pair in ((EventKind.ABSORB, ("C", "D")), (EventKind.DISSOLVE, ("Y", None))):
        source, target = register[pair[0]], register[pair[1]] if pair[1] else None
        services.record_event(actor=SYSTEM, event=EventSpec(kind=kind, on=DAY, links=arrows((source, target, 10_000))))
    count(register, {"N": 6}, on=AFTER, measure="villager_groups")
    return register


def figure(name: str) -> Figure:
    found = catalogue.find(name, AFTER)
    assert found is not None
    return found


def ask(register: Register, *names: str, on: date = AFTER, actor: Actor = SYSTEM, to: date | None = None) -> Evaluation:
    return queries.evaluate(
        actor, [figure(name) for name in names], district_ids=[register.district], on=on, restated_to=to
    )


def shown(register: Register, found: Evaluation, name: str) -> dict[str, tuple[int, int]]:
    names = {key: place for place, key in register.keys.items()} | {register.district: "Q"}
    return {names[key]: pair for key, pair in found.values[name].items()}


def test_counts_and_amounts_add_up_to_towns_and_the_district(register: Register) -> None:
    found = ask(register, "places.villages", "places.registered_population", on=CENSUS)
    assert shown(register, found, "places.villages")["Q"] == (5, 1)
    assert shown(register, found, "places.villages")["T"] == (3, 1)
    assert shown(register, found, "places.registered_population") == {
        "A": (1_201, 1), "B": (800, 1), "C": (501, 1), "D": (3_000, 1), "X": (700, 1), "Y": (300, 1),
        "T": (5_502, 1), "U": (1_000, 1), "Q": (6_502, 1),
    }  # fmt: skip


def test_a_ratio_of_the_district_is_made_of_its_two_sums(reformed: Register) -> None:
    found = ask(reformed, "places.mean_population")
    value = found.of("places.mean_population", reformed.district)
    assert value is not None
    assert (value.pair, value.number()) == ((2_001 + 700, 2), "1,351")


def test_the_reduction_is_told_where_the_successors_stand(reformed: Register) -> None:
    found = shown(reformed, ask(reformed, "places.village_reduction"), "places.village_reduction")
    assert found["N"] == (1, 2)
    assert found["D"] == (1, 1)
    assert found["T"] == (2, 3)
    assert found["U"] == (0, 1)  # Y went without a successor: its district misses it
    assert found["Q"] == (3, 5)


def test_groups_before_the_reform_are_compared_with_groups_now(reformed: Register) -> None:
    found = shown(reformed, ask(reformed, "places.group_reduction"), "places.group_reduction")
    assert found["N"] == (12 - 6, 12)
    assert found["Q"] == (24 - 6 - 4 - 6, 24)


def test_a_figure_of_a_town_counts_only_where_its_villages_have_none(register: Register) -> None:
    count(register, {"T": 9_999, "U": 50}, measure="cadre_posts")
    count(register, {"A": 3, "B": 4}, measure="cadre_posts")
    found = shown(register, ask(register, "places.cadre_posts", on=CENSUS), "places.cadre_posts")
    assert (found["T"], found["U"], found["Q"]) == ((7, 1), (50, 1), (57, 1))


def test_restated_values_keep_every_total(reformed: Register) -> None:
    names = ("places.registered_population", "places.mean_population", "places.consent_lowest")
    before, after = ask(reformed, *names, on=CENSUS), ask(reformed, *names, on=CENSUS, to=AFTER)
    population = shown(reformed, after, "places.registered_population")
    assert population["N"] == (2_001, 1)
    assert population["D"] == (3_501, 1)
    assert population["Q"] == (6_502, 1)
    assert (
        shown(reformed, after, "places.mean_population")["Q"] == shown(reformed, before, "places.mean_population")["Q"]
    )
    assert shown(reformed, after, "places.consent_lowest") == {}
    with pytest.raises(ValueError, match="forwards"):
        ask(reformed, "places.villages", on=AFTER, to=CENSUS)


def test_the_number_of_queries_does_not_grow_with_the_places() -> None:
    def asked(register: Register) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queries.evaluate(SYSTEM, catalogue.in_force(AFTER).values(), district_ids=[register.district], on=AFTER)
        return len(caught)

    small = draw_register({"T": "A B"})
    count(small, {"A": 5})
    merge(small, "A B", "N", DAY, parent="T")
    large = draw_register(
        {f"T{i}": " ".join(f"V{i}-{j}" for j in range(8)) for i in range(8)}, district="L", code="330302"
    )
    count(large, {name: 9 for name in large.keys if name.startswith("V")})
    merge(large, "V1-1 V1-2", "N", DAY, parent="T1")
    assert asked(small) == asked(large)


def test_a_town_officer_sees_the_own_town_and_nothing_above_or_beside() -> None:
    world: World = build_world()
    count(world.a.register, {"岩门村": 900, "光明村": 800})
    officer = world.a.actor("town_officer")
    found = ask(world.a.register, "places.registered_population", on=CENSUS, actor=officer)
    assert set(found.all_of("places.registered_population")) == {world.a.register["岩门村"], world.a.town.pk}
    assert (
        len(
            ask(world.b.register, "places.registered_population", on=CENSUS, actor=officer).values[
                "places.registered_population"
            ]
        )
        == 0
    )
    assert (
        queries.rows_behind(officer, figure("places.registered_population"), world.a.register["光明村"], CENSUS).lines
        == []
    )
    assert len(queries.rows_behind(officer, figure("places.registered_population"), world.a.town.pk, CENSUS).lines) == 1


def test_a_cadre_without_the_right_to_plans_gets_none_of_their_figures() -> None:
    world = build_world()
    cadre = world.a.actor("village_cadre")
    found = ask(world.a.register, "places.villages", "planning.target", actor=cadre)
    assert set(found.values["places.villages"]) == {world.a.village.pk}
    assert len(found.values["planning.target"]) == 0


def test_every_number_opens_the_rows_it_was_made_of(reformed: Register) -> None:
    rows = queries.rows_behind(SYSTEM, figure("places.registered_population"), reformed["N"], AFTER)
    assert sorted((line[0], line[3]) for line in rows.lines) == [("A", 1_201), ("B", 800)]
    assert all(link.startswith("/places/") for link in rows.links)
    groups = queries.rows_behind(SYSTEM, figure("places.villager_groups"), reformed["N"], AFTER)
    assert [(line[0], line[3]) for line in groups.lines] == [("N", 6)]
    reform = queries.rows_behind(SYSTEM, figure("places.village_reduction"), reformed.district, AFTER)
    assert len(reform.lines) == 3
    for one in catalogue.declared():
        opened = queries.rows_behind(SYSTEM, one, reformed.district, AFTER)
        assert all(len(line) == len(opened.heads) for line in opened.lines), one.id


@given(st.dictionaries(st.integers(0, 8), st.integers(-50, 50), max_size=9))
def test_rolling_up_equals_adding_one_by_one(values: dict[int, int]) -> None:
    import numpy as np

    # 1 above 2 and 3; 4–6 under 2, 7–9 under 3.
    parents = [0, 1, 1, 2, 2, 2, 3, 3, 3]
    structure = places.Structure(
        DAY, np.arange(1, 10), np.array(parents), np.full(9, 1), np.zeros(9, np.int64), np.array([2, 3, 3, *[4] * 6])
    )
    given_values = {key + 1: (value, 2) for key, value in values.items()}
    expected: dict[int, list[int]] = {}
    for place, (above, below) in given_values.items():
        at = place
        while at:
            total = expected.setdefault(at, [0, 0])
            total[0], total[1], at = total[0] + above, total[1] + below, parents[at - 1]
    found = queries.roll_up(Pairs.of(given_values), structure, is_ratio=True)
    assert {key: list(pair) for key, pair in found.items()} == expected
