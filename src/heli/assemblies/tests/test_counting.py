"""Contests counted: solved examples, edges, ties, the woman's seat, relatives, sheets and their identities."""

from copy import deepcopy
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.assemblies.rules.counting import CountResult, count
from heli.assemblies.rules.law import shelf
from heli.assemblies.testing import contest, post
from heli.assemblies.texts import as_fault


def counted(*posts: dict[str, Any], **other: Any) -> CountResult:
    return count(contest(*posts, **other), shelf())


def elected(found: CountResult) -> dict[str, tuple[str, ...]]:
    return {one.post: one.elected for one in found.posts}


EDGES = [
    ({"a": 311, "b": 269}, {"returned": 620, "invalid": 40}, "complete"),
    ({"a": 310, "b": 270}, {"returned": 620, "invalid": 40}, "incomplete"),
    ({"a": 300, "b": 280}, {"returned": 620, "invalid": 40}, "incomplete"),
    ({"a": 260, "b": 240}, {"returned": 500}, "void_turnout"),
    ({"a": 260, "b": 240}, {"returned": 501}, "complete"),
    ({"a": 260, "b": 241}, {"returned": 501, "issued": 500}, "void_box"),
    ({"a": 200, "b": 199}, {"round": 2}, "complete"),
    ({"a": 199, "b": 198}, {"round": 2}, "incomplete"),
    ({"a": 210, "b": 210, "c": 100}, {"round": 2}, "revote"),
    ({"a": 334, "b": 166}, {"returned": 500, "unreachable": 1}, "void_turnout"),
    ({"a": 334, "b": 166}, {"returned": 500, "unreachable": 1, "jurisdiction": "CN-51"}, "complete"),
]


@pytest.mark.parametrize(("votes", "other", "status"), EDGES)
def test_one_seat(votes: dict[str, int], other: dict[str, Any], status: str) -> None:
    assert counted(post("chair", 1, **votes), **other).status == status


def test_a_tie_names_who_is_voted_on_again_and_elects_none_of_them() -> None:
    found = counted(post("chair", 1, a=210, b=210, c=100), round=2)
    assert (found.posts[0].elected, found.posts[0].revote, found.posts[0].seats_left) == ((), ("a", "b"), 1)
    found = counted(post("member", 2, a=400, b=350, c=350, d=10))
    assert (found.posts[0].elected, found.posts[0].revote, found.posts[0].seats_left) == (("a",), ("b", "c"), 1)


@pytest.mark.parametrize(("votes", "other", "status"), EDGES[:9])
def test_a_community_has_the_same_edges(votes: dict[str, int], other: dict[str, Any], status: str) -> None:
    assert counted(post("chair", 1, **votes), body="residents_committee", **other).status == status


def test_representatives_need_more_than_two_thirds() -> None:
    ballot = {"body": "residents_committee", "mode": "representatives", "registered": 90}
    assert counted(post("chair", 1, a=40), returned=60, **ballot).status == "void_turnout"
    assert counted(post("chair", 1, a=40), returned=61, **ballot).status == "complete"


def test_zhejiang_counts_heads() -> None:
    zhejiang = {"jurisdiction": "CN-33", "returned": 600}
    assert counted(post("chair", 1, a=305), participants=610, **zhejiang).status == "incomplete"
    assert counted(post("chair", 1, a=305), participants=609, **zhejiang).status == "complete"
    assert counted(post("chair", 1, a=305), participants=599, **zhejiang).status == "void_box"


def test_who_is_elected_higher_is_out_of_the_lower_posts() -> None:
    found = counted(post("member", 2, a=470, b=400, c=320), post("chair", 1, a=400, d=100))
    assert elected(found) == {"chair": ("a",), "member": ("b", "c")}


