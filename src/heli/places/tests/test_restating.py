"""Three readings of one figure, and totals that never change on the way."""

import random
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.kernel.access import SYSTEM
from heli.kernel.problems import Refused
from heli.kernel.quantities import Ratio
from heli.places import queries, services
from heli.places.carrying import Arrows, Carried, carry
from heli.places.joint import Joint, share_whole
from heli.places.testing import Register, arrows, draw_register, merge
from heli.places.types import UNKNOWN, EventKind, EventSpec, FactSpec, Kind, LinkSpec, PlaceSpec, Share

pytestmark = pytest.mark.django_db
CENSUS = date(2019, 12, 31)
DAY = date(2020, 5, 1)
AFTER = date(2020, 6, 30)


def count(places: Register, values: dict[str, int], on: date = CENSUS, measure: str = "registered_population") -> None:
    facts = [FactSpec(place_id=places[name], measure=measure, on=on, value=value) for name, value in values.items()]
    services.record_facts(actor=SYSTEM, facts=facts)


def by_name(places: Register, restated: queries.Restated) -> dict[str, int]:
    names = {key: name for name, key in places.keys.items()}
    return {names[key]: value for key, value in restated.as_dict().items()}


@pytest.fixture
def three() -> Register:
    """The worked example of docs/explanation/lineage-and-restatement.md."""
    places = draw_register({"T": "A B C (D)"})
    count(places, {"A": 1_201, "B": 800, "C": 501})
    event = EventSpec(
        kind=EventKind.MERGE,
        on=DAY,
        links=(
            *arrows((places["A"], "N", 10_000), (places["B"], "N", 10_000)),
            *arrows((places["C"], "N", 6_667), (places["C"], places["D"], 3_333)),
        ),
        founds={"N": PlaceSpec(name="N", kind=Kind.VILLAGE, parent=places["T"])},
    )
    places.keys["N"] = services.record_event(actor=SYSTEM, event=event).founded["N"]
    return places


def test_the_worked_example_of_the_documentation_comes_out(three: Register) -> None:
    restated = queries.restate("registered_population", CENSUS, AFTER, district_ids=[three.district])
    assert by_name(three, restated) == {"N": 2_335, "D": 167}
    assert restated.total == 2_502
    assert restated.gone == 0


def test_as_it_was_and_as_of_stay_what_was_recorded(three: Register) -> None:
    as_it_was = queries.restate("registered_population", CENSUS, CENSUS, district_ids=[three.district])
    assert by_name(three, as_it_was) == {"A": 1_201, "B": 800, "C": 501}
    count(three, {"N": 2_400}, on=AFTER)
    as_of = queries.facts_on([three["N"], three["D"]], "registered_population", AFTER)
    assert {key: row.value for key, row in as_of.items()} == {three["N"]: 2_400}
    assert queries.restated_series(three["N"], "registered_population", AFTER) == [
        (CENSUS, 2_335, True),
        (AFTER, 2_400, True),
    ]


def test_a_newer_figure_replaces_what_was_carried(three: Register) -> None:
    count(three, {"N": 2_400}, on=AFTER)
    assert by_name(three, queries.restate("registered_population", AFTER, AFTER)) == {"N": 2_400, "D": 167}


def test_what_ends_without_a_successor_is_told_apart(three: Register) -> None:
    services.record_event(
        actor=SYSTEM, event=EventSpec(kind=EventKind.DISSOLVE, on=AFTER, links=arrows((three["D"], None, 10_000)))
    )
    restated = queries.restate("registered_population", CENSUS, AFTER)
    assert (by_name(three, restated), restated.gone, restated.total) == ({"N": 2_335}, 167, 2_502)


def test_ratios_are_restated_from_their_two_integers(three: Register) -> None:
    count(three, {"A": 400, "B": 200, "C": 150}, measure="households")
    ratios = queries.restate_ratio("people_per_household", CENSUS, AFTER)
    assert ratios[three["N"]] == Ratio(2_335, 700)
    assert ratios[three["D"]] == Ratio(167, 50)


