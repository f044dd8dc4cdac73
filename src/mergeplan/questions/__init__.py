"""Other questions with a proof, each a fixed form of JSON: read, solved, and checked by code of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mergeplan.questions.answers import Solved
from mergeplan.questions.checks.grids import check_grids
from mergeplan.questions.checks.layout import check_layout
from mergeplan.questions.checks.pairing import check_pairing
from mergeplan.questions.checks.points import check_points
from mergeplan.questions.grids import GRIDS_FORM, read_grids, solve_grids
from mergeplan.questions.layout import LAYOUT_FORM, read_layout, solve_layout
from mergeplan.questions.pairing import PAIRING_FORM, read_pairing, solve_pairing
from mergeplan.questions.points import POINTS_FORM, read_points, solve_points
from mergeplan.types import Flaw, InstanceError, RequestError

__all__ = ["FORMS", "Solved", "check_answer", "solve_question"]


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """How a form is read, solved (`explain`: what runners-up cost), and an answer to it checked."""

    read: Callable[[Mapping[str, Any]], Any]
    solve: Callable[..., Solved]
    check: Callable[[Mapping[str, Any], Mapping[str, Any]], list[Flaw]]
    has_curve: bool = False


FORMS: Mapping[str, QuestionForm] = {
    GRIDS_FORM: QuestionForm(read_grids, solve_grids, check_grids, has_curve=True),
    LAYOUT_FORM: QuestionForm(read_layout, solve_layout, check_layout),
    PAIRING_FORM: QuestionForm(read_pairing, solve_pairing, check_pairing),
    POINTS_FORM: QuestionForm(read_points, solve_points, check_points, has_curve=True),
}


def solve_question(raw: Mapping[str, Any], *, explain: bool = False, curve: bool = False) -> Solved:
    """The answer to a decoded file that says its form. Raises `InstanceError` with every flaw, by field and entry."""
    asked = _form(raw)
    if curve and not asked.has_curve:
        raise RequestError(f"{raw['form']} has no curve")
    return asked.solve(asked.read(raw), explain=explain, **({"curve": True} if curve else {}))


def check_answer(raw: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Flaw]:
    """Everything wrong with an answer, recomputed from the file; empty when it stands. Raises `InstanceError` for a bad file."""
    asked = _form(raw)
    asked.read(raw)
    if answer.get("form") != raw["form"]:
        return [Flaw("form", f"is {answer.get('form')!r:.60}, the file is {raw['form']}", "form")]
    if answer.get("status") == "infeasible":
        return []
    return asked.check(raw, answer)


def _form(raw: Mapping[str, Any]) -> QuestionForm:
    form = raw.get("form")
    if not isinstance(form, str) or form not in FORMS:
        raise InstanceError(
            (Flaw("form", f"{form!r:.60} is no known form", "form", None, f"known are {', '.join(FORMS)}"),)
        )
    return FORMS[form]