def test_hainan_adds_votes_downwards_and_never_upwards() -> None:
    posts = [post("chair", 1, a=250, b=100), post("vice", 1, a=60, c=290), post("member", 1, c=20, b=150)]
    assert elected(counted(*posts, jurisdiction="CN-46", women_elected=1)) == {
        "chair": (),
        "vice": ("a",),
        "member": ("c",),
    }
    assert elected(counted(*posts)) == {"chair": (), "vice": (), "member": ()}
    assert elected(counted(*posts, jurisdiction="CN-46", round=2))["vice"] == ("c",)


WOMAN: list[tuple[dict[str, int], tuple[object, ...]]] = [
    ({"a": 456, "b": 456, "c": 229, "d": 455}, ((), ("a", "b"), 2, True)),
    ({"a": 500, "b": 480, "w1": 460, "w2": 100}, (("a", "w1"), (), 0, False)),
    ({"a": 500, "b": 470, "w1": 455, "w2": 100}, (("a",), (), 1, True)),
    ({"a": 500, "w1": 460, "w2": 460}, (("a",), ("w1", "w2"), 1, False)),
    ({"w1": 470, "w2": 470, "a": 460}, (("w1", "w2"), (), 0, False)),
]


@pytest.mark.parametrize("jurisdiction", ["CN-51", "CN-46"])
@pytest.mark.parametrize(("votes", "told"), WOMAN)
def test_the_womans_seat(votes: dict[str, int], told: tuple[object, ...], jurisdiction: str) -> None:
    found = counted(post("member", 2, **votes), jurisdiction=jurisdiction, returned=910, registered=1094)
    one = found.posts[0]
    assert (one.elected, one.revote, one.seats_left, one.woman_seat) == told


def test_a_woman_elected_before_leaves_the_seats_to_the_votes() -> None:
    members = post("member", 2, a=400, b=350, w1=320)
    assert counted(members, jurisdiction="CN-51").posts[0].elected == ("a", "w1")
    for other in ({"women_elected": 1}, {"round": 2}, {"jurisdiction": "CN"}):
        assert counted(members, **{"jurisdiction": "CN-51", **other}).posts[0].elected == ("a", "b")
    assert elected(counted(post("chair", 1, w9=400), members, jurisdiction="CN-51"))["member"] == ("a", "b")


def test_near_relatives() -> None:
    posts = [post("chair", 1, a=400), post("member", 2, b=390, c=380, d=370)]
    kin = {"relatives": [["a", "b"]]}
    assert elected(counted(*posts, **kin))["member"] == ("c",)
    assert elected(counted(*posts, jurisdiction="CN-51", women_elected=1, **kin))["member"] == ("c",)
    assert elected(counted(*posts, jurisdiction="CN-33", **kin))["member"] == ("c", "d")
    assert elected(counted(*posts, relatives=[["b", "c"]]))["member"] == ("b",)
    assert elected(counted(*posts, relatives=[["b", "c"]], jurisdiction="CN-33"))["member"] == ("b", "d")
    # The village law of 2018 has no rule on near relatives.
    assert elected(counted(*posts, on="2025-06-30", **kin))["member"] == ("b", "c")
    equal = counted(post("member", 2, b=380, c=380, d=370), relatives=[["b", "c"]])
    assert (equal.posts[0].elected, equal.posts[0].revote) == ((), ("b", "c"))


def test_zhejiang_with_three_posts() -> None:
    found = counted(
        post("chair", 1, d=81, h=103), post("vice", 1, f=63, h=100), post("member", 3, b=96, f=92, c=86, h=38, d=6),
        jurisdiction="CN-33", registered=384, returned=200, invalid=7, relatives=[["b", "c"]],
    )  # fmt: skip
    assert found.status == "incomplete"
    assert elected(found) == {"chair": ("h",), "vice": (), "member": ()}
    assert [one.seats_left for one in found.posts] == [0, 1, 3]


