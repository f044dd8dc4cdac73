"""Work points of a week 工作要点: what is due, drawn from steps, problems, decisions, notices and questionnaires.

A page shows them, and the document template "weekly-work-points" is filled from the same values.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from heli.bodies.queries import holder_of
from heli.campaigns.models import Campaign, Step
from heli.campaigns.queries.runs import part_of, playbook_of
from heli.campaigns.types import OPEN
from heli.consultation.queries.notices import notices_within
from heli.inquiries.queries import unanswered
from heli.kernel.access import Actor
from heli.meetings.queries import to_do, unchecked
from heli.meetings.tables import owner_of
from heli.places import queries as places
from heli.problems.queries import open_problems

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
    """Anything else that is due: what, where, who, until when."""

    title: str
    place: str
    who: str
    due_on: date
    is_late: bool
    public_id: str


@dataclass(frozen=True, slots=True)
class WorkPoints:
    """The week from its Monday to its Sunday."""

    first_on: date
    last_on: date
    steps: tuple[StepPoint, ...]
    problems: tuple[WorkPoint, ...]
    decisions: tuple[WorkPoint, ...]
    notices: tuple[WorkPoint, ...]
    questionnaires: tuple[WorkPoint, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is due."""
        return not (self.steps or self.problems or self.decisions or self.notices or self.questionnaires)


def week_of(on: date) -> tuple[date, date]:
    """The Monday and the Sunday around a day."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)


def work_points(actor: Actor, campaign: Campaign, on: date, language: str = "zh-hans") -> WorkPoints:
    """What is due by the end of the week around `on` in the actor's part; what was due earlier and is open counts as late."""
    monday, sunday = week_of(on)
    due = open_problems(campaign.public_id).filter(part_of(actor, campaign), due_on__lte=sunday)
    problems = list(due.order_by("due_on", "number"))
    decisions = list(unchecked(campaign.public_id, sunday).filter(part_of(actor, campaign)))
    names = places.names_at({one.place_id for one in problems} | {one.place_id for one in decisions}, on)
    hung = notices_within(campaign.public_id, campaign.district_id, part_of(actor, campaign))
    notices = hung.filter(last_on__range=(monday, sunday), taken_down_on__isnull=True)
    waiting = unanswered(campaign.public_id, until=sunday).filter(part_of(actor, campaign)).select_related("inquiry")
    asked = dict.fromkeys(one.inquiry for one in waiting.order_by("-inquiry__sent_at", "-inquiry_id"))
    return WorkPoints(
        monday,
        sunday,
        tuple(_steps(actor, campaign, monday, sunday, language)),
        tuple(
            WorkPoint(
                one.title, names.get(one.place_id, ""), leader_of(one), one.due_on or sunday,
                (one.due_on or sunday) < monday, one.public_id,
            )
            for one in problems
        ),
        tuple(
            WorkPoint(
                one.text, names.get(one.place_id, ""), owner_of(one), one.due_on, one.due_on < monday,
                one.meeting.public_id,
            )
            for one in decisions
        ),
        tuple(WorkPoint(one.title, "", "", one.last_on, False, one.public_id) for one in notices),
        tuple(WorkPoint(one.title, "", "", one.due_on, one.due_on < monday, one.public_id) for one in asked),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueMatter:
    """An open problem or decision with its day, for the papers of its town (None: a matter of the district)."""

    town_id: int | None
    place_id: int
    title: str
    who: str
    due_on: date


def due_matters(campaign: Campaign, until: date) -> list[DueMatter]:
    """Problems not closed and decisions not carried out that are due by a day, the most pressing first; two queries."""
    problems = open_problems(campaign.public_id).filter(due_on__lte=until)
    found = [DueMatter(one.town_id, one.place_id, one.title, leader_of(one), one.due_on or until) for one in problems]
    found += [
        DueMatter(one.town_id, one.place_id, one.text, owner_of(one), one.due_on)
        for one in to_do(campaign.public_id, until=until).order_by("pk")
    ]
    return sorted(found, key=lambda one: one.due_on)


def leader_of(problem: Any) -> str:
    """Who leads it, as lists say it."""
    holder = holder_of(problem.leader_person, problem.leader_body)
    return holder.title if holder is not None else ""


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


def as_values(points: WorkPoints) -> dict[str, object]:
    """The work points as plain values for a document template."""

    def lines(found: tuple[WorkPoint, ...]) -> list[dict[str, str]]:
        return [
            {"title": one.title, "place": one.place, "who": one.who, "due_on": one.due_on.isoformat()} for one in found
        ]

    return {
        "first_on": points.first_on.isoformat(),
        "last_on": points.last_on.isoformat(),
        "steps": [
            {
                "title": one.title,
                "due_on": one.due_on.isoformat(),
                "places": one.places,
                "late": one.late,
                "names": ", ".join(one.names) + (" …" if one.places > len(one.names) else ""),
            }
            for one in points.steps
        ],
        "problems": lines(points.problems),
        "decisions": lines(points.decisions),
        "notices": lines(points.notices),
        "questionnaires": lines(points.questionnaires),
    }
