"""The cheapest partition of one town for every possible number of units, proven in integers.

For a count N the linear relaxation gives duals y (one per village) and λ (for the count). Rounded to integers of 1/840 and
lowered where a column would still pay, they are feasible, so

    L(N) = Σ y + λ·N  ≤  cost of every partition into N units,       r_j = c_j − Σ_{i in j} y_i − λ  ≥  0.

A partition costs exactly L(N) + Σ r_j. So the cheapest one is a shortest path: states are (villages covered, units used), a
step takes the lowest uncovered village and pays r_j for one of its columns. Dijkstra's search along it touches only partial plans
whose detour from the bound is below the gap — a handful when the relaxation is whole, as it mostly is. All arithmetic of the proof
is in Python integers. The search keeps all equally cheap ways; of these the plan is taken whose units come first by id.

Where the search grows too large HiGHS' integer solver takes over; its answer is recounted in integers and its dual bound is
trusted to half a millionth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil, isfinite

import numpy as np

from mergeplan.columns import Columns
from mergeplan.curves import CostCurve, Point
from mergeplan.relaxation import LinearRelaxation, LinearSolution
from mergeplan.search import Optima, SearchTooLargeError, Step, first_by_id, over, shortest
from mergeplan.towns import IntArray

DUAL_SCALE = 840
"""Duals of such small 0/1 systems are fractions with small denominators; 840 = lcm(1…8) makes most of them whole."""
FIRST_LIMIT, SEARCH_LIMIT = 3_000, 150_000
"""States visited before the counts are priced too, and before the integer solver is asked."""
INTEGER_SECONDS = 60.0
LARGE_TOWN = 64
"""Rows above which plans at the ends of the range are not searched for unasked."""
ANY_COST, ANY_SECONDS = 1e18, 10.0
CountPrices = tuple[list[int], list[int]]
"""Per row, in 1/840 units: prices of the fewest and of the most."""
PRICE_MARGIN = 50
"""Part of a price by which it may be wrong."""
REMEMBERED = 256
"""Curves kept per town for re-solving."""


class TownSolver:
    """One town's columns with its relaxation kept warm, and a curve for each set of barred columns asked for."""

    def __init__(self, columns: Columns | Callable[[], Columns]) -> None:
        self._columns = columns if isinstance(columns, Columns) else None
        self._build = None if isinstance(columns, Columns) else columns
        self._relaxation: LinearRelaxation | None = None
        self._curves: dict[frozenset[int], CostCurve] = {}
        self._extremes: dict[tuple[int, frozenset[int]], int | None] = {}
        self._prices: dict[frozenset[int], CountPrices] = {}

    @classmethod
    def prepared(cls, build: Callable[[], Columns], curve: CostCurve) -> TownSolver:
        """A town whose curve is known; its columns are built again when they are asked for."""
        solver = cls(build)
        solver._curves[frozenset()] = curve
        return solver

    @property
    def columns(self) -> Columns:
        if self._columns is None:
            assert self._build is not None
            self._columns = self._build()
        return self._columns

    def release(self) -> None:
        """Drop the columns and what was made from them, where they can be built again. Curves and plans stay."""
        if self._build is not None:
            self._columns, self._relaxation = None, None
            self._prices.clear()
            for curve in self._curves.values():
                for point in curve.points.values():
                    point.duals = point.known = None

    @property
    def relaxation(self) -> LinearRelaxation:
        if self._relaxation is None:
            self._relaxation = LinearRelaxation(self.columns)
        return self._relaxation

    @property
    def is_large(self) -> bool:
        """Whether the ends of the range are too hard to search for exactly as a matter of course."""
        return self.columns.rows > LARGE_TOWN

    def curve(self, barred: frozenset[int] = frozenset()) -> CostCurve:
        """Bounds for every count that the relaxation allows."""
        if barred not in self._curves:
            if len(self._curves) > REMEMBERED:
                del self._curves[next(k for k in self._curves if k)]
            self._curves[barred] = self._bound_all(barred)
        return self._curves[barred]

    def trim(self, barred: frozenset[int] = frozenset()) -> CostCurve:
        """The curve with both ends settled, so that its range is the true one (a large town is left as it is)."""
        curve = self.curve(barred)
        for end in () if self.is_large else (min, max):
            while curve.points and self.settle(end(curve.points), barred) is None:
                pass
        return curve

    def _bound_all(self, barred: frozenset[int]) -> CostCurve:
        curve = CostCurve()
        columns = self.columns
        if columns.rows == 0:
            curve.points[0] = Point(0, 0, (), 0, 0, (), (), True)
            curve.bounds[0] = (0, 0)
            return curve
        if not self._covers_all(barred):
            return curve
        self.relaxation.reset()  # a cold start, so that the bounds depend on these columns alone
        self.relaxation.bar(barred)
        free = self.relaxation.solve(None)
        if free is None:
            return curve
        start = round(float(free.values @ columns.arrays.counted))
        self._walk(curve, barred, range(start, columns.rows + 1))
        self._walk(curve, barred, range(start - 1, -1, -1))
        curve.bounds = {n: (p.lower, p.upper) for n, p in curve.points.items()}
        return curve

    def _walk(self, curve: CostCurve, barred: frozenset[int], counts: Iterable[int]) -> None:
        """Solve counts one after the other up to the end of the feasible range (an interval, by convexity)."""
        for count in counts:
            solution = self.relaxation.solve(count)
            if solution is not None:
                curve.points[count] = self._point(solution, count, barred)
            elif curve.points:
                return

    def _point(self, solution: LinearSolution, count: int, barred: frozenset[int]) -> Point:
        duals = [round(float(v) * DUAL_SCALE) for v in solution.duals]
        count_dual = round(solution.count_dual * DUAL_SCALE)
        self._repair(duals, count_dual, barred)
        base = sum(duals) + count_dual * count
        lower = -(-base // DUAL_SCALE)
        values = solution.values
        chosen = np.nonzero(values > 0.5)[0]
        whole = bool(np.all(np.minimum(values, np.abs(1 - values)) < 1e-6)) and self.is_partition(
            chosen.tolist(), count
        )
        upper = self._cost_of(chosen.tolist()) if whole else None
        known = tuple(chosen.tolist()) if whole else None
        return Point(lower, upper, tuple(duals), count_dual, base, None, known)

    def _repair(self, duals: list[int], count_dual: int, barred: frozenset[int]) -> None:
        """Lower duals until no column has a negative reduced cost: any integers thus repaired give a true bound."""
        for j in np.nonzero(self._reduced(duals, count_dual) < 0)[0].tolist():
            if j not in barred:
                c = self.columns.columns[j]
                # Earlier repairs may have mended this column too, so it is counted again.
                reduced = c.cost * DUAL_SCALE - count_dual * c.counted - over(c.rows, duals)
                duals[(c.rows & -c.rows).bit_length() - 1] += min(reduced, 0)

    def _reduced(self, duals: Sequence[int], count_dual: int) -> IntArray:
        """Reduced costs of all columns, exact in 64 bits (costs stay below 10^12 a unit)."""
        starts, rows, cost, counted = self.columns.arrays
        paid = np.add.reduceat(np.array(duals, dtype=np.int64)[rows], starts[:-1]) if len(cost) else cost
        return cost * DUAL_SCALE - count_dual * counted - paid

    def _cost_of(self, chosen: Iterable[int]) -> int:
        return sum(self.columns.columns[j].cost for j in chosen)

    def is_partition(self, chosen: Sequence[int], count: int) -> bool:
        """Whether these columns cover every row once and count to `count`."""
        covered = total = 0
        for j in chosen:
            c = self.columns.columns[j]
            if covered & c.rows:
                return False
            covered |= c.rows
            total += c.counted
        return covered == (1 << self.columns.rows) - 1 and total == count

    def extreme(self, sign: int, barred: frozenset[int] = frozenset()) -> int | None:
        """Fewest (sign 1) or most (−1) units of any partition; None when there is none."""
        key = (sign, barred)
        if key not in self._extremes:
            self._extremes[key] = self._find_extreme(sign, barred)
        return self._extremes[key]

    def _find_extreme(self, sign: int, barred: frozenset[int]) -> int | None:
        if self.columns.rows == 0:
            return 0
        count = self.count_bound(sign, barred)
        while count is not None and 0 <= count <= self.columns.rows:
            self.relaxation.bar(barred)
            if self.relaxation.solve(count) is None:
                return None
            if self.is_possible(count, barred):
                return count
            count += sign
        return None

    def count_bound(self, sign: int, barred: frozenset[int] = frozenset()) -> int | None:
        """What the relaxation says about the fewest (sign 1) or most (−1) units: the truth lies inside it."""
        if self.columns.rows == 0:
            return 0
        if not self._covers_all(barred):
            return None
        self.relaxation.bar(barred)
        limit = self.relaxation.count_limit(sign)
        return None if limit is None else sign * ceil(limit.objective - 1e-6)

    def is_possible(self, count: int, barred: frozenset[int]) -> bool:
        """Whether any partition has this count. Undecided counts as possible: it must not pass for a proof."""
        if not self.is_large:
            return self.settle_only(count, barred) is not None
        # In a large town the cheapest plan at the end of the range is hard to find, but any plan will do.
        return self.relaxation.solve_integer(count, ANY_SECONDS, target=ANY_COST) is not None

    def settle_only(self, count: int, barred: frozenset[int] = frozenset()) -> Point | None:
        """Like `settle` without bounding all other counts first."""
        self.relaxation.bar(barred)
        solution = self.relaxation.solve(count)
        if solution is None:
            return None
        trial = CostCurve({count: self._point(solution, count, barred)})
        return self._settle(trial, trial.points[count], count, barred)

    def _covers_all(self, barred: frozenset[int]) -> bool:
        covered = 0
        for j, c in enumerate(self.columns.columns):
            if j not in barred:
                covered |= c.rows
        return covered == (1 << self.columns.rows) - 1

    def settle(self, count: int, barred: frozenset[int] = frozenset()) -> Point | None:
        """Prove the optimum at this count and find the canonical plan; None when there is none after all."""
        curve = self.curve(barred)
        point = curve.points.get(count)
        if point is None or point.settled:
            return point
        if point.duals is None:
            self._make_whole(curve, barred)
            point = curve.points.get(count)
        return point and self._settle(curve, point, count, barred)

    def settle_own(self, price: int) -> None:
        """Settle the count that the town takes at a price per unit (in 1/840), and those taken at a slightly other price."""
        curve, margin = self.curve(), abs(price) // PRICE_MARGIN
        while curve.points:
            priced = {n: p.lower * DUAL_SCALE - price * n for n, p in curve.points.items()}
            own = min(priced.values())
            unsettled = [n for n, cost in priced.items() if cost <= own + margin and not curve.points[n].settled]
            if not unsettled:
                return
            self.settle(min(unsettled, key=priced.__getitem__))

    def curve_near(self, price: int) -> CostCurve:
        """The curve where about `price` (in 1/840) is paid per unit: cheaper than `curve`, and as true.

        The relaxation is solved for the count that it takes at the price and for the two beside it; what their duals prove of all
        other counts is their bound. When such a count is settled after all the whole curve is made up for.
        """
        columns = self.columns
        if self._curves or columns.rows == 0 or not self._covers_all(frozenset()):
            return self.curve()
        self.relaxation.reset()
        own = self.relaxation.count_at(price / DUAL_SCALE)
        curve = CostCurve(is_whole=False)
        for count in () if own is None else (own, own - 1, own + 1):
            solution = self.relaxation.solve(count) if 0 <= count <= columns.rows else None
            if solution is not None:
                curve.points[count] = self._point(solution, count, frozenset())
        if own is None or own not in curve.points:
            return self.curve()
        near = list(curve.points.items())
        sizes = np.diff(columns.arrays.starts)
        fewest = -(-columns.rows // int(sizes.max())) if columns.arrays.counted.all() else 0
        far = [*range(fewest, own - 1)] if own - 1 in curve.points else []
        far += range(own + 2, columns.rows + 1) if own + 1 in curve.points else ()
        for count in far:
            bound = max(p.base + p.count_dual * (count - n) for n, p in near)
            curve.points[count] = Point(-(-bound // DUAL_SCALE), None, None, 0, 0)
        self._curves[frozenset()] = curve
        return curve

    def _make_whole(self, curve: CostCurve, barred: frozenset[int]) -> None:
        """The relaxation for every count, from the same cold start as ever, so that the duals are those of any other run.

        Fills in what is missing of points that are not settled: duals that were dropped, bounds that were not asked for.
        """
        curve.take_over(self._bound_all(barred))

    def _settle(self, curve: CostCurve, point: Point, count: int, barred: frozenset[int]) -> Point | None:
        point.settled = True
        try:
            found = self._search(point, count, barred)
        except SearchTooLargeError:
            if (
                not curve.is_whole
            ):  # what the integer solver finds may depend on the duals: let them be those of the whole curve
                point.settled = False
                self._make_whole(curve, barred)
                return self._settle(curve, curve.points[count], count, barred)
            return self._settle_by_integers(curve, point, count, barred)
        if found is None:
            del curve.points[count]
            return None
        point.chosen = first_by_id(found, self.columns)
        point.lower = point.upper = self._cost_of(point.chosen)
        return point

    def _search(self, point: Point, count: int, barred: frozenset[int]) -> Optima | None:
        allowance = max(5_000 * DUAL_SCALE, abs(point.base) // 2_000)
        if point.upper is not None:
            allowance = point.upper * DUAL_SCALE - point.base
        try:
            return self._deepen(point, count, barred, allowance)
        except SearchTooLargeError:
            prices = self._count_prices(barred)
        return self._deepen(point, count, barred, allowance, prices)

    def _deepen(
        self, point: Point, count: int, barred: frozenset[int], allowance: int, prices: CountPrices | None = None
    ) -> Optima | None:
        """Search with a growing allowance until a plan is found or nothing was cut off."""
        limit = FIRST_LIMIT if prices is None else SEARCH_LIMIT
        spare = (0, 0)
        if prices is not None:
            fewest, most = prices
            spare = (count * DUAL_SCALE - sum(fewest), sum(most) - count * DUAL_SCALE)
            if min(spare) < 0:
                return None
        assert point.duals is not None
        reduced = self._reduced(point.duals, point.count_dual)
        while True:
            steps, left_out = self._steps(reduced, allowance, barred, prices)
            found, cut = shortest(steps, count, allowance, spare, limit)
            if found is not None or not (cut or left_out):
                return found
            allowance = max(allowance, DUAL_SCALE) * 5

    def _count_prices(self, barred: frozenset[int]) -> CountPrices:
        """Integer prices per row, in 1/840: no column pays more (less) than it counts, so uncovered rows bound counts."""
        key = barred
        if key not in self._prices:
            pair = []
            for sign in (1, -1):
                self.relaxation.reset()  # so that the prices do not depend on earlier questions
                self.relaxation.bar(barred)
                limit = self.relaxation.count_limit(sign)
                raw = limit.duals.tolist() if limit is not None else [0.0] * self.columns.rows
                prices = [round(v * DUAL_SCALE) for v in raw]
                for j, c in enumerate(self.columns.columns):
                    if j not in barred:
                        slack = sign * c.counted * DUAL_SCALE - over(c.rows, prices)
                        if slack < 0:
                            prices[(c.rows & -c.rows).bit_length() - 1] += slack
                pair.append([sign * v for v in prices])
            self._prices[key] = (pair[0], pair[1])
        return self._prices[key]

    def _steps(
        self, reduced: IntArray, allowance: int, barred: frozenset[int], prices: CountPrices | None
    ) -> tuple[list[list[Step]], bool]:
        """Row → the affordable columns that start there, cheapest first; and whether any was too dear."""
        steps: list[list[Step]] = [[] for _ in range(self.columns.rows)]
        affordable = np.nonzero(reduced <= allowance)[0]
        for j, price in zip(affordable.tolist(), reduced[affordable].tolist(), strict=True):
            if j in barred:
                continue
            c = self.columns.columns[j]
            under = beyond = 0
            if prices is not None:
                units = c.counted * DUAL_SCALE
                under, beyond = units - over(c.rows, prices[0]), over(c.rows, prices[1]) - units
            steps[(c.rows & -c.rows).bit_length() - 1].append((price, c.rows, c.counted, j, under, beyond))
        for row in steps:
            row.sort()
        return steps, len(affordable) < len(reduced)

    def _settle_by_integers(self, curve: CostCurve, point: Point, count: int, barred: frozenset[int]) -> Point | None:
        point.chosen = point.known
        if point.exact and point.chosen is not None:
            return point  # too many equal plans to look at; the relaxation's own is proven and as good as any
        self.relaxation.bar(barred)
        answer = self.relaxation.solve_integer(count, INTEGER_SECONDS)
        if answer is None:
            del curve.points[count]
            return None
        cost = self._cost_of(answer.chosen)
        if self.is_partition(answer.chosen, count) and (point.upper is None or cost < point.upper):
            point.chosen, point.upper = answer.chosen, cost
        if isfinite(answer.bound):
            # Costs are whole millionths, so a bound within half of one below the optimum proves it.
            point.lower = max(point.lower, ceil(answer.bound - 0.5))
            if point.upper is not None:
                point.lower = min(point.lower, point.upper)
        return point
