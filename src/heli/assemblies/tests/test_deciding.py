"""Sittings decided by the law of the day: solved examples, edges, routing, and an oracle that knows no packs."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.assemblies.rules.deciding import SittingResult, decide
from heli.assemblies.rules.law import shelf
from heli.assemblies.testing import decide_case
from heli.assemblies.texts import as_fault


def decided(*args: Any, **other: Any) -> SittingResult:
    return decide(decide_case(*args, **other), shelf())


SOLVED = [
    ("adults", {"entitled": 60, "present": 40, "for_": 40}, "passed", 31, 21),
    ("adults", {"entitled": 1501, "present": 1126, "for_": 563, "matter": "merge_village"}, "failed", 751, 564),
    ("adults", {"entitled": 2, "present": 1, "for_": 1, "on": "2025-06-30"}, "no_quorum", 2, 1),
    ("households", {"entitled": 60, "present": 40, "for_": 21}, "passed", 40, 21),
    ("households", {"entitled": 60, "present": 39, "for_": 39}, "no_quorum", 40, 20),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "other", "status", "present", "for_"), SOLVED)
def test_the_villagers_assembly(mode: str, other: dict[str, Any], status: str, present: int, for_: int) -> None:
    found = decided("villagers_assembly", mode, **other)
    assert (found.status, found.need_present, found.need_for) == (status, present, for_)


COOP = [
    ({"entitled": 33, "present": 23, "for_": 17, "matter": "merge_coop"}, "failed", 22, 22),
    ({"entitled": 1000, "present": 867, "for_": 501, "matter": "merge_coop"}, "failed", 667, 667),
    ({"entitled": 100, "present": 67, "for_": 67, "matter": "nonmember_benefits"}, "failed", 67, 75),
    ({"entitled": 100, "present": 75, "for_": 75, "matter": "nonmember_benefits"}, "passed", 67, 75),
    ({"entitled": 100, "present": 67, "for_": 67, "matter": "charter"}, "passed", 67, 67),
]


@pytest.mark.parametrize(("other", "status", "present", "for_"), COOP)
def test_the_members_of_the_cooperative(other: dict[str, Any], status: str, present: int, for_: int) -> None:
    found = decided("coop_members", **other)
    assert (found.status, found.need_present, found.need_for) == (status, present, for_)


def test_twenty_delegates_are_too_few_and_only_sichuan_has_a_quorum_for_them() -> None:
    few = decided("coop_delegates", entitled=20, present=20, for_=20, matter="annual_budget")
    assert (few.status, few.need_present, few.need_for) == ("void", None, 14)
    assert decided("coop_delegates", entitled=21, present=14, for_=14, matter="annual_budget").status == "passed"
    assert decided("coop_delegates", entitled=30, present=20, for_=20, jurisdiction="CN-51").need_present == 20
    assert decided("coop_delegates", entitled=30, present=19, for_=19, jurisdiction="CN-51").status == "no_quorum"


@pytest.mark.parametrize(
    "matter", ["merge_coop", "charter", "membership", "land_and_shares", "compensation", "nonmember_benefits"]
)
def test_delegates_cannot_decide_what_is_the_members(matter: str) -> None:
    assert decided("coop_delegates", entitled=30, present=30, for_=30, matter=matter).status == "wrong_body"


def test_a_merger_of_villages_is_never_the_congress() -> None:
    found = decided("villagers_congress", entitled=60, present=60, for_=55, matter="merge_village", delegated=True)
    assert (found.status, found.need_present, found.need_for) == ("wrong_body", 40, 31)
    assert decided("villagers_congress", matter="village_affairs").status == "wrong_body"
    assert decided("villagers_congress", matter="village_affairs", delegated=True).status == "passed"
    assert decided("villagers_congress", matter="resignation").status == "passed"


def test_every_inequality_is_kept_with_its_numbers() -> None:
    line = next(line for line in decided(mode="adults").lines if "过半数到会" in line.words.zh)
    assert (line.left, line.op, line.right, line.holds) == (80, ">", 60, True)
    assert line.article == "村民委员会组织法 第二十六条"


CALLS = [
    ("villagers_assembly", "adults", "2026-05-10", {}, "passed"),
    ("villagers_assembly", "adults", "2026-05-11", {}, "void"),
    ("villagers_assembly", "adults", "2026-05-11", {"urgent": True}, "passed"),
    ("villagers_assembly", "adults", "2025-06-01", {"on": "2025-06-10", "urgent": True}, "void"),
    ("residents_assembly", "adults", "2026-05-11", {}, "void"),
    ("residents_assembly", "adults", "2026-05-10", {}, "passed"),
    ("residents_assembly", "adults", "2026-05-11", {"urgent": True}, "passed"),
    ("coop_members", "", "2026-05-11", {"urgent": True, "for_": 40}, "void"),
    ("coop_members", "", "2026-05-10", {"for_": 40}, "passed"),
    ("villagers_congress", "", "2026-05-19", {}, "passed"),
    ("villagers_congress", "", "2026-05-16", {"jurisdiction": "CN-37", "urgent": True}, "void"),
    ("villagers_congress", "", "2026-05-15", {"jurisdiction": "CN-37"}, "passed"),
]


@pytest.mark.parametrize(("body", "mode", "called_on", "other", "status"), CALLS)
def test_a_meeting_called_too_late_is_void(
    body: str, mode: str, called_on: str, other: dict[str, Any], status: str
) -> None:
    assert decided(body, mode, called_on=called_on, **other).status == status


def test_the_make_up_of_a_congress() -> None:
    ok = {"members": 60, "representatives": 48, "women": 20, "women_present": 14}
    assert decided("villagers_congress", make_up=ok).status == "passed"
    assert decided("villagers_congress", make_up={**ok, "representatives": 47}).status == "void"
    assert decided("villagers_congress", make_up={**ok, "women": 19}).status == "void"
    assert decided("residents_congress", make_up={**ok, "women": 19}).status == "passed"
    assert decided("villagers_congress", make_up=ok, jurisdiction="CN-37").status == "passed"
    exact = {**ok, "women": 21}
    assert decided("villagers_congress", make_up=exact, jurisdiction="CN-37").status == "passed"
    assert (
        decided("villagers_congress", make_up={**ok, "women_present": 13}, jurisdiction="CN-37").status == "no_quorum"
    )


def test_one_of_two_shares_suffices_for_a_recall() -> None:
    asks = {"voters": 500, "voters_signed": 99, "representatives": 60, "representatives_signed": 19}
    for body, mode, changed, status in [
        ("recall_village", "voters", {}, "void"),
        ("recall_village", "voters", {"voters_signed": 100}, "passed"),
        ("recall_village", "voters", {"representatives_signed": 20}, "passed"),
        ("recall_residents", "voters", {"voters_signed": 49}, "void"),
        ("recall_residents", "voters", {"voters_signed": 50}, "passed"),
        ("recall_residents", "voters", {"representatives_signed": 20}, "passed"),
        ("recall_residents", "representatives", {}, "no_quorum"),
    ]:
        found = decided(body, mode, petition={**asks, **changed})
        assert found.status == status, (body, mode, changed)
    assert decided("recall_residents", "representatives", present=41, petition=asks).status == "passed"


REFUSED = [
    ({"present": 61}, "present"),
    ({"for_": 41}, "counts.for"),
    ({"entitled": 0, "present": 0, "for_": 0}, "counts.entitled"),
    ({"present": -1}, "counts.present"),
    ({"on": "2018-12-28"}, "on"),
    ({"on": "20 May"}, "on"),
    ({"jurisdiction": "CN-99"}, "jurisdiction"),
    ({"mode": "voters"}, "mode"),
    ({"matter": "lottery"}, "matter"),
    ({"colour": "red"}, "colour"),
    ({"counts": {"entitled": 60, "present": 40.0, "for": 21}}, "counts.present"),
    ({"counts": {"entitled": 60, "present": True, "for": 1}}, "counts.present"),
    ({"body": "coop_members", "mode": "", "on": "2025-04-30"}, "on"),
]


@pytest.mark.parametrize(("other", "field"), REFUSED)
def test_what_cannot_be_is_refused_with_its_field(other: dict[str, Any], field: str) -> None:
    found = decide(decide_case(**{"mode": "adults", **other}), shelf()) if "counts" not in other else decide(
        {**decide_case(mode="adults"), **other}, shelf()
    )  # fmt: skip
    assert (found.status, found.lines) == ("refused", ())
    assert field in {fault.field for fault in found.findings}
    assert all(fault.source == "d1" and as_fault(fault).message for fault in found.findings)


def test_a_province_that_was_not_read_is_decided_by_national_law_and_says_so() -> None:
    found = decided(mode="adults", jurisdiction="CN-34")
    assert found.status == "passed"
    assert "unread_province" in {fault.code for fault in found.findings}


Test = Callable[[int], bool]

# --- an oracle -------------------------------------------------------------------------------------------------------


def oracle(body: str, mode: str, jurisdiction: str, *, n: int, p: int, f: int) -> tuple[str, int | None, int | None]:
    """Status and needs by trying every whole number against the law's words."""

    def two_thirds(x: int) -> bool:
        return x * 3 >= n * 2

    quorums: dict[tuple[str, str], Test | None] = {
        ("villagers_assembly", "adults"): lambda x: x > n - x,
        ("residents_assembly", mode): lambda x: x > n - x,
        ("recall_village", mode): lambda x: x > n - x,
        ("recall_residents", mode): lambda x: x > n - x,
        ("recall_residents", "representatives"): lambda x: x * 3 > n * 2,
        ("coop_delegates", ""): two_thirds if jurisdiction == "CN-51" else None,
    }
    passings: dict[str, Test] = {
        "coop_members": two_thirds,
        "coop_delegates": two_thirds,
        "coop_board": lambda x: x > n - x,
        "party_members": lambda x: x >= n - x,
    }
    quorum: Test | None = quorums.get((body, mode), two_thirds)
    passing: Test = passings.get(body, lambda x: x > p - x)
    least_p = next((x for x in range(n + 2) if quorum(x)), None) if quorum else None
    least_f = next(x for x in range(max(n, p) + 2) if passing(x))
    if body == "coop_delegates" and n <= 20:
        return "void", least_p, least_f
    if quorum and not quorum(p):
        return "no_quorum", least_p, least_f
    return ("passed" if passing(f) else "failed"), least_p, least_f


