"""What every question answers, whatever its form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from mergeplan.types import Status

Line = Mapping[str, object]
"""One line for people: columns and values; x and y where the thing has a place."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The answer: `objective` None when infeasible, `bound` ≤ every possible objective; `parts` is what the form answers besides,
    `lines` the same as a table."""

    form: str
    status: Status
    objective: int | None
    bound: int | None
    explanation: tuple[str, ...]
    parts: Mapping[str, object]
    lines: tuple[Line, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The answer of the form, keys in a fixed order."""
        head = {"form": self.form, "status": self.status.value, "objective": self.objective, "bound": self.bound}
        return {**head, **self.parts, "explanation": list(self.explanation)}

    def dump(self) -> bytes:
        """UTF-8 JSON, one line per top-level key; the same question in any order gives the same bytes."""
        lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in self.as_json().items())
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def infeasible(form: str, *explanation: str) -> Solved:
    """No answer keeps all rules, and why."""
    return Solved(form, Status.INFEASIBLE, None, None, explanation, {})


def proof(objective: int, bound: int) -> Status:
    """Whether a bound proves an objective."""
    return Status.OPTIMAL if bound >= objective else Status.FEASIBLE
