"""Laws of restating over drawn histories: nothing is lost, order does not matter, and a clerk's book agrees."""

import random
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.kernel.access import SYSTEM
from heli.places import queries, services
from heli.places.carrying import Arrows, Carried, carry
from heli.places.joint import share_whole
from heli.places.testing import Register, arrows, draw_register, merge
from heli.places.tests.test_restating import AFTER, CENSUS, DAY, by_name, count
from heli.places.types import EventKind, EventSpec, PlaceKind, PlaceSpec

pytestmark = pytest.mark.django_db
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
    spec = PlaceSpec(name=new, kind=PlaceKind.VILLAGE, parent=places["T"])
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
            places[one]: PlaceSpec(name=f"{one}-{number}", kind=PlaceKind.VILLAGE, parent=places["T"])
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
