"""The weeks of a campaign: which rules hold, when weeks end, what was frozen, contests, and the streaks of red."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from heli.campaigns.queries import Campaign
from heli.campaigns.queries.colours import rules_of
from heli.campaigns.queries.standing import clock_of, colours_of, standing_as_known_now, towns_before
from heli.campaigns.queries.steps import UNDER_WAY
from heli.campaigns.rules import colours
from heli.campaigns.rules.colours import Coloured, ColourRules
from heli.campaigns.types import COLOUR_ORDER, Colour, SeatLevel
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Ask
from heli.kernel.telling import Told
from heli.places import queries as places
from heli.places.counted import moment_of
from heli.warnings.models import Contest, FrozenColour, FrozenWeek, Statement
from heli.warnings.rules import streaks
from heli.warnings.types import ContestStatus, StatementStatus

READ = "campaigns.read"


def moments_of(campaign: Campaign, until: datetime, rules: ColourRules) -> list[datetime]:
    """The moments at which the campaign's weeks ended, not later than `until`; a finished campaign has no later weeks."""
    last = min(until, campaign.finished_at) if campaign.finished_at is not None else until
    zone = timezone.get_default_timezone()
    return colours.freeze_moments(rules.freeze, campaign.opened_at, last, zone)


def missing_weeks(campaign: Campaign, now: datetime) -> int:
    """How many weeks of the campaign have ended and are not yet frozen."""
    ended = moments_of(campaign, now, rules_of(campaign))
    kept = set(FrozenWeek.objects.filter(campaign=campaign).values_list("ends_at", flat=True))
    return sum(moment not in kept for moment in ended)


# --- frozen ------------------------------------------------------------------------------------------------------------


def weeks_of(campaign: Campaign) -> list[FrozenWeek]:
    """The frozen weeks, newest first."""
    return list(FrozenWeek.objects.filter(campaign=campaign).order_by("-number"))


def newest_weeks(campaigns: Iterable[Campaign]) -> dict[int, FrozenWeek]:
    """The newest frozen week of each campaign that has one."""
    weeks = FrozenWeek.objects.filter(campaign__in=[campaign.pk for campaign in campaigns])
    return {week.campaign_id: week for week in weeks.defer("rules").order_by("number")}


def week_of_year(week: FrozenWeek) -> int:
    """Its number in the year, as offices and reports count weeks: 48 for "2026-W48"."""
    return int(week.label.rpartition("W")[2])


def last_weeks(campaign: Campaign, many: int) -> list[FrozenWeek]:
    """The newest frozen weeks of a campaign, the last one first."""
    return list(FrozenWeek.objects.filter(campaign=campaign).defer("rules").order_by("-number")[:many])


def find_week(campaign: Campaign, number: int) -> FrozenWeek | None:
    """A frozen week by its number."""
    return FrozenWeek.objects.filter(campaign=campaign, number=number).first()


def visible_places(actor: Actor, campaign: Campaign) -> frozenset[int] | None:
    """The places of the campaign that an actor may see; None: all of them."""
    reach = scope(actor, READ)
    if reach.everything or places.in_scope(reach).filter(pk=campaign.district_id).exists():
        return None
    return frozenset(places.in_scope(reach).values_list("pk", flat=True))


def colours_frozen(
    weeks: Collection[FrozenWeek], levels: Collection[SeatLevel] = tuple(SeatLevel)
) -> list[FrozenColour]:
    """The frozen colours of some weeks at some levels, by week and place; one query."""
    rows = FrozenColour.objects.filter(week__in=[week.pk for week in weeks], level__in=levels)
    return list(rows.order_by("week_id", "place_id"))


def upheld(campaign: Campaign) -> set[tuple[int, int]]:
    """Reds that were contested and found wrong: (week key, town)."""
    found = Contest.objects.filter(week__campaign=campaign, status=ContestStatus.UPHELD)
    return set(found.values_list("week_id", "town_id"))


@dataclass(frozen=True, slots=True)
class StripCell:
    """A town in a frozen week."""

    week: FrozenWeek
    colour: Colour | None
    days_late: int
    is_upheld: bool


