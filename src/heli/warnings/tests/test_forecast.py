"""When will it be finished: resampling, against walks done by hand."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.warnings.rules.forecast import (
    Finish,
    Pace,
    Played,
    Position,
    Remaining,
    Took,
    compute_forecast,
    compute_paces,
    longest_path,
    quantiles,
    split_steps,
    topological,
)
from heli.warnings.rules.judging import ForecastVerdict, Judged, judge

DISTRICT, TOWN, A, B = 1, 2, 3, 4
PLACES = [Position(DISTRICT), Position(TOWN, DISTRICT), Position(A, TOWN), Position(B, TOWN)]


def by_track(found: list[Finish]) -> dict[int, tuple[int, int]]:
    return {one.track: (one.p50, one.p80) for one in found}


def seen(key: str, *days: int, planned: int = 1, tracks: int = 100) -> list[Took]:
    """These durations seen at many tracks of usual pace."""
    return [Took(100 + n, key, one, planned) for n in range(tracks) for one in days]


def test_where_nothing_was_observed_the_planned_days_stand_along_the_longest_path() -> None:
    remaining = [Remaining(A, "one", 3, 1), Remaining(A, "two", 4, 1), Remaining(A, "side", 5, 1)]
    found = compute_forecast(PLACES, remaining, [], {"two": ["one"]}, today=10, seed=1, draws=50)
    assert by_track(found) == {A: (17, 17), B: (10, 10), TOWN: (17, 17), DISTRICT: (17, 17)}


def test_a_step_is_not_begun_before_its_planned_day() -> None:
    found = compute_forecast(PLACES, [Remaining(A, "one", 3, 21)], [], {}, today=10, seed=1, draws=10)
    assert by_track(found)[A] == (23, 23)


def test_a_place_with_nothing_left_is_finished_today() -> None:
    assert by_track(compute_forecast(PLACES, [], [], {}, today=7, seed=1, draws=10))[DISTRICT] == (7, 7)


def test_what_was_seen_replaces_the_plan_the_more_of_it_there_is() -> None:
    remaining = [Remaining(A, "one", 50, 1)]
    for count, low, high in ((4, 3, 8), (400, 3, 3)):
        took = [Took(100 + n, "one", 3, 3) for n in range(count)]
        p50, p80 = by_track(compute_forecast([Position(A)], remaining, took, {}, today=0, seed=5, draws=500))[A]
        assert p50 == 3
        assert low <= p80 <= high


def test_p80_is_the_smallest_value_that_four_fifths_of_the_draws_do_not_exceed() -> None:
    took = seen("one", *range(1, 11))
    found = by_track(
        compute_forecast([Position(A)], [Remaining(A, "one", 1, 1)], took, {}, today=0, seed=5, draws=4_000)
    )
    assert found[A] == (5, 8)


def test_a_step_nobody_has_done_varies_as_plans_are_kept_elsewhere() -> None:
    took = seen("one", 4, 4, 8, 8, 12, planned=4)
    p50, p80 = by_track(
        compute_forecast([Position(A)], [Remaining(A, "new", 10, 1)], took, {}, today=0, seed=5, draws=2_000)
    )[A]
    assert (p50, p80) == (20, 20)


def test_a_town_ends_with_its_last_village_in_the_same_draw_not_with_an_average_one() -> None:
    villages = [Position(TOWN), *(Position(10 + n, TOWN) for n in range(40))]
    took = seen("one", *range(1, 21))
    remaining = [Remaining(10 + n, "one", 1, 1) for n in range(1, 40)]
    found = by_track(compute_forecast(villages, remaining, took, {}, today=0, seed=3, draws=2_000))
    alone = statistics.mean(found[10 + n][0] for n in range(1, 40))
    assert found[TOWN][0] >= 18
    assert alone < 12


def test_a_step_waits_for_the_town_and_the_town_for_all_its_villages() -> None:
    remaining = [Remaining(TOWN, "list", 6, 1), Remaining(A, "vote", 2, 1), Remaining(B, "vote", 2, 1)]
    remaining.append(Remaining(TOWN, "sum", 1, 1))
    after = {"vote": ["list"], "sum": ["vote"]}
    found = by_track(compute_forecast(PLACES, remaining, [], after, today=0, seed=1, draws=10))
    assert (found[A], found[TOWN], found[DISTRICT]) == ((8, 8), (9, 9), (9, 9))


def test_a_successor_waits_for_the_villages_that_went_into_it() -> None:
    places = [Position(TOWN), Position(A, TOWN), Position(B, TOWN), Position(9, TOWN, came_from=(A, B))]
    remaining = [Remaining(A, "vote", 2, 1), Remaining(B, "vote", 7, 1), Remaining(9, "seal", 1, 1)]
    found = by_track(compute_forecast(places, remaining, [], {"seal": ["vote"]}, today=0, seed=1, draws=10))
    assert found[9] == (8, 8)


def test_a_step_that_has_waited_is_compared_with_those_that_took_longer() -> None:
    took = seen("one", 1, 1, 1, 1, 12)
    found = by_track(
        compute_forecast([Position(A)], [Remaining(A, "one", 1, 1, ready=0)], took, {}, today=4, seed=2, draws=500)
    )
    assert found[A][0] >= 12


def test_one_that_has_waited_longer_than_any_is_not_expected_at_once() -> None:
    took = seen("one", 3, planned=3)
    found = by_track(
        compute_forecast([Position(A)], [Remaining(A, "one", 3, 1, ready=0)], took, {}, today=40, seed=2, draws=200)
    )
    assert 41 <= found[A][0] <= 90


def test_steps_still_open_say_that_they_take_longer() -> None:
    ended = quantiles([1, 2, 3, 4], [])
    with_open = quantiles([1, 2, 3, 4], [4.0] * 4)
    assert ended is not None
    assert with_open is not None
    assert (ended[0], ended[-1]) == (1, 4)
    assert float(with_open.mean()) > float(ended.mean())
    # Half of them were never seen to end: what lies beyond is taken to last twice the longest wait and a day.
    assert with_open[-1] == 9
    assert quantiles([], [5.0]) is None


def test_a_villages_own_pace_counts_and_few_observations_are_drawn_to_the_usual() -> None:
    took = [Took(A, "one", 20), Took(B, "one", 10)]
    few = compute_paces(took)[A].blended(1.0)
    assert 1 < few < 20 / 15
    many = [Took(track, f"s{n}", 20 if track == A else 10) for n in range(80) for track in (A, B)]
    assert compute_paces(many)[A].blended(1.0) > few
    assert Pace(0.0, 0.0, 0).blended(1.3) == 1.3


def test_waiting_longer_than_usual_slows_a_village_before_it_has_finished_anything() -> None:
    took = [Took(B, "one", 4)] * 5
    assert A not in compute_paces(took, [(A, "one", 3)])
    assert compute_paces(took, [(A, "one", 12)])[A] == Pace(12.0, 4.0, 1)


@given(st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_forecast(seed: int) -> None:
    took = [Took(B, "one", days) for days in range(9)]
    remaining = [Remaining(A, "one", 3, 1)]
    first, second = (compute_forecast(PLACES, remaining, took, {}, today=0, seed=seed, draws=64) for _ in range(2))
    assert first == second


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=12),
    st.lists(st.tuples(st.sampled_from([A, B]), st.integers(0, 4)), unique=True, max_size=10),
    st.integers(0, 1000),
)
def test_nothing_ends_before_today_and_no_town_before_its_villages(
    days: list[int], steps: list[tuple[int, int]], seed: int
) -> None:
    took = [Took(B, f"s{n}", one) for n in range(5) for one in days]
    remaining = [Remaining(track, f"s{n}", 4, 1 + n) for track, n in steps]
    after = {f"s{n}": [f"s{n - 1}"] for n in range(1, 5)}
    found = by_track(compute_forecast(PLACES, remaining, took, after, today=3, seed=seed, draws=32))
    for place in (A, B):
        assert 3 <= found[place][0] <= found[place][1]
        assert found[TOWN][0] >= found[place][0]
        assert found[TOWN][1] >= found[place][1]
    assert found[DISTRICT] == found[TOWN]


def test_a_forecast_agrees_with_a_plain_simulation() -> None:
    """The same game played with Python's own numbers: a chain of three steps in two villages, one maximum."""
    observed = [1, 2, 2, 3, 9]
    took = [one for key in ("a", "b", "c") for one in seen(key, *observed)]
    places = [Position(TOWN), Position(A, TOWN), Position(B, TOWN)]
    remaining = [Remaining(track, key, 3, 1) for track in (A, B) for key in ("a", "b", "c")]
    found = by_track(compute_forecast(places, remaining, took, {"b": ["a"], "c": ["b"]}, today=0, seed=8, draws=20_000))
    rng = np.random.Generator(np.random.PCG64(99))
    sums = rng.choice(observed, size=(20_000, 2, 3)).sum(axis=2)
    expected = np.sort(sums.max(axis=1))
    assert abs(found[TOWN][0] - int(expected[9_999])) <= 1
    assert abs(found[TOWN][1] - int(expected[15_999])) <= 1


