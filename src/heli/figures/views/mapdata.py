"""What the script of a battle map asks for: shapes, values, a drawn picture; each answers 304 where the browser has it."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from heli.figures import shapes
from heli.figures.classing import NO_CLASS
from heli.figures.map_tables import tints_of_colours
from heli.figures.queries import battlemap
from heli.figures.views.mapstate import MapState, read_state
from heli.figures.views.shared import READ, today
from heli.figures.wording import title_of, unit_of
from heli.kernel.pairs import Ints
from heli.places import queries as places
from heli.places.types import Level
from heli.ui.drawing import Area, Tint, choropleth_svg, sequence_tints
from heli.ui.pages import ActorRequest, page

MOST_DRAWN = 3_000
"""More places than this are not drawn into one picture for browsers without scripts; the table serves then."""
SMALL = 480
"""Pixels across of a picture that stands beside other things."""


def map_title(state: MapState) -> str:
    """What the map shows, in words."""
    if state.figure is not None:
        return title_of(state.figure)
    name = state.campaign.name if state.campaign is not None else ""
    return _("Colours of %(campaign)s") % {"campaign": name}


def _state_or_404(request: ActorRequest) -> MapState:
    state = read_state(request, today())
    if state is None:
        raise Http404
    return state


@gzip_page
@page(READ)
@require_GET
def map_shapes(request: ActorRequest) -> HttpResponse:
    """The outlines of the shown places as GeoJSON. Under an address that names their digest they never change.

    With `box` only those in it, as fine as it needs: a province is sent as from afar, and what is seen when somebody comes near.
    """
    state = _state_or_404(request)
    box = shapes.read_box(request.GET.get("box", ""))
    digest = state.digest if box is None else f"{state.digest}-{shapes.name_of(repr(box))}"
    body = shapes.kept(digest, lambda: shapes.geojson_text(shapes_of(state, box), state.feet))
    is_named = request.GET.get("v") == state.digest
    return _answer(request, body, digest, "application/geo+json", keep=is_named)


def shapes_of(state: MapState, box: shapes.Box | None = None) -> places.Shapes:
    """The shapes of the shown places (of the villages in a box).

    Towns and districts without an outline of their own are drawn from the villages in them.
    """
    if state.level is Level.VILLAGE:
        return places.shapes(state.district_ids, state.on, state.feet, Level.VILLAGE, box)
    own = places.shapes(state.district_ids, state.on, state.feet, state.level)
    if len(own.places) == len(state.feet):
        return own
    below = battlemap.ground(state.actor, state.district_ids, state.on, Level.VILLAGE)
    villages = places.shapes(state.district_ids, state.on, below, Level.VILLAGE)
    if state.level is Level.DISTRICT:
        villages = places.Shapes(villages.places, _districts_of(state, villages.parents), villages.geometries)
    return shapes.dissolved(villages, [row.place for row in state.feet])


def _districts_of(state: MapState, towns: Ints) -> Ints:
    """The district of each town."""
    rows = battlemap.ground(state.actor, state.district_ids, state.on, Level.TOWNSHIP)
    above = {row.place: row.parent or 0 for row in rows}
    return np.array([above.get(key, 0) for key in towns.tolist()], np.int64)


@gzip_page
@page(READ)
@require_GET
def map_values(request: ActorRequest) -> HttpResponse:
    """Classes and numbers of the shown places as parallel columns, and the legend; asked again and again while it is shown."""
    state = _state_or_404(request)
    body = json.dumps(values_of(state), ensure_ascii=False, separators=(",", ":"))
    return _answer(request, body, shapes.name_of(body), "application/json", keep=False)


def values_of(state: MapState) -> dict[str, Any]:
    """`i` keys, `c` classes (-1: no value), `n` numbers as people read them, `legend` the classes, `missing` the hatched one."""
    shades = state.painted.shades
    kept = [(row.place, shades.get(row.place)) for row in state.feet]
    if state.figure is None:
        late = _("%(days)s working days late")
        words = [tint.label for tint in tints_of_colours()]
        texts = [
            "" if shade is None else words[shade.tint] + (f" · {late % {'days': shade.days_late}}" if shade.days_late else "")
            for _key, shade in kept
        ]  # fmt: skip
    else:
        unit = unit_of(state.figure)
        numbers = ["" if shade is None or shade.value is None else shade.value.number() or "" for _key, shade in kept]
        texts = [f"{number} {unit}" if number else "" for number in numbers]
    return {
        "i": [key for key, _shade in kept],
        "c": [NO_CLASS if shade is None else shade.tint for _key, shade in kept],
        "n": texts,
        "legend": [
            {"label": tint.label, "fill": tint.fill, "letter": tint.letter, "shape": tint.shape, "ink": tint.ink}
            for tint in tints_of(state)
        ],
        "missing": missing_word(state),
    }


def tints_of(state: MapState) -> Sequence[Tint]:
    """The classes of the map with their words."""
    if state.figure is None:
        return tints_of_colours()
    return sequence_tints(state.painted.labels) if state.painted.labels else []


def missing_word(state: MapState) -> str:
    """What is said of places without a value."""
    return _("not in the campaign") if state.figure is None else _("No figure")


@page(READ)
@require_GET
def map_picture(request: ActorRequest) -> HttpResponse:
    """The map drawn as SVG: for browsers without scripts, and to take away."""
    state = _state_or_404(request)
    if len(state.feet) > MOST_DRAWN:
        raise Http404
    body = picture_of(state, width=SMALL) if request.GET.get("small") else picture_of(state)
    return _answer(request, body, shapes.name_of(body), "image/svg+xml", keep=False)


def picture_of(state: MapState, *, width: int = 1_000) -> str:
    """The drawing of a map with its legend, villages with the towns around them; a small one has no room for a title."""
    shown = shapes_of(state)
    geometry = _geometries(shown, state.feet)
    around = _around(shown, state)
    said = values_of(state)
    areas = [
        Area(row.name, geometry.get(row.place), None if tint == NO_CLASS else tint, f"{row.name} {text}".strip())
        for row, tint, text in zip(state.feet, said["c"], said["n"], strict=True)
    ]
    where = state.place or state.district
    title = f"{where.name if where is not None else _('All districts')} · {map_title(state)} · {state.on.isoformat()}"
    return choropleth_svg(
        areas, tints_of(state), title="" if width == SMALL else title, missing=said["missing"], around=around, width=width,
        with_names=not around,
    )  # fmt: skip


def _geometries(drawn: places.Shapes, feet: Sequence[places.Footprint]) -> dict[int, Any]:
    features = json.loads(shapes.geojson_text(drawn, feet))["features"]
    return {feature["id"]: feature["geometry"] for feature in features}


def _around(shown: places.Shapes, state: MapState) -> list[Area]:
    """The towns of the shown villages as far as the reader sees them; nothing inside a town and where towns are shown."""
    if state.level is not Level.VILLAGE or state.place is not None:
        return []
    towns = battlemap.ground(state.actor, state.district_ids, state.on, Level.TOWNSHIP)
    geometry = _geometries(shapes.dissolved(shown, [row.place for row in towns]), towns)
    return [Area(row.name, geometry.get(row.place), None) for row in towns]


def _answer(request: ActorRequest, body: str, digest: str, kind: str, *, keep: bool) -> HttpResponse:
    """A body with its tag; 304 where the browser has it. `keep`: for ever, by this reader's browser alone."""
    control = "private, max-age=31536000, immutable" if keep else "private, no-cache"
    etag = quote_etag(digest)
    response = HttpResponse(body, content_type=kind, headers={"Cache-Control": control, "ETag": etag})
    found = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(found, HttpResponse)
    return found