@dataclass(frozen=True, slots=True)
class StripRow:
    """A town (or the district) over the frozen weeks, oldest first."""

    place: int
    name: str
    level: SeatLevel
    cells: Sequence[StripCell]


def strip_of(campaign: Campaign, visible: Collection[int] | None, on: date, *, last: int = 26) -> list[StripRow]:
    """The district and its towns over the last weeks; places out of sight are left out. Four queries.

    Who sees no town whole gets the villages in sight instead: their frozen weeks, not an empty page.
    """
    weeks = weeks_of(campaign)[:last][::-1]
    found = upheld(campaign)
    by_place: dict[int, dict[int, FrozenColour]] = {}
    for row in colours_frozen(weeks, (SeatLevel.DISTRICT, SeatLevel.TOWN)):
        if visible is None or row.place_id in visible:
            by_place.setdefault(row.place_id, {})[row.week_id] = row
    if visible is not None and not by_place:
        villages = FrozenColour.objects.filter(week__in=[week.pk for week in weeks], place__in=visible)
        for row in villages.order_by("place_id", "week_id"):
            by_place.setdefault(row.place_id, {})[row.week_id] = row
    names = places.names_at(list(by_place), on)
    rows = []
    for place, frozen in by_place.items():
        cells = [_strip_cell(week, frozen.get(week.pk), (week.pk, place) in found) for week in weeks]
        level = SeatLevel(next(iter(frozen.values())).level)
        rows.append(StripRow(place, names.get(place, ""), level, cells))
    return sorted(rows, key=lambda row: (row.level is not SeatLevel.DISTRICT, row.place))


