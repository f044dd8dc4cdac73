"""The part of the kernel that knows Django: constraints that serve SQLite and PostgreSQL alike."""

from collections.abc import Iterable
from enum import StrEnum

from heli.kernel.db.moments import snapshot
from heli.kernel.db.periods import PeriodsDoNotOverlap, period_runs_forward
from heli.kernel.db.refusals import AppendOnly, NotInserted, SealedOnce, lifted

__all__ = [
    "AppendOnly",
    "NotInserted",
    "PeriodsDoNotOverlap",
    "SealedOnce",
    "lifted",
    "period_runs_forward",
    "snapshot",
    "values",
]


def values(kinds: Iterable[StrEnum]) -> list[str]:
    """The values of an enumeration as they are stored, for a constraint that knows them all."""
    return [kind.value for kind in kinds]
