"""Reads of the problem ledger: the list, one problem, and what adds up."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from heli.campaigns.models import Campaign
from heli.campaigns.queries.matters import READ, leader_name, names_for, part
from heli.kernel.access import Actor
from heli.kernel.quantities import Ratio
from heli.problems.models import Issue
from heli.problems.rules import AGES, age_class, age_days, days_late
from heli.problems.types import IssueStatus

DONE = IssueStatus.CLOSED


def issues_of(actor: Actor, campaign: Campaign, action: str = READ) -> QuerySet[Issue]:
    """The problems of the actor's part of a campaign, with their leaders."""
    rows = part(Issue.objects.all(), actor, campaign, action)
    return rows.select_related("leader_person", "leader_body")


def find_issue(actor: Actor, campaign: Campaign, public_id: str) -> Issue | None:
    """A problem by its public id, if the actor reaches it."""
    return issues_of(actor, campaign).select_related("campaign").filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class IssueRow:
    """A problem as the list shows it. `late`: calendar days after the due day; `age`: days known."""

    public_id: str
    number: int
    title: str
    kind: str
    source: str
    place: str
    heir: str
    town: str
    leader: str
    found_on: date
    due_on: date | None
    status: IssueStatus
    closed_on: date | None
    late: int
    age: int
    measures: str

    @property
    def is_closed(self) -> bool:
        """Whether a second person has closed it."""
        return self.status is DONE


def issue_rows(actor: Actor, campaign: Campaign, on: date) -> list[IssueRow]:
    """The problem ledger of the actor's part; five queries."""
    issues = list(issues_of(actor, campaign))
    names = names_for(issues, campaign, on)
    return [
        IssueRow(
            public_id=one.public_id,
            number=one.number,
            title=one.title,
            kind=one.kind,
            source=one.source,
            place=names.of(one.place_id),
            heir=names.heir_of(one.place_id),
            town=names.of(one.town_id),
            leader=leader_name(one, "leader"),
            found_on=one.found_on,
            due_on=one.due_on,
            status=IssueStatus(one.status),
            closed_on=one.closed_on,
            late=days_late(one.due_on, one.closed_on, on),
            age=age_days(one.found_on, one.closed_on, on),
            measures=one.measures,
        )
        for one in issues
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statistic: all problems of a sort, the closed ones, those closed in time, and the open ones that are late."""

    key: str
    total: int
    closed: int
    in_time: int
    late: int

    @property
    def rate(self) -> Ratio:
        """The share closed."""
        return Ratio(self.closed, self.total)


def count(key: str, rows: Sequence[IssueRow]) -> Line:
    """The statistic over some problems."""
    closed = [row for row in rows if row.is_closed]
    return Line(
        key,
        len(rows),
        len(closed),
        sum(not row.late for row in closed),
        sum(row.late > 0 and not row.is_closed for row in rows),
    )


def count_by(rows: Sequence[IssueRow], key: Callable[[IssueRow], str]) -> list[Line]:
    """The statistic by something, the largest first."""
    groups: dict[str, list[IssueRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return sorted((count(name, group) for name, group in groups.items()), key=lambda line: (-line.total, line.key))


def count_by_age(rows: Sequence[IssueRow]) -> list[Line]:
    """Open problems by how long they have been known, youngest first."""
    by_age = {line.key: line for line in count_by([r for r in rows if not r.is_closed], lambda row: age_class(row.age))}
    return [by_age.get(name, Line(name, 0, 0, 0, 0)) for name, _last in AGES]


def issues_at(place_ids: Collection[int], on: date) -> QuerySet[Issue]:
    """The problems found at some places by a day, the oldest first."""
    found = Issue.objects.filter(place__in=place_ids, found_on__lte=on)
    return found.select_related("campaign").order_by("found_on", "number")
