"""The geometric side of the planner: metres from degrees, mended outlines, neighbours, stand-in cells."""

from mergeplan.geo.cells import cells_from_points, separate_points
from mergeplan.geo.coords import LocalMetres, from_gcj02, geometry_to_cgcs2000, local_metres, to_cgcs2000, to_gcj02
from mergeplan.geo.neighbours import Border, Neighbourhood, neighbours_from_outlines, neighbours_from_points
from mergeplan.geo.outlines import Outline, measure, mend_outlines

__all__ = [
    "Border",
    "LocalMetres",
    "Neighbourhood",
    "Outline",
    "cells_from_points",
    "from_gcj02",
    "geometry_to_cgcs2000",
    "local_metres",
    "measure",
    "mend_outlines",
    "neighbours_from_outlines",
    "neighbours_from_points",
    "separate_points",
    "to_cgcs2000",
    "to_gcj02",
]