@pytest.mark.parametrize(
    ("measure", "end", "code"),
    [
        ("people_per_household", AFTER, "measure_not_additive"),
        ("farthest_group_distance", AFTER, "measure_not_additive"),
        ("nonsense", AFTER, "measure_unknown"),
        ("registered_population", date(2001, 1, 1), "backwards"),
    ],
)
def test_what_cannot_be_restated_is_refused_in_words(measure: str, end: date, code: str) -> None:
    with pytest.raises(Refused) as caught:
        queries.restate(measure, CENSUS, end)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_what_nobody_counted_restates_to_nothing(three: Register) -> None:
    restated = queries.restate("households", CENSUS, AFTER)
    assert (restated.as_dict(), restated.total, restated.gone) == ({}, 0, 0)


def test_area_goes_by_its_own_shares() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 1_000}, measure="area")
    count(places, {"A": 1_000})
    links = (
        LinkSpec(source=places["A"], target=places["B"], population=Share(1, 10), area=Share(9, 10), is_part=True),
        LinkSpec(source=places["A"], target=places["A"], population=Share(9, 10), area=Share(1, 10)),
    )
    services.record_event(actor=SYSTEM, event=EventSpec(kind=EventKind.SPLIT, on=DAY, links=links))
    assert by_name(places, queries.restate("area", CENSUS, AFTER)) == {"A": 100, "B": 900}
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {"A": 900, "B": 100}


def split(places: Register, source: str, day: date, **parts: Share) -> None:
    """Divide a place among new ones by shares of people; the area is divided as nobody counted."""
    founds = {name: PlaceSpec(name=name, kind=Kind.VILLAGE, parent=places["T"]) for name in parts}
    links = tuple(
        LinkSpec(source=places[source], target=name, population=share, area=UNKNOWN) for name, share in parts.items()
    )
    event = EventSpec(kind=EventKind.SPLIT, on=day, links=links, founds=founds)
    places.keys.update(services.record_event(actor=SYSTEM, event=event).founded)


PARTS = {"X": Share(16_107, 48_321), "Y": Share(12_003, 48_321), "Z": Share(20_211, 48_321)}


# A (48,321 people) → X 16,107, Y 12,003, Z 20,211, as they were counted.
def test_parts_that_were_counted_come_out_as_they_were_counted() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 48_321})
    count(places, {"A": 15_002}, measure="households")
    split(places, "A", DAY, **PARTS)
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {
        "X": 16_107, "Y": 12_003, "Z": 20_211,
    }  # fmt: skip
    # Households were counted only together: by largest remainder, 5000.69, 3726.53, 6274.78.
    assert by_name(places, queries.restate("households", CENSUS, AFTER)) == {"X": 5_001, "Y": 3_726, "Z": 6_275}
    merge(places, "X Z", "N", AFTER, parent="T")
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {"N": 36_318, "Y": 12_003}


# A → X (16,107 counted), Y and Z (nobody counted); then B joins Y; then Y and Z become N again.
def test_what_nobody_counted_is_known_only_together_until_one_place_holds_it() -> None:
    places = draw_register({"T": "A B C"})
    count(places, {"A": 48_321, "B": 79, "C": 5})
    split(places, "A", DAY, X=PARTS["X"], Y=UNKNOWN, Z=UNKNOWN)
    restated = queries.restate("registered_population", CENSUS, DAY)
    together = Joint((places["Y"], places["Z"]), 32_214)
    assert (by_name(places, restated), restated.joint) == ({"X": 16_107, "B": 79, "C": 5}, (together,))
    assert restated.total == int(restated.values.sum()) + restated.together == 48_405
    assert queries.restated_series(places["Y"], "registered_population", AFTER) == [(CENSUS, together, True)]
    later = DAY + timedelta(days=1)
    services.record_event(
        actor=SYSTEM, event=EventSpec(kind=EventKind.ABSORB, on=later, links=arrows((places["B"], places["Y"], 10_000)))
    )
    restated = queries.restate("registered_population", CENSUS, later)
    assert (by_name(places, restated), restated.together) == ({"X": 16_107, "C": 5}, 32_293)
    merge(places, "Y Z", "N", AFTER, parent="T")
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER)) == {
        "X": 16_107,
        "C": 5,
        "N": 32_293,
    }
    # Of the area nothing at all was said: three places hold it together.
    count(places, {"A": 900}, measure="area")
    assert [one.amount for one in queries.restate("area", CENSUS, DAY).joint] == [900]


def test_one_unknown_part_alone_is_the_rest() -> None:
    places = draw_register({"T": "A"})
    count(places, {"A": 48_321})
    split(places, "A", DAY, X=PARTS["X"], Y=PARTS["Y"], Z=UNKNOWN)
    assert by_name(places, queries.restate("registered_population", CENSUS, AFTER))["Z"] == 20_211


