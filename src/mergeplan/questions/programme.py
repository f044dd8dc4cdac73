"""A mixed-integer programme, row by row, solved by HiGHS the same way every time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import highspy
import numpy as np

from mergeplan.towns import FloatArray
from mergeplan.types import MergeplanError

SLACK = 1e-4
"""HiGHS works in floating point: objectives here are integers, so a bound is rounded up but for this."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Whole values of the columns, the solver's lower bound as an integer, and the solver's own objective, rounded."""

    values: tuple[int, ...]
    objective: int
    bound: int


class Programme:
    """Minimise Σ cost · x over columns that are whole numbers, unless told otherwise, subject to rows."""

    def __init__(self) -> None:
        self._cost: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[Mapping[int, float], float, float]] = []

    def column(self, cost: float = 0, low: float = 0, high: float = 1, *, whole: bool = True) -> int:
        """A new column's number."""
        self._cost.append(cost)
        self._low.append(low)
        self._high.append(high)
        self._whole.append(whole)
        return len(self._cost) - 1

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row(self, terms: Iterable[tuple[int, float]], low: float = -inf, high: float = inf) -> int:
        """low ≤ Σ factor · x ≤ high; factors of one column add up. Its number."""
        summed: dict[int, float] = {}
        for column, factor in terms:
            summed[column] = summed.get(column, 0) + factor
        self._rows.append((summed, low, high))
        return len(self._rows) - 1

    def bounds(self, row: int, low: float, high: float) -> None:
        """Other bounds of a row."""
        self._rows[row] = (self._rows[row][0], low, high)

    def costs(self, costs: Mapping[int, float]) -> None:
        """Ask for something else: these columns cost that much, all others nothing."""
        self._cost = [costs.get(column, 0) for column in range(len(self._cost))]

    def fix(self, column: int, value: int) -> None:
        """Hold a column at a value."""
        self._low[column] = self._high[column] = value

    def minimise(
        self, seconds: float = inf, *, nodes: int | None = None, start: Collection[int] = ()
    ) -> Optimum | None:
        """The best found, proven when objective and bound meet; None when there is none.

        `nodes` ends the search on every machine at the same place, `seconds` where it happens to be; `start` names the columns
        that are 1 in an answer known. Raises `MergeplanError` when it ends with neither.
        """
        limit: dict[str, object] = {"time_limit": float(seconds)} if seconds < inf else {}
        limit |= {} if nodes is None else {"mip_max_nodes": nodes}
        h = quiet_highs(mip_rel_gap=0.0, mip_abs_gap=0.9, **limit)
        h.passModel(self.model())
        if start:
            every = np.arange(len(self._cost), dtype=np.int32)
            known = [float(column in start) for column in every.tolist()]
            must = np.array(self._whole)
            h.setSolution(int(must.sum()), every[must], np.array(known)[must])
        h.run()
        status, states = h.getModelStatus(), highspy.HighsModelStatus
        if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
            return None
        values, info = h.getSolution().col_value, h.getInfo()
        if not self._cost:
            return Optimum((), 0, 0)
        if (
            len(values) < len(self._cost)
            or info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible
        ):
            raise MergeplanError(f"HiGHS stopped with {h.modelStatusToString(status)}")
        whole = tuple(round(value) for value in values)
        objective = round(info.objective_function_value)
        is_mixed = any(self._whole)
        bound = info.mip_dual_bound if is_mixed else info.objective_function_value
        least = ceil(bound - SLACK * max(1.0, abs(bound) * 1e-6)) if bound > -inf else -(10**18)
        return Optimum(whole, objective, min(least, objective))

    def model(self) -> Any:
        """The programme as HiGHS takes it."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self._cost), len(self._rows)
        lp.col_cost_ = np.array(self._cost, dtype=np.float64)
        lp.col_lower_ = np.array(self._low, dtype=np.float64)
        lp.col_upper_ = np.array([highspy.kHighsInf if high == inf else high for high in self._high], dtype=np.float64)
        lp.row_lower_ = np.array([low for _terms, low, _high in self._rows], dtype=np.float64)
        lp.row_upper_ = np.array([high for _terms, _low, high in self._rows], dtype=np.float64)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        starts = np.cumsum([0, *(len(terms) for terms, _low, _high in self._rows)])
        lp.a_matrix_.start_ = starts.astype(np.int32)
        lp.a_matrix_.index_ = np.array([c for terms, _low, _high in self._rows for c in terms], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([f for terms, _l, _h in self._rows for f in terms.values()], dtype=np.float64)
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self._whole]
        return lp


class ProgrammeRelaxation:
    """A programme whose columns need not be whole, solved again and again with one row's value changed."""

    def __init__(self, programme: Programme) -> None:
        lp = programme.model()
        lp.integrality_ = []
        self._highs = quiet_highs(presolve="off", solver="simplex")
        self._highs.passModel(lp)

    def solve(self, row: int, value: float) -> tuple[FloatArray, FloatArray]:
        """Values of the columns and prices of the rows. Raises `MergeplanError` when there is no solution."""
        self._highs.changeRowBounds(row, float(value), float(value))
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise MergeplanError(f"HiGHS stopped with {self._highs.modelStatusToString(status)}")
        solution = self._highs.getSolution()
        return np.asarray(solution.col_value), np.asarray(solution.row_dual)


def quiet_highs(**options: object) -> Any:
    """HiGHS, silent, with one thread and a fixed seed."""
    h: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types
    for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
        h.setOptionValue(name, value)
    return h
