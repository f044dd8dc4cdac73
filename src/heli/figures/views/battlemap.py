"""The battle map 作战图: places coloured by a figure or by a campaign, beside the table of the same places."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from heli.figures.classing import Scale
from heli.figures.map_tables import MapLine, map_table, sign_of, tints_of_colours
from heli.figures.queries import battlemap
from heli.figures.views.mapdata import MOST_DRAWN, map_title
from heli.figures.views.mapplace import PLACEHOLDER, number_url, opened, script_state
from heli.figures.views.mapstate import ALL, BY_COLOUR, MapState, read_state
from heli.figures.views.shared import READ, today
from heli.figures.views.wall import wall
from heli.figures.wording import DIRECTION_LABELS, KIND_LABELS, meaning_of, title_of
from heli.places import queries as places
from heli.ui.pages import ActorRequest, page
from heli.warnings.queries.onmap import campaign_at_risk

REMEMBERED = "map_campaign"
"""Where the session keeps the campaign that the reader chose for the map."""
EMPTY = ""
"""The context under which figures without any value are gathered."""
CONTEXTS = {
    "places": gettext_lazy("Register of places"),
    "planning": gettext_lazy("Merger plans"),
    "campaigns": gettext_lazy("Campaigns"),
}


@page(READ)
@require_GET
def battle_map(request: ActorRequest) -> HttpResponse:
    """The map with its table; `wall=1` is the same for a screen on the wall."""
    remembered = request.session.get(REMEMBERED, "")
    state = read_state(request, today(), remembered=remembered)
    if state is None:
        crumbs = [{"url": reverse("figures:home"), "label": _("Register of figures")}, {"label": _("Battle map")}]
        return render(request, "figures/nowhere.html", {"title": _("Battle map"), "breadcrumbs": crumbs})
    remember(request, state, remembered)
    if request.GET.get("wall"):
        return wall(request, state)
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
        "no_values": _("No values yet"),
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
        **opened(request, state),
    }
    return render(request, "figures/battlemap.html", context)


def remember(request: ActorRequest, state: MapState, remembered: str) -> None:
    """Keep in the session which of several campaigns the reader chose: one that the map would not have opened with."""
    asked = request.GET.get("campaign", "")
    if state.campaign is None or state.campaign.public_id != asked or len(state.campaigns) < 2 or asked == remembered:
        return
    if remembered or asked != campaign_at_risk(state.campaigns):
        request.session[REMEMBERED] = asked


def lines_of(state: MapState) -> list[MapLine]:
    """The table's lines: every place that the map shows."""
    number, panel = number_url(state), state.url(open=PLACEHOLDER)
    shades, parents = state.painted.shades, state.parents
    return [
        MapLine(
            row.place,
            row.name,
            parents.get(row.parent or 0, ""),
            shades.get(row.place),
            number.replace(PLACEHOLDER, row.public_id),
            panel.replace(PLACEHOLDER, row.public_id),
        )
        for row in state.feet
    ]


def _groups(state: MapState) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What the map may be coloured by: (heading, [(key, words, chosen)]).

    By the newest snapshot, figures that no place of this level has are left out, and those that none has at all come last.
    """
    found: dict[str, list[tuple[str, str, bool]]] = {}
    known = battlemap.levels_known(state.district_ids)
    for figure in battlemap.choices(state.actor, state.today):
        levels = known.get(figure.id)
        if levels and state.level not in levels and figure.id != state.by:
            continue
        context = figure.id.split(".", 1)[0] if levels is None or levels else EMPTY
        found.setdefault(context, []).append((figure.id, title_of(figure), figure.id == state.by))
    empty = found.pop(EMPTY, [])
    groups = [(str(CONTEXTS.get(context, context)), choices) for context, choices in found.items()]
    groups += [(_("No values yet"), empty)] if empty else []
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
