"""Figures of stations: members by group, powers exercised, platforms, visits, and how fast departments on call arrive."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair
from heli.places import queries as places
from heli.places.counted import CountedRow, counted, figure, listed, moment_of
from heli.stations.catalogues import PLATFORM, POWER, VISIT, act_words, class_of, group_words
from heli.stations.ledger import CALLOUTS, READ, STATION_ACTS
from heli.stations.models import ActState, Callout, MemberCount, StationAct
from heli.stations.rules import median

WHERE = ("place_id", "town_id", "district_id")


def members(ask: Ask) -> list[CountedRow]:
    """The newest line of each station and group by the day."""
    rows = MemberCount.objects.filter(district_id__in=ask.district_ids, on__lte=ask.on).order_by("on", "pk")
    newest = {
        (place, town, district, group): number
        for place, town, district, group, number in rows.values_list(*WHERE, "group", "members")
    }
    words = group_words()
    return [
        counted(ask, (place, town, district), (number, 1), (words.get(group, group), number))
        for (place, town, district, group), number in newest.items()
        if number
    ]


def acts(ask: Ask, sort: str) -> list[CountedRow]:
    """Acts of a class up to the day, but those withdrawn by then."""
    rows = StationAct.objects.filter(
        district_id__in=ask.district_ids, held_on__lte=ask.on, opened_at__lte=moment_of(ask)
    )
    rows = rows.exclude(status=ActState.WITHDRAWN, withdrawn_on__lte=ask.on).order_by("about", "number")
    words, found = act_words(), []
    for *where, about, public_id, title, act, on in rows.values_list(
        *WHERE, "about", "public_id", "title", "act", "held_on"
    ):
        if class_of(act) == sort:
            place, town, district = where
            url = STATION_ACTS.url("row", about, public_id)
            found.append(counted(ask, (place, town, district), (1, 1), (title, words.get(act, act), on), url))
    return found


def calls(ask: Ask) -> list[CountedRow]:
    """Departments called by the moment: above are those that had arrived."""
    at = moment_of(ask)
    rows = Callout.objects.filter(district_id__in=ask.district_ids, opened_at__lte=at).order_by("about", "number")
    found = []
    for *where, about, public_id, title, name, called_at, arrived_at in rows.values_list(
        *WHERE, "about", "public_id", "title", "department_body__name", "opened_at", "arrived_at"
    ):
        came = arrived_at is not None and arrived_at <= at
        minutes = int((arrived_at - called_at).total_seconds() // 60) if came else ""
        place, town, district = where
        cells = (title, name, called_at.date(), minutes)
        found.append(
            counted(ask, (place, town, district), (int(came), 1), cells, CALLOUTS.url("row", about, public_id))
        )
    return found


def arrival(ask: Ask) -> Mapping[int, Pair]:
    """Median minutes at every place, town and district: a median is not added up."""
    structure = ask.shared("places.structure", lambda: places.structure_on(ask.district_ids, ask.on))
    above = dict(zip(structure.places.tolist(), structure.parents.tolist(), strict=True))
    waited: dict[int, list[int]] = {}
    for row in ask.shared("counted.stations.arrived", lambda: calls(ask)):
        at = row.place if row.above else 0
        while at in above:
            waited.setdefault(at, []).append(row.cells[3])
            at = above[at]
    return {place: (median(minutes) or 0, 1) for place, minutes in waited.items()}


SINCE = date(2018, 1, 1)
declared = partial(figure, source=_("Work of stations"), action=READ)
ACT_HEADS = (_("What it was about"), _("Act"), _("Day"))
CALL_HEADS = (_("What is to be enforced"), _("Department"), _("Called on"), _("Minutes until it arrived"))
FIGURES = (
    declared("stations.members", _("Members of stations"), _("Members of stations by group, as last counted by the day."), members,
             (_("Group"), _("Members")), unit=_("members")),
    declared("stations.powers", _("Powers exercised"), _("Powers that stations exercised towards departments."),
             partial(acts, sort=POWER), ACT_HEADS, unit=_("acts")),
    declared("stations.platforms", _("Platforms held"), _("Times that one of the five platforms was held at a station."),
             partial(acts, sort=PLATFORM), ACT_HEADS, unit=_("times")),
    declared("stations.visits", _("Visits of leaders"), _("Visits of leaders at stations."), partial(acts, sort=VISIT), ACT_HEADS,
             unit=_("visits")),
    declared("stations.arrived", _("Departments that came when called"),
             _("Departments on call that arrived at the site, over all that were called."), calls, CALL_HEADS, unit="%",
             decimals=2, direction=Direction.UP),
    Figure(
        id="stations.arrival", version=1, title=_("Time until a department arrives"),
        meaning=_("Median minutes from the call to the arrival of a department; those that did not come are not in it."),
        unit=_("minutes"), action=READ, source=_("Work of stations"), direction=Direction.DOWN, over_places=Additivity.NONE,
        evaluate=arrival, rows=partial(listed, read=calls, heads=CALL_HEADS, name="stations.arrived"),
    ),
)  # fmt: skip
