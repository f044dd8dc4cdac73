"""Figures of frozen weeks: colours as they were kept, statements demanded and given, and when it will be finished."""

from collections.abc import Collection, Mapping
from functools import partial
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.campaigns.figures.reading import running
from heli.campaigns.texts import COLOURS as WORDS
from heli.campaigns.types import COLOUR_ORDER, Colour, SeatLevel
from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.counted import moment_of
from heli.warnings.models import Forecast, FrozenColour, FrozenWeek, Statement
from heli.warnings.texts import STATEMENTS, week_words
from heli.warnings.types import StatementStatus

READ = "campaigns.read"
FROZEN = _("Campaigns: frozen weeks")


def last_weeks(ask: Ask) -> Mapping[int, FrozenWeek]:
    """The last week of each campaign open on the day that had ended by it and was frozen by the moment; read once."""
    return ask.shared("campaigns.last_weeks", lambda: _last_weeks(ask))


def _last_weeks(ask: Ask) -> dict[int, FrozenWeek]:
    ended = FrozenWeek.objects.filter(running(ask), ends_at__lte=moment_of(ask)).select_related("campaign")
    if ask.at is not None:
        ended = ended.filter(frozen_at__lte=ask.at)
    return {week.campaign_id: week for week in ended.order_by("number")}


def frozen(ask: Ask) -> Mapping[int, FrozenColour]:
    """The colour of each place in those weeks; of several campaigns the worst. Read once."""
    return ask.shared("campaigns.frozen", lambda: _frozen(ask))


def _frozen(ask: Ask) -> dict[int, FrozenColour]:
    rows = FrozenColour.objects.filter(week__in=[week.pk for week in last_weeks(ask).values()])
    found: dict[int, FrozenColour] = {}
    for row in rows.select_related("week__campaign").order_by("pk"):
        kept = found.get(row.place_id)
        if kept is None or _badness(row) > _badness(kept):
            found[row.place_id] = row
    return found


def _badness(row: FrozenColour) -> tuple[int, int]:
    return COLOUR_ORDER.index(Colour(row.colour)), row.days_late


def frozen_colour(ask: Ask) -> Mapping[int, Pair]:
    """0 in time, 1 yellow, 2 orange, 3 red."""
    return {place: (_badness(row)[0], 1) for place, row in frozen(ask).items()}


def frozen_red(ask: Ask, level: SeatLevel) -> Mapping[int, Pair]:
    """1 for a red place of the level, 0 for another."""
    return {place: (int(row.colour == Colour.RED), 1) for place, row in frozen(ask).items() if row.level == level}


def colour_rows(ask: Ask, place_ids: Collection[int], level: SeatLevel | None = None) -> Rows:
    """The places with their frozen colour and why; of a level, the red ones only."""
    found = [
        row
        for place, row in frozen(ask).items()
        if place in set(place_ids) and (level is None or (row.level == level and row.colour == Colour.RED))
    ]
    found.sort(key=lambda row: (*(-part for part in _badness(row)), row.place_id))
    names = places.names_at({row.place_id for row in found}, ask.on)
    heads = [gettext("Place"), gettext("Campaign"), gettext("Week"), gettext("Colour"), gettext("Working days late")]
    lines = [
        [names.get(row.place_id, ""), row.week.campaign.name, week_words(row.week.label), str(WORDS[Colour(row.colour)]),
         row.days_late]
        for row in found
    ]  # fmt: skip
    return Rows(heads, lines, [_week_url(row.week, names.get(row.place_id, "")) for row in found])


def _week_url(week: FrozenWeek, name: str) -> str:
    address = reverse("warnings:week", args=[week.campaign.public_id, week.number])
    return f"{address}?{urlencode({'q': name})}"


# --- statements --------------------------------------------------------------------------------------------------------


def statements(ask: Ask) -> list[Statement]:
    """Statements that were demanded by the moment and stood then, of the campaigns open on the day; read once."""
    return ask.shared("campaigns.statements", lambda: _statements(ask))


def _statements(ask: Ask) -> list[Statement]:
    moment = moment_of(ask)
    found = Statement.objects.filter(running(ask), demanded_at__lte=moment)
    found = found.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment))
    return list(found.select_related("campaign", "town").order_by("pk"))


def statements_demanded(ask: Ask) -> Mapping[int, Pair]:
    """How many statements were demanded of each town."""
    counts: dict[int, int] = {row.place_id: 0 for row in frozen(ask).values() if row.level == SeatLevel.TOWN}
    for one in statements(ask):
        counts[one.town_id] = counts.get(one.town_id, 0) + 1
    return {place: (count, 1) for place, count in counts.items()}


def statements_in_time(ask: Ask) -> Mapping[int, Pair]:
    """Statements given by their due day over statements that were given or are overdue."""
    moment = moment_of(ask)
    counts: dict[int, tuple[int, int]] = {}
    for one in statements(ask):
        given = one.given_at if one.given_at is not None and one.given_at <= moment else None
        if given is None and ask.on <= one.due_on:
            continue
        kept, every = counts.get(one.town_id, (0, 0))
        counts[one.town_id] = (kept + int(given is not None and timezone.localdate(given) <= one.due_on), every + 1)
    return counts