BODIES = [
    ("villagers_assembly", "adults"), ("villagers_assembly", "households"), ("villagers_congress", ""),
    ("group_meeting", "adults"), ("group_meeting", "households"), ("residents_assembly", "adults"),
    ("residents_assembly", "households"), ("residents_congress", ""), ("coop_members", ""), ("coop_delegates", ""),
    ("coop_board", ""), ("party_members", ""), ("recall_village", "voters"), ("recall_residents", "voters"),
    ("recall_residents", "households"), ("recall_residents", "representatives"),
]  # fmt: skip


@st.composite
def sittings(draw: st.DrawFn) -> tuple[str, str, str, str, int, int, int]:
    """Halves, thirds and quarters hit exactly, missed by one, zero, and everything between."""

    def near(whole: int, upto: int) -> int:
        part = draw(
            st.sampled_from([0, whole // 2, whole * 2 // 3, -(-whole * 2 // 3), whole, draw(st.integers(0, upto))])
        )
        return min(upto, max(0, part + draw(st.integers(-1, 1))))

    body, mode = draw(st.sampled_from(BODIES))
    entitled = draw(st.integers(1, 60) | st.integers(1, 20_000))
    present = near(entitled, entitled)
    for_ = near(draw(st.sampled_from([present, entitled])), present)
    on = draw(st.sampled_from(["2025-06-30", "2026-05-20"]))
    return (
        on,
        draw(st.sampled_from(["CN", "CN-51", "CN-33", "CN-46", "CN-37", "CN-34"])),
        body,
        mode,
        entitled,
        present,
        for_,
    )


@given(sittings())
def test_the_rules_say_what_the_oracle_says(drawn: tuple[str, str, str, str, int, int, int]) -> None:
    on, jurisdiction, body, mode, entitled, present, for_ = drawn
    found = decided(body, mode, on=on, jurisdiction=jurisdiction, entitled=entitled, present=present, for_=for_)
    assert (found.status, found.need_present, found.need_for) == oracle(
        body, mode, jurisdiction, n=entitled, p=present, f=for_
    )
    if found.need_present is not None and found.need_present <= entitled:
        short = decided(
            body, mode, on=on, jurisdiction=jurisdiction, entitled=entitled, present=found.need_present - 1, for_=0
        )
        assert short.status in {"no_quorum", "void"}


@pytest.mark.parametrize(("body", "mode"), BODIES)
def test_every_edge_of_small_sittings(body: str, mode: str) -> None:
    """Exact halves and thirds and one beside them, on either law."""
    for entitled in (20, 21, 24, 30):
        for present in range(entitled // 2 - 1, entitled + 1):
            for for_ in {
                part + more for part in (0, present // 2, entitled * 2 // 3, entitled // 2) for more in (0, 1)
            }:
                if for_ > present:
                    continue
                numbers = {"entitled": entitled, "present": present, "for_": for_}
                for on, place in (("2026-05-20", "CN"), ("2025-06-30", "CN"), ("2026-05-20", "CN-51")):
                    found = decided(body, mode, on=on, jurisdiction=place, **numbers)
                    told = oracle(body, mode, place, n=entitled, p=present, f=for_)
                    assert (found.status, found.need_present, found.need_for) == told, (numbers, on, place)
