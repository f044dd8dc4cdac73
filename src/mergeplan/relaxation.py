"""The linear relaxation of one town's set partition, solved again and again for changing counts and barred columns.

    minimise Σ c_j x_j   with   Σ_{j covers row} x_j = 1,   Σ counted_j x_j = N,   x ≥ 0

HiGHS works in floating point, so nothing here is taken as proof except infeasibility: the caller turns the duals into
integers and derives its own bounds (`partition`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from mergeplan.columns import Columns
from mergeplan.towns import FloatArray, IntArray
from mergeplan.types import MergeplanError


@dataclass(frozen=True, slots=True)
class LinearSolution:
    """Primal values per column, duals per row, dual of the count."""

    values: FloatArray
    duals: FloatArray
    count_dual: float
    objective: float


@dataclass(frozen=True, slots=True)
class IntegerSolution:
    """Chosen columns and the solver's lower bound."""

    chosen: tuple[int, ...]
    bound: float


def _matrix(columns: Columns) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Compressed columns (starts, row numbers); the count is the last row."""
    starts, rows, _, counted = columns.arrays
    counting = np.nonzero(counted)[0]
    indices = np.insert(rows, starts[counting + 1], columns.rows)
    return (starts + np.concatenate(([0], np.cumsum(counted)))).astype(np.int32), indices.astype(np.int32)


class LinearRelaxation:
    """HiGHS by its own interface: the basis is kept from one solve to the next."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._size = len(columns.columns)
        self._barred: frozenset[int] = frozenset()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self._size, columns.rows + 1
        lp.col_cost_ = columns.arrays.cost.astype(np.float64)
        # No upper bounds: the rows imply x ≤ 1, and bounds would hide part of the price in their own duals.
        lp.col_lower_, lp.col_upper_ = np.zeros(self._size), np.full(self._size, highspy.kHighsInf)
        lower = np.ones(columns.rows + 1)
        upper = np.ones(columns.rows + 1)
        lower[-1], upper[-1] = 0, highspy.kHighsInf
        lp.row_lower_, lp.row_upper_ = lower, upper
        starts, indices = _matrix(columns)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = starts, indices
        lp.a_matrix_.value_ = np.ones(len(indices))
        self._lp = lp
        self._highs = self._load(lp)

    def _load(self, lp: Any) -> Any:
        h: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
        h.setOptionValue("output_flag", False)
        h.setOptionValue("log_to_console", False)
        # Changing `threads` within a process makes later runs fail, so it is 1 everywhere; towns run side by side instead.
        h.setOptionValue("threads", 1)
        h.setOptionValue("random_seed", 0)
        h.setOptionValue("presolve", "off")
        h.setOptionValue("solver", "simplex")
        if h.passModel(lp) == highspy.HighsStatus.kError:
            raise MergeplanError("HiGHS refused the model of a town")
        return h

    def bar(self, columns: Iterable[int]) -> None:
        """Let exactly these columns stay at zero from now on."""
        wanted = frozenset(columns)
        for j in sorted(self._barred ^ wanted):
            self._highs.changeColBounds(j, 0.0, 0.0 if j in wanted else highspy.kHighsInf)
        self._barred = wanted

    def reset(self) -> None:
        """Forget the last basis."""
        self._highs.clearSolver()

    def solve(self, count: int | None) -> LinearSolution | None:
        """Optimum for this count (None: any); None when infeasible."""
        h, status = self._highs, highspy.HighsModelStatus
        if count is None:
            h.changeRowBounds(self._columns.rows, 0.0, highspy.kHighsInf)
        else:
            h.changeRowBounds(self._columns.rows, float(count), float(count))
        h.run()
        outcome = h.getModelStatus()
        if outcome not in (status.kOptimal, status.kInfeasible):
            h.clearSolver()  # drop a basis that led astray, once
            h.run()
            outcome = h.getModelStatus()
        if outcome == status.kInfeasible:
            return None
        if outcome != status.kOptimal:
            raise MergeplanError(f"HiGHS stopped with {h.modelStatusToString(outcome)}")
        solution = h.getSolution()
        duals = np.asarray(solution.row_dual)
        return LinearSolution(
            np.asarray(solution.col_value), duals[:-1], float(duals[-1]), float(h.getObjectiveValue())
        )

    def count_at(self, price: float) -> int | None:
        """Units of the optimum, rounded, when each costs `price` less; None when infeasible."""
        arrays = self._columns.arrays
        solution = self._with_costs(arrays.cost - price * arrays.counted)
        return None if solution is None else round(float(solution.values @ arrays.counted))

    def count_limit(self, sign: int) -> LinearSolution | None:
        """Optimum when `sign`·(number of units) is minimised instead of the cost; None when infeasible."""
        return self._with_costs(sign * self._columns.arrays.counted)

    def _with_costs(self, costs: IntArray | FloatArray) -> LinearSolution | None:
        """Optimum at any count when columns cost something else for once."""
        every = np.arange(self._size, dtype=np.int32)
        self._highs.changeColsCost(self._size, every, costs.astype(np.float64))
        solution = self.solve(None)
        self._highs.changeColsCost(self._size, every, self._columns.arrays.cost.astype(np.float64))
        return solution

    def solve_integer(self, count: int, seconds: float, target: float | None = None) -> IntegerSolution | None:
        """Best partition for this count, or one that costs no more than `target`; None when infeasible."""
        lp = self._lp
        upper = np.ones(self._size)
        upper[list(self._barred)] = 0
        lp.col_upper_ = upper
        low, high = np.ones(self._columns.rows + 1), np.ones(self._columns.rows + 1)
        low[-1] = high[-1] = count
        lp.row_lower_, lp.row_upper_ = low, high
        lp.integrality_ = [highspy.HighsVarType.kInteger] * self._size
        h = self._load(lp)
        lp.integrality_ = []
        h.setOptionValue("presolve", "choose")
        h.setOptionValue("solver", "choose")
        h.setOptionValue("mip_rel_gap", 0.0)
        h.setOptionValue("mip_abs_gap", 0.9)
        h.setOptionValue("time_limit", float(seconds))
        if target is not None:
            h.setOptionValue("objective_target", float(target))
        h.run()
        status = h.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        info = h.getInfo()
        values = np.asarray(h.getSolution().col_value)
        chosen = tuple(int(j) for j in np.nonzero(values > 0.5)[0]) if len(values) else ()
        return IntegerSolution(chosen, float(info.mip_dual_bound))