def test_a_new_count_of_one_leaves_the_other_unknown() -> None:
    places = draw_register({"T": "A"})
    count(places, {"A": 100})
    split(places, "A", DAY, X=UNKNOWN, Y=UNKNOWN)
    count(places, {"X": 60}, on=AFTER)
    restated = queries.restate("registered_population", AFTER, AFTER)
    assert (by_name(places, restated), restated.joint) == (
        {"X": 60}, (Joint((places["Y"],), 0, is_whole=False),),
    )  # fmt: skip
    assert restated.total == 60


def test_totals_of_town_and_district_keep_what_is_known_only_together() -> None:
    places = draw_register({"T": "A B", "U": "C"})
    count(places, {"A": 100, "B": 7, "C": 1})
    split(places, "A", DAY, X=UNKNOWN, Y=UNKNOWN)
    [counted] = queries.counted_on(["registered_population"], [places.district], AFTER).values()
    structure = queries.structure_on([places.district], AFTER)
    keys, values = structure.with_joint(counted.places, counted.values, counted.joint)
    names = {key: name for name, key in places.keys.items()}
    assert dict(zip((names[key] for key in keys.tolist()), values.tolist(), strict=True)) == {"T": 100, "B": 7, "C": 1}


COUNTS = st.integers(0, 10**12)


@given(parts=st.lists(COUNTS, min_size=1, max_size=5).filter(any), other=st.integers(-(10**12), 10**12))
def test_sharing_is_exact_for_what_was_counted_and_within_one_of_the_fraction_for_the_rest(
    parts: list[int], other: int
) -> None:
    base = sum(parts)
    places = np.array([1], np.int64)
    count_of = len(parts)
    arrows_ = Arrows(
        *(
            np.array(column, np.int64)
            for column in ([1] * count_of, [1] * count_of, range(2, 2 + count_of), parts, [base] * count_of)
        )
    )
    for amount in (base, other):
        carried = carry(places, np.array([amount], np.int64), arrows_)
        values = dict(zip(carried.places.tolist(), carried.values.tolist(), strict=True))
        assert sum(values.values()) == amount
        for number, part in enumerate(parts):
            exact = Fraction(amount * part, base)
            assert abs(values.get(2 + number, 0) - exact) < 1
            assert amount != base or values.get(2 + number, 0) == part


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[int], list[list[tuple[int, int, int, int]]]]:
    """Values of places 1…n, and events as (source, target, part, base) with some shares unknown (base 0)."""
    values = draw(st.lists(st.integers(0, 5_000), min_size=2, max_size=6))
    places = st.integers(1, len(values) + 3)
    events = []
    for _ in range(draw(st.integers(1, 5))):
        event = []
        for source in draw(st.lists(places, min_size=1, max_size=3, unique=True)):
            targets = draw(st.lists(st.one_of(places, st.just(0)), min_size=1, max_size=3, unique=True))
            parts = draw(st.lists(st.integers(1, 40), min_size=len(targets), max_size=len(targets)))
            hidden = draw(st.lists(st.booleans(), min_size=len(targets), max_size=len(targets)))
            base = sum(parts)
            event += [
                (source, target, *((0, 0) if hide else (part, base)))
                for target, part, hide in zip(targets, parts, hidden, strict=True)
            ]
        events.append(event)
    return values, events


def play(values: list[int], events: list[list[tuple[int, int, int, int]]]) -> Carried:
    rows = [(number, *arrow) for number, event in enumerate(events) for arrow in event]
    columns = [np.array(column, np.int64) for column in zip(*rows, strict=True)]
    return carry(np.arange(1, len(values) + 1), np.array(values, np.int64), Arrows(*columns))


@given(history=histories())
def test_unknown_parts_lose_nothing_and_hold_every_place_once(
    history: tuple[list[int], list[list[tuple[int, int, int, int]]]],
) -> None:
    values, events = history
    carried = play(values, events)
    assert int(carried.values.sum()) + carried.gone + sum(one.amount for one in carried.joint) == sum(values)
    held = set(carried.places.tolist())
    groups = [set(one.places) for one in carried.joint]
    assert all(len(group) > 1 for group in groups)
    assert not any(held & group for group in groups)
    assert sum(len(group) for group in groups) == len(set().union(*groups))


