"""Kinds of problems, and in how many working days one of a kind is usually settled."""

from heli.kernel.catalogues import shipped, whole
from heli.kernel.packs import Key, Shape

DAYS = Key("days", Shape.WHOLE, "working days proposed for settling one", least=1)
USUAL_DAYS = 10
"""Working days proposed where the catalogue says nothing."""
problem_kinds = shipped(__file__, "problem-kinds", more=(DAYS,))


def days_of(kind: str) -> int:
    """Working days proposed for a problem of this kind."""
    entry = problem_kinds().entries.get(kind)
    return whole(entry.more["days"]) if entry else USUAL_DAYS
