"""The battle map for a screen on the wall: read from five metres, without a mouse, scene after scene."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.campaigns.queries.board import Counts, counts_of
from heli.campaigns.texts import COLOURS, HAPPENED
from heli.campaigns.types import COLOUR_ORDER, Colour, Did, SeatLevel
from heli.figures import catalogue
from heli.figures.map_tables import sign_of, tints_of_colours
from heli.figures.views.mapdata import MOST_DRAWN, map_title
from heli.figures.views.mapplace import script_state
from heli.figures.views.mapstate import BY_COLOUR, MapState
from heli.figures.wording import unit_of
from heli.kernel.quantities import Ratio
from heli.places import queries as places
from heli.ui.http import whole_number
from heli.ui.pages import ActorRequest
from heli.warnings.queries.onmap import MapCampaign, MapWeek, happened, standings
from heli.warnings.queries.wall import completions, outlook, stage_counts, statements_owed
from heli.warnings.rules.ranking import TownRank, rank_towns, worst_town
from heli.warnings.types import ColourStanding

SCENES = ("district", "towns", "stages", "town", "news")
"""What the wall of a campaign shows in turn; a town's own wall shows the last two."""
WORST, NEWEST, MOST_OWED = 8, 10, 3
SHORTEST_TURN, LONGEST_TURN, USUAL_TURN = 5, 3_600, 30
"""Seconds after which the wall turns to the next scene."""


@dataclass(frozen=True)
class WallFacts:
    """A campaign as the wall tells it, asked once for all scenes that need it."""

    state: MapState
    campaign: MapCampaign

    @cached_property
    def weeks(self) -> list[MapWeek]:
        """The frozen weeks, the newest first."""
        return [stop.week for stop in reversed(self.state.stops) if stop.week is not None]

    @cached_property
    def last(self) -> MapWeek | None:
        """The frozen week before the week of the day shown: on a weekend its own colours are frozen already."""
        monday = self.state.on - timedelta(days=self.state.on.weekday())
        return next((week for week in self.weeks if week.on < monday), None)

    @cached_property
    def then(self) -> list[ColourStanding]:
        """How the places stood that week."""
        return standings(self.state.actor, self.campaign, self.last.on, self.last) if self.last is not None else []

    @cached_property
    def ranks(self) -> list[TownRank]:
        """The towns in order, against that week."""
        return rank_towns(self.state.standings, self.then)

    @cached_property
    def town(self) -> int | None:
        """The town that the scene about one town shows: the one asked for, else the worst."""
        if self.state.place is not None:
            return self.state.place.id
        found = worst_town(self.ranks)
        return found.town if found is not None else None

    def villages(self, rows: Sequence[ColourStanding], town: int | None = None) -> list[ColourStanding]:
        """The villages among standings, of one town if given."""
        return [row for row in rows if row.level == SeatLevel.VILLAGE and town in (None, row.above)]


def wall(request: ActorRequest, state: MapState) -> HttpResponse:
    """The wall screen of a map. `by` may name several figures, apart by commas; `turn` says after how many seconds it turns."""
    turn = whole_number(request.GET.get("turn"), LONGEST_TURN) or USUAL_TURN
    order = _order(state)
    asked = (state.by, request.GET.get("scene", ""))
    here = order.index(asked) if asked in order else next(at for at, one in enumerate(order) if one[0] == state.by)
    after = order[(here + 1) % len(order)]
    facts = WallFacts(state, state.campaign) if state.campaign is not None and state.figure is None else None
    scene = order[here][1]
    shown = _shown(state, facts, scene)
    context = {
        "state": shown,
        "part": f"figures/wall/{scene or 'figure'}.html",
        "scenes": _names(order, state, facts, here),
        "script": script_state(shown)
        | {
            "next": _turned(state, order, after, turn) if len(order) > 1 else "",
            "turn": max(turn, SHORTEST_TURN),
            "self": _turned(state, order, order[here], turn),
        },
        "title": state.campaign.name if facts is not None and state.campaign is not None else map_title(state),
        "inside": state.place,
        "where": state.district.name if state.district is not None else _("All districts"),
        "now": timezone.localtime(),
        "sample": places.is_sample(state.district_ids, state.on),
        "leave_url": state.url(),
        "picture_url": shown.url("map_picture"),
        "is_drawn": len(shown.feet) <= MOST_DRAWN,
        **(_campaign_context(facts, scene) if facts is not None else _figure_context(state)),
    }
    return render(request, "figures/wall.html", context)


