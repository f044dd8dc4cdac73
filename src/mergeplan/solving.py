"""All towns of an instance with their solvers: what counts there are, what the cheapest of them cost, what wishes rule out.

Every town's columns and curve are kept, so a changed lock or ban re-solves one town and one small knapsack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from mergeplan.choosing import Choice, WishedTown, choose, hull_curve, settle_one_by_one
from mergeplan.counts import counts_asked
from mergeplan.curves import CostCurve
from mergeplan.edits import NO_EDITS, Edits, Ids, breaks
from mergeplan.enumeration import COLUMN_LIMIT
from mergeplan.families import Family, Relaxed
from mergeplan.knapsack import CostTable, joined
from mergeplan.parallel import Progress, Workplace, prepare_towns, settle_towns
from mergeplan.partition import TownSolver
from mergeplan.rests import Rests
from mergeplan.scoring import DEFAULT, Scoring
from mergeplan.towns import TownInstance, split_towns
from mergeplan.types import CurvePoint, Instance, Kind, RequestError, TownId, label_key

KEPT_VILLAGES = 30_000
"""Villages up to which the columns of all towns are kept for further questions, and the curve tells every count. Beyond, columns
are dropped and built again for the towns that need them, and the curve is told only where it is asked for."""

JOINED_CELLS = 5_000_000
"""Towns times villages up to which all towns' curves are joined before and after every town, to price many wishes quickly."""


@dataclass
class TownState:
    """A town with its solver."""

    town: TownInstance
    solver: TownSolver
    _joins: list[frozenset[int]] = field(default_factory=list)

    def joins(self) -> list[frozenset[int]]:
        """Per column the instance indices it joins, the host of an absorption included."""
        if not self._joins:
            for c in self.solver.columns.columns:
                host = (self.town.hosts[c.centre],) if c.kind is Kind.ABSORBED and c.members else ()
                self._joins.append(frozenset((*(self.town.index[p] for p in c.members), *host)))
        return self._joins


