"""Rules of every ledger: how late and how old a row is."""

from datetime import date

AGES: tuple[tuple[str, int | None], ...] = (("0-7", 7), ("8-30", 30), ("31-90", 90), ("91-", None))
"""Classes of age with their last day; the last class is open."""


def days_late(due_on: date | None, closed_on: date | None, on: date) -> int:
    """Calendar days after the due day: of a settled row at its close, of another one today; never negative."""
    if due_on is None:
        return 0
    return max(0, ((closed_on or on) - due_on).days)


def age_days(found_on: date, closed_on: date | None, on: date) -> int:
    """Calendar days a row has been known: until its close, or until today."""
    return max(0, ((closed_on or on) - found_on).days)


def age_class(days: int) -> str:
    """The class of age a row belongs to."""
    return next(name for name, last in AGES if last is None or days <= last)
