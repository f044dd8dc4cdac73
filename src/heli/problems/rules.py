"""Rules of the problem ledger: what may follow what, and how late a problem is."""

from collections.abc import Mapping
from datetime import date

from heli.problems.types import IssueDid, IssueStatus

MOVES: Mapping[IssueDid, tuple[frozenset[IssueStatus], IssueStatus]] = {
    IssueDid.TOOK_IN_HAND: (frozenset({IssueStatus.OPEN, IssueStatus.IN_HAND}), IssueStatus.IN_HAND),
    IssueDid.CLAIMED: (frozenset({IssueStatus.IN_HAND}), IssueStatus.CLAIMED),
    IssueDid.RETURNED: (frozenset({IssueStatus.CLAIMED}), IssueStatus.IN_HAND),
    IssueDid.CLOSED: (frozenset({IssueStatus.CLAIMED}), IssueStatus.CLOSED),
    IssueDid.REOPENED: (frozenset({IssueStatus.CLOSED}), IssueStatus.IN_HAND),
}
"""From which states an act is possible, and where it leads."""


def can_do(did: IssueDid, status: IssueStatus) -> bool:
    """Whether the act is possible in this state."""
    return did not in MOVES or status in MOVES[did][0]


def days_late(due_on: date | None, closed_on: date | None, on: date) -> int:
    """Calendar days after the due day: of a closed problem at its close, of another one today; never negative."""
    if due_on is None:
        return 0
    return max(0, ((closed_on or on) - due_on).days)


def age_days(found_on: date, closed_on: date | None, on: date) -> int:
    """Calendar days a problem has been known: until its close, or until today."""
    return max(0, ((closed_on or on) - found_on).days)


AGES: tuple[tuple[str, int | None], ...] = (("0-7", 7), ("8-30", 30), ("31-90", 90), ("91-", None))
"""Classes of age with their last day; the last class is open."""


def age_class(days: int) -> str:
    """The class of age a problem belongs to."""
    return next(name for name, last in AGES if last is None or days <= last)
