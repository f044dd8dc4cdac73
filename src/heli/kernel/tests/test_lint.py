"""The districts' own texts: rows that do not hold are flagged, rows that hold pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.kernel.lint import Claim, Written, check, fits, fitting, read
from heli.kernel.quantities import Ratio

DOES_NOT_HOLD = {
    "1.13 over the target by 13.38 % (points)": (
        Claim(text="13.38%", difference_of=("54.33%", "40.95%")), {"points_as_percent"}),
    "1.30 women 23.53 % of 399": (Claim(text="23.53%", base=399), {"no_whole_number"}),
    "1.30 Party members 74.97 % of 399": (Claim(text="74.97%", base=399), {"no_whole_number"}),
    "1.31 up to senior school 71.14 % of 399": (Claim(text="71.14 %", base=399), {"no_whole_number"}),
    "1.31 college 28.85 % of 399": (Claim(text="28.85 %", base=399), {"no_whole_number"}),
    "1.31 the two together": (Claim(text="100%", parts=("71.14%", "28.85%")), {"parts_differ"}),
    "1.33 one person in both offices 99.6 % of 148": (Claim(text="99.6%", base=148), {"no_whole_number"}),
    "1.36 accounts of 230 villages where there are 254 or 148": (
        Claim(text="230个", known_bases=(254, 148)), {"other_base"}),
    "1.42 satisfaction 100 % of nobody knows whom": (Claim(text="满意率100 %"), {"base_missing"}),
    "1.42 replies to all opinions": (Claim(text="100%", numerator=161, base=541 + 23), {"not_its_fraction"}),
    "2.31 a Chinese full stop as decimal point": (Claim(text="+9。98 %"), {"typo_full_stop"}),
    "3.10 branches of fewer than three members": (
        Claim(text="8100多", numerator=8_100, base=3_300, low=3), {"too_few_each"}),
    "4.9 a settlement rate of 85 % beside 323 of 508": (
        Claim(text="85%", numerator=323, base=508), {"not_its_fraction"}),
    "4.14 92 monthly meetings of 40 stations in six months": (
        Claim(text="92", numerator=92, base=40, low=6), {"too_few_each"}),
    "0.1 59 communities and 26 villages are not 61": (Claim(text="61", parts=("59", "26")), {"parts_differ"}),
}  # fmt: skip

HOLDS = {
    "0.1 59 + 26": Claim(text="85", parts=("59", "26")),
    "0.2 43.3 % of 141": Claim(text="43.3 %", base=141, numerator=61),
    "0.18 6 + 28": Claim(text="34", parts=("6", "28")),
    "0.31 income +44.04 %": Claim(text="+44.04 %"),
    "1.10 nine groups in four kinds": Claim(text="36", mean_of=(36, 1)),
    "1.12 254 → 116": Claim(text="54.33%", numerator=138, base=254, known_bases=(254, 148)),
    "1.12 without the numerator": Claim(text="54.33%", base=254),
    "1.13 in points": Claim(text="13.38个百分点", difference_of=("54.33%", "40.95%")),
    "1.14 94 + 2 × 13 + 18": Claim(text="138", parts=("94", "26", "18")),
    "1.15 mean of 116 villages": Claim(text="2502", mean_of=(290_232, 116)),
    "1.16 mean of 32 communities": Claim(text="5859", mean_of=(187_488, 32)),
    "1.17 groups": Claim(text="46.66%", numerator=783, base=1_678),
    "1.29 posts": Claim(text="21.3%", numerator=108, base=507),
    "2.2 22 + 4": Claim(text="26", parts=("22", "4")),
    "2.25 unanimous": Claim(text="57.7 %", numerator=15, base=26),
    "3.2 151 + 39": Claim(text="190", parts=("151", "39")),
    "3.14 150 of 190": Claim(text="78.9 %", numerator=150, base=190),
    "4.14 323 of 508": Claim(text="63.58 %", numerator=323, base=508),
    "4.42 closed": Claim(text="98.75 %", numerator=632, base=640),
    "1.42 replies as a count": Claim(text="161条"),
    "4.9 roughly": Claim(text="85 %以上", base=800),
}


@pytest.mark.parametrize(("claim", "codes"), DOES_NOT_HOLD.values(), ids=list(DOES_NOT_HOLD))
def test_what_the_districts_wrote_and_cannot_be_is_flagged(claim: Claim, codes: set[str]) -> None:
    assert {flag.code for flag in check(claim)} == codes


@pytest.mark.parametrize("claim", HOLDS.values(), ids=list(HOLDS))
def test_what_the_districts_wrote_and_holds_passes(claim: Claim) -> None:
    assert check(claim) == []


@pytest.mark.parametrize(
    ("claim", "codes"),
    [
        (Claim(text="104 %", base=50), {"above_whole"}),
        (Claim(text="104 %", base=50, is_change=True), set()),
        (Claim(text="12.1个百分点", difference_of=("54.33%", "40.95%")), {"wrong_difference"}),
        (Claim(text="2500", mean_of=(290_232, 116)), {"mean_differs"}),
        (Claim(text="2500", mean_of=(290_232, 0)), {"base_missing"}),
        (Claim(text="99.6%", known_bases=(148, 254)), {"base_missing"}),
        (Claim(text="99.5%", known_bases=(148, 254), parts=("99.5%",)), {"no_known_base"}),
        (Claim(text="30", numerator=30, base=5, high=5), {"too_many_each"}),
        (Claim(text="无"), {"unreadable"}),
        (Claim(text="９８．７５％", numerator=632, base=640), {"typo_full_width"}),
    ],
)  # fmt: skip
def test_other_mistakes_are_flagged(claim: Claim, codes: set[str]) -> None:
    assert {flag.code for flag in check(claim)} == codes


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("54.33 %", Written(5_433, 2, "%")),
        ("+9。98 %", Written(998, 2, "%", typos=("full_stop",))),
        ("１２３", Written(123, 0, typos=("full_width",))),
        ("8100多", Written(8_100, 0, is_about=True)),
        ("近4000人次", Written(4_000, 0, is_about=True)),
        ("3500万", Written(35_000_000, 0)),
        ("5.89亿元", Written(589_000_000, 0)),
        ("1,678", Written(1_678, 0)),
        ("-0.5%", Written(-5, 1, "%")),
        ("none", None),
    ],
)  # fmt: skip
def test_figures_are_read_as_officials_type_them(text: str, written: Written | None) -> None:
    assert read(text) == written


def test_where_an_impossible_percentage_may_come_from() -> None:
    assert fitting("99.6%", [148, 229, 230, 254]) == [(228, 229), (229, 230), (253, 254)]
    assert fitting("none", [1]) == []
    assert Written(-5, 1).text() == "-0.5"


@given(st.integers(1, 5_000), st.data(), st.integers(0, 3))
def test_every_count_of_a_base_gives_a_percentage_that_fits(base: int, data: st.DataObject, decimals: int) -> None:
    numerator = data.draw(st.integers(0, base))
    text = Ratio(numerator, base).percent_text(decimals)
    assert text is not None
    assert check(Claim(text=f"{text}%", base=base, numerator=numerator)) == []
    written = read(f"{text}%")
    assert written is not None
    assert fits(written, base)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=6), st.integers(0, 2))
def test_the_shares_of_one_whole_always_pass(counts: list[int], decimals: int) -> None:
    total = sum(counts)
    parts = tuple(f"{Ratio(one, total).percent_text(decimals)}%" for one in counts)
    assert check(Claim(text="100%", parts=parts)) == []
