"""Must-links, zones and cannot-links that cannot be kept are named pair by pair."""

from __future__ import annotations

from mergeplan import Instance, Planner, Status
from mergeplan.tests.drawing import draw_county


def clashes(instance: Instance) -> set[tuple[str, ...]]:
    plan = Planner(instance).solve()
    assert plan.status is Status.INFEASIBLE
    found = [e for e in plan.explanation if e.code == "link-clash"]
    for explanation in found:
        for village in explanation.values["group"]:  # type: ignore[attr-defined]  # a list, in a mapping of anything
            assert village in explanation.message, "who reads the sentence alone must know which villages"
    return {(str(e.values["rule"]), *map(str, e.values["group"])) for e in found}  # type: ignore[call-overload]  # likewise


def message(instance: Instance) -> str:
    return " ".join(e.message for e in Planner(instance).solve().explanation)


def test_only_the_must_link_that_cannot_be_kept_is_named() -> None:
    # a–b fit, c–f lie too far apart for k = 3
    assert clashes(draw_county("abcdef", must=[[0, 1], [2, 5]])) == {("must", "c", "f")}


def test_must_links_that_clash_only_together_are_all_named() -> None:
    # a–b–c–d in one unit would be four; any two of the links alone are no harm
    assert clashes(draw_county("abcd", must=[[0, 1], [1, 2], [2, 3]])) == {
        ("must", "a", "b"),
        ("must", "b", "c"),
        ("must", "c", "d"),
    }


def test_a_must_link_across_towns_or_between_hosts_is_named_with_the_reason() -> None:
    across = draw_county("abC", must=[[1, 0]])
    assert clashes(across) == {("must", "C", "a")}
    assert "different towns" in message(across)
    hosts = draw_county("abc", hosts=[0, 2], must=[[0, 2]])
    assert clashes(hosts) == {("must", "a", "c")}
    assert "host communities" in message(hosts)


def test_zones_and_cannot_links_are_named_too() -> None:
    assert clashes(draw_county("abcde", zones=[[0, 4], [1, 2]])) == {("zones", "a", "e")}
    # everyone must merge, and b is the only neighbour of a
    lonely = draw_county("ab", pop=400, Pmin=500, cannot=[[0, 1]])
    assert clashes(lonely) == {("cannot", "a", "b")}


def test_links_that_are_not_the_reason_are_left_out() -> None:
    poor = draw_county("ab", pop=100, Pmin=500, must=[[0, 1]])
    assert clashes(poor) == set()
