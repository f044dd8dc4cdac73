"""The battle map 作战图: places coloured by a figure or by a campaign, beside the table of the same places."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from heli.figures.classing import Scale
from heli.figures.map_tables import MapLine, map_table, sign_of, tints_of_colours
from heli.figures.presenting import address
from heli.figures.queries import battlemap
from heli.figures.types import Where
from heli.figures.views.mapdata import MOST_DRAWN, map_title
from heli.figures.views.mapstate import ALL, BY_COLOUR, MapState, read_state
from heli.figures.views.shared import READ, today
from heli.figures.views.wall import wall
from heli.figures.wording import DIRECTION_LABELS, KIND_LABELS, meaning_of, title_of, unit_of
from heli.places import queries as places
from heli.places.types import Level
from heli.ui.pages import ActorRequest, page

PLACEHOLDER = "PLACE"
"""Stands for a place's public id in addresses that are completed place by place."""
CONTEXTS = {
    "places": gettext_lazy("Register of places"),
    "planning": gettext_lazy("Merger plans"),
    "campaigns": gettext_lazy("Campaigns"),
}


@page(READ)
@require_GET
def battle_map(request: ActorRequest) -> HttpResponse:
    """The map with its table; `wall=1` is the same for a screen on the wall."""
    state = read_state(request, today())
    if state is None:
        crumbs = [{"url": reverse("figures:home"), "label": _("Register of figures")}, {"label": _("Battle map")}]
        return render(request, "figures/nowhere.html", {"title": _("Battle map"), "breadcrumbs": crumbs})
    if request.GET.get("wall"):
        return wall(request, state, script_state(state))
    sample = places.is_sample(state.district_ids, state.on)
    table = map_table(request, lines_of(state), state.figure, with_above=state.place is None, sample=sample)
    if table.export:
        return table.export_response()
    context = {
        "state": state,
        "table": table,
        "sample": sample,
        "script": script_state(state),
        "title": map_title(state),
        "meaning": meaning_of(state.figure) if state.figure is not None else "",
        "direction": DIRECTION_LABELS[state.figure.direction] if state.figure is not None else "",
        "groups": _groups(state),
        "stops": [(stop.key, _stop_text(stop)) for stop in state.stops],
        "stop_text": _stop_text(state.stop),
        "all": ALL,
        "has_scales": state.figure is not None and state.figure.unit == "%",
        "is_quantiles": state.scale is Scale.QUANTILES,
        "picture_url": state.url("map_picture"),
        "wall_url": state.url(wall="1"),
        "counts": _counts(state),
        "is_drawn": len(state.feet) <= MOST_DRAWN,
        "up_url": state.url(place="") if state.place is not None else "",
        "breadcrumbs": _crumbs(state),
    }
    return render(request, "figures/battlemap.html", context)


def lines_of(state: MapState) -> list[MapLine]:
    """The table's lines: every place that the map shows."""
    number, inside = _number_url(state), _inside_url(state)
    shades, parents = state.painted.shades, state.parents
    return [
        MapLine(
            row.place,
            row.name,
            parents.get(row.parent or 0, ""),
            shades.get(row.place),
            number.replace(PLACEHOLDER, row.public_id),
            inside.replace(PLACEHOLDER, row.public_id),
        )
        for row in state.feet
    ]


def _number_url(state: MapState) -> str:
    version = state.figure.version if state.figure is not None else 1
    snapshot = state.stop.snapshot.public_id if state.stop.snapshot is not None else ""
    return address(Where(state.opened_by, version, PLACEHOLDER, state.on, snapshot))


def _inside_url(state: MapState) -> str:
    """The map inside of a place: a town's villages, a district's; nothing for villages."""
    if state.level is Level.TOWNSHIP:
        return state.url(place=PLACEHOLDER, show="villages")
    return state.url(district=PLACEHOLDER, show="villages") if state.level is Level.DISTRICT else ""


def script_state(state: MapState) -> dict[str, Any]:
    """What the script needs: where shapes and values are, where a place's number is opened, how a value is called."""
    around = "towns" if state.district is not None else "districts"
    return {
        "shapes": f"{state.url('map_shapes')}&v={state.digest}",
        "outlines": state.url("map_shapes", show=around) if state.level is Level.VILLAGE else "",
        "values": state.url("map_values"),
        "number": _number_url(state),
        "inside": _inside_url(state),
        "label": title_of(state.figure) if state.figure is not None else _("Colour"),
        "unit": unit_of(state.figure) if state.figure is not None else "",
        "day_label": _("As of"),
        "day": state.on.isoformat(),
        "live": state.stop.is_now,
        "by": state.by,
    }


def _groups(state: MapState) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What the map may be coloured by: (heading, [(key, words, chosen)])."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for figure in battlemap.choices(state.actor, state.today):
        context = figure.id.split(".", 1)[0]
        found.setdefault(context, []).append((figure.id, title_of(figure), figure.id == state.by))
    groups = [(str(CONTEXTS.get(context, context)), choices) for context, choices in found.items()]
    if state.campaigns:
        groups.insert(0, (_("Three colours"), [(BY_COLOUR, _("Colours of the campaign"), state.figure is None)]))
    return groups


def _stop_text(stop: battlemap.Stop) -> str:
    if stop.is_now:
        return _("now")
    kind = stop.week.label if stop.week is not None else ""
    if stop.snapshot is not None:
        kind = str(KIND_LABELS[stop.snapshot.kind])
    return f"{stop.on.isoformat()} ({kind})"


def _counts(state: MapState) -> list[tuple[SafeString, str, int]]:
    """How many shown places have each colour: (mark, word, number)."""
    if state.figure is not None:
        return []
    shown = [state.painted.shades[row.place].tint for row in state.feet if row.place in state.painted.shades]
    return [(sign_of(at), tint.label, shown.count(at)) for at, tint in enumerate(tints_of_colours())]


def _crumbs(state: MapState) -> list[dict[str, str]]:
    crumbs = [
        {"url": reverse("figures:home"), "label": _("Register of figures")},
        {"url": reverse("figures:map"), "label": _("Battle map")},
    ]
    name = state.district.name if state.district is not None else _("All districts")
    if state.place is None:
        return [*crumbs, {"label": name}]
    return [*crumbs, {"url": state.url(place=""), "label": name}, {"label": state.place.name}]
