"""Neighbours from outlines and from points, drawn where that helps."""

import math
from typing import Any

import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from mergeplan.geo import cells_from_points, neighbours_from_outlines, neighbours_from_points


def pairs(result: Any) -> list[tuple[int, int, int]]:
    return [(e.i, e.j, e.length_m) for e in result.borders]


def test_a_grid_has_rook_neighbours_with_their_border_lengths() -> None:
    #  2 3
    #  0 1
    grid = [box(0, 0, 1000, 800), box(1000, 0, 2000, 800), box(0, 800, 1000, 2000), box(1000, 800, 2000, 2000)]
    result = neighbours_from_outlines(grid)
    assert pairs(result) == [(0, 1, 800), (0, 2, 1000), (1, 3, 1000), (2, 3, 1200)]
    assert result.area_m2[0] == 800_000
    assert result.perimeter_m[0] == 3600
    assert result.flaws == ()


def test_a_border_drawn_twice_with_slivers_is_still_one_border() -> None:
    gap = neighbours_from_outlines([box(0, 0, 1000, 1000), box(1000.6, 0, 2000, 1000)])
    assert pairs(gap)[0][:2] == (0, 1)
    assert abs(pairs(gap)[0][2] - 1000) <= 3
    wavy = Polygon([(1000, 0), (1000.5, 300), (999.6, 700), (1000, 1000), (2000, 1000), (2000, 0)])
    overlap = neighbours_from_outlines([box(0, 0, 1000, 1000), wavy])
    assert abs(pairs(overlap)[0][2] - 1000) <= 3
    assert overlap.flaws == ()


def test_a_wider_gap_is_no_border_unless_the_tolerance_says_so() -> None:
    two = [box(0, 0, 1000, 1000), box(1005, 0, 2000, 1000)]
    assert pairs(neighbours_from_outlines(two)) == []
    assert [p.code for p in neighbours_from_outlines(two).flaws] == ["island", "island"]
    assert abs(pairs(neighbours_from_outlines(two, tolerance_m=10))[0][2] - 1000) <= 30


def test_a_vertex_inside_the_other_ones_edge_does_not_matter() -> None:
    big = box(0, 0, 3000, 1000)
    small = [box(0, 1000, 1700.3, 2000), box(1700.3, 1000, 3000, 2000)]
    assert pairs(neighbours_from_outlines([big, *small])) == [(0, 1, 1700), (0, 2, 1300), (1, 2, 1000)]


def test_an_enclave_borders_on_the_one_around_it() -> None:
    around = box(0, 0, 3000, 3000).difference(box(1000, 1000, 2000, 2000))
    assert pairs(neighbours_from_outlines([around, box(1000, 1000, 2000, 2000)])) == [(0, 1, 4000)]


def test_bad_outlines_are_mended_or_told_by_row() -> None:
    bow_tie = Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    nan = Polygon([(0, 0), (math.nan, 1000), (1000, 1000)])
    parts = MultiPolygon([box(3000, 0, 3500, 500), box(5000, 0, 5500, 500)])
    result = neighbours_from_outlines([bow_tie, nan, None, Point(1, 1), parts, box(1000, 0, 2000, 1000), Polygon()])
    codes = {(p.index, p.code) for p in result.flaws}
    assert {
        (0, "outline-repaired"),
        (1, "outline-nan"),
        (2, "outline-missing"),
        (3, "outline-not-area"),
        (4, "outline-parts"),
        (4, "island"),
        (6, "outline-missing"),
    } <= codes
    assert result.outlines[1] is None
    assert result.area_m2[0] > 0
    assert pairs(result) == [(0, 5, 1000)]


def test_the_same_ground_twice_is_told() -> None:
    result = neighbours_from_outlines([box(0, 0, 1000, 1000), box(0, 0, 1000, 1000)])
    assert [p.code for p in result.flaws] == ["outline-overlap"]


def test_cells_fill_the_outline_in_one_piece_each() -> None:
    bay = Polygon([(0, 0), (9000, 0), (9000, 6000), (5000, 6000), (4500, 500), (4000, 6000), (0, 6000)])
    points = [(1000.0, 1000.0), (3000.0, 5000.0), (6000.0, 5000.0), (8000.0, 1000.0), (2000.0, 3000.0)]
    cells = cells_from_points(points, bay)
    assert all(shapely.get_num_geometries(c) == 1 for c in cells)
    assert all(c.contains(Point(p)) for c, p in zip(cells, points, strict=True))
    assert sum(c.area for c in cells) == pytest.approx(bay.area)
    assert cells_from_points(points, bay) == cells


@pytest.mark.parametrize("points", [[], [(0.0, 0.0)], [(0.0, 0.0), (0.0, 0.0)], [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]])
def test_few_or_coinciding_points_make_cells_too(points: list[tuple[float, float]]) -> None:
    result = neighbours_from_points(points, shortest_m=0.1)
    assert len(result.outlines) == len(points)
    assert all(a > 0 for a in result.area_m2)


ROW = [(0.0, 0.0), (1000.0, 0.0), (2000.0, 0.0)]
RIVER = LineString([(1500, -5000), (1500, 5000)])


def test_a_river_parts_neighbours_unless_a_bridge_is_near() -> None:
    assert [e[:2] for e in pairs(neighbours_from_points(ROW))] == [(0, 1), (1, 2)]
    cut = neighbours_from_points(ROW, barriers=[RIVER])
    assert [e[:2] for e in pairs(cut)] == [(0, 1)]
    assert [(p.index, p.code) for p in cut.flaws] == [(2, "island")]
    for crossing in (Point(1500, 200), LineString([(1000, 100), (2000, 100)])):
        bridged = neighbours_from_points(ROW, barriers=[RIVER], crossings=[crossing])
        assert [e[:2] for e in pairs(bridged)] == [(0, 1), (1, 2)]
    far = neighbours_from_points(ROW, barriers=[RIVER], crossings=[Point(1500, 4000)])
    assert [e[:2] for e in pairs(far)] == [(0, 1)]


def test_road_distances_ride_along() -> None:
    result = neighbours_from_points(ROW, road_distance_m={(1, 0): 1900})
    assert [e.distance_m for e in result.borders] == [1900, None]


def test_a_point_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="point 2"):
        neighbours_from_points([(0.0, 0.0), (math.nan, 0.0)])
