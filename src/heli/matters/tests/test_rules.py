"""Numbers are masked however they are typed, alike is near and in the same words, back and forth is seen."""

import random

import pytest

from heli.kernel.masking import HIDDEN, mask
from heli.matters.models import MatterState
from heli.matters.rules.flow import STAGES, is_back_and_forth
from heli.matters.rules.likeness import Sighting, distance_m, likeness, rank_alike

NUMBERS = (
    "13912345678", "139 1234 5678", "139-1234-5678", "+86 13912345678", "１３９１２３４５６７８", "0556-5512345", "055612345678",
    "5512345", "340803198001011234", "34080319800101123X", "340803 19800101 1234", "6222021234567890123", "6222 0212 3456 7890",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_persons_are_hidden(number: str) -> None:
    assert mask(f"请打{number}联系") == f"请打{HIDDEN}联系"


@pytest.mark.parametrize(
    "text", ["3号楼2单元501", "2026-05-20 16:40", "12345热线", "花费12000元", "110、119", "长约150米"]
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask(text) == text


def test_a_department_that_gave_it_back_is_not_asked_again_when_another_was_between() -> None:
    assert is_back_and_forth([1, 2], [1, 2], 1)
    assert not is_back_and_forth([1], [1], 1)
    assert not is_back_and_forth([1, 2], [1], 3)
    assert not is_back_and_forth([1, 2], [2], 1)


def test_every_state_has_its_stage() -> None:
    assert set(STAGES) == {state.value for state in MatterState}


def test_metres_are_metres() -> None:
    here = (117_040_000, 30_510_000)
    assert distance_m(here, (here[0], here[1] + 450)) == pytest.approx(50.1, abs=0.2)
    assert distance_m(here, (here[0] + 522, here[1])) == pytest.approx(50.1, abs=0.2)


PAIRS = (
    ("路灯不亮了", "小区北门路灯坏了不亮"), ("下水道堵了污水往外冒", "楼前污水从下水道冒出来"), ("井盖裂了", "路口井盖破裂"),
    ("菜场摊位占道", "菜场外面摊位占了车道"), ("电梯停了三天", "七号楼电梯停运三天"), ("半夜工地打桩吵", "工地晚上打桩太吵"),
    ("消防通道停满车", "车把消防通道堵了"), ("河堤上倒垃圾", "有人往河堤倒建筑垃圾"), ("油烟味很大", "楼下饭店油烟大"),
    ("树枯死了", "人行道的树枯死"),
)  # fmt: skip


def test_planted_pairs_are_among_the_first_three() -> None:
    """Each paraphrase within 50 m among many others there and elsewhere."""
    dice, here = random.Random(7), (117_040_000, 30_510_000)
    noise = [
        Sighting(1_000 + n, 1, f"{dice.choice(PAIRS)[n % 2]}", "", (here[0] + dice.randint(600, 9_000), here[1]))
        for n in range(200)
    ]  # fmt: skip
    planted = [
        Sighting(n, 1, words, "", (here[0] + dice.randint(-400, 400), here[1])) for n, (words, _o) in enumerate(PAIRS)
    ]
    found = sum(
        number in rank_alike(Sighting(0, 1, other, "", here), [*noise, *planted])
        for number, (_words, other) in enumerate(PAIRS)
    )
    assert found >= 9
    assert rank_alike(Sighting(0, 1, "路灯不亮", "", here), noise) == []


def test_without_a_point_the_same_place_and_words_are_alike() -> None:
    known = [
        Sighting(1, 5, "小区北门路灯坏了不亮"),
        Sighting(2, 6, "小区北门路灯坏了不亮"),
        Sighting(3, 5, "公交站太远"),
    ]
    assert rank_alike(Sighting(0, 5, "北门路灯不亮了"), known) == [1]
    assert likeness("", "路灯") == 0
