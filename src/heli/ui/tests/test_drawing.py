"""Drawings: well-formed, the same every time, never by colour alone."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from heli.files.documents.compiling import drawing_as_png
from heli.ui.drawing import (
    Area,
    ChartPanel,
    Curve,
    Rank,
    burn_up_svg,
    choropleth_svg,
    colour_history_svg,
    colour_tints,
    multiples_svg,
    ranking_svg,
    sequence_tints,
)
from heli.ui.drawing.svg import ticks

START = date(2026, 9, 1)
TINTS = colour_tints(
    {"green": "按时", "yellow": "黄", "orange": "橙", "red": "红"}, {"yellow": "黄", "orange": "橙", "red": "红"}
)


def square(west: float, south: float, size: float = 0.1) -> dict[str, Any]:
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def curves(done: int = 30) -> list[Curve]:
    days = [START + timedelta(days=7 * at) for at in range(6)]
    return [
        Curve("已办结", [(day, done * at // 5) for at, day in enumerate(days)]),
        Curve("计划", [(day, 8 * at) for at, day in enumerate(days)], is_planned=True),
    ]


def a_map(**options: Any) -> str:
    areas = [
        Area("清溪村", square(106.0, 30.0), 0),
        Area("石桥村 <甲>", square(106.1, 30.0), 3, "石桥村：红 & 逾期 7 天"),
        Area("无数村", square(106.2, 30.0), None),
        Area("点上村", {"type": "Point", "coordinates": [106.25, 30.15]}, 1),
        Area("无图村", None, 2),
    ]
    return choropleth_svg(
        areas,
        TINTS,
        title="作战图",
        missing="无数据",
        around=[Area("虎城镇", square(106.0, 30.0, 0.3), None)],
        **options,
    )


DRAWINGS: dict[str, Callable[[], str]] = {
    "map": a_map,
    "burn-up": lambda: burn_up_svg(curves(), total=42, title="进度", total_label="全部", on=START, on_label="今天"),
    "history": lambda: colour_history_svg(["2026-W36", "2026-W37"], [[9, 2, 1, 0], [7, 2, 2, 1]], TINTS, title="三色"),
    "ranking": lambda: ranking_svg(
        [Rank("虎城镇", 3, 10, 5, TINTS[3], curves()), Rank("桂兴镇", 9, 10), Rank("空镇", 0, 0)], planned_label="计划"
    ),
    "multiples": lambda: multiples_svg(
        [ChartPanel("虎城镇", curves(), 42), ChartPanel("桂兴镇", curves(12), 42)], title="各镇"
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_and_the_same_every_time(name: str) -> None:
    drawn = DRAWINGS[name]()
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert DRAWINGS[name]() == drawn
    assert "style=" not in drawn


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_document_can_hold_it(name: str) -> None:
    assert drawing_as_png(DRAWINGS[name]().encode()).startswith(b"\x89PNG")


def test_every_class_is_told_by_a_shape_and_a_letter_and_missing_is_hatched() -> None:
    drawn = a_map()
    assert {tint.shape for tint in TINTS} == {"dot", "triangle", "diamond", "square"}
    assert drawn.count('fill="url(#heli-missing)"') == 2
    assert "无数据" in drawn
    assert drawn.count(">虎城镇<") == 1
    assert "石桥村：红 &amp; 逾期 7 天" in drawn


def test_without_missing_values_nothing_is_said_of_them() -> None:
    drawn = choropleth_svg([Area("清溪村", square(106, 30), 0)], sequence_tints(["1–5"]), missing="无数据")
    assert "无数据" not in drawn
    assert "heli-missing" not in drawn


def test_a_map_of_nothing_is_a_legend() -> None:
    assert ET.fromstring(choropleth_svg([], sequence_tints(["1", "2"]), title="空")) is not None


def test_names_are_words_and_never_markup() -> None:
    assert "石桥村 &lt;甲&gt;" in a_map()


def test_a_ranking_is_ordered_by_the_exact_share_and_what_has_nothing_to_do_comes_last() -> None:
    drawn = DRAWINGS["ranking"]()
    assert drawn.index("桂兴镇") < drawn.index("虎城镇") < drawn.index("空镇")
    assert "30.0 %" in drawn
    assert "3/10" in drawn


def test_a_sequence_has_one_to_five_classes() -> None:
    fills = [tint.fill for tint in sequence_tints(list("abcde"))]
    assert len(set(fills)) == 5
    with pytest.raises(ValueError, match="1 to 5"):
        sequence_tints(list("abcdef"))


@pytest.mark.parametrize(("most", "last"), [(0, 1), (5, 5), (6, 6), (42, 50), (254, 300), (10_668, 15_000)])
def test_ticks_are_round_and_reach_the_top(most: int, last: int) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] == last
    assert len(found) <= 8
