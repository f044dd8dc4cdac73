"""How a score comes about, against exact fractions; what others got wrong; who stands on the line."""

import json
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heli.posts.rules.appraising import AppraisalResult, Indicator, appraise, half_up, share_weights
from heli.posts.rules.forms import read_appraisal
from heli.posts.testing import appraise_file, ratio, shares_of, subject


def results(file: Any) -> dict[str, AppraisalResult]:
    return {result.id: result for result in appraise(*read_appraisal(json.dumps(file)))}


def grades(file: Any) -> dict[str, str]:
    return {key: result.grade for key, result in results(file).items()}


class TestWhereOthersStop:
    """Cases from issue lists of other programs (issue, what they give, what is right)."""

    def test_five_and_five_of_three_goals_make_full_marks_not_two_thirds(self) -> None:
        """hrms 2023: an unused third goal counts as nought, and 5 and 5 of 5 make 3.33."""
        goals = [ratio("a", 3_334), ratio("b", 3_333), ratio("c", 3_333)]
        one = {**subject("x", a=(5, 5), b=(5, 5)), "not_applicable": {"c": "no such goal this year"}}
        result = results(appraise_file([one], *goals))["x"]
        assert (result.total, result.weights) == (10_000, {"a": 5_001, "b": 4_999})

    def test_a_weight_below_one_percent_counts(self) -> None:
        """erpnext 16534: weights below 1 vanish."""
        goals = [ratio("a", 9_950), ratio("b", 50)]
        assert results(appraise_file([subject("x", a=(0, 1), b=(1, 1))], *goals))["x"].total == 50

    def test_rounding_never_gives_more_than_all(self) -> None:
        """hrms 17673: parts rounded early add up to 5.2 of 5."""
        goals = [ratio(f"i{number}", 1_428 + (number < 4)) for number in range(7)]
        one = {**subject("x"), "facts": shares_of({goal["id"]: (1, 1) for goal in goals})}
        assert results(appraise_file([one], *goals))["x"].total == 10_000

    def test_what_is_missing_is_never_nought(self) -> None:
        goals = [ratio("a", 5_000), ratio("b", 5_000)]
        found = results(appraise_file([subject("x", a=(1, 1)), subject("y", a=(1, 1), b=(0, 0))], *goals))
        assert [found[key].as_json() for key in "xy"] == [
            {"id": key, "status": "incomplete", "missing": ["b"]} for key in "xy"
        ]


FACTS = st.tuples(st.integers(0, 60), st.integers(1, 50))


@given(FACTS, st.integers(0, 12_000), st.integers(0, 12_000))
def test_a_ratio_scores_as_its_exact_fraction(fact: tuple[int, int], low: int, target: int) -> None:
    if low == target:
        return
    exact = 10_000 * (Fraction(10_000 * fact[0], fact[1]) - low) / (target - low)
    score = Indicator("r", "ratio", 1, low, target).score({"k": fact[0], "n": fact[1]})
    assert score == floor(min(max(exact, Fraction(0)), Fraction(10_000)) + Fraction(1, 2))


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), st.integers(0, 12))
def test_a_panel_scores_as_its_exact_fraction_or_is_too_small(ballots: list[int], least: int) -> None:
    fact = dict(zip(("excellent", "good", "fair", "poor"), ballots, strict=True))
    score = Indicator("p", "panel", 1, least=least).score(fact)
    if sum(ballots) < max(least, 1):
        assert score is None
    else:
        points = sum(a * b for a, b in zip(ballots, (10_000, 8_500, 6_500, 4_000), strict=True))
        assert score == floor(Fraction(points, sum(ballots)) + Fraction(1, 2))


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 5_000), min_size=1).filter(lambda w: any(w.values())))
def test_shared_weights_are_ten_thousand_and_each_less_than_one_from_its_quota(weights: dict[str, int]) -> None:
    shared = share_weights(weights)
    quota = {key: Fraction(10_000 * weight, sum(weights.values())) for key, weight in weights.items()}
    assert sum(shared.values()) == 10_000
    assert all(floor(quota[key]) <= shared[key] <= floor(quota[key]) + 1 for key in weights)
    raised = [key for key in weights if shared[key] > quota[key]]
    kept = [key for key in weights if floor(quota[key]) == shared[key]]
    assert all((-(quota[a] % 1), a) < (-(quota[b] % 1), b) for a in raised for b in kept)


@given(st.lists(FACTS, min_size=3, max_size=3), st.integers(0, 2), st.randoms(use_true_random=False))
def test_more_done_never_scores_less_and_no_order_matters(facts: list[tuple[int, int]], better: int, rng: Any) -> None:
    goals = [ratio("a", 2_500), ratio("b", 4_500, 3_000, 9_000), ratio("c", 3_000, 9_000, 2_000)]
    moved = [(k + (1 if at < 2 else -min(k, 1)), n) if at == better else (k, n) for at, (k, n) in enumerate(facts)]
    rows = [
        {**subject(key), "facts": shares_of(dict(zip("abc", given, strict=True)))}
        for key, given in (("x", facts), ("y", moved))
    ]
    found = results(appraise_file(rows, *goals))
    assert found["y"].total >= found["x"].total
    rng.shuffle(rows)
    rng.shuffle(goals)
    turned = results(appraise_file(rows, *goals))
    as_bytes = [json.dumps([one.as_json() for one in given.values()]) for given in (found, turned)]
    assert as_bytes[0] == as_bytes[1]
    assert all(
        one.total == half_up(sum(one.weights[key] * one.scores[key] for key in "abc"), 10_000)
        for one in found.values()
        if one.weights and one.scores
    )


class TestTheLine:
    """At most a fifth (here: two of ten) is excellent; who stands on the line is for people."""

    def of_ten(self, *best: int) -> dict[str, str]:
        rows = [subject(f"s{number}", r=(share, 100)) for number, share in enumerate((*best, *[75] * (10 - len(best))))]
        found = grades(appraise_file(rows, share=(1, 5)))
        return {key: found[key] for key in [f"s{number}" for number in range(len(best))]}

    def test_as_many_as_fit_are_excellent(self) -> None:
        assert set(self.of_ten(95, 90).values()) == {"excellent"}

    def test_one_too_many_stands_on_the_line_and_who_is_below_is_competent(self) -> None:
        assert list(self.of_ten(95, 92, 90, 89).values()) == ["excellent", "excellent", "decide", "competent"]

    def test_equal_ones_are_never_told_apart(self) -> None:
        assert list(self.of_ten(95, 90, 90, 90).values()) == ["excellent", "decide", "decide", "decide"]

    def test_a_veto_leaves_competent_and_takes_no_place(self) -> None:
        rows = [
            subject("a", veto=True, r=(99, 100)),
            subject("b", r=(90, 100)),
            *[subject(c, r=(5, 10)) for c in "cde"],
        ]
        assert grades(appraise_file(rows, share=(1, 5))) == {
            "a": "competent", "b": "excellent", "c": "incompetent", "d": "incompetent", "e": "incompetent",
        }  # fmt: skip

    def test_the_incomplete_count_for_the_size_of_their_group_alone(self) -> None:
        rows = [subject("a", r=(99, 100)), *[subject(c) for c in "bcde"], subject("f", "B", r=(99, 100))]
        found = grades(appraise_file(rows, share=(1, 5)))
        assert (found["a"], found["f"]) == ("excellent", "decide")
