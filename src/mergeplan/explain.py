"""placeholder"""

from __future__ import annotations

from typing import Any

from mergeplan.types import Explanation


def explain_infeasible(*a: Any) -> tuple[Explanation, ...]:
    return (Explanation("x","x"),)


def explain_plan(*a: Any) -> tuple[Explanation, ...]:
    return (Explanation("x","x"),)