def statement_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The statements with their days."""
    found = [one for one in statements(ask) if one.town_id in set(place_ids)]
    names = places.names_at({one.town_id for one in found}, ask.on)
    heads = [
        gettext("Place"),
        gettext("Campaign"),
        gettext("Status"),
        gettext("Demanded"),
        gettext("Due"),
        gettext("Given"),
    ]
    lines = [
        [
            names.get(one.town_id, ""),
            one.campaign.name,
            str(STATEMENTS[StatementStatus(one.status)]),
            timezone.localdate(one.demanded_at),
            one.due_on,
            timezone.localdate(one.given_at) if one.given_at else "",
        ]
        for one in found
    ]
    return Rows(
        heads, lines, [reverse("warnings:statement", args=[one.campaign.public_id, one.public_id]) for one in found]
    )


# --- forecast ----------------------------------------------------------------------------------------------------------


def _forecasts(ask: Ask) -> dict[int, Forecast]:
    weeks = [week.pk for week in last_weeks(ask).values()]
    rows = Forecast.objects.filter(week__in=weeks).select_related("week__campaign").order_by("p80_on", "pk")
    return {row.place_id: row for row in rows}


def forecast_days(ask: Ask) -> Mapping[int, Pair]:
    """Working days from the end of the last frozen week to the day by which it is finished four times in five."""
    found = ask.shared("campaigns.forecasts", lambda: _forecasts(ask))
    count = calendar().count
    return {place: (count(timezone.localdate(row.week.ends_at), row.p80_on), 1) for place, row in found.items()}


def forecast_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The forecasts with both days."""
    found = ask.shared("campaigns.forecasts", lambda: _forecasts(ask))
    wanted = sorted((row for place, row in found.items() if place in set(place_ids)), key=lambda row: row.place_id)
    names = places.names_at({row.place_id for row in wanted}, ask.on)
    heads = [
        gettext("Place"), gettext("Campaign"), gettext("Week"), gettext("As likely as not by"), gettext("Four in five by"),
    ]  # fmt: skip
    lines = [
        [names.get(row.place_id, ""), row.week.campaign.name, week_words(row.week.label), row.p50_on, row.p80_on]
        for row in wanted
    ]
    return Rows(heads, lines, [reverse("warnings:forecast", args=[row.week.campaign.public_id]) for row in wanted])


WEEKS: tuple[Figure, ...] = (
    Figure(
        id="campaigns.frozen_colour", version=1, title=_("Frozen colour"), unit=_("grade"), action=READ, source=FROZEN,
        meaning=_("The colour kept with the last frozen week: 0 in time, 1 yellow, 2 orange, 3 red."),
        direction=Direction.DOWN, over_places=Additivity.NONE, evaluate=frozen_colour, rows=colour_rows,
    ),
    Figure(
        id="campaigns.frozen_red_villages", version=1, title=_("Red villages, frozen"), unit=_("villages"), action=READ,
        meaning=_("Villages that were red in the last frozen week."), source=FROZEN, direction=Direction.DOWN,
        evaluate=partial(frozen_red, level=SeatLevel.VILLAGE), rows=partial(colour_rows, level=SeatLevel.VILLAGE),
    ),
    Figure(
        id="campaigns.frozen_red_towns", version=1, title=_("Red towns, frozen"), unit=_("towns"), action=READ,
        meaning=_("Towns that were red in the last frozen week."), source=FROZEN, direction=Direction.DOWN,
        evaluate=partial(frozen_red, level=SeatLevel.TOWN), rows=partial(colour_rows, level=SeatLevel.TOWN),
    ),
    Figure(
        id="campaigns.statements_demanded", version=1, title=_("Statements demanded"), unit=_("statements"), action=READ,
        meaning=_("Statements demanded of towns after red weeks in a row; withdrawn demands left out."),
        source=_("Campaigns: demanded statements"), direction=Direction.DOWN, evaluate=statements_demanded, rows=statement_rows,
    ),
    Figure(
        id="campaigns.statements_in_time", version=1, title=_("Statements given in time"), unit="%", is_ratio=True, decimals=1,
        meaning=_("Statements given by their due day, over statements given or overdue."), action=READ,
        source=_("Campaigns: demanded statements"), direction=Direction.UP, evaluate=statements_in_time, rows=statement_rows,
    ),
    Figure(
        id="campaigns.forecast_days", version=1, title=_("Forecast of working days left"), unit=_("working days"), action=READ,
        meaning=_("Working days from the last frozen week to the day by which everything is finished four times in five."),
        source=_("Campaigns: forecasts of frozen weeks"), direction=Direction.DOWN, over_places=Additivity.NONE,
        evaluate=forecast_days, rows=forecast_rows,
    ),
)  # fmt: skip
