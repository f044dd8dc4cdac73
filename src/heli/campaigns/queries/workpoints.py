"""Work points of a week 工作要点: steps that are due, and whatever else waits and is due (what the rooms offer in `due.py`)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from heli.campaigns.models import Campaign, Step
from heli.campaigns.queries.runs import READ, is_whole, part_of, playbook_of
from heli.campaigns.types import OPEN
from heli.kernel.access import SYSTEM, Actor, scope
from heli.kernel.declare import Due, DueAsk, Waiting
from heli.places import queries as places
from heli.records.due import dues

MOST_NAMES = 8
"""Villages named in a line; the rest is counted."""


@dataclass(frozen=True, slots=True)
class StepPoint:
    """A step that is due for some places: how many, how many of them are late already, and the first names."""

    key: str
    title: str
    due_on: date
    places: int
    late: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkPoint:
    """Anything else that is due: what, where ("" where in many places), who, until when."""

    title: str
    place: str
    who: str
    due_on: date
    is_late: bool
    link: str


@dataclass(frozen=True, slots=True)
class WorkPoints:
    """The week from its Monday to its Sunday; `others` below their headings."""

    first_on: date
    last_on: date
    steps: tuple[StepPoint, ...]
    others: dict[str, list[WorkPoint]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due."""
        return not (self.steps or self.others)


def week_of(on: date) -> tuple[date, date]:
    """The Monday and the Sunday around a day."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)


def work_points(actor: Actor, campaign: Campaign, on: date, language: str = "zh-hans") -> WorkPoints:
    """What is due by the end of the week around `on` in the actor's part; what was due earlier and is open counts as late."""
    monday, sunday = week_of(on)
    found = due_by(campaign, sunday, actor)
    names = places.names_at({one.place for _due, one, _on in found if one.place is not None}, on)
    others: dict[str, list[WorkPoint]] = {}
    for due, one, due_on in sorted(found, key=lambda each: each[0].order):
        place = "" if due.is_spread else names.get(one.place or 0, "")
        others.setdefault(gettext(due.heading), []).append(
            WorkPoint(one.title, place, one.who, due_on, due_on < monday, one.link)
        )
    return WorkPoints(monday, sunday, tuple(_steps(actor, campaign, monday, sunday, language)), others)


def due_by(campaign: Campaign, until: date, actor: Actor = SYSTEM) -> list[tuple[Due, Waiting, date]]:
    """What waits and is due by a day in the actor's part, the most pressing first; what is spread over places once."""
    mine = None
    if not is_whole(actor, campaign, READ):
        mine = set(places.in_scope(scope(actor, READ)).values_list("pk", flat=True))
    found: dict[object, tuple[Due, Waiting, date]] = {}
    ask = DueAsk(abouts=[campaign.public_id], until=until, on=until, actor=SYSTEM)
    listed = [(due, one) for due in dues() if due.heading for one in due.waiting(ask)]
    for due, one in listed:
        if one.due_on is not None and one.due_on <= until and (mine is None or one.place is None or one.place in mine):
            found.setdefault((due.id, one.public_id), (due, one, one.due_on))
    return sorted(found.values(), key=lambda each: each[2])


def _steps(actor: Actor, campaign: Campaign, monday: date, sunday: date, language: str) -> list[StepPoint]:
    due = Step.objects.filter(
        part_of(actor, campaign, path="track__place"), campaign=campaign, status__in=OPEN, due_on__lte=sunday
    )
    rows = list(due.order_by("due_on", "ordinal", "pk").values_list("key", "due_on", "track__place_id"))
    names = places.names_at({place for _key, _due, place in rows}, sunday)
    rules = playbook_of(campaign).by_key
    groups: dict[str, list[tuple[date, int]]] = {}
    for key, day, place in rows:
        groups.setdefault(key, []).append((day, place))
    return [
        StepPoint(
            key,
            rules[key].title.text(language) if key in rules else key,
            max(day for day, _place in group),
            len(group),
            sum(day < monday for day, _place in group),
            tuple(names.get(place, "") for _day, place in group[:MOST_NAMES]),
        )
        for key, group in groups.items()
    ]
