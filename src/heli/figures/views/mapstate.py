"""What a battle map's address says: which districts, which place inside, which level, coloured by what, at which moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from heli.figures import shapes
from heli.figures.classing import Scale, scale_for
from heli.figures.queries import battlemap
from heli.figures.queries.battlemap import COLOUR, Painted, Stop
from heli.figures.views.shared import districts_of, place_in_reach
from heli.kernel.access import Actor
from heli.kernel.declare import Figure
from heli.places import queries as places
from heli.places.queries import Footprint
from heli.places.types import Level, PlaceRow
from heli.ui.pages import ActorRequest
from heli.warnings.queries.onmap import (
    MapCampaign,
    campaign_at_risk,
    campaign_on_map,
    campaigns_on_map,
    standings,
)
from heli.warnings.types import ColourStanding

BY_COLOUR = "colour"
ALL = "all"
"""The district parameter that stands for every district within reach."""
LEVELS: Mapping[str, Level] = {"villages": Level.VILLAGE, "towns": Level.TOWNSHIP, "districts": Level.DISTRICT}


@dataclass(frozen=True)
class MapState:
    """One map. `figure` is None when it shows a campaign's colours; `place` the town it is inside of, None: everything."""

    actor: Actor
    today: date
    districts: Sequence[PlaceRow]
    district: PlaceRow | None
    place: PlaceRow | None
    show: str
    campaigns: Sequence[MapCampaign]
    campaign: MapCampaign | None
    figure: Figure | None
    stops: Sequence[Stop]
    stop: Stop
    scale: Scale
    asked_by: Sequence[str] = field(default=())

    @property
    def by(self) -> str:
        return BY_COLOUR if self.figure is None else self.figure.id

    @property
    def opened_by(self) -> str:
        """The figure whose page opens a number of this map."""
        return COLOUR if self.figure is None else self.figure.id

    @cached_property
    def district_ids(self) -> list[int]:
        chosen = [self.district] if self.district is not None else self.districts
        return [row.id for row in chosen]

    @property
    def level(self) -> Level:
        return LEVELS[self.show]

    @property
    def on(self) -> date:
        """The day whose places and values are shown."""
        return self.stop.on

    @cached_property
    def feet(self) -> list[Footprint]:
        """The places that are shown."""
        parent = self.place.id if self.place is not None else None
        return battlemap.ground(self.actor, self.district_ids, self.on, self.level, parent)

    @cached_property
    def standings(self) -> list[ColourStanding]:
        """The colours of the campaign; nothing when a figure is shown."""
        return (
            standings(self.actor, self.campaign, self.on, self.stop.week)
            if self.campaign is not None and self.figure is None
            else []
        )

    @cached_property
    def painted(self) -> Painted:
        """The shades of the places."""
        if self.figure is None:
            return battlemap.paint_by_colour(self.standings)
        return battlemap.paint_by_figure(
            self.actor, self.figure, self.feet,
            district_ids=self.district_ids, stop=self.stop, scale=self.scale, today=self.today,
        )  # fmt: skip

    @cached_property
    def parents(self) -> Mapping[int, str]:
        """Names of what stands above the shown places."""
        return places.names_at({row.parent for row in self.feet if row.parent is not None}, self.on)

    @cached_property
    def digest(self) -> str:
        """The name of the drawing of these places."""
        return shapes.digest_of(self.feet, self.show)

    def query(self, **changes: str) -> str:
        """The parameters of this map's address with some changed; an empty value leaves one out."""
        given = {
            "district": self.district.public_id if self.district is not None else ALL,
            "place": self.place.public_id if self.place is not None else "",
            "show": self.show,
            "by": self.by,
            "campaign": self.campaign.public_id if self.campaign is not None else "",
            "at": self.stop.key,
            "scale": self.scale if self.figure is not None else "",
        } | changes
        return urlencode({key: value for key, value in given.items() if value})

    def url(self, name: str = "map", **changes: str) -> str:
        """The address of this map, or of a part of it ("map_values")."""
        return f"{reverse(f'figures:{name}')}?{self.query(**changes)}"


def read_state(request: ActorRequest, today: date, *, remembered: str = "") -> MapState | None:
    """The map that an address asks for; None where the reader has no district at all.

    What is not given is chosen: the first district, the colours of the `remembered` campaign or of the one most at risk (else
    the first figure), now. A place or campaign out of reach answers 404; an unknown figure, level or moment counts as not
    given.
    """
    actor, asked = request.actor, request.GET.get
    found = districts_of(actor, today)
    if not found:
        return None
    chosen = _campaign(actor, asked("campaign", ""))
    if chosen is None and remembered:
        chosen = campaign_on_map(actor, remembered)
    district = _district(found, asked("district", ""), chosen)
    campaigns = campaigns_on_map(actor, district.id) if district is not None else []
    campaign = _shown(campaigns, chosen)
    asked_by = [name for name in asked("by", "").split(",") if name]
    figure = _figure(actor, today, asked_by[0] if asked_by else "", campaign)
    ids = [district.id] if district is not None else [row.id for row in found]
    by_colour = figure is None and campaign is not None
    stops = (
        battlemap.colour_stops(campaign, today)
        if by_colour and campaign is not None
        else battlemap.figure_stops(actor, ids, today)
    )
    stop = next((one for one in stops if one.key == asked("at", "")), stops[-1])
    place = _place(request, stop.on, ids)
    show = asked("show", "")
    if place is not None or show not in LEVELS or (show == "districts" and district is not None):
        show = "villages"
    scale = scale_for(figure, asked("scale", "")) if figure is not None else Scale.QUANTILES
    return MapState(
        actor, today, found, district, place, show, campaigns, campaign, figure, stops, stop, scale, tuple(asked_by)
    )


def _district(found: Sequence[PlaceRow], asked: str, campaign: MapCampaign | None) -> PlaceRow | None:
    """The asked district, else the campaign's, else the first; None for all of them."""
    if asked == ALL and len(found) > 1:
        return None
    home = campaign.district_id if campaign is not None else 0
    first = next((row for row in found if row.id == home), found[0])
    return next((row for row in found if row.public_id == asked), first)


def _campaign(actor: Actor, asked: str) -> MapCampaign | None:
    if not asked:
        return None
    chosen = campaign_on_map(actor, asked)
    if chosen is None:
        raise Http404(asked)
    return chosen


def _shown(campaigns: Sequence[MapCampaign], chosen: MapCampaign | None) -> MapCampaign | None:
    """The chosen one if it is among them, else the one most at risk."""
    by_id = {one.public_id: one for one in campaigns}
    if chosen is not None and chosen.public_id in by_id:
        return by_id[chosen.public_id]
    return by_id[campaign_at_risk(campaigns)] if len(by_id) > 1 else next(iter(by_id.values()), None)


def _figure(actor: Actor, on: date, asked: str, campaign: MapCampaign | None) -> Figure | None:
    """The asked figure; None for the colours of the campaign, if there is one."""
    choices = {one.id: one for one in battlemap.choices(actor, on)}
    if asked in choices:
        return choices[asked]
    if campaign is not None or not choices:
        return None
    return next(iter(choices.values()))


def _place(request: ActorRequest, on: date, district_ids: Sequence[int]) -> PlaceRow | None:
    """The town the map is inside of, as it stood that day; one that did not stand then shows everything."""
    asked = request.GET.get("place", "")
    if not asked:
        return None
    found = place_in_reach(request, asked)
    if found is None:
        raise Http404(asked)
    row = places.version_on(found.pk, on)
    is_town = row is not None and row.level is Level.TOWNSHIP and row.district_id in district_ids
    return row if is_town else None
