"""What warnings show on the first page: who is red, how that changed in a week, and when it will be finished."""

from datetime import date
from typing import Any

from heli.campaigns.queries import Campaign
from heli.campaigns.queries.runs import READ, campaigns_in_scope
from heli.campaigns.types import COLOUR_ORDER, CampaignStatus, Colour, SeatLevel
from heli.kernel.access import may
from heli.kernel.panels import HomeAsk, HomePart
from heli.places import queries as places
from heli.warnings.models import FrozenColour, FrozenWeek
from heli.warnings.queries.forecasting import forecasts_of, planned_end
from heli.warnings.queries.waiting import open_demands
from heli.warnings.queries.weeks import colours_frozen, last_weeks, newest_weeks, visible_places, week_of_year

MOST_CAMPAIGNS, MOST_RED = 2, 8


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """The newest week of the newest running campaigns, beside the week before."""
    if not may(ask.actor, READ):
        return None
    running = list(campaigns_in_scope(ask.actor).filter(status=CampaignStatus.RUNNING)[:MOST_CAMPAIGNS])
    frozen = newest_weeks(running)
    found = [_week(ask, campaign, last_weeks(campaign, 2)) for campaign in running if campaign.pk in frozen]
    kept = [one for one in found if one is not None]
    return {"weeks": kept} if kept else None


def _week(ask: HomeAsk, campaign: Campaign, weeks: list[FrozenWeek]) -> dict[str, Any] | None:
    visible = visible_places(ask.actor, campaign)
    rows = [
        row
        for row in colours_frozen(weeks, (SeatLevel.TOWN, SeatLevel.VILLAGE))
        if visible is None or row.place_id in visible
    ]
    now = [row for row in rows if row.week_id == weeks[0].pk]
    if not now:
        return None
    before = {row.place_id: row for row in rows if row.week_id != weeks[0].pk}
    called = places.rows_of({row.place_id for row in now if row.colour == Colour.RED}, ask.on)
    villages = [row for row in now if row.level == SeatLevel.VILLAGE]
    return {
        "campaign": campaign,
        "week": weeks[0],
        "of_year": week_of_year(weeks[0]),
        "colours": [_count(colour, villages, before) for colour in reversed(COLOUR_ORDER)],
        "own": now[0].colour if len(now) == 1 else "",
        "demands": _demands(ask, campaign, visible),
        "towns": _reds(now, SeatLevel.TOWN, before, called),
        "villages": _reds(now, SeatLevel.VILLAGE, before, called),
        **_forecast(campaign, weeks[0], whole=visible is None),
    }


def _demands(ask: HomeAsk, campaign: Campaign, visible: frozenset[int] | None) -> list[dict[str, Any]]:
    """Statements that towns in sight have still to give, the first due first."""
    found = [one for one in open_demands([campaign.public_id], date.max) if visible is None or one.town_id in visible]
    names = places.names_at({one.town_id for one in found}, ask.on)
    return [
        {
            "town": names.get(one.town_id, ""),
            "public_id": one.public_id,
            "due_on": one.due_on,
            "is_late": one.due_on < ask.on,
        }
        for one in found
    ]


def _count(colour: Colour, rows: list[FrozenColour], before: dict[int, FrozenColour]) -> dict[str, Any]:
    """How many villages have a colour, and how many more than the week before."""
    many = sum(row.colour == colour for row in rows)
    was = sum(row.place_id in before and before[row.place_id].colour == colour for row in rows)
    change = many - was if before else 0
    return {"colour": colour.value, "count": many, "change": f"{change:+d}" if change else ""}


def _reds(now: list[FrozenColour], level: SeatLevel, before: dict[int, FrozenColour], called: Any) -> dict[str, Any]:
    """The red ones of a level, the latest first: name, page, days late, whether they are newly red."""
    reds = sorted((r for r in now if r.level == level and r.colour == Colour.RED), key=lambda r: -r.days_late)
    shown = [
        {
            "name": called[row.place_id].name,
            "public_id": called[row.place_id].public_id,
            "days": row.days_late,
            "is_new": row.place_id in before and before[row.place_id].colour != Colour.RED,
        }
        for row in reds
        if row.place_id in called
    ]
    return {"shown": shown[:MOST_RED], "more": max(0, len(shown) - MOST_RED)}


def _forecast(campaign: Campaign, week: FrozenWeek, *, whole: bool) -> dict[str, Any]:
    """When the district would be finished, beside the day planned; nothing for those who see a part."""
    if not whole:
        return {}
    found = next((row for row in forecasts_of(week, None) if row.level == SeatLevel.DISTRICT), None)
    if found is None:
        return {}
    end = planned_end(campaign)
    return {"expected_on": found.p50_on, "safe_on": found.p80_on, "planned_on": end, "is_beyond": found.p50_on > end}


HOME = (HomePart(id="warnings.week", template="warnings/home.html", fill=fill, order=30),)
