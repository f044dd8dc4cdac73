"""What a campaign tells a screen on the wall: its stages, days left, forecast, statements owed, what was finished last."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import get_language

from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.queries.steps import events_of
from heli.campaigns.types import DONE, OPEN, Did, SeatLevel, Stage
from heli.kernel.access import Actor
from heli.kernel.levels import Per
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.warnings.models import Forecast, FrozenWeek
from heli.warnings.queries import weeks
from heli.warnings.queries.forecasting import planned_end
from heli.warnings.queries.onmap import MapCampaign, MapWeek
from heli.warnings.types import StatementStatus

OF_VILLAGES = (Per.VILLAGE, Per.SUCCESSOR)


@dataclass(frozen=True, slots=True)
class StageCount:
    """A stage of the playbook: how many villages have steps in it, how many have finished all of them, how many have begun."""

    stage: Stage
    villages: int
    finished: int
    begun: int


def stage_counts(actor: Actor, campaign: MapCampaign) -> list[StageCount]:
    """The stages in order by the villages' own steps; those that have none for villages are left out. One query and the scope's.

    Steps of new villages are there when they are founded: until then nobody counts in their stage.
    """
    seen = weeks.visible_places(actor, campaign.row)
    steps = campaign.row.steps.filter(
        status__in=OPEN | DONE,
        track__per__in=OF_VILLAGES, track__ended_at=None,
    )  # fmt: skip
    if seen is not None:
        steps = steps.filter(track__place__in=seen)
    playbook = playbook_of(campaign.row)
    stage_of = {step.key: step.stage for step in playbook.steps}
    left: dict[tuple[str, int], tuple[int, int]] = {}
    for track, key, status in steps.order_by().values_list("track_id", "key", "status").iterator(chunk_size=20_000):
        if key in stage_of:
            is_open, done = left.get((stage_of[key], track), (0, 0))
            left[stage_of[key], track] = (is_open + (status in OPEN), done + (status in DONE))
    found = []
    for stage in playbook.stages:
        counts = [tally for (key, _track), tally in left.items() if key == stage.key]
        if any(step.per in OF_VILLAGES for step in stage.steps):
            finished = sum(not is_open for is_open, _done in counts)
            begun = sum(bool(is_open and done) for is_open, done in counts)
            found.append(StageCount(stage, len(counts), finished, begun))
    return found


@dataclass(frozen=True, slots=True)
class Outlook:
    """When a campaign is to end and when it will: `p80_on` in four of five cases, by the newest frozen week (None: none yet).

    `days_left` to the planned end, below nought when it has passed; `days_beyond`: working days of the forecast after it.
    """

    ends_on: date
    days_left: int
    p80_on: date | None
    days_beyond: int

    @property
    def days_past(self) -> int:
        """Days since the planned end."""
        return -self.days_left


def outlook(actor: Actor, campaign: MapCampaign, on: date, week: MapWeek | None) -> Outlook:
    """The planned end against the forecast of a week; who does not see the whole campaign is told no forecast. One query."""
    ends_on = planned_end(campaign.row)
    is_whole = weeks.visible_places(actor, campaign.row) is None
    kept = Forecast.objects.filter(week=week.row, level=SeatLevel.DISTRICT) if week is not None and is_whole else None
    p80_on = kept.values_list("p80_on", flat=True).first() if kept is not None else None
    beyond = max(0, calendar().count(ends_on, p80_on)) if p80_on is not None else 0
    return Outlook(ends_on, (ends_on - on).days, p80_on, beyond)


@dataclass(frozen=True, slots=True)
class Owed:
    """A statement that a town owes: for which red weeks, until which day."""

    town: str
    first_week: FrozenWeek
    last_week: FrozenWeek
    due_on: date


def statements_owed(actor: Actor, campaign: MapCampaign, on: date, town: int | None = None) -> list[Owed]:
    """The statements demanded and not given, due first, of one town if given; two queries and the scope's."""
    rows = [
        row
        for row in weeks.statements_of(campaign.row, weeks.visible_places(actor, campaign.row))
        if row.status == StatementStatus.DEMANDED and town in (None, row.town_id)
    ]
    names = places.names_at({row.town_id for row in rows}, on)
    return [Owed(names.get(row.town_id, ""), row.first_week, row.last_week, row.due_on) for row in rows]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a step of a place."""

    at: datetime
    place: int
    name: str
    step: str
    did: Did


def completions(actor: Actor, campaign: MapCampaign, on: date, *, most: int = 10) -> list[Happening]:
    """The steps finished last until the end of a day, newest first: accepted or waived; two queries and the scope's."""
    seen = weeks.visible_places(actor, campaign.row)
    ends = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    events = events_of(campaign.row).filter(did__in=(Did.ACCEPTED, Did.WAIVED), at__lt=ends).order_by("-at", "-pk")
    rows = events.values_list("at", "step__track__place_id", "step__key", "did")
    if seen is not None:
        rows = rows.filter(step__track__place__in=seen)
    found = list(rows[:most])
    names = places.names_at({row[1] for row in found}, on)
    steps, language = playbook_of(campaign.row).by_key, get_language() or "zh-hans"
    return [
        Happening(at, place, names.get(place, ""), steps[key].title.text(language) if key in steps else key, Did(did))
        for at, place, key, did in found
    ]
