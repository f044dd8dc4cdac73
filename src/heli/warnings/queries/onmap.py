"""A campaign for maps and wall screens: which are there, their weeks, how places stand, and what happened on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from heli.campaigns.queries import Campaign
from heli.campaigns.queries.colours import live_colours
from heli.campaigns.queries.runs import campaigns_in_scope, find_campaign
from heli.campaigns.queries.steps import events_of
from heli.campaigns.types import CampaignStatus, Colour, Did, SeatLevel
from heli.kernel.access import Actor
from heli.kernel.workdays import calendar
from heli.warnings.models import Forecast, FrozenColour, FrozenWeek
from heli.warnings.queries import weeks
from heli.warnings.queries.forecasting import planned_end
from heli.warnings.rules.risk import CampaignRisk, most_at_risk
from heli.warnings.texts import week_words
from heli.warnings.types import ColourStanding


@dataclass(frozen=True, slots=True)
class MapCampaign:
    """A campaign that was begun."""

    public_id: str
    name: str
    district_id: int
    is_running: bool
    is_sample: bool
    row: Campaign = field(repr=False)


@dataclass(frozen=True, slots=True)
class MapWeek:
    """A frozen week: its number, what it is called (2026年第48周) and the day it ended."""

    number: int
    label: str
    on: date
    row: FrozenWeek = field(repr=False)


def campaigns_on_map(actor: Actor, district_id: int) -> list[MapCampaign]:
    """The campaigns of a district that were begun, those not finished first, newest first."""
    found = campaigns_in_scope(actor).filter(district_id=district_id).exclude(status=CampaignStatus.DRAFT)
    ordered = sorted(found, key=lambda one: (one.status == CampaignStatus.FINISHED, -one.pk))
    return [_on_map(one) for one in ordered]


def running_on_map(actor: Actor) -> str | None:
    """The public id of the newest running campaign that has a frozen week, if the actor reaches one; one query."""
    running = campaigns_in_scope(actor).filter(status=CampaignStatus.RUNNING)
    weeks = FrozenWeek.objects.filter(campaign__in=running.values("pk")).order_by("-campaign__opened_at")
    return weeks.values_list("campaign__public_id", flat=True).first()


def campaign_on_map(actor: Actor, public_id: str) -> MapCampaign | None:
    """A campaign by its public id, if the actor reaches it and it was begun."""
    found = find_campaign(public_id, actor)
    return None if found is None or found.status == CampaignStatus.DRAFT else _on_map(found)


def _on_map(one: Campaign) -> MapCampaign:
    running = one.status == CampaignStatus.RUNNING
    return MapCampaign(one.public_id, one.name, one.district_id, running, one.is_sample, one)


def campaign_at_risk(found: Sequence[MapCampaign]) -> str:
    """The public id of the campaign most at risk by the newest frozen week of each; three queries. "" where there is none."""
    rows = {one.row.pk: one.row for one in found}
    newest = weeks.newest_weeks(rows.values())
    counts: dict[int, dict[str, int]] = {week.pk: {} for week in newest.values()}
    frozen = FrozenColour.objects.filter(week__in=counts, level=SeatLevel.VILLAGE).order_by()
    for week, colour, number in frozen.values_list("week_id", "colour").annotate(number=Count("pk")):
        counts[week][colour] = number
    whole = Forecast.objects.filter(week__in=counts, level=SeatLevel.DISTRICT)
    ends = dict(whole.values_list("week__campaign_id", "p80_on"))

    def risk(one: MapCampaign) -> CampaignRisk:
        of_colour = counts[newest[one.row.pk].pk] if one.row.pk in newest else {}
        beyond = calendar().count(planned_end(one.row), ends[one.row.pk]) if one.row.pk in ends else 0
        return CampaignRisk(
            one.public_id, one.is_running, sum(of_colour.values()),
            of_colour.get(Colour.RED, 0), of_colour.get(Colour.ORANGE, 0), max(0, beyond),
        )  # fmt: skip

    return most_at_risk([risk(one) for one in found])


def weeks_on_map(campaign: MapCampaign) -> list[MapWeek]:
    """The frozen weeks, oldest first."""
    found = weeks.weeks_of(campaign.row)[::-1]
    return [MapWeek(one.number, week_words(one.label), timezone.localdate(one.ends_at), one) for one in found]


def standings(actor: Actor, campaign: MapCampaign, on: date, week: MapWeek | None = None) -> list[ColourStanding]:
    """The colours of a campaign today, or as a week froze them, as far as the actor sees the campaign."""
    seen = weeks.visible_places(actor, campaign.row)
    if week is None:
        live = live_colours(campaign.row, on)
        rows = [
            ColourStanding(one.place, one.level, one.above, one.colour, one.days_late, one.open, one.late, one.done)
            for one in live
        ]
    else:
        frozen = weeks.colours_frozen([week.row])
        rows = [
            ColourStanding(
                one.place_id, one.level, one.above_id or 0, Colour(one.colour), one.days_late, one.open, one.late, one.done
            )
            for one in frozen
        ]  # fmt: skip
    return [row for row in rows if seen is None or row.place in seen]


def happened(actor: Actor, campaign: MapCampaign, on: date) -> Mapping[Did, int]:
    """How often each thing happened to steps on a day."""
    seen = weeks.visible_places(actor, campaign.row)
    events = _events(campaign, on)
    if seen is not None:
        events = events.filter(step__track__place__in=seen)
    return {Did(did): number for did, number in events.order_by().values_list("did").annotate(number=Count("pk"))}


TOLD = (Did.SUBMITTED, Did.RETURNED, Did.ACCEPTED, Did.WAIVED, Did.REOPENED)


def _events(campaign: MapCampaign, on: date) -> QuerySet[Any]:
    begins = timezone.make_aware(datetime.combine(on, time.min))
    return events_of(campaign.row).filter(did__in=TOLD, at__gte=begins, at__lt=begins + timedelta(days=1))
