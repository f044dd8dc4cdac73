"""The polling pack's rules: names by strokes, what a ballot holds, and a hall in which nothing overlaps and every way is open."""

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heli.assemblies.rules.ballots import BallotPost, draw_ballot
from heli.assemblies.rules.hall import BACK_WAY, SCALES, HallPart, HallPlan, HallWish, Placed, lay_out, scale_of
from heli.assemblies.rules.strokes import in_stroke_order, ranks
from heli.kernel.faults import Unsound

ORDINARY = HallWish(1800, 2400, 4, 12, 2, 4, (("一组", 130), ("二组", 95), ("三组", 60)))


def test_surnames_go_by_strokes_and_a_shorter_name_first() -> None:
    names = ["魏国强", "张伟", "丁一", "王小明", "马林", "李娜", "王小", "欧阳春", "刘洋"]
    assert in_stroke_order(names) == ["丁一", "马林", "王小", "王小明", "刘洋", "张伟", "李娜", "欧阳春", "魏国强"]
    # What the order does not know comes last: letters, rare characters.
    assert in_stroke_order(["Ab", "𠮷田", "龘一"]) == ["龘一", "Ab", "𠮷田"]


def test_the_order_holds_every_common_character_once() -> None:
    characters = list(ranks())
    assert len(characters) == 0x4DBF - 0x3400 + 1 + 0x9FFF - 0x4E00 + 1 + 1
    assert "".join(characters[:6]) == "一丨丶丿乀乁"


@given(st.permutations(["丁一", "马林", "王小", "李娜", "阿依古丽·买买提"]))
def test_how_names_were_typed_changes_nothing(names: list[str]) -> None:
    assert in_stroke_order(names) == ["丁一", "马林", "王小", "李娜", "阿依古丽·买买提"]


CHAIR = BallotPost("主任", 1, ("张伟", "丁一"))


def test_a_ballot_orders_the_names_and_leaves_a_line_for_another_name_for_every_seat() -> None:
    form = draw_ballot((CHAIR, BallotPost("委员", 4, ("李娜", "王小", "马林", "赵敏", "刘洋"))))
    assert form.posts[0].names == ("丁一", "张伟")
    assert (form.lines, form.is_half) == (9, False)
    assert draw_ballot((CHAIR,)).is_half


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        ((), "ballot_posts"),
        ((CHAIR,) * 5, "ballot_posts"),
        ((BallotPost("主任", 0, ("张伟",)),), "ballot_no_seat"),
        ((BallotPost("主任", 1, ("张伟", "张伟")),), "ballot_name_twice"),
        ((BallotPost("委员", 5, tuple(f"王{number}" for number in range(16))),), "ballot_too_long"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused(posts: tuple[BallotPost, ...], code: str) -> None:
    with pytest.raises(Unsound) as refused:
        draw_ballot(posts)
    assert [finding.code for finding in refused.value.findings] == [code]


# --- the hall ---------------------------------------------------------------------------------------------------------


def apart(one: Placed, other: Placed) -> bool:
    """Whether two things share no inside."""
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.depth <= other.y
        or other.y + other.depth <= one.y
    )


