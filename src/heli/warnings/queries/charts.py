"""What the charts of a campaign are drawn from: curves of the whole and of each town, colours week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max
from django.utils import timezone

from heli.campaigns.queries import Campaign
from heli.campaigns.queries.colours import live_colours
from heli.campaigns.queries.steps import events_of
from heli.campaigns.types import COLOUR_ORDER, DONE, OPEN, Colour, Did, SeatLevel
from heli.kernel.access import Actor
from heli.kernel.levels import Per
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.warnings.models import FrozenColour
from heli.warnings.queries.weeks import visible_places, weeks_of
from heli.warnings.rules.charts import Curves, StepFact, compute_curves
from heli.warnings.texts import week_words


@dataclass(frozen=True, slots=True)
class TownCurves:
    """A town's curves with its name and its colour of the day (None: it has none)."""

    place: int
    public_id: str
    name: str
    colour: Colour | None
    curves: Curves


@dataclass(frozen=True, slots=True)
class CampaignCurves:
    """The curves of everything the actor sees of a campaign, and of each town, the largest share done first."""

    whole: Curves
    towns: Sequence[TownCurves]


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """A frozen week and how many villages had each colour, from in time to red."""

    number: int
    label: str
    on: date
    counts: tuple[int, ...]


def progress(actor: Actor, campaign: Campaign, on: date) -> CampaignCurves:
    """Planned against done, step by step. A constant number of queries."""
    facts = _facts(actor, campaign)
    is_workday = calendar().is_workday
    by_town: dict[int, list[StepFact]] = {}
    for fact in facts:
        by_town.setdefault(fact.town, []).append(fact)
    by_town.pop(0, None)
    rows = places.rows_of(by_town, on)
    names = places.names_at(by_town, on)
    colours = {one.place: one.colour for one in live_colours(campaign, on)}
    towns = [
        TownCurves(
            place,
            rows[place].public_id if place in rows else "",
            names.get(place, ""),
            colours.get(place),
            compute_curves(of_town, campaign.starts_on, on, is_workday),
        )
        for place, of_town in sorted(by_town.items())
    ]
    whole = compute_curves(facts, campaign.starts_on, on, is_workday)
    return CampaignCurves(whole, sorted(towns, key=_behind))


def _behind(town: TownCurves) -> tuple[bool, float, str]:
    """For putting towns in order: the largest share first, those with nothing to do last."""
    curves = town.curves
    return curves.total == 0, -curves.done / max(curves.total, 1), town.name


def _facts(actor: Actor, campaign: Campaign) -> list[StepFact]:
    seen = visible_places(actor, campaign)
    steps = campaign.steps.filter(status__in=OPEN | DONE)
    if seen is not None:
        steps = steps.filter(track__place__in=seen)
    ended = events_of(campaign).filter(did__in=(Did.ACCEPTED, Did.WAIVED))
    done = dict(ended.order_by().values_list("step_id").annotate(last=Max("at")))
    columns = ("pk", "baseline_on", "status", "accepted_on", "track__per", "track__place_id", "track__town_id")
    found = []
    for pk, planned, status, accepted, per, place, town in steps.order_by("pk").values_list(*columns).iterator(20_000):
        day = None
        if status in DONE:
            day = accepted or (timezone.localdate(done[pk]) if pk in done else planned)
        here = {Per.DISTRICT: 0, Per.TOWN: place}.get(Per(per), town or 0)
        found.append(StepFact(here, planned, day))
    return found


def colour_history(actor: Actor, campaign: Campaign) -> list[WeekCounts]:
    """The villages of each colour in every frozen week, oldest first."""
    weeks = weeks_of(campaign)[::-1]
    rows = FrozenColour.objects.filter(week__in=[week.pk for week in weeks], level=SeatLevel.VILLAGE)
    seen = visible_places(actor, campaign)
    if seen is not None:
        rows = rows.filter(place__in=seen)
    counted = rows.order_by().values_list("week_id", "colour").annotate(number=Count("pk"))
    numbers = {(week, colour): number for week, colour, number in counted}
    return [
        WeekCounts(
            week.number,
            week_words(week.label),
            timezone.localdate(week.ends_at),
            tuple(numbers.get((week.pk, colour.value), 0) for colour in COLOUR_ORDER),
        )
        for week in weeks
    ]
