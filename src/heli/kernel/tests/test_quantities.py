"""Exact quantities: published percentages come out to the digit, parts add up to their total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel.quantities import Ratio, decimal_text, largest_remainder, round_half_up


def test_the_reduction_of_qianfeng_is_54_33_percent() -> None:
    assert Ratio(254 - 116, 254).percent_text() == "54.33"
    assert Ratio(254 - 116, 254).percent_hundredths() == 5433


def test_the_reduction_of_lucheng_is_43_3_percent() -> None:
    assert Ratio(141 - 80, 141).percent_text(1) == "43.3"


def test_a_ratio_without_base_has_no_percentage() -> None:
    assert Ratio(3, 0).percent_text() is None
    assert Ratio(3, 0).percent_hundredths() is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (3, 2, 2), (-1, 2, -1), (1, 3, 0), (5, 3, 2), (1, -2, -1), (0, 7, 0)],
)
def test_halves_round_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator) == rounded


def test_a_denominator_of_zero_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        round_half_up(1, 0)


def test_small_and_negative_decimals_keep_their_zeros() -> None:
    assert decimal_text(1, 200, 3) == "0.005"
    assert decimal_text(-1, 8, 2) == "-0.13"
    assert decimal_text(7, 2, 0) == "4"


weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any)


@given(st.integers(-(10**15), 10**15), weights)
def test_shares_add_up_and_stay_within_one_of_the_exact_share(total: int, parts: list[int]) -> None:
    shares = largest_remainder(total, parts)
    assert sum(shares) == total
    assert all(abs(share * sum(parts) - total * part) < sum(parts) for share, part in zip(shares, parts, strict=True))


@pytest.mark.parametrize("bad", [[0, 0], [1, -1], []])
def test_weights_that_cannot_be_shared_by_are_refused(bad: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|empty"):
        largest_remainder(10, bad)