def test_outstanding_ballots() -> None:
    votes = {"a": 124, "b": 95}
    other = {"returned": 222, "invalid": 3, "registered": 252}
    assert counted(post("chair", 1, **votes), outstanding=30, **other).status == "undecidable"
    assert counted(post("chair", 1, **votes), outstanding=25, **other).status == "complete"
    assert counted(post("chair", 1, **votes), outstanding=26, **other).status == "undecidable"
    assert counted(post("chair", 1, **votes), outstanding=30, **{**other, "registered": 600}).status == "void_turnout"
    assert counted(post("chair", 1, **votes), outstanding=30, **{**other, "registered": 460}).status == "undecidable"


@pytest.mark.parametrize(
    ("votes", "other", "margin"),
    [
        ({"a": 311, "b": 269}, {"returned": 620}, (1, "threshold", "chair")),
        ({"a": 400, "b": 100}, {"returned": 501, "registered": 1000}, (1, "turnout", "")),
        ({"a": 400, "b": 100}, {"returned": 500, "registered": 1000}, (1, "turnout", "")),
        ({"a": 280, "b": 270}, {"returned": 600, "round": 2}, (5, "next", "chair")),
        ({"a": 280, "b": 271}, {"returned": 600, "round": 2}, (5, "next", "chair")),
        ({"a": 280, "b": 280}, {"returned": 600, "round": 2}, (1, "next", "chair")),
        ({"a": 340, "b": 10}, {"returned": 600}, (40, "threshold", "chair")),
    ],
)
def test_the_fewest_ballots_that_would_change_anything(
    votes: dict[str, int], other: dict[str, Any], margin: tuple[int, str, str]
) -> None:
    found = counted(post("chair", 1, **votes), **other).margin
    assert found is not None
    assert (found.ballots, found.reason, found.post) == margin


# --- sheets ----------------------------------------------------------------------------------------------------------

SHEET = {
    "station": "s1", "issued": 93, "returned": 91, "unreturned": 2, "invalid": 1, "valid": 90,
    "votes": {"chair": {"a": 48, "b": 22}, "member": {"a": 30, "b": 90, "c": 60}},
}  # fmt: skip
BALLOT = [post("chair", 1, a=0, b=0), post("member", 2, a=0, b=0, c=0)]


def from_sheets(*sheets: dict[str, Any], **other: Any) -> CountResult:
    return counted(*BALLOT, registered=136, sheets=list(sheets), **other)


BROKEN = [
    ({"invalid": -1, "valid": 92}, "negative"),
    ({"votes": {"chair": {"a": -1}}}, "negative"),
    ({"unreturned": 1}, "issued"),
    ({"issued": 94}, "issued"),
    ({"invalid": 2}, "returned"),
    ({"valid": 89}, "returned"),
    ({"votes": {"chair": {"a": 91}}}, "votes"),
    ({"votes": {"chair": {"z": 1}}}, "votes"),
    ({"votes": {"vice": {"a": 1}}}, "votes"),
    ({"votes": {"chair": {"a": 45, "b": 46}}}, "votes_total"),
    ({"votes": {"member": {"a": 61, "b": 60, "c": 60}}}, "votes_total"),
]


@pytest.mark.parametrize(("change", "field"), BROKEN)
def test_every_identity_broken_once_is_refused_with_sheet_and_field(change: dict[str, Any], field: str) -> None:
    assert from_sheets(SHEET).status == "complete"
    found = from_sheets({**SHEET, "station": "s0"}, {**SHEET, **change})
    assert (found.status, found.sheet, found.field) == ("refused", "s1", field)
    assert "s1" in as_fault(found.findings[0]).message


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"invalid": 601}, "returned"),
        ({"invalid": -1}, "negative"),
        ({"posts": [post("chair", 1, a=601)]}, "votes"),
        ({"posts": [post("chair", 1, a=301, b=300)]}, "votes_total"),
        ({"registered": 0}, "registered"),
        ({"posts": []}, "posts"),
        ({"posts": [{**post("chair", 1, a=1), "seats": 0}]}, "posts.0.seats"),
        ({"round": 3}, "round"),
        ({"relatives": [["a"]]}, "relatives"),
        ({"mode": "households"}, "mode"),
        ({"on": "2000-01-01"}, "on"),
        ({"tally": 1}, "tally"),
    ],
)
def test_totals_that_cannot_be_are_refused(change: dict[str, Any], field: str) -> None:
    found = count({**contest(post("chair", 1, a=400)), **change}, shelf())
    assert (found.status, found.field) == ("refused", field)