def test_steps_that_wait_for_each_other_are_refused() -> None:
    assert topological({"b": ["a"], "c": ["a", "b"]}, ["c", "b", "a"]) == ["a", "b", "c"]
    with pytest.raises(ValueError, match="a, b"):
        topological({"a": ["b"], "b": ["a"]}, ["a", "b"])


def test_the_longest_remaining_path_names_its_steps() -> None:
    after = {"b": ["a"], "d": ["b", "c"]}
    assert longest_path(after, {"a": 3, "b": 4, "c": 6, "d": 1}) == (["a", "b", "d"], 8)
    assert longest_path(after, {"d": 1}) == (["d"], 1)
    assert longest_path(after, {}) == ([], 0)


def test_forecasts_are_judged_by_what_happened() -> None:
    found = judge(
        [
            Judged(10, 14, 12),  # within P80, two late
            Judged(10, 14, 9),  # within, one early
            Judged(10, 14, 15),  # finished beyond P80
            Judged(10, 14, None),  # unfinished past its P80
            Judged(10, 40, None),  # nobody knows yet
        ],
        today=20,
    )
    assert found == ForecastVerdict(judged=4, within_p80=2, finished=3, median_error=2)
    assert judge([], 20) == ForecastVerdict(0, 0, 0, None)


def test_days_are_counted_from_when_a_step_could_be_begun_to_its_acceptance() -> None:
    played = [
        Played(TOWN, "list", 1, 2, is_open=False, done=4, is_observed=True),  # planned for day 1: took 4
        Played(A, "vote", 3, 2, is_open=False, done=9, is_observed=True),  # the list came on day 4: took 5
        Played(B, "vote", 3, 2, is_open=True),
        Played(A, "seal", 20, 1, is_open=True),
        Played(B, "seal", 2, 1, is_open=True),
        Played(A, "waived", 1, 1, is_open=False, done=3),
    ]
    remaining, took = split_steps(played, PLACES, {"vote": ["list"], "seal": ["vote"]})
    assert took == [Took(TOWN, "list", 4, 2), Took(A, "vote", 5, 2)]
    assert [(one.track, one.key, one.ready) for one in remaining] == [
        (B, "vote", 4),
        (A, "seal", 19),
        (B, "seal", None),
    ]


def test_a_step_done_ahead_of_its_day_took_no_time() -> None:
    _remaining, took = split_steps([Played(A, "one", 9, 2, is_open=False, done=5, is_observed=True)], PLACES, {})
    assert took == [Took(A, "one", 0, 2)]


def test_a_forecast_is_kept_on_its_last_day_and_failed_the_day_after() -> None:
    kept, late, waits = Judged(10, 20, 20), Judged(10, 20, 21), Judged(10, 20, None)
    assert [judge([one], today=30).within_p80 for one in (kept, late)] == [1, 0]
    assert [judge([waits], today=day).judged for day in (20, 21)] == [0, 1]
