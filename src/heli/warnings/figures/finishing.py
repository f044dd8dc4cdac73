"""Figures of finishing: how long the first village took and all of them, how far ahead of plan, which statements are owed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.campaigns.figures.colours import standings
from heli.campaigns.queries import Campaign
from heli.campaigns.queries.standing import Standing
from heli.campaigns.types import DONE, OPEN, SeatLevel
from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.places import queries as places
from heli.places.counted import moment_of
from heli.warnings.models import Statement
from heli.warnings.texts import week_words

READ = "campaigns.read"
LOG = _("Campaigns: steps and their log")


@dataclass(frozen=True, slots=True)
class Finished:
    """A village of a campaign and the day its last step was finished; None while one is open."""

    campaign: Campaign
    place: int
    above: int
    on: date | None

    @property
    def days(self) -> int | None:
        """Calendar days from the campaign's first day, both counted."""
        return None if self.on is None else (self.on - self.campaign.starts_on).days + 1


def finished(ask: Ask) -> Sequence[Finished]:
    """Every village of the campaigns open on the day, read once."""
    return ask.shared("campaigns.finishing", lambda: [line for pair in standings(ask) for line in _finished_in(*pair)])


def _finished_in(campaign: Campaign, standing: Standing) -> list[Finished]:
    last: dict[int, date] = {}
    still_open: set[int] = set()
    for step in standing.steps:
        if step.status in OPEN:
            still_open.add(step.place)
        elif step.status in DONE and step.moved_on is not None:
            last[step.place] = max(step.moved_on, last.get(step.place, date.min))
    return [
        Finished(campaign, seat.place, seat.above, None if seat.place in still_open else last[seat.place])
        for seat in standing.seats
        if seat.level == SeatLevel.VILLAGE and (seat.place in still_open or seat.place in last)
    ]


def days(ask: Ask, choose: Callable[[list[int]], int], *, all_of_them: bool) -> Mapping[int, Pair]:
    """Days of the villages of each place, chosen among; only where all are finished, if so asked."""
    found: dict[int, list[int | None]] = {}
    for line in finished(ask):
        for place in {line.place, line.above, line.campaign.district_id}:
            found.setdefault(place, []).append(line.days)
    values = {}
    for place, took in found.items():
        known = [one for one in took if one is not None]
        if known and (len(known) == len(took) or not all_of_them):
            values[place] = (choose(known), 1)
    return values


def days_ahead(ask: Ask) -> Mapping[int, Pair]:
    """Calendar days from the end of a district's last step to the planned end; below nought when it came later."""
    found = {}
    for campaign, standing in standings(ask):
        done = [step.moved_on for step in standing.steps if step.status in DONE and step.moved_on is not None]
        planned = planned_end(campaign)
        if done and planned is not None and not any(step.status in OPEN for step in standing.steps):
            found[campaign.district_id] = ((planned - max(done)).days, 1)
    return found


def planned_end(campaign: Campaign) -> date | None:
    """The fixed day of a campaign, else the last due day of the timetable it was opened with."""
    dues = [date.fromisoformat(window[1]) for window in campaign.windows.values()]
    return campaign.fixed_on or max(dues, default=None)


def village_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The villages with the day on which each was finished, the earliest first."""
    wanted = set(place_ids)
    lines = [line for line in finished(ask) if line.place in wanted]
    lines.sort(key=lambda line: (line.on is None, line.on or date.max, line.place))
    standing = places.rows_of({line.place for line in lines}, ask.on)
    heads = [gettext("Place"), gettext("Campaign"), gettext("Begun"), gettext("Finished on"), gettext("Days")]
    names = {line.place: standing[line.place].name if line.place in standing else "" for line in lines}
    cells = [
        [names[line.place], line.campaign.name, line.campaign.starts_on, line.on or "", line.days or ""]
        for line in lines
    ]
    links = [
        reverse("places:place", args=[standing[line.place].public_id]) if line.place in standing else ""
        for line in lines
    ]
    return Rows(heads, cells, links)


def end_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The planned end and the real one of each campaign."""
    heads = [gettext("Campaign"), gettext("Begun"), gettext("Planned end"), gettext("Finished on")]
    lines = []
    for campaign, standing in standings(ask):
        if campaign.district_id in place_ids:
            done = [step.moved_on for step in standing.steps if step.status in DONE and step.moved_on is not None]
            lines.append([campaign.name, campaign.starts_on, planned_end(campaign) or "", max(done, default="")])
    return Rows(heads, lines)


def _statements(ask: Ask) -> list[Statement]:
    """Demands that rest on weeks ended by the moment, were not withdrawn and not answered by it."""
    moment = moment_of(ask)
    found = Statement.objects.filter(campaign__district_id__in=ask.district_ids, last_week__ends_at__lte=moment)
    found = found.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment))
    found = found.filter(Q(given_at__isnull=True) | Q(given_at__gt=moment))
    return list(found.select_related("campaign", "town", "first_week", "last_week").order_by("pk"))


def statements_owed(ask: Ask) -> Mapping[int, Pair]:
    """How many statements each town owes; a nought for the other towns of a campaign."""
    found = {
        seat.place: 0 for _c, standing in standings(ask) for seat in standing.seats if seat.level == SeatLevel.TOWN
    }
    for statement in _statements(ask):
        found[statement.town_id] = found.get(statement.town_id, 0) + 1
    return {place: (count, 1) for place, count in found.items()}


def statement_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """The demands with their weeks and the day until which they are due."""
    found = [one for one in _statements(ask) if one.town_id in set(place_ids)]
    names = places.names_at({one.town_id for one in found}, ask.on)
    heads = [gettext("Place"), gettext("Campaign"), gettext("First red week"), gettext("Last red week"), gettext("Due")]
    lines = [
        [
            names.get(one.town_id, ""),
            one.campaign.name,
            week_words(one.first_week.label),
            week_words(one.last_week.label),
            one.due_on,
        ]
        for one in found
    ]
    return Rows(heads, lines, [reverse("places:place", args=[one.town.public_id]) for one in found])


FINISHING: tuple[Figure, ...] = (
    Figure(
        id="campaigns.days_to_first", version=1, title=_("Days to the first village"), unit=_("days"), action=READ, source=LOG,
        meaning=_("Calendar days from the first day of the campaign to that on which the first village finished its last step."),
        direction=Direction.DOWN, over_places=Additivity.NONE, evaluate=partial(days, choose=min, all_of_them=False),
        rows=village_rows,
    ),
    Figure(
        id="campaigns.days_to_all", version=1, title=_("Days for all villages"), unit=_("days"), action=READ, source=LOG,
        meaning=_("Calendar days from the first day of the campaign to that on which the last village finished its last step."),
        direction=Direction.DOWN, over_places=Additivity.NONE, evaluate=partial(days, choose=max, all_of_them=True),
        rows=village_rows,
    ),
    Figure(
        id="campaigns.days_ahead", version=1, title=_("Days ahead of plan"), unit=_("days"), action=READ, source=LOG,
        meaning=_("Calendar days from the last step finished to the planned end; below nought when it came later."),
        direction=Direction.UP, over_places=Additivity.NONE, evaluate=days_ahead, rows=end_rows,
    ),
    Figure(
        id="campaigns.statements_owed", version=1, title=_("Statements owed"), unit=_("statements"), action=READ,
        meaning=_("Statements demanded of towns after red weeks in a row and not yet given."),
        source=_("Campaigns: demanded statements"), direction=Direction.DOWN, evaluate=statements_owed, rows=statement_rows,
    ),
)  # fmt: skip