def touch(one: Placed, other: Placed) -> bool:
    """Whether they share an edge, not only a corner."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    deep = min(one.y + one.depth, other.y + other.depth) - max(one.y, other.y)
    return (wide > 0 and deep == 0) or (wide == 0 and deep > 0)


def of(plan: HallPlan, *parts: HallPart) -> list[Placed]:
    return [one for one in plan.placed if one.part in parts]


@st.composite
def wishes(draw: st.DrawFn) -> HallWish:
    groups = draw(st.lists(st.integers(0, 300), max_size=6))
    return HallWish(
        draw(st.integers(800, 4500)),
        draw(st.integers(800, 4500)),
        draw(st.integers(1, 12)),
        draw(st.integers(1, 40)),
        draw(st.integers(1, 6)),
        draw(st.integers(0, 12)),
        tuple((f"{number + 1}组", voters) for number, voters in enumerate(groups)),
    )


@given(wishes())
def test_in_every_hall_that_is_drawn_nothing_overlaps_and_all_ways_are_one(wish: HallWish) -> None:
    try:
        plan = lay_out(wish)
    except Unsound:
        assume(False)
    assert all(apart(one, other) for one, other in combinations(plan.placed, 2))
    for one in plan.placed:
        assert one.width > 0 < one.depth
        assert 0 <= one.x <= one.x + one.width <= wish.width
        assert 0 <= one.y <= one.y + one.depth <= wish.depth
    count = {part: len(of(plan, part)) for part in HallPart}
    assert count[HallPart.DESK] == wish.desks
    assert count[HallPart.BOOTH] == wish.booths
    assert count[HallPart.BOX] == wish.boxes
    assert count[HallPart.WHEELCHAIR] == wish.wheelchairs
    # From the entrance over ways to every desk, booth, place of a wheelchair, and to the exit.
    ways = of(plan, HallPart.WAY)
    assert all(min(way.width, way.depth) >= 100 for way in ways)
    (entrance,), (leaving,) = of(plan, HallPart.ENTRANCE), of(plan, HallPart.EXIT)
    reached, waiting = set[Placed](), [way for way in ways if touch(way, entrance)]
    while waiting:
        way = waiting.pop()
        reached.add(way)
        waiting += [other for other in ways if other not in reached and touch(way, other)]
    assert reached == set(ways)
    for one in [leaving, *of(plan, HallPart.DESK, HallPart.BOOTH)]:
        assert any(touch(one, way) for way in ways)
    # In front of the boxes the front way is open; a place of a wheelchair stands on it.
    assert all(any(touch(one, way) for way in ways) for one in of(plan, HallPart.WHEELCHAIR))
    assert plan.seats == sum(one.number for one in of(plan, HallPart.SEATS)) <= plan.voters


def test_every_group_sits_together_in_its_order_and_the_rest_come_in_turns() -> None:
    plan = lay_out(ORDINARY)
    seated = [(one.label, one.number) for one in of(plan, HallPart.SEATS)]
    labels = [label for label, _number in seated]
    assert labels == sorted(labels, key=["一组", "二组", "三组"].index)
    assert plan.voters == 285
    assert plan.seats == 285
    assert lay_out(HallWish(1800, 1200, 2, 4, 1, 0, (("一组", 285),))).seats < 285
    assert lay_out(HallWish(1800, 1200, 2, 4, 1, 0)).seats == 0


@pytest.mark.parametrize(
    ("wish", "codes"),
    [
        (HallWish(700, 2400, 1, 1, 1, 0), ["hall_size"]),
        (HallWish(1800, 6100, 1, 1, 1, 0), ["hall_size"]),
        (HallWish(1800, 1200, 9, 4, 1, 0), ["desks_too_many"]),
        (HallWish(800, 2400, 1, 1, 9, 0), ["boxes_too_many"]),
        (HallWish(900, 1000, 1, 30, 1, 0), ["booths_too_many"]),
        (HallWish(800, 2400, 1, 1, 1, 9), ["wheelchairs_too_many"]),
        (HallWish(900, 1000, 9, 30, 1, 0), ["desks_too_many", "booths_too_many"]),
    ],
)
def test_what_has_no_room_is_named(wish: HallWish, codes: list[str]) -> None:
    with pytest.raises(Unsound) as refused:
        lay_out(wish)
    assert [finding.code for finding in refused.value.findings] == codes


@pytest.mark.parametrize("booths", range(1, 12))
def test_the_most_that_is_named_fits_and_one_more_does_not(booths: int) -> None:
    with pytest.raises(Unsound) as refused:
        lay_out(HallWish(900 + 37 * booths, 1300, 99, 99, 99, 99))
    most = {finding.code: int(str(finding.facts["most"])) for finding in refused.value.findings}
    fits = HallWish(900 + 37 * booths, 1300, most["desks_too_many"], most["booths_too_many"], most["boxes_too_many"], 0)
    lay_out(fits)
    for wish in (
        HallWish(fits.width, fits.depth, fits.desks + 1, 1, 1, 0),
        HallWish(fits.width, fits.depth, 1, fits.booths + 1, 1, 0),
        HallWish(fits.width, fits.depth, 1, 1, fits.boxes + 1, 0),
    ):
        with pytest.raises(Unsound):
            lay_out(wish)


def test_the_scale_is_the_first_usual_one_that_fits() -> None:
    plan = lay_out(ORDINARY)
    assert scale_of(plan, 180, 240) == 100
    assert scale_of(plan, 179, 240) == 125
    assert scale_of(plan, 10, 10) is None
    assert BACK_WAY == 150
    assert list(SCALES) == sorted(SCALES)