@given(history=histories(), seed=st.randoms(use_true_random=False))
def test_the_order_of_a_days_independent_events_changes_nothing(
    history: tuple[list[int], list[list[tuple[int, int, int, int]]]], seed: random.Random
) -> None:
    values, events = history
    # The same history twice, side by side on places of its own: its events may be woven together in any way.
    size = len(values) + 3
    twin = [[(a + size, b + size if b else 0, part, base) for a, b, part, base in event] for event in events]
    both = [*values, 0, 0, 0, *values]
    straight = play(both, [*events, *twin])
    woven: list[list[tuple[int, int, int, int]]] = []
    left, right = list(events), list(twin)
    while left or right:
        side = left if left and (not right or seed.random() < 0.5) else right
        woven.append(side.pop(0))
    again = play(both, woven)
    assert (straight.places.tolist(), straight.values.tolist(), straight.gone) == (
        again.places.tolist(), again.values.tolist(), again.gone,
    )  # fmt: skip
    assert straight.joint == again.joint


def test_figures_are_corrected_by_superseding_and_refused_where_wrong() -> None:
    places = draw_register({"T": "A B"})
    count(places, {"A": 10})
    fact = FactSpec(place_id=places["A"], measure="registered_population", on=CENSUS, value=11)
    assert services.record_facts(actor=SYSTEM, facts=[fact]) == {"new": 0, "corrected": 1, "unchanged": 0}
    assert services.record_facts(actor=SYSTEM, facts=[fact]) == {"new": 0, "corrected": 0, "unchanged": 1}
    assert [row.value for row in queries.facts_of(places["A"])] == [11]
    wrong = [
        FactSpec(place_id=places["A"], measure="nonsense", on=CENSUS, value=1),
        FactSpec(place_id=places["A"], measure="density", on=CENSUS, value=1),
        FactSpec(place_id=places["A"], measure="households", on=CENSUS, value=-1),
        FactSpec(place_id=places["A"], measure="members", on=CENSUS, value=10**15),
        FactSpec(place_id=places["A"], measure="households", on=date(1999, 1, 1), value=1),
        FactSpec(place_id=99_999, measure="households", on=CENSUS, value=1),
        FactSpec(place_id=places["A"], measure="members", on=CENSUS, value=1),
    ]
    with pytest.raises(Refused) as caught:
        services.record_facts(actor=SYSTEM, facts=wrong)
    assert [problem.code for problem in caught.value.problems] == [
        "measure_unknown", "measure_is_ratio", "value_negative", "value_too_large", "place_not_valid", "place_unknown",
        "fact_twice",
    ]  # fmt: skip


class Naive:
    """The register as a clerk would keep it: who stands, and how many people each has, changed event by event."""

    def __init__(self, people: dict[str, int]) -> None:
        self.people = dict(people)
        self.gone = 0
        self.days: list[tuple[date, frozenset[str], dict[str, int]]] = []

    def give(self, source: str, shares: dict[str | None, int]) -> None:
        parts = share_whole(self.people.pop(source), list(shares.values()), 10_000)
        for target, part in zip(shares, parts, strict=True):
            if target is None:
                self.gone += part
            else:
                self.people[target] = self.people.get(target, 0) + part

    def keep(self, day: date) -> None:
        self.days.append((day, frozenset(self.people), dict(self.people)))


def step(data: st.DataObject, places: Register, naive: Naive, number: int, day: date) -> int | None:
    """One random event in the register and in the clerk's book; its key."""
    names = sorted(naive.people)
    kind = data.draw(st.sampled_from(["merge", "absorb", "part", "split", "dissolve", "rename"]))
    new = f"N{number}"
    spec = PlaceSpec(name=new, kind=Kind.VILLAGE, parent=places["T"])
    one, two = (data.draw(st.permutations(names)) * 2)[:2]
    if one == two and kind in ("merge", "absorb", "part", "split"):
        return None
    share = data.draw(st.integers(1, 9_999))
    if kind == "merge":
        event = EventSpec(
            kind=EventKind.MERGE,
            on=day,
            links=arrows((places[one], new, 10_000), (places[two], new, 10_000)),
            founds={new: spec},
        )
        naive.give(one, {new: 10_000})
        naive.give(two, {new: 10_000})
    elif kind == "absorb":
        event = EventSpec(kind=EventKind.ABSORB, on=day, links=arrows((places[one], places[two], 10_000)))
        naive.give(one, {two: 10_000})
    elif kind == "part":
        links = arrows((places[one], places[two], share), (places[one], places[one], 10_000 - share))
        event = EventSpec(kind=EventKind.SPLIT, on=day, links=links)
        naive.give(one, {two: share, one: 10_000 - share})
    elif kind == "split":
        links = arrows((places[one], new, share), (places[one], places[two], 10_000 - share))
        event = EventSpec(kind=EventKind.SPLIT, on=day, links=links, founds={new: spec})
        naive.give(one, {new: share, two: 10_000 - share})
    elif kind == "dissolve" and len(names) > 1:
        event = EventSpec(kind=EventKind.DISSOLVE, on=day, links=arrows((places[one], None, 10_000)))
        naive.give(one, {None: 10_000})
    else:
        becomes: dict[int | str, PlaceSpec] = {
            places[one]: PlaceSpec(name=f"{one}-{number}", kind=Kind.VILLAGE, parent=places["T"])
        }
        event = EventSpec(
            kind=EventKind.RENAME, on=day, links=arrows((places[one], places[one], 10_000)), becomes=becomes
        )
    recorded = services.record_event(actor=SYSTEM, event=event)
    places.keys.update(recorded.founded)
    return recorded.id


