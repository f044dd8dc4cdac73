"""The battle map for a screen on the wall: few large numbers, no navigation, turning among several figures."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.campaigns.texts import HAPPENED
from heli.campaigns.types import COLOUR_ORDER, Did, SeatLevel
from heli.figures import catalogue, queries
from heli.figures.map_tables import sign_of, tints_of_colours
from heli.figures.views.mapdata import MOST_DRAWN, map_title
from heli.figures.views.mapstate import BY_COLOUR, MapState
from heli.figures.wording import title_of, unit_of
from heli.kernel.access import may
from heli.places import queries as places
from heli.ui.http import whole_number
from heli.ui.pages import ActorRequest
from heli.warnings.queries.onmap import happened, happenings

HEADLINES = ("campaigns.progress", "campaigns.finished", "campaigns.steps_late")
WORST = 10
SHORTEST_TURN, LONGEST_TURN, USUAL_TURN = 5, 3_600, 30
"""Seconds after which the wall turns to the next figure."""


def wall(request: ActorRequest, state: MapState, script: dict[str, Any]) -> HttpResponse:
    """The wall screen of a map. `by` may name several figures, apart by commas; `turn` says after how many seconds they change."""
    turn = whole_number(request.GET.get("turn"), LONGEST_TURN) or USUAL_TURN
    order = [name for name in state.asked_by if name == BY_COLOUR or catalogue.find(name, state.today)] or [state.by]
    following = [*order[1:], order[0]]
    next_url = state.url(by=",".join(following), wall="1", turn=str(turn))
    context = {
        "state": state,
        "script": script
        | {
            "next": next_url if len(order) > 1 else "",
            "turn": max(turn, SHORTEST_TURN),
            "self": request.get_full_path(),
        },
        "title": map_title(state),
        "where": state.district.name if state.district is not None else _("All districts"),
        "headlines": _headlines(state),
        "counts": _counts(state),
        "worst": _worst(state),
        "changes": _changes(state),
        "sample": places.is_sample(state.district_ids, state.on),
        "leave_url": state.url(),
        "picture_url": state.url("map_picture"),
        "is_drawn": len(state.feet) <= MOST_DRAWN,
    }
    return render(request, "figures/wall.html", context)


def _headlines(state: MapState) -> list[dict[str, str]]:
    """The figures on top: those of the campaign for the district; of the shown figure where there is no campaign."""
    names = HEADLINES if state.campaign is not None else ()
    wanted = [
        catalogue.find(name, state.today) for name in dict.fromkeys((*names, *([state.by] if state.figure else [])))
    ]
    figures = [one for one in wanted if one is not None and may(state.actor, one.action)]
    if state.district is None or not figures:
        return []
    found = queries.evaluate(state.actor, figures, district_ids=state.district_ids, on=state.today)
    place = (state.place or state.district).id
    values = [(one, found.of(one.id, place)) for one in figures]
    return [
        {"label": title_of(one), "value": value.number() or "—", "unit": unit_of(one)}
        for one, value in values
        if value is not None
    ]


def _counts(state: MapState) -> list[dict[str, Any]]:
    """How many villages have each colour, the worst first."""
    if state.figure is not None or not state.standings:
        return []
    villages = [row.colour for row in state.standings if row.level == SeatLevel.VILLAGE]
    signs = enumerate(tints_of_colours())
    found = [
        {"key": colour.value, "sign": sign_of(at, 34), "label": tint.label, "count": villages.count(colour)}
        for (at, tint), colour in zip(signs, COLOUR_ORDER, strict=True)
    ]
    return found[::-1]


def _worst(state: MapState) -> list[dict[str, Any]]:
    """The villages with the worst colour and the most days, ten at most; nothing that is in time."""
    villages = [row for row in state.standings if row.level == SeatLevel.VILLAGE and COLOUR_ORDER.index(row.colour)]
    ordered = sorted(villages, key=lambda row: (-COLOUR_ORDER.index(row.colour), -row.days_late, row.place))[:WORST]
    names = places.names_at({row.place for row in ordered} | {row.above for row in ordered}, state.on)
    return [
        {
            "name": names.get(row.place, ""),
            "town": names.get(row.above, ""),
            "sign": sign_of(COLOUR_ORDER.index(row.colour), 24),
            "key": row.colour.value,
            "days": row.days_late,
        }
        for row in ordered
    ]


def _changes(state: MapState) -> dict[str, Any] | None:
    """What was done today, in counts and as the newest few entries."""
    if state.campaign is None or not state.stop.is_now:
        return None
    counts = happened(state.actor, state.campaign, state.today)
    return {
        "accepted": counts.get(Did.ACCEPTED, 0) + counts.get(Did.WAIVED, 0),
        "submitted": counts.get(Did.SUBMITTED, 0),
        "returned": counts.get(Did.RETURNED, 0),
        "newest": [
            {"at": timezone.localtime(one.at), "name": one.name, "step": one.step, "word": HAPPENED[one.did]}
            for one in happenings(state.actor, state.campaign, state.today, most=3)
        ],
    }
