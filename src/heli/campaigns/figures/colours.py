"""Figures of the three colours: how each place of a campaign stands on a day, and how many villages stand how."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from heli.campaigns.models import Campaign
from heli.campaigns.queries.colours import rules_of
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.queries.standing import Standing, clock_of, colours_of, standing_at
from heli.campaigns.rules.colours import Coloured
from heli.campaigns.texts import COLOURS as WORDS
from heli.campaigns.types import COLOUR_ORDER, CampaignStatus, Colour, SeatLevel
from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.places import queries as places
from heli.places.counted import moment_of

READ = "campaigns.read"
LOG = _("Campaigns: steps and their log, by the rules of colours")

Found = tuple[Campaign, Coloured]


def coloured(ask: Ask) -> Mapping[int, Found]:
    """Every place of the campaigns open on the day with its colour; of several campaigns the worst. Read once."""
    return ask.shared("campaigns.coloured", lambda: _read(ask))


def standings(ask: Ask) -> list[tuple[Campaign, Standing]]:
    """The campaigns open on the day with how their steps stood at its last moment, or the earlier one asked for. Read once."""
    return ask.shared("campaigns.standings", lambda: _stand(ask))


def _stand(ask: Ask) -> list[tuple[Campaign, Standing]]:
    ends = timezone.make_aware(datetime.combine(ask.on + timedelta(days=1), time.min))
    # At midnight the next day has begun.
    moment = min(moment_of(ask), ends - timedelta(microseconds=1))
    return [(campaign, standing_at(campaign, moment)) for campaign in _campaigns(ask)]


def _read(ask: Ask) -> dict[int, Found]:
    found: dict[int, Found] = {}
    for campaign, standing in standings(ask):
        for one in colours_of(standing, clock_of(campaign, standing.on), rules_of(campaign)):
            kept = found.get(one.place)
            if kept is None or _badness(one) > _badness(kept[1]):
                found[one.place] = (campaign, one)
    return found


def _campaigns(ask: Ask) -> list[Campaign]:
    begun = timezone.make_aware(datetime.combine(ask.on, time.min))
    over = Q(finished_at__isnull=False, finished_at__lt=begun)
    found = Campaign.objects.filter(district_id__in=ask.district_ids, opened_at__lte=moment_of(ask)).exclude(over)
    return list(found.exclude(status=CampaignStatus.DRAFT).select_related("playbook").order_by("pk"))


def _badness(one: Coloured) -> tuple[int, int]:
    return COLOUR_ORDER.index(one.colour), one.days_late


def colour_numbers(ask: Ask) -> Mapping[int, Pair]:
    """0 in time, 1 yellow, 2 orange, 3 red: of villages, towns and districts."""
    return {place: (COLOUR_ORDER.index(one.colour), 1) for place, (_c, one) in coloured(ask).items()}


def days_late(ask: Ask) -> Mapping[int, Pair]:
    """Working days by which the worst open step of the place itself is late."""
    return {place: (one.days_late, 1) for place, (_c, one) in coloured(ask).items()}


def villages_of_colour(ask: Ask, colour: Colour) -> Mapping[int, Pair]:
    """1 for a village of the colour, 0 for another."""
    return {
        place: (int(one.colour is colour), 1)
        for place, (_c, one) in coloured(ask).items()
        if one.level == SeatLevel.VILLAGE
    }


def rows(ask: Ask, place_ids: Collection[int], colour: Colour | None = None) -> Rows:
    """The places with their colour and why, the worst first."""
    wanted = set(place_ids)
    found = [
        (campaign, one)
        for place, (campaign, one) in coloured(ask).items()
        if place in wanted and (colour is None or (one.colour is colour and one.level == SeatLevel.VILLAGE))
    ]
    found.sort(key=lambda line: (*(-part for part in _badness(line[1])), line[1].place))
    standing = places.rows_of({one.place for _c, one in found}, ask.on)
    heads = [
        gettext("Place"), gettext("Campaign"), gettext("Colour"), gettext("Working days late"), gettext("Worst step"),
        gettext("Steps open"), gettext("Steps late"), gettext("Steps done"),
    ]  # fmt: skip
    lines, links = [], []
    for campaign, one in found:
        row = standing.get(one.place)
        lines.append(
            [
                row.name if row else "", campaign.name, str(WORDS[one.colour]), one.days_late, _title(campaign, one),
                one.open, one.late, one.done,
            ]
        )  # fmt: skip
        links.append(reverse("places:place", args=[row.public_id]) if row else "")
    return Rows(heads, lines, links)


def _title(campaign: Campaign, one: Coloured) -> str:
    step = playbook_of(campaign).by_key.get(one.worst_key)
    return step.title.text(get_language() or "zh-hans") if step is not None else one.worst_key


def _villages(name: str, title: str, colour: Colour) -> Figure:
    return Figure(
        id=f"campaigns.villages_{name}", version=1, title=title, unit=_("villages"), action=READ, source=LOG,
        meaning=_("Villages whose worst open step has this colour by the rules of the campaign on the day."),
        direction=Direction.UP if colour is Colour.GREEN else Direction.DOWN,
        evaluate=partial(villages_of_colour, colour=colour), rows=partial(rows, colour=colour),
    )  # fmt: skip


COLOURS: tuple[Figure, ...] = (
    Figure(
        id="campaigns.colour", version=1, title=_("Colour"), unit=_("grade"), action=READ, source=LOG,
        meaning=_("0 in time, 1 yellow, 2 orange, 3 red: a village by its worst open step, a town by the share of its villages."),
        direction=Direction.DOWN, over_places=Additivity.NONE, evaluate=colour_numbers, rows=rows,
    ),
    Figure(
        id="campaigns.days_late", version=1, title=_("Working days late"), unit=_("working days"), action=READ, source=LOG,
        meaning=_("Working days by which the worst open step of the place itself is late."),
        direction=Direction.DOWN, over_places=Additivity.NONE, evaluate=days_late, rows=rows,
    ),
    _villages("red", _("Red villages"), Colour.RED),
    _villages("orange", _("Orange villages"), Colour.ORANGE),
    _villages("yellow", _("Yellow villages"), Colour.YELLOW),
    _villages("green", _("Villages in time"), Colour.GREEN),
)  # fmt: skip