@settings(max_examples=60)
@given(data=st.data(), people=st.lists(st.integers(0, 5_000), min_size=2, max_size=7))
def test_any_history_keeps_its_totals_and_agrees_with_a_clerks_book(data: st.DataObject, people: list[int]) -> None:
    with transaction.atomic():
        names = "ABCDEFG"[: len(people)]
        places = draw_register({"T": " ".join(names)})
        book = dict(zip(names, people, strict=True))
        count(places, book)
        naive = Naive(book)
        naive.keep(CENSUS)
        for number in range(data.draw(st.integers(1, 7))):
            # Some events share a day: their order is their sequence.
            day = naive.days[-1][0] + timedelta(days=data.draw(st.integers(0 if number else 1, 2)))
            step(data, places, naive, number, day)
            naive.keep(day)
        end = naive.days[-1][0]
        restated = queries.restate("registered_population", CENSUS, end, district_ids=[places.district])
        assert by_name(places, restated) == naive.people
        assert restated.total == sum(people)
        assert int(restated.values.sum()) + restated.gone == sum(people)
        assert restated.gone == naive.gone
        last_of_day = {day: alive for day, alive, _ in naive.days}
        keys = {key: name for name, key in places.keys.items()}
        for day, alive in last_of_day.items():
            assert {keys[row.id] for row in queries.villages_of(places.district, day)} == alive
        # On the way by another day the result is the same.
        middle = data.draw(st.sampled_from(sorted(last_of_day)))
        half = queries.restate("registered_population", CENSUS, middle)
        assert by_name(places, half) == {day: people for day, _, people in naive.days}[middle]
        transaction.set_rollback(True)


@settings(max_examples=40)
@given(data=st.data())
def test_reversing_the_last_event_restores_register_and_figures(data: st.DataObject) -> None:
    with transaction.atomic():
        places = draw_register({"T": "A B C D"})
        book = {"A": 100, "B": 201, "C": 33, "D": 7}
        count(places, book)
        naive = Naive(book)
        for number in range(data.draw(st.integers(0, 3))):
            step(data, places, naive, number, DAY + timedelta(days=number))
        rows = queries.villages_of(places.district, AFTER)
        values = queries.restate("registered_population", CENSUS, AFTER).as_dict()
        event = step(data, places, Naive(naive.people), 9, DAY + timedelta(days=9))
        if event is not None:
            services.reverse_event(actor=SYSTEM, event_id=event, reason="the list was wrong")
        assert queries.villages_of(places.district, AFTER) == rows
        assert queries.restate("registered_population", CENSUS, AFTER).as_dict() == values
        transaction.set_rollback(True)


@settings(max_examples=30)
@given(order=st.permutations(["A B", "C D", "E F"]))
def test_the_order_of_independent_mergers_of_one_day_does_not_matter(order: list[str]) -> None:
    with transaction.atomic():
        places = draw_register({"T": "A B C D E F"})
        count(places, {name: 100 + number for number, name in enumerate("ABCDEF")})
        for pair in order:
            merge(places, pair, pair.replace(" ", ""), DAY, parent="T")
        restated = queries.restate("registered_population", CENSUS, AFTER)
        assert by_name(places, restated) == {"AB": 201, "CD": 205, "EF": 209}
        transaction.set_rollback(True)