def _order(state: MapState) -> list[tuple[str, str]]:
    """What is shown in turn: (figure or colour, scene of the campaign)."""
    scenes = SCENES if state.place is None else SCENES[-2:]
    named = [name for name in state.asked_by if name == BY_COLOUR or catalogue.find(name, state.today)] or [state.by]
    found: list[tuple[str, str]] = []
    for name in dict.fromkeys(named):
        found += [(name, scene) for scene in scenes] if name == BY_COLOUR and state.campaign else [(name, "")]
    return found if any(name == state.by for name, _scene in found) else [(state.by, "")]


def _turned(state: MapState, order: Sequence[tuple[str, str]], to: tuple[str, str], turn: int) -> str:
    """The address of a scene: the figure it shows comes first, the others follow in their order."""
    names = list(dict.fromkeys(name for name, _scene in order))
    at = names.index(to[0])
    return state.url(by=",".join([*names[at:], *names[:at]]), wall="1", scene=to[1], turn=str(turn))


def _shown(state: MapState, facts: WallFacts | None, scene: str) -> MapState:
    """The map of a scene: towns, one town, or everything."""
    if facts is None or state.place is not None:
        return state
    if scene == "towns":
        return replace(state, show="towns")
    if scene == "town" and facts.town is not None:
        row = places.version_on(facts.town, state.on)
        return replace(state, place=row, show="villages") if row is not None else state
    return replace(state, show="villages")


def _names(
    order: Sequence[tuple[str, str]], state: MapState, facts: WallFacts | None, here: int
) -> list[tuple[str, bool]]:
    """The scenes by name, the one shown marked."""
    town = places.names_at([facts.town], state.on).get(facts.town, "") if facts is not None and facts.town else ""
    words = {
        "district": _("Three colours"),
        "towns": _("Towns"),
        "stages": _("Stages"),
        "town": town or _("Town"),
        "news": _("News"),
    }
    found = []
    for at, (name, scene) in enumerate(order):
        figure = catalogue.find(name, state.today)
        title = words.get(scene) or (
            map_title(replace(state, figure=figure)) if figure is not None else words["district"]
        )
        found.append((title, at == here))
    return found


# --- what stands beside the map ----------------------------------------------------------------------------------------


def _campaign_context(facts: WallFacts, scene: str) -> dict[str, Any]:
    state, campaign = facts.state, facts.campaign
    week = state.stop.week or next(iter(facts.weeks), None)
    counts = counts_of(state.actor, campaign.row, state.on) if state.stop.is_now and state.place is None else None
    return {
        "tiles": _tiles(facts, counts),
        "outlook": outlook(state.actor, campaign, state.on, week),
        "last": facts.last,
        **_SCENES[scene](facts),
    }


def _tiles(facts: WallFacts, counts: Counts | None) -> dict[str, Any]:
    """The numbers on top. The progress is the board's where the board is shown whole and as of today."""
    state = facts.state
    inside = state.place.id if state.place is not None else None
    rows = [row for row in state.standings if inside is None or inside in (row.place, row.above)]
    done, every = sum(row.done for row in rows), sum(row.done + row.open for row in rows)
    late = sum(row.late for row in rows)
    if counts is not None:
        done, every, late = counts.done, counts.steps, counts.late
    red, before = _reds(facts, state.standings, inside), _reds(facts, facts.then, inside)
    change = red - before if facts.last is not None else None
    return {
        "share": Ratio(done, every),
        "done": done,
        "every": every,
        "late": late,
        "red": red,
        "red_change": change,
        "red_fewer": -(change or 0),
        "sign": sign_of(COLOUR_ORDER.index(Colour.RED), 22),
    }


def _reds(facts: WallFacts, rows: Sequence[ColourStanding], town: int | None) -> int:
    return sum(row.colour is Colour.RED for row in facts.villages(rows, town))


def _district(facts: WallFacts) -> dict[str, Any]:
    """How many villages have each colour, against the week before, and the worst villages."""
    now = [row.colour for row in facts.villages(facts.state.standings)]
    then = [row.colour for row in facts.villages(facts.then)]
    colours = [
        {
            "key": colour.value,
            "sign": sign_of(at, 28),
            "label": tint.label,
            "count": now.count(colour),
            "change": now.count(colour) - then.count(colour) if then else 0,
            "moved": abs(now.count(colour) - then.count(colour)),
        }
        for (at, tint), colour in zip(enumerate(tints_of_colours()), COLOUR_ORDER, strict=True)
    ]
    return {"colours": colours[::-1], "worst": _worst(facts, None, WORST), "villages": len(now)}


