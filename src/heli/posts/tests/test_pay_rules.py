"""Pay equals an oracle that adds up day by day in exact fractions; a full year is the year's pay; more never pays less."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from heli.posts.rules.pay import PaidSpan, PayScale, cut, median_of, part_of_year, pay_of

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
FEN = st.integers(0, 10**8)
SCALES = st.builds(
    PayScale,
    st.dictionaries(st.sampled_from(["secretary", "head", "member"]), FEN),
    st.dictionaries(st.sampled_from(["excellent", "basic"]), st.integers(0, 20_000)),
    FEN,
)
KINDS = st.lists(st.sampled_from(["secretary", "head", "member", "clerk"]), max_size=2, unique=True).map(tuple)


@st.composite
def spans(draw: st.DrawFn) -> PaidSpan:
    first = draw(DAYS)
    until = first + timedelta(days=draw(st.integers(0, 800)))
    return PaidSpan(draw(SCALES), draw(KINDS), first, until, draw(st.sampled_from(["", "excellent", "basic"])))


def a_day(one: PaidSpan, day: date) -> Fraction:
    """What one day pays: a twelfth of the year over the days of its month."""
    paid = [one.scale.bases[kind] for kind in one.kinds if one.scale.bases.get(kind)]
    if not paid:
        return Fraction()
    year = Fraction(max(paid)) + Fraction(max(paid), 10_000) * one.scale.shares.get(one.grade, 0)
    return max(year, Fraction(one.scale.floor)) / 12 / monthrange(day.year, day.month)[1]


@settings(max_examples=60)
@given(st.lists(spans(), max_size=3))
def test_pay_is_what_the_days_add_up_to_rounded_once(found: list[PaidSpan]) -> None:
    exact = sum(
        (
            a_day(one, one.first + timedelta(days=number))
            for one in found
            for number in range((one.until - one.first).days)
        ),
        Fraction(),
    )
    assert abs(pay_of(found) - exact) <= Fraction(1, 2)
    assert pay_of(found) == int(exact + Fraction(1, 2))


@given(SCALES, KINDS, st.integers(2019, 2032), st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_a_full_year_is_the_pay_of_a_year_however_it_is_cut(
    scale: PayScale, kinds: tuple[str, ...], year: int, at: date
) -> None:
    whole = PaidSpan(scale, kinds, date(year, 1, 1), date(year + 1, 1, 1))
    assert pay_of([whole]) == pay_of(
        [
            PaidSpan(scale, kinds, *part)
            for part in cut(whole.first, whole.until, [at.replace(year=year, day=min(at.day, 28))])
        ]
    )
    assert part_of_year(whole.first, whole.until) == 1


@given(spans(), FEN)
def test_a_higher_base_or_floor_never_pays_less(one: PaidSpan, more: int) -> None:
    higher = PayScale({kind: fen + more for kind, fen in one.scale.bases.items()}, one.scale.shares, one.scale.floor)
    floored = PayScale(one.scale.bases, one.scale.shares, one.scale.floor + more)
    for scale in (higher, floored):
        assert pay_of([PaidSpan(scale, one.kinds, one.first, one.until, one.grade)]) >= pay_of([one])


def test_a_part_of_a_month_counts_by_its_days() -> None:
    scale = PayScale({"head": 4_800_000}, {"excellent": 1_000}, 0)
    # February 2026 from the 15th: 14 of 28 days of a twelfth.
    assert pay_of([PaidSpan(scale, ("head",), date(2026, 2, 15), date(2026, 3, 1))]) == 200_000
    assert pay_of([PaidSpan(scale, ("head",), date(2026, 1, 1), date(2027, 1, 1), "excellent")]) == 5_280_000


def test_the_best_paid_of_two_posts_is_paid_once_and_an_unpaid_post_knows_no_floor() -> None:
    scale = PayScale({"head": 3_000_000, "secretary": 3_600_000}, {}, 3_200_000)
    assert scale.a_year(("head", "secretary")) == 3_600_000
    assert scale.a_year(("head",)) == 3_200_000
    assert scale.a_year(("station_head",)) == 0


def test_the_median_is_the_middle_and_of_two_the_mean() -> None:
    assert (median_of([]), median_of([5]), median_of([9, 1]), median_of([1, 2]), median_of([7, 1, 3])) == (
        None,
        5,
        5,
        2,
        3,
    )
