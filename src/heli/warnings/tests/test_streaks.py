"""Two red weeks in a row: exactly one demand, in whatever order the weeks become known."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.warnings.rules.streaks import Demand, Week, compute_demands, compute_streaks, compute_withdrawals

A, B, C, D = 1, 2, 3, 4
TOWNS = frozenset({A, B, C})


def weeks_of(*reds: str, towns: frozenset[int] = TOWNS) -> list[Week]:
    """Weeks by the letters of their red towns; "-" a week that does not count."""
    named = {"A": A, "B": B, "C": C, "D": D}
    return [
        Week(number, "-" not in red, towns, frozenset(named[letter] for letter in red if letter != "-"))
        for number, red in enumerate(reds, 1)
    ]


def demanded(*reds: str, existing: Sequence[Demand] = ()) -> list[Demand]:
    return compute_demands(weeks_of(*reds), existing, length=2)


def test_two_red_weeks_in_a_row_give_one_demand() -> None:
    assert demanded("A", "A") == [Demand(A, 1, 2)]


def test_one_red_week_or_two_with_a_better_one_between_give_none() -> None:
    assert demanded("A", "") == []
    assert demanded("A", "", "A") == []
    assert demanded("A", "B") == []


def test_a_longer_streak_is_demanded_once_and_the_next_streak_again() -> None:
    assert demanded("A", "A", "A", "", "A", "A") == [Demand(A, 1, 2), Demand(A, 5, 6)]


def test_what_stands_is_not_demanded_again() -> None:
    assert demanded("A", "A", "A", existing=[Demand(A, 1, 2)]) == []


def test_paused_and_holiday_weeks_neither_break_nor_count() -> None:
    assert demanded("A", "-", "A") == [Demand(A, 1, 3)]
    assert demanded("A", "-A") == []
    assert demanded("A", "-A", "-", "") == []


def test_nothing_is_decided_beyond_a_missing_week() -> None:
    first, _second, third = weeks_of("A", "", "A")
    assert compute_demands([first, third], [], length=2) == []


def test_a_streak_goes_on_in_the_successor() -> None:
    before, after = weeks_of("A", towns=frozenset({A, B}))[0], Week(2, True, frozenset({D}), frozenset({D}))
    assert compute_demands([before, after], [], length=2) == []
    assert compute_demands([before, after], [], length=2, lineage={D: (A, B)}) == [Demand(D, 1, 2)]


def test_two_streaks_that_meet_in_a_successor_are_not_demanded_again() -> None:
    towns = frozenset({A, B})
    weeks = [*weeks_of("AB", "AB", towns=towns), Week(3, True, frozenset({D}), frozenset({D}))]
    found = compute_demands(weeks, [], length=2, lineage={D: (A, B)})
    assert found == [Demand(A, 1, 2), Demand(B, 1, 2)]
    short = [*weeks_of("AB", towns=towns), Week(2, True, frozenset({D}), frozenset({D}))]
    assert compute_demands(short, [], length=2, lineage={D: (A, B)}) == [Demand(D, 1, 2)]


def test_a_predecessor_that_is_still_there_keeps_its_streak_to_itself() -> None:
    weeks = [Week(1, True, frozenset({A}), frozenset({A})), Week(2, True, frozenset({A, D}), frozenset({D}))]
    assert compute_demands(weeks, [], length=2, lineage={D: (A,)}) == []


def test_an_upheld_contest_withdraws_what_rested_on_it_and_nothing_else() -> None:
    stands = [Demand(A, 1, 2)]
    assert compute_withdrawals(weeks_of("A", "A"), stands, length=2) == []
    assert compute_withdrawals(weeks_of("A", ""), stands, length=2) == stands
    # The streak is still one, of weeks 2 and 3: the demand made in it stays, and none is added.
    shorter = weeks_of("", "A", "A")
    assert compute_withdrawals(shorter, stands, length=2) == []
    assert compute_demands(shorter, stands, length=2) == []


# --- laws --------------------------------------------------------------------------------------------------------------

LINEAGE = {D: (A, B)}
"""Towns A and B merge into D after some week; C goes on."""


@st.composite
def histories(draw: st.DrawFn) -> list[Week]:
    count = draw(st.integers(1, 9))
    merged_after = draw(st.integers(0, 10))
    weeks = []
    for number in range(1, count + 1):
        towns = frozenset({A, B, C}) if number <= merged_after else frozenset({C, D})
        reds = frozenset(draw(st.sets(st.sampled_from(sorted(towns)))))
        weeks.append(Week(number, draw(st.integers(0, 4)) > 0, towns, reds))
    return weeks


def naive(weeks: Sequence[Week], length: int) -> list[Demand]:
    """Walk once, week by week, and keep for each town how long it has been red."""
    running: dict[int, tuple[int, int]] = {}
    found = []
    seen: frozenset[int] = frozenset()
    for week in weeks:
        if not week.counts:
            continue
        merged = D in week.towns and D not in seen
        now: dict[int, tuple[int, int]] = {}
        for town in sorted(week.reds):
            parents = [A, B] if town == D and merged else [town]
            came = [running[one] for one in parents if one in running]
            longest = max((one[0] for one in came), default=0)
            first = min((one[1] for one in came if one[0] == longest), default=week.number)
            now[town] = (longest + 1, first)
            if longest + 1 >= length > longest:
                found.append(Demand(town, first, week.number))
        running, seen = now, week.towns
    return sorted(found, key=lambda one: (one.last, one.town))


@given(histories(), st.integers(1, 3))
def test_demands_equal_a_naive_walk(weeks: list[Week], length: int) -> None:
    assert compute_demands(weeks, [], length=length, lineage=LINEAGE) == naive(weeks, length)


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_in_which_weeks_become_known_changes_nothing(weeks: list[Week], random: object, length: int) -> None:
    arriving = list(weeks)
    random.shuffle(arriving)  # type: ignore[attr-defined]  # drawn by Hypothesis
    known: list[Week] = []
    made: list[Demand] = []
    for week in arriving:
        known.append(week)
        made += compute_demands(known, made, length=length, lineage=LINEAGE)
        assert compute_demands(known, made, length=length, lineage=LINEAGE) == []
        assert compute_withdrawals(known, made, length=length, lineage=LINEAGE) == []
    assert sorted(made, key=lambda one: (one.last, one.town)) == naive(weeks, length)


@pytest.mark.slow
@given(histories(), st.lists(st.tuples(st.integers(1, 9), st.sampled_from([A, B, C, D])), max_size=6))
def test_after_contests_every_streak_has_exactly_one_standing_demand(
    weeks: list[Week], upheld: list[tuple[int, int]]
) -> None:
    made: list[Demand] = []
    known: list[Week] = []
    todo = list(upheld)
    for week in weeks:
        known.append(week)
        for number, town in todo[: 1 + len(todo) // 2]:
            todo.remove((number, town))
            known = [
                Week(one.number, one.counts, one.towns, one.reds - {town}) if one.number == number else one
                for one in known
            ]
        made = [one for one in made if one not in compute_withdrawals(known, made, length=2, lineage=LINEAGE)]
        made += compute_demands(known, made, length=2, lineage=LINEAGE)
    streaks = compute_streaks(known, LINEAGE)
    for node in streaks.reaching(2):
        run = streaks.through(node)
        related = {(number, town) for number, town in run}
        covering = [
            one
            for one in made
            if any(
                one.first <= number <= one.last and town in {one.town, *LINEAGE.get(one.town, ())}
                for number, town in related
            )
        ]
        assert covering
        assert len({one.town for one in covering}) == len(covering)
    assert compute_withdrawals(known, made, length=2, lineage=LINEAGE) == []
    assert compute_demands(known, made, length=2, lineage=LINEAGE) == []
