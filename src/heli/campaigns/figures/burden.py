"""The burden meter: how many fields Heli itself asked each village to type in a week. People are never timed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.campaigns.models import Evidence
from heli.campaigns.types import EvidenceKind
from heli.inquiries.queries import answered_between
from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows
from heli.kernel.levels import Per
from heli.places import queries as places
from heli.places.counted import moment_of, standing_place
from heli.problems.queries import reported

DAYS = 7
TYPED = (EvidenceKind.NUMBER, EvidenceKind.MINUTES)
VILLAGE = (Per.VILLAGE, Per.SUCCESSOR)


@dataclass(frozen=True, slots=True)
class Typed:
    """Something a village typed: where, when, how many fields, for what; `place` stands on the asked day."""

    place: int
    village: int
    village_public_id: str
    on: date
    fields: int
    what: str


def week_of(ask: Ask) -> tuple[datetime, datetime]:
    """The seven days that end with the asked one: from the first moment to the last."""
    begins = timezone.make_aware(datetime.combine(ask.on - timedelta(days=DAYS - 1), time.min))
    return begins, moment_of(ask)


def typed_of(ask: Ask) -> list[Typed]:
    """Everything typed for villages in the week; three queries, read once."""
    return ask.shared("campaigns.typed", lambda: [*_evidence(ask), *_replies(ask), *_problems(ask)])


def _evidence(ask: Ask) -> list[Typed]:
    begins, ends = week_of(ask)
    found = Evidence.objects.filter(
        step__campaign__district_id__in=ask.district_ids,
        step__track__per__in=VILLAGE,
        kind__in=TYPED,
        file__isnull=True,
        added_at__gte=begins,
        added_at__lt=ends,
    )
    columns = ("step__track__place_id", "step__track__town_id", "step__campaign__district_id", "step__track__place__public_id",
               "on", "step__key")  # fmt: skip
    return [
        Typed(standing_place(ask, *row[:3]), row[0], row[3], row[4], 1, row[5])
        for row in found.order_by("pk").values_list(*columns)
    ]


def _replies(ask: Ask) -> list[Typed]:
    begins, ends = week_of(ask)
    found = answered_between(ask.district_ids, begins, ends)
    columns = ("place_id", "town_id", "inquiry__district_id", "place__public_id", "answered_on", "typed",
               "inquiry__title")  # fmt: skip
    return [
        Typed(standing_place(ask, *row[:3]), row[0], row[3], row[4], row[5], row[6])
        for row in found.order_by("pk").values_list(*columns)
    ]


def _problems(ask: Ask) -> list[Typed]:
    """Problems that villages report themselves: title, kind and day, and what was written beside them."""
    columns = ("place_id", "town_id", "district_id", "place__public_id", "found_on", "description", "title")
    return [
        Typed(standing_place(ask, *row[:3]), row[0], row[3], row[4], 3 + bool(row[5]), row[6])
        for row in reported(ask.district_ids, *week_of(ask)).values_list(*columns)
    ]


def fields_typed(ask: Ask) -> Mapping[int, Pair]:
    """How many fields."""
    counts: dict[int, Pair] = {}
    for one in typed_of(ask):
        counts[one.place] = (counts.get(one.place, (0, 1))[0] + one.fields, 1)
    return counts


def typed_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """What was typed: village, for what, when, how many fields. Never by whom."""
    asked = set(place_ids)
    found = [one for one in typed_of(ask) if one.place in asked]
    names = places.names_at({one.village for one in found}, ask.on)
    heads = [gettext("Village"), gettext("For what"), gettext("Day"), gettext("Fields")]
    lines = [[names.get(one.village, ""), one.what, one.on, one.fields] for one in found]
    return Rows(heads, lines, [reverse("places:place", args=[one.village_public_id]) for one in found])


BURDEN: tuple[Figure, ...] = (
    Figure(
        id="campaigns.fields_typed", version=1, title=_("Fields typed in villages"), unit=_("fields"), action="campaigns.read",
        meaning=_(
            "Fields that Heli asked villages to type in the seven days up to the day: numbers and minutes of steps, changed "
            "answers of questionnaires, problems reported. What was only confirmed does not count; people are never timed."
        ),
        source=_("Campaigns: evidence, questionnaires, problems"), direction=Direction.DOWN, over_time=Additivity.SUM,
        evaluate=fields_typed, rows=typed_rows,
    ),
)  # fmt: skip