def _strip_cell(week: FrozenWeek, row: FrozenColour | None, is_upheld: bool) -> StripCell:
    if row is None:
        return StripCell(week, None, 0, is_upheld=False)
    return StripCell(week, Colour(row.colour), row.days_late, is_upheld)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A place in one frozen week, beside what is known now where that differs, and the contest about it."""

    place: int
    public_id: str
    name: str
    above: int
    above_name: str
    level: SeatLevel
    colour: Colour
    days_late: int
    worst_key: str
    open: int
    late: int
    done: int
    now: Colour | None = None
    now_days_late: int = 0
    contest: Contest | None = None

    @property
    def changed(self) -> bool:
        """Whether today one would say otherwise."""
        return self.now is not None and (self.now is not self.colour or self.now_days_late != self.days_late)


def week_table(week: FrozenWeek, visible: Collection[int] | None) -> list[WeekRow]:
    """Every place of a frozen week that may be seen: the district, then each town with its villages. Constant queries."""
    on = timezone.localdate(week.ends_at)
    rows = list(FrozenColour.objects.filter(week=week).select_related("place").order_by("place_id"))
    known = {one.place: one for one in as_known_now(week)}
    contests: dict[int, Contest] = {}
    for contest in Contest.objects.filter(week=week).select_related("file").order_by("pk"):
        contests[contest.town_id] = contest
    names = places.names_at({row.place_id for row in rows} | {row.above_id for row in rows if row.above_id}, on)
    found = []
    for row in rows:
        if visible is not None and row.place_id not in visible:
            continue
        now = known.get(row.place_id)
        found.append(
            WeekRow(
                place=row.place_id,
                public_id=row.place.public_id,
                name=names.get(row.place_id, ""),
                above=row.above_id or 0,
                above_name=names.get(row.above_id or 0, ""),
                level=SeatLevel(row.level),
                colour=Colour(row.colour),
                days_late=row.days_late,
                worst_key=row.worst_key,
                open=row.open,
                late=row.late,
                done=row.done,
                now=now.colour if now else None,
                now_days_late=now.days_late if now else 0,
                contest=contests.get(row.place_id),
            )
        )
    order = {SeatLevel.DISTRICT: 0, SeatLevel.TOWN: 1, SeatLevel.VILLAGE: 2}
    return sorted(
        found,
        key=lambda row: (
            row.level is not SeatLevel.DISTRICT,
            row.above if row.level is SeatLevel.VILLAGE else row.place,
            order[row.level],
            -COLOUR_ORDER.index(row.colour),
            row.place,
        ),
    )


def as_known_now(week: FrozenWeek) -> list[Coloured]:
    """The week computed again by its own rules with everything recorded since: extensions, pauses, late entries.

    The frozen week itself stays as it is; a difference is shown beside it.
    """
    campaign = week.campaign
    standing = standing_as_known_now(campaign, week.ends_at)
    return colours_of(standing, clock_of(campaign, standing.on), rules_of(week))


def weeks_at(actor: Actor, place_id: int) -> dict[Campaign, list[FrozenColour]]:
    """The frozen weeks of a place by running campaign, the newest first; nothing where the actor may not read it."""
    if not places.reached_among(scope(actor, READ), [place_id]):
        return {}
    found = FrozenColour.objects.filter(place=place_id, week__campaign__status__in=UNDER_WAY)
    by_campaign: dict[Campaign, list[FrozenColour]] = {}
    for row in found.select_related("week__campaign").defer("week__rules").order_by("-week__number"):
        by_campaign.setdefault(row.week.campaign, []).append(row)
    return by_campaign


# --- streaks -----------------------------------------------------------------------------------------------------------


def streak_weeks(campaign: Campaign) -> tuple[list[FrozenWeek], list[streaks.Week]]:
    """The frozen weeks in order, and the same as the rules of escalation see them. Three queries."""
    weeks = weeks_of(campaign)[::-1]
    wrong = upheld(campaign)
    towns: dict[int, set[int]] = {}
    reds: dict[int, set[int]] = {}
    frozen = FrozenColour.objects.filter(week__campaign=campaign, level=SeatLevel.TOWN)
    for key, place, colour in frozen.values_list("week_id", "place_id", "colour"):
        towns.setdefault(key, set()).add(place)
        if colour == Colour.RED and (key, place) not in wrong:
            reds.setdefault(key, set()).add(place)
    seen = [
        streaks.Week(
            week.number,
            week.counts,
            frozenset(towns.get(week.pk, ())),
            frozenset(reds.get(week.pk, ())),
        )
        for week in weeks
    ]
    return weeks, seen


def lineage_of_towns(campaign: Campaign, weeks: Iterable[streaks.Week]) -> Mapping[int, Collection[int]]:
    """Which towns went into which, by the register of today."""
    towns = {town for week in weeks for town in week.towns}
    return towns_before(places.events_of(towns, only_in_force=True)) if towns else {}


def statements_of(campaign: Campaign, visible: Collection[int] | None) -> list[Statement]:
    """The statements demanded in a campaign, open ones first."""
    rows = Statement.objects.filter(campaign=campaign).select_related(
        "first_week", "last_week", "file", "proposal", "town"
    )
    found = [row for row in rows if visible is None or row.town_id in visible]
    order = list(StatementStatus)
    return sorted(found, key=lambda row: (order.index(StatementStatus(row.status)), row.due_on, row.pk))


def find_statement(campaign: Campaign, public_id: str, visible: Collection[int] | None) -> Statement | None:
    """A statement of the campaign, if its town may be seen."""
    found = Statement.objects.select_related("campaign", "town").filter(campaign=campaign, public_id=public_id).first()
    return found if found is not None and (visible is None or found.town_id in visible) else None


def find_contest(campaign: Campaign, public_id: str, visible: Collection[int] | None) -> Contest | None:
    """A contest of the campaign, if its town may be seen."""
    found = Contest.objects.select_related("week").filter(week__campaign=campaign, public_id=public_id).first()
    return found if found is not None and (visible is None or found.town_id in visible) else None


def red_again(ask: Ask, about: str) -> list[Told]:
    """The towns of a campaign that owe a statement on the day after red weeks in a row, the earliest due first; one query."""
    owed = Statement.objects.filter(
        campaign__public_id=about, status=StatementStatus.DEMANDED, demanded_at__lte=moment_of(ask)
    )
    rows = owed.order_by("due_on", "pk").values_list("town_id", "due_on")
    return [Told(place=town, town=town, due_on=due) for town, due in rows]


def demands_until(campaign: Campaign, week: FrozenWeek) -> dict[int, date]:
    """By when the newest statement is due that was demanded of each town on weeks up to this one."""
    rows = Statement.objects.filter(campaign=campaign, last_week__number__lte=week.number)
    return dict(rows.order_by("last_week__number", "pk").values_list("town_id", "due_on"))