class Solvers:
    """The towns' solvers side by side. Not thread-safe; the arguments are told at `Planner`."""

    def __init__(
        self,
        instance: Instance,
        *,
        k: int | None = None,
        scoring: Scoring = DEFAULT,
        column_limit: int = COLUMN_LIMIT,
        workers: int | None = None,
        scheduler: str | None = None,
        asked: tuple[int, int] | None = None,
        progress: Progress | None = None,
    ) -> None:
        if k is not None:
            if k < 1:
                raise RequestError(f"k is {k}; give at least 1")
            instance = replace(instance, rules=replace(instance.rules, k=k))
        self.instance = instance
        self._stated = (instance.rules.k, instance.rules.target_pop)
        self.scoring = scoring
        self.column_limit = column_limit
        self._towns = split_towns(instance)
        self._at = Workplace(workers, scheduler)
        self._is_lean = instance.n > KEPT_VILLAGES
        solvers = prepare_towns(
            self._towns,
            scoring,
            column_limit,
            at=self._at,
            villages=instance.villages,
            asked=self.count_range() if asked is None else asked,
            keep=not self._is_lean,
            progress=progress,
        )
        self.states = [TownState(t, s) for t, s in zip(self._towns, solvers, strict=True)]
        self._state_of: Mapping[TownId, int] = {t.label: i for i, t in enumerate(self._towns)}
        self._relaxed: dict[str, Relaxed] = {}

    def cost(self, low: int, high: int, edits: Edits = NO_EDITS) -> int | None:
        """The cheapest plan's cost alone; None when there is no plan."""
        chosen = self.choose(low, high, self.barred_by(edits))
        return None if chosen is None else chosen.cost

    def prices(self, low: int, high: int, edits: Edits = NO_EDITS) -> Callable[[Ids], int | None]:
        """What the cheapest plan costs without a unit of these villages of one town; None when there is no plan without it."""
        base = self.barred_by(edits)
        rests = Rests(self.wished(base), low, high) if len(self.states) * self.instance.n <= JOINED_CELLS else None

        def price(members: Ids) -> int | None:
            forbidden = Edits.of(forbid=[members])
            if rests is not None:
                ((town, barred),) = self.barred_by(forbidden).items()
                cost, proven = rests.cost(town, barred | base.get(town, frozenset()))
                if proven:
                    return cost
            return self.cost(low, high, edits.plus(forbidden))

        return price

    def count_range(
        self,
        *,
        at_most: int | None = None,
        exactly: int | None = None,
        at_least: int | None = None,
        reduction: str | Decimal | None = None,
    ) -> tuple[int, int]:
        """Fewest and most units asked for; at most one of the ways may be used. Raises `RequestError`."""
        return counts_asked(self.instance, at_most=at_most, exactly=exactly, at_least=at_least, reduction=reduction)

    def curve(self, *, edits: Edits = NO_EDITS, exact: bool = False) -> tuple[CurvePoint, ...]:
        """The reduction–cost curve: every count with bounds, or exactly.

        Beyond `KEPT_VILLAGES` only with `exact`: the corners of the curve's lower convex hull. Between two of them the cost lies on
        or above the straight line; `solve(exactly=…)` gives it.
        """
        barred = self.barred_by(edits)
        if exact and not self._is_lean:
            self.settle_everything(barred)
        return self._curve_points(barred, exact=exact)

    def settle_everything(self, barred: Mapping[int, frozenset[int]] | None = None) -> None:
        """Prove every point of every town's curve."""
        towns = self.wished(barred or {})
        self._settle(towns, [(t, tuple(solver.curve(key).points)) for t, (solver, key) in enumerate(towns)])

    def _settle(self, towns: Sequence[WishedTown], wanted: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        """Settle counts: towns with wishes or with their columns at hand here, the others side by side."""
        elsewhere = [w for w in wanted if self._is_lean and not towns[w[0]][1]]
        settle_towns(
            [(self._towns[t], towns[t][0], counts) for t, counts in elsewhere],
            self.scoring,
            self.column_limit,
            at=self._at,
        )
        settle_one_by_one(towns, [w for w in wanted if not self._is_lean or towns[w[0]][1]])

    def barred_by(self, edits: Edits) -> dict[int, frozenset[int]]:
        """Town number → columns that the edits rule out. Raises `RequestError` for an unknown id."""
        index_of = self.instance.index_of
        barred: dict[int, set[int]] = {}
        for group in edits.all():
            unknown = sorted((v for v in group if v not in index_of), key=label_key)
            if unknown or not group:
                raise RequestError(f"unknown village {unknown[0]!r}" if unknown else "an empty group of villages")
        for kind, groups in (
            ("lock", edits.lock),
            ("forbid", edits.forbid),
            ("apart", edits.apart),
            ("together", edits.together),
        ):
            for ids in groups:
                members = frozenset(index_of[v] for v in ids)
                for t in {self._state_of[self.instance.town[i]] for i in members}:
                    columns = barred.setdefault(t, set())
                    columns.update(j for j, s in enumerate(self.states[t].joins()) if breaks(kind, members, s))
        return {t: frozenset(c) for t, c in barred.items() if c}

    def counts(self, barred: Mapping[int, frozenset[int]]) -> list[int]:
        """Every number of units that some plan has, ascending."""
        self.settle_everything(barred)
        return joined(_lower_table(c) for c in self.curves(barred)).counts()

    def let_go(self, state: TownState) -> None:
        """Drop a town's columns where there are too many towns to keep them all."""
        if self._is_lean:
            state.solver.release()

    def relaxed(self, family: Family) -> Relaxed:
        """The towns without one family of rules, kept for further questions."""
        if family.rule not in self._relaxed:
            self._relaxed[family.rule] = Relaxed(self.instance, family, self.scoring, self.column_limit)
        return self._relaxed[family.rule]

    def curves(self, barred: Mapping[int, frozenset[int]]) -> list[CostCurve]:
        return [s.solver.curve(barred.get(t, frozenset())) for t, s in enumerate(self.states)]

    def choose(self, low: int, high: int, barred: Mapping[int, frozenset[int]]) -> Choice | None:
        """The cheapest counts per town with low … high units; None when infeasible. Raises `UndecidedError`."""
        towns = self.wished(barred)
        return choose(towns, low, high, partial(self._settle, towns))

    def wished(self, barred: Mapping[int, frozenset[int]]) -> list[WishedTown]:
        """Every town's solver with the columns that are ruled out in it."""
        return [(s.solver, barred.get(t, frozenset())) for t, s in enumerate(self.states)]

    def _curve_points(self, barred: Mapping[int, frozenset[int]], *, exact: bool) -> tuple[CurvePoint, ...]:
        """Proven points when everything was settled, else the bounds of the relaxations (never what chance had settled)."""
        curves = self.curves(barred)
        if self._is_lean:
            towns = self.wished(barred)
            return hull_curve(towns, partial(self._settle, towns)) if exact else ()
        if exact:
            lower = joined(_lower_table(c) for c in curves)
            upper = joined(_upper_table(c) for c in curves)
        else:
            ranges = [range(c.fewest or 0, (c.most or 0) + 1) for c in curves]
            inside = [{n: b for n, b in c.bounds.items() if n in r} for c, r in zip(curves, ranges, strict=True)]
            lower = joined(CostTable.of({n: b[0] for n, b in c.items()}) for c in inside)
            upper = joined(CostTable.of({n: b[1] for n, b in c.items() if b[1] is not None}) for c in inside)
        points = []
        for count in lower.counts():
            bound = lower.at(count)
            assert bound is not None
            points.append(CurvePoint(count, bound, upper.at(count)))
        return tuple(points)


def _lower_table(curve: CostCurve) -> CostTable:
    return CostTable.of({n: p.lower for n, p in curve.points.items()})


def _upper_table(curve: CostCurve) -> CostTable:
    return CostTable.of({n: p.upper for n, p in curve.points.items() if p.upper is not None})
