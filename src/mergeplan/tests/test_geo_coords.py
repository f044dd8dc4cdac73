"""The shifted map systems and local metres."""

import math

import numpy as np
import pytest

from mergeplan.geo.coords import bd09_to_gcj02, from_gcj02, gcj02_to_bd09, local_metres, to_cgcs2000, to_gcj02


@pytest.mark.parametrize(
    ("true", "shifted"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_the_published_shift_is_met_and_undone(true: tuple[float, float], shifted: tuple[float, float]) -> None:
    assert np.allclose(to_gcj02(*true), shifted, atol=1e-9, rtol=0)
    assert np.allclose(from_gcj02(*shifted), true, atol=1e-9, rtol=0)


def test_bd09_is_met_and_undone() -> None:
    assert np.allclose(gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021), atol=1e-9, rtol=0)
    assert np.allclose(bd09_to_gcj02(116.41036949371029, 39.92133699351021), (116.404, 39.915), atol=1e-9, rtol=0)
    there = gcj02_to_bd09(*to_gcj02(106.8, 30.5))
    assert np.allclose(to_cgcs2000(*there, "bd09"), (106.8, 30.5), atol=1e-9, rtol=0)


def test_outside_china_nothing_is_shifted_and_nan_does_not_hang() -> None:
    assert [float(v) for v in to_gcj02(2.35, 48.86)] == [2.35, 48.86]
    assert math.isnan(float(from_gcj02(math.nan, 30.0)[0]))


def test_a_county_gets_its_survey_zone_and_keeps_its_area() -> None:
    metres = local_metres(106.64, 30.42, 107.04, 30.65)
    assert metres.definition == "EPSG:4545"
    x, y = metres.forward([106.8, 106.8], [30.5, 30.51])
    assert 1107 < float(y[1] - y[0]) < 1110  # 0.01° of meridian at 30.5° N is 1,108.6 m
    assert np.allclose(metres.inverse(x, y), ([106.8, 106.8], [30.5, 30.51]), atol=1e-9)


def test_a_wide_region_gets_an_equal_area_system_and_metres_are_refused() -> None:
    assert local_metres(97, 26, 108.5, 34.3).definition.startswith("+proj=laea")
    with pytest.raises(ValueError, match="name the source CRS"):
        local_metres(369490, 3367237, 407850, 3393048)
