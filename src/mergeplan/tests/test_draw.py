"""Pictures of a district and its plan."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from mergeplan import Instance, Plan, instance_from_json, read_json, solve
from mergeplan.draw import draw, picture

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "qianfeng.json"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def planned() -> tuple[Instance, Plan]:
    instance = read_json(EXAMPLE)
    return instance, solve(instance)


def test_the_picture_is_well_formed_and_says_what_it_shows(planned: tuple[Instance, Plan]) -> None:
    text = picture(*planned, title="前锋区 <&>", language="zh")
    root = ET.fromstring(text)
    words = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert "前锋区 <&>" in words
    assert any("254 个村 → 116 个村" in w for w in words)
    assert "代市镇" in words
    assert any("并非真实界线" in w for w in words)  # cells made from points are never shown as real borders
    merged = sum(1 for u in planned[1].units if u.kind == "merged")
    centres = [c for c in root.iter(f"{SVG}circle") if c.get("fill") == "#fff"]
    assert len(centres) == merged + 1  # one in the legend
    assert text == picture(*planned, title="前锋区 <&>", language="zh")


def test_merged_units_that_touch_never_share_a_colour(planned: tuple[Instance, Plan]) -> None:
    from mergeplan.draw import _cells, _fills

    instance, plan = planned
    cells, are_real = _cells(instance)
    shapes = [shapely.union_all([cells[instance.index_of[m]] for m in u.members]) for u in plan.units]
    fills = _fills(instance, plan.units, shapes)
    merged = [i for i, u in enumerate(plan.units) if u.kind == "merged"]
    touching = [(a, b) for a in merged for b in merged if a < b and shapes[a].intersects(shapes[b])]
    assert not are_real
    assert len(touching) > 200
    assert all(fills[a] != fills[b] for a, b in touching)


def test_real_outlines_are_drawn_and_a_missing_one_is_stood_in_for(planned: tuple[Instance, Plan]) -> None:
    small = instance_from_json(
        {"x": [0, 1000, 2000], "y": [0, 0, 0], "pop": [900, 800, 700], "area": [10**6] * 3, "perim": [4000] * 3}
        | {"town": ["A"] * 3, "edges": [[0, 1, 1000, 500], [1, 2, 1000, 500]], "K": 2}
    )
    squares = [shapely.to_wkb(shapely.box(x - 500, -500, x + 500, 500)) for x in (0, 1000)]
    drawn = replace(small, outline=(*squares, None))
    assert "not real borders" in picture(drawn, None)
    whole = replace(small, outline=(*squares, shapely.to_wkb(shapely.box(1500, -500, 2500, 500))))
    assert "not real borders" not in picture(whole, solve(whole))
    assert "no plan meets the rules" in picture(whole, solve(whole, at_most=0))


def test_png_and_svg_are_written_and_other_suffixes_refused(tmp_path: Path, planned: tuple[Instance, Plan]) -> None:
    draw(*planned, tmp_path / "map.svg")
    draw(*planned, tmp_path / "map.png")
    assert (tmp_path / "map.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "map.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(ValueError, match=r"\.svg or \.png"):
        draw(*planned, tmp_path / "map.pdf")


@pytest.mark.parametrize("n", [1, 2])
def test_a_tiny_district_is_a_picture_too(n: int) -> None:
    raw = {"x": [0] * n, "y": [0] * n, "pop": [0] * n, "area": [0] * n, "perim": [0] * n, "town": [1] * n, "edges": []}
    assert picture(instance_from_json(raw), None).startswith("<svg")
