"""Figures of meetings and trainings: how many were held, how many people of all classes came. Never who."""

from collections.abc import Collection, Mapping
from functools import partial

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Figure, Pair, Rows
from heli.meetings.catalogues import kinds, kinds_of
from heli.meetings.models import Attendance, Meeting
from heli.meetings.queries import READ
from heli.places import queries as places
from heli.places.counted import standing_place

LEDGER = _("Campaigns: ledger of meetings")


ALONE = "kind:"
"""Before the name of one kind."""


def meetings_in(ask: Ask, group: str) -> QuerySet[Meeting]:
    """Meetings of a group of kinds ("training"), or of one kind alone ("kind:joint"), held up to the day, whatever it is about."""
    wanted = [group.removeprefix(ALONE)] if group.startswith(ALONE) else kinds_of(group)
    found = Meeting.objects.filter(district_id__in=ask.district_ids, held_on__lte=ask.on, kind__in=wanted)
    return found if ask.at is None else found.filter(recorded_at__lte=ask.at)


def sittings(ask: Ask, group: str) -> Mapping[int, Pair]:
    """How many sittings were held."""
    counts: dict[int, Pair] = {}
    rows = meetings_in(ask, group).values_list("place_id", "town_id", "district_id", "sittings")
    for place, town, district, number in rows:
        key = standing_place(ask, place, town, district)
        counts[key] = (counts.get(key, (0, 1))[0] + number, 1)
    return counts


def attendances(ask: Ask, group: str) -> Mapping[int, Pair]:
    """How many came, counted once for each meeting they came to."""
    counts: dict[int, Pair] = {}
    found = Attendance.objects.filter(meeting__in=meetings_in(ask, group)).order_by()
    rows = found.values_list("meeting__place_id", "meeting__town_id", "meeting__district_id")
    for place, town, district, number in rows.annotate(total=Sum("present")):
        key = standing_place(ask, place, town, district)
        counts[key] = (counts.get(key, (0, 1))[0] + number, 1)
    return counts


def meeting_rows(ask: Ask, place_ids: Collection[int], group: str) -> Rows:
    """The meetings with their numbers."""
    asked = set(place_ids)
    columns = (
        "place_id",
        "town_id",
        "district_id",
        "place__public_id",
        "title",
        "kind",
        "held_on",
        "sittings",
    )
    rows = meetings_in(ask, group).order_by("held_on", "pk").annotate(total=Sum("attendance__present"))
    found = [row for row in rows.values_list(*columns, "total") if standing_place(ask, *row[:3]) in asked]
    names = places.names_at({row[0] for row in found}, ask.on)
    words = kinds()
    lines = [
        [title, names.get(place, ""), words[kind], held_on, number, total or 0]
        for place, _town, _district, _id, title, kind, held_on, number, total in found
    ]
    heads = [
        gettext("Meeting"), gettext("Place"), gettext("Kind"), gettext("Held on"), gettext("Sittings"), gettext("Present"),
    ]  # fmt: skip
    return Rows(heads, lines, [f"{reverse('places:place', args=[row[3]])}?on={row[6]}" for row in found])


def _figure(name: str, title: str, meaning: str, unit: str, *, group: str, heads: bool) -> Figure:
    return Figure(
        id=f"campaigns.{name}", version=1, title=title, meaning=meaning, unit=unit, action=READ, source=LEDGER,
        evaluate=partial(attendances if heads else sittings, group=group), rows=partial(meeting_rows, group=group),
        over_time=Additivity.NONE,
    )  # fmt: skip


FIGURES: tuple[Figure, ...] = (
    _figure("meetings", _("Meetings held"), _("Sittings of meetings held up to the day; trainings and rehearsals left out."),
            _("sittings"), group="meeting", heads=False),
    _figure("joint_sittings", _("Joint sittings held"), _("Sittings of joint meetings held up to the day."), _("sittings"),
            group="kind:joint", heads=False),
    _figure("review_sittings", _("Review sittings held"), _("Sittings of review meetings held up to the day."), _("sittings"),
            group="kind:review", heads=False),
    _figure("meeting_attendances", _("Attendances at meetings"), _("People present at meetings, once for each they came to."),
            _("attendances"), group="meeting", heads=True),
    _figure("trainings", _("Trainings held"), _("Sittings of trainings held up to the day."), _("sittings"), group="training",
            heads=False),
    _figure("training_attendances", _("Attendances at trainings"),
            _("People present at trainings, once for each they came to."), _("attendances"), group="training", heads=True),
    _figure("rehearsals", _("Rehearsals held"), _("Sittings of rehearsals held up to the day."), _("sittings"),
            group="rehearsal", heads=False),
)  # fmt: skip