def _worst(facts: WallFacts, town: int | None, most: int) -> list[dict[str, Any]]:
    """Villages with the worst colour and the most days; nothing that is in time."""
    late = [row for row in facts.villages(facts.state.standings, town) if row.colour is not Colour.GREEN]
    late.sort(key=lambda row: (-COLOUR_ORDER.index(row.colour), -row.days_late, row.place))
    names = places.names_at({row.place for row in late[:most]} | {row.above for row in late[:most]}, facts.state.on)
    return [
        {
            "name": names.get(row.place, ""),
            "town": names.get(row.above, ""),
            "sign": sign_of(COLOUR_ORDER.index(row.colour), 26),
            "days": row.days_late,
        }
        for row in late[:most]
    ]


def _towns(facts: WallFacts) -> dict[str, Any]:
    names = places.names_at({one.town for one in facts.ranks}, facts.state.on)
    return {
        "ranks": [
            {
                "at": one,
                "name": names.get(one.town, ""),
                "sign": sign_of(COLOUR_ORDER.index(one.colour), 26),
                "share": Ratio(one.done, one.every),
                "width": _width(one.done, one.every),
                "lost": -one.climbed,
            }
            for one in facts.ranks
        ]
    }


def _width(part: int, whole: int) -> int:
    """A bar of a hundred."""
    return round(100 * part / whole) if whole else 0


def _stages(facts: WallFacts) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    found = stage_counts(facts.state.actor, facts.campaign)
    return {
        "stages": [
            {
                "title": one.stage.title.text(language),
                "at": one,
                "width": _width(one.finished, one.villages),
                "both_width": _width(one.finished + one.begun, one.villages),
            }
            for one in found
        ]
    }


def _town(facts: WallFacts) -> dict[str, Any]:
    """One town: its colour and place in the order, what it owes, its worst villages."""
    state, town = facts.state, facts.town
    rank = next((one for one in facts.ranks if one.town == town), None)
    if rank is None or town is None:
        return {}
    return {
        "town": {
            "name": places.names_at([town], state.on).get(town, ""),
            "rank": rank,
            "of": len(facts.ranks),
            "share": Ratio(rank.done, rank.every),
            "colour": COLOURS[rank.colour],
            "sign": sign_of(COLOUR_ORDER.index(rank.colour), 40),
        },
        "worst": _worst(facts, town, WORST),
        "owed": _owed(facts, town),
    }


def _news(facts: WallFacts) -> dict[str, Any]:
    """Statements due, what was done today in counts, and the steps finished last."""
    state, campaign = facts.state, facts.campaign
    counts = happened(state.actor, campaign, state.on)
    newest = completions(state.actor, campaign, state.on, most=NEWEST)
    return {
        "owed": _owed(facts, state.place.id if state.place is not None else None),
        "accepted": counts.get(Did.ACCEPTED, 0) + counts.get(Did.WAIVED, 0),
        "submitted": counts.get(Did.SUBMITTED, 0),
        "returned": counts.get(Did.RETURNED, 0),
        "newest": [
            {"day": _other_day(timezone.localtime(one.at).date(), state.on), "time": timezone.localtime(one.at), "name": one.name,
             "step": one.step, "word": HAPPENED[one.did]}
            for one in newest
        ],
    }  # fmt: skip


def _other_day(day: date, on: date) -> date | None:
    """The day where it is not the one shown, of which the hour is told."""
    return None if day == on else day


def _owed(facts: WallFacts, town: int | None) -> dict[str, Any]:
    on = facts.state.on
    rows = statements_owed(facts.state.actor, facts.campaign, on, town)
    return {
        "count": len(rows),
        "rows": [
            {"at": row, "days": (row.due_on - on).days, "over": (on - row.due_on).days} for row in rows[:MOST_OWED]
        ],
    }


_SCENES = {"district": _district, "towns": _towns, "stages": _stages, "town": _town, "news": _news}


def _figure_context(state: MapState) -> dict[str, Any]:
    """A figure's map: the value of the whole and the places with the largest ones."""
    shades = [(row, state.painted.shades[row.place]) for row in state.feet if row.place in state.painted.shades]
    known = [(row, shade.value) for row, shade in shades if shade.value is not None and shade.value.is_known]
    known.sort(key=lambda pair: -(pair[1].sort_key or 0))
    return {
        "largest": [
            {"name": row.name, "town": state.parents.get(row.parent or 0, ""), "number": value.number()}
            for row, value in known[: WORST + 2]
        ],
        "unit": unit_of(state.figure) if state.figure is not None else "",
    }