@st.composite
def sheets(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.integers(1, 4))):
        valid, invalid, unreturned = (draw(st.integers(0, top)) for top in (30, 3, 3))
        chair = draw(st.integers(0, valid))
        member = [draw(st.integers(0, valid * 2 // 3)) for _ in range(3)]
        made.append({
            "station": f"s{number}", "issued": valid + invalid + unreturned, "returned": valid + invalid,
            "unreturned": unreturned, "invalid": invalid, "valid": valid,
            "votes": {"chair": {"a": chair, "b": valid - chair}, "member": dict(zip("abc", member, strict=True))},
        })  # fmt: skip
    return made


def halves(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """The ballots of a sheet on two, every other number rounded up on the first."""
    first, second = deepcopy(sheet), deepcopy(sheet)
    for name in ("unreturned", "invalid", "valid"):
        first[name], second[name] = sheet[name], 0
    first["votes"] = sheet["votes"]
    second["votes"] = {}
    second.update(station=sheet["station"] + "b", issued=0, returned=0)
    return [first, second]


@given(sheets(), st.integers(0, 40))
def test_order_and_splitting_of_sheets_change_nothing(made: list[dict[str, Any]], more: int) -> None:
    registered = max(1, sum(sheet["returned"] for sheet in made) + more)
    whole = counted(*BALLOT, registered=registered, sheets=made)
    told = (whole.status, whole.posts)
    for order in list(permutations(made))[:6]:
        found = counted(*BALLOT, registered=registered, sheets=list(order))
        assert (found.status, found.posts) == told
    split = [part for sheet in made for part in halves(sheet)]
    found = counted(*BALLOT, registered=registered, sheets=split)
    assert (found.status, found.posts) == told
    totals = {name: sum(sheet[name] for sheet in made) for name in ("issued", "returned", "invalid")}
    posts = [
        post(
            one["post"],
            one["seats"],
            **{who["id"]: sum(sheet["votes"][one["post"]][who["id"]] for sheet in made) for who in one["candidates"]},
        )
        for one in BALLOT
    ]
    found = counted(*posts, registered=registered, **totals)
    assert (found.status, found.posts) == told


# --- an oracle for one post ------------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
    st.integers(1, 3),
    st.sampled_from([1, 2]),
    st.integers(0, 2),
)
def test_one_post_is_filled_as_by_hand(votes: list[int], seats: int, round_: int, invalid: int) -> None:
    """Each who has the share stands; who has at most so many at or above them as there are seats is elected."""
    returned = max(60, -(-sum(votes) // seats)) + invalid
    by_name = dict(zip("abcde", votes, strict=False))
    found = counted(post("member", seats, **by_name), returned=returned, invalid=invalid, round=round_, registered=100)
    if returned > 100 or returned * 2 <= 100:
        return
    enough = {one: n for one, n in by_name.items() if (n > returned - n if round_ == 1 else n + n + n >= returned)}
    wins = {one for one, n in enough.items() if sum(m >= n for m in enough.values()) <= seats}
    ties = {one for one, n in enough.items() if one not in wins and sum(m > n for m in enough.values()) < seats}
    assert set(found.posts[0].elected) == wins
    assert set(found.posts[0].revote) == ties
    assert found.posts[0].seats_left == seats - len(wins)
    assert found.status == ("revote" if ties else "complete" if len(wins) == seats else "incomplete")
