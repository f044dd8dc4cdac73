"""Vanished villages: where they may have gone, and why."""

from heli.places.proposals.matching import propose
from heli.places.proposals.ranking import Ground
from heli.places.proposals.types import Candidate, Group, SideUnit
from heli.places.types import PlaceKind

TOWN = SideUnit("511603100000", "代市镇", PlaceKind.TOWN)


def units(drawing: str, first: int = 1) -> list[SideUnit]:
    """Villages drawn as "201青山 202白水": the last digits of the code, then the name."""
    return [
        SideUnit(f"511603100{one[:3]}", f"{one[3:]}村", PlaceKind.VILLAGE, number)
        for number, one in enumerate(drawing.split(), first)
    ]


def candidates(before: str, after: str, village: str, ground: Ground | None = None) -> list[Candidate]:
    lineage = propose(units(before), units(after), [TOWN], [TOWN], ground or Ground())
    [found] = [one for one in lineage.proposals if one.old and one.old.name == f"{village}村"]
    assert found.group in (Group.UNCLEAR, Group.GONE)
    return list(found.candidates)


def reasons(candidate: Candidate) -> list[str]:
    return [reason.code for reason in candidate.reasons]


# 青山 and 白水 became 清泉, a name neither of them had; 红岩 far off stays.
def test_a_wholly_new_name_is_found_by_township_and_order_of_codes() -> None:
    found = candidates("201青山 202白水 203红岩 204黄土 210柏树", "201清泉 203红岩 204黄土 210柏树", "白水")
    assert found[0].name == "清泉村"
    assert {"same_town", "code_near", "unit_is_new"} <= set(reasons(found[0]))


# 天池 and 龙洞 became 天洞.
def test_a_name_made_of_two_says_of_which() -> None:
    found = candidates("201天池 202龙洞 203红岩 204黄土", "209天洞 203红岩 204黄土", "天池")
    assert found[0].name == "天洞村"
    assert {"letters_shared", "name_of_two"} <= set(reasons(found[0]))
    told = {reason.code: reason.facts for reason in found[0].reasons}
    assert told["name_of_two"]["other"] == "龙洞村"


# 黄土 lies beside 青山 on the ground, though its code is the farthest.
def test_the_neighbour_that_goes_on_comes_before_one_that_is_only_near_by_code() -> None:
    before, after = "201青山 203红岩 204石桥 205板栗 209黄土", "203红岩 204石桥 205板栗 209黄土"
    assert candidates(before, after, "青山")[0].name == "红岩村"
    found = candidates(before, after, "青山", Ground(neighbours={1: [5], 5: [1]}))
    assert (found[0].name, "neighbour" in reasons(found[0])) == ("黄土村", True)
    points = {1: (106.80, 30.50), 2: (106.84, 30.50), 3: (106.85, 30.5), 4: (106.86, 30.5), 5: (106.801, 30.50)}
    assert "near" in reasons(candidates(before, after, "青山", Ground(points=points))[0])


def test_a_village_whose_township_keeps_nothing_like_it_is_told_apart_from_a_sure_one() -> None:
    found = candidates("201黎一 202黎二 203红岩", "202黎二 203红岩", "黎一")
    assert all(one.score < 600 for one in found)
    assert any("told_apart" in reasons(one) for one in found)


def test_the_same_lists_give_the_same_candidates_in_any_order() -> None:
    old, new = units("201青山 202白水 203红岩 204黄土"), units("201清泉 203红岩 204黄土")
    assert propose(old, new, [TOWN], [TOWN]) == propose(old[::-1], new[::-1], [TOWN], [TOWN])
