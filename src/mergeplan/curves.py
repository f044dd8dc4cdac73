"""A town's cost by count, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from mergeplan.units import PlannedUnit


@dataclass(slots=True)
class Point:
    """What is known about a town at one count: `lower` ≤ optimum ≤ `upper` (None: no partition known)."""

    lower: int
    upper: int | None
    duals: tuple[int, ...] | None
    """None where the columns were dropped: found again when they are rebuilt."""
    count_dual: int
    base: int
    """Σ y + λ·N in 1/840 millionths."""
    chosen: tuple[int, ...] | None = None
    """Columns of the canonical optimum, once searched."""
    known: tuple[int, ...] | None = None
    """Columns of a plan that costs `upper`: a whole solution of the relaxation."""
    settled: bool = False
    """Whether everything was tried to close the gap."""
    units: tuple[PlannedUnit, ...] | None = None
    """What `chosen` means, read off where the columns were at hand."""

    @property
    def exact(self) -> bool:
        return self.upper == self.lower


@dataclass
class CostCurve:
    """Cost by count of one town. Counts outside `points` are proven infeasible."""

    points: dict[int, Point] = field(default_factory=dict)
    bounds: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    """Lower and known upper cost as the relaxation gave them: what is reported must not depend on earlier questions."""
    is_whole: bool = True
    """Whether the relaxation was solved for every count; else counts far from a price carry what the prices near it prove."""

    def take_over(self, whole: CostCurve) -> None:
        """Become that curve of the same town, but for the points that are settled here already."""
        mine = {n: p for n, p in self.points.items() if p.settled}
        for count, point in whole.points.items():
            known = self.points.get(count)
            if known is not None and not point.settled:
                point.lower = max(point.lower, known.lower)
        struck = {n for n in whole.points if n not in self.points}
        self.points = {n: p for n, p in (whole.points | mine).items() if n not in struck}
        self.bounds, self.is_whole = whole.bounds, True

    @property
    def fewest(self) -> int | None:
        return min(self.points, default=None)

    @property
    def most(self) -> int | None:
        return max(self.points, default=None)
