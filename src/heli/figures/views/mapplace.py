"""The panel of a place beside the battle map: how it stands there, its steps, who answers, without leaving the map."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.campaigns.texts import COLOURS
from heli.campaigns.types import COLOUR_ORDER
from heli.figures.map_tables import sign_of
from heli.figures.presenting import address
from heli.figures.queries import battlemap
from heli.figures.types import Where
from heli.figures.views.mapstate import MapState, read_state
from heli.figures.views.shared import READ, place_in_reach, today
from heli.figures.wording import title_of, unit_of
from heli.kernel.panels import panels_of
from heli.places import queries as places
from heli.places.texts import kind_text
from heli.places.types import Level, PlaceRow
from heli.ui.pages import ActorRequest, page

PLACEHOLDER = "PLACE"
"""Stands for a place's public id in addresses that are completed place by place."""


@page(READ)
@require_GET
def map_place(request: ActorRequest, public_id: str) -> HttpResponse:
    """The panel alone, for the script of the map; anybody else is led to the map with the panel open."""
    state = read_state(request, today())
    if state is None or place_in_reach(request, public_id) is None:
        raise Http404(public_id)
    if not request.headers.get("HX-Request"):
        return redirect(state.url(open=public_id))
    return render(request, "figures/map_place.html", panel_of(request, state, public_id))


def opened(request: ActorRequest, state: MapState) -> dict[str, Any]:
    """The panel of the place that the address of the map names as open; nothing where it names none."""
    asked = request.GET.get("open", "")
    return panel_of(request, state, asked) if asked else {}


def panel_of(request: ActorRequest, state: MapState, public_id: str) -> dict[str, Any]:
    """What the panel shows: the place with its colour or number on this map, and the panels of every context."""
    found = place_in_reach(request, public_id)
    row = places.version_on(found.pk, state.on) if found is not None else None
    if row is None:
        raise Http404(public_id)
    return {
        "opened": row,
        "kind": kind_text(row.kind),
        "close_url": state.url(),
        "inside_url": _inside_url(state, row),
        "page_url": reverse("places:place", args=[row.public_id]),
        "standing": _standing(state, row),
        "panels": panels_of(request.actor, row.id, state.today),
    }


def panel_url(state: MapState) -> str:
    """The address of a place's panel on this map, with the placeholder for the place."""
    return f"{reverse('figures:map_place', args=[PLACEHOLDER])}?{state.query()}"


def script_state(state: MapState) -> dict[str, Any]:
    """What the script needs: where shapes and values are, where the panel of a place is, how a value is called."""
    around = "towns" if state.district is not None else "districts"
    has_around = state.level is Level.VILLAGE and state.place is None
    return {
        "shapes": f"{state.url('map_shapes')}&v={state.digest}",
        "outlines": state.url("map_shapes", show=around) if has_around else "",
        "values": state.url("map_values"),
        "panel": panel_url(state),
        "label": title_of(state.figure) if state.figure is not None else _("Colour"),
        "unit": unit_of(state.figure) if state.figure is not None else "",
        "day_label": _("As of"),
        "day": state.on.isoformat(),
        "live": state.stop.is_now,
        "zone": settings.TIME_ZONE,
    }


def number_url(state: MapState) -> str:
    """The address of a place's number on this map, with the placeholder for the place."""
    version = state.figure.version if state.figure is not None else 1
    snapshot = state.stop.snapshot.public_id if state.stop.snapshot is not None else ""
    return address(Where(state.opened_by, version, PLACEHOLDER, state.on, snapshot))


def _inside_url(state: MapState, row: PlaceRow) -> str:
    """The map inside of a place: a town's villages, a district's; nothing for villages and where one is already."""
    if row.level is Level.TOWNSHIP and (state.place is None or state.place.id != row.id):
        return state.url(place=row.public_id, show="villages")
    if row.level is Level.DISTRICT:
        return state.url(district=row.public_id, show="villages", place="", campaign="")
    return ""


def _standing(state: MapState, row: PlaceRow) -> dict[str, Any]:
    """The colour or the number of the place on this map."""
    url = number_url(state).replace(PLACEHOLDER, row.public_id)
    if state.figure is not None:
        value = battlemap.value_of(state.actor, state.figure, row.id, row.district_id or row.id, state.stop)
        number = value.number() if value is not None else None
        return {"label": title_of(state.figure), "value": number, "unit": unit_of(state.figure), "url": url}
    mine = next((one for one in state.standings if one.place == row.id), None)
    if mine is None:
        return {}
    return {
        "sign": sign_of(COLOUR_ORDER.index(mine.colour), 20),
        "colour": COLOURS[mine.colour],
        "url": url,
        "at": mine,
    }
