"""The pictures of a report, drawn from the stored values of its snapshot when it is shown: the same values, the same picture."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.utils.translation import gettext as _

from heli.figures.reports.paper import Draw
from heli.figures.reports.scene import Values
from heli.places.types import Level, PlaceRow
from heli.ui.drawing import Area, Curve, Rank, burn_up_svg, choropleth_svg, colour_tints, ranking_svg

MOST_RANKED, PITCH = 10, 18
"""More bars than this, of that height, fit on no page below their table; that stands in the same order and has them all."""
WIDTH = 480
"""Units of a drawing as wide as the type area: 12 of them are 11 points in print, and the smallest letter has 8."""
LEAST_POINTS = 3
"""A curve of fewer days says nothing that the text does not."""


@dataclass(frozen=True, slots=True)
class Burn:
    """Steps finished and steps due by day, oldest first, out of `total`; `on` is the day of the report."""

    done: Sequence[tuple[date, int]]
    due: Sequence[tuple[date, int]]
    total: int
    on: date


def drawing_of(
    values: Values, rows: Mapping[int, PlaceRow], villages: Collection[int], burn: Burn | None = None
) -> Draw:
    """Draws for a recipient: towns or its own villages by progress, its villages by colour on the map, and how it went.

    `rows` come with outlines.
    """

    def draw(what: str) -> tuple[str, str] | None:
        if what == "burn_up":
            return _burn_up(burn)
        if what == "map":
            return _map(values, rows, villages)
        level = Level.TOWNSHIP if what == "ranking" else Level.VILLAGE
        return _ranking(values, rows, villages, level)

    return draw


def _tints() -> list[Any]:
    words = {"green": _("in time"), "yellow": _("yellow"), "orange": _("orange"), "red": _("red")}
    letters = {"yellow": _("Y"), "orange": _("O"), "red": _("R")}
    return colour_tints(words, letters)


def _burn_up(burn: Burn | None) -> tuple[str, str] | None:
    if burn is None or len(burn.done) < LEAST_POINTS:
        return None
    curves = [Curve(_("finished"), burn.done), Curve(_("due by plan"), burn.due, is_planned=True)]
    svg = burn_up_svg(
        curves, total=burn.total, total_label=_("all steps"), on=burn.on, on_label="", width=WIDTH, height=240
    )
    return svg, _("Steps finished and due, week by week")


def _ranking(
    values: Values, rows: Mapping[int, PlaceRow], villages: Collection[int], level: Level
) -> tuple[str, str] | None:
    progress, colours, tints = values.get("campaigns.progress", {}), values.get("campaigns.colour", {}), _tints()
    ranks = []
    for key, value in progress.items():
        row = rows.get(key)
        if row is None or row.level != level or (level == Level.VILLAGE and key not in villages):
            continue
        tint = tints[colours[key].numerator] if key in colours else None
        ranks.append(Rank(row.name, value.numerator, value.denominator, tint=tint))
    if not 2 <= len(ranks) <= MOST_RANKED:
        return None
    title = _("Steps finished by town") if level == Level.TOWNSHIP else _("Steps finished by village")
    return ranking_svg(ranks, width=WIDTH, pitch=PITCH), title


def _map(values: Values, rows: Mapping[int, PlaceRow], villages: Collection[int]) -> tuple[str, str] | None:
    colours = values.get("campaigns.colour", {})
    areas = [
        Area(row.name, _geometry(row), colours[key].numerator if key in colours else None)
        for key, row in rows.items()
        if key in villages and row.outline is not None
    ]
    if not areas:
        return None
    towns = [
        Area(row.name, _geometry(row), None)
        for row in rows.values()
        if row.level == Level.TOWNSHIP and row.outline is not None
    ]
    few = len(areas) <= 60
    svg = choropleth_svg(
        areas, _tints(), missing=_("no value"), around=towns, width=WIDTH, most_height=600, with_names=few
    )
    return svg, _("Villages by colour")


def _geometry(row: PlaceRow) -> Mapping[str, Any] | None:
    return None if row.outline is None else shapely.geometry.mapping(shapely.from_wkb(row.outline))
