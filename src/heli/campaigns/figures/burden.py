"""The burden meter: how many fields Heli itself asked each village to type in a week. People are never timed."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from heli.kernel.declare import Additivity, Ask, Direction, Figure, Pair, Rows, Typed
from heli.kernel.offers import offered
from heli.places import queries as places
from heli.places.counted import moment_of, standing_place

DAYS = 7


def typed_of(ask: Ask) -> list[tuple[int, Typed]]:
    """Everything typed in the seven days that end with the asked one, each with the place that counts it; read once."""

    def read() -> list[tuple[int, Typed]]:
        begins = timezone.make_aware(datetime.combine(ask.on - timedelta(days=DAYS - 1), time.min))
        found = [one for typed in offered("typed", "TYPED") for one in typed(ask.district_ids, begins, moment_of(ask))]
        return [(standing_place(ask, one.place, one.town, one.district), one) for one in found]

    return ask.shared("campaigns.typed", read)


def fields_typed(ask: Ask) -> Mapping[int, Pair]:
    """How many fields."""
    counts: dict[int, Pair] = {}
    for place, one in typed_of(ask):
        counts[place] = (counts.get(place, (0, 1))[0] + one.fields, 1)
    return counts


def typed_rows(ask: Ask, place_ids: Collection[int]) -> Rows:
    """What was typed: village, for what, when, how many fields. Never by whom."""
    asked = set(place_ids)
    found = [one for place, one in typed_of(ask) if place in asked]
    names = places.names_at({one.place for one in found}, ask.on)
    heads = [gettext("Village"), gettext("For what"), gettext("Day"), gettext("Fields")]
    lines = [[names.get(one.place, ""), one.what, one.on, one.fields] for one in found]
    return Rows(heads, lines, [reverse("places:place", args=[one.public_id]) for one in found])


BURDEN: tuple[Figure, ...] = (
    Figure(
        id="campaigns.fields_typed", version=1, title=_("Fields typed in villages"), unit=_("fields"), action="campaigns.read",
        meaning=_(
            "Fields that Heli asked villages to type in the seven days up to the day: numbers and minutes of steps, changed "
            "answers of questionnaires, problems reported, facts of appraisals that no figure gives. What was only confirmed "
            "does not count; people are never timed."
        ),
        source=_("Campaigns: evidence, questionnaires, problems, appraisals"), direction=Direction.DOWN, over_time=Additivity.SUM,
        evaluate=fields_typed, rows=typed_rows,
    ),
)  # fmt: skip
