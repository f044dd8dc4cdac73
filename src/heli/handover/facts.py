"""Numbers that handover knows of a village, taken by steps instead of being typed."""

from datetime import date

from django.utils.translation import gettext_noop

from heli.handover.models import HandedState
from heli.handover.queries import covered, items_of, points_of
from heli.kernel.declare import Subject, SubjectFact


def _points(subject: Subject, on: date) -> tuple[int, int]:
    return covered([one for one in points_of(subject.district, on) if one.village.heir == subject.place])


def points(subject: Subject, on: date) -> int | None:
    """Agency points kept for the former villages of the place."""
    return _points(subject, on)[0]


def wanted(subject: Subject, on: date) -> int | None:
    """Former villages of the place that need one."""
    return _points(subject, on)[1]


def received(subject: Subject, on: date) -> int | None:
    """Services received by the day; None before the handover has begun."""
    rows = items_of(subject.place) if subject.place is not None else []
    done = (row for row in rows if row.status == HandedState.RECEIVED and row.received_on is not None)
    return sum(row.received_on <= on for row in done) if rows else None


FACTS = (
    SubjectFact("handover.points", gettext_noop("Agency points"), "points", points),
    SubjectFact(
        "handover.points_wanted", gettext_noop("Former villages that need an agency point"), "villages", wanted
    ),
    SubjectFact("handover.received", gettext_noop("Services received"), "items", received),
)
