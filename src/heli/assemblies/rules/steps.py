"""The four steps 四议两公开: which come before which, and what is missing before one of them."""

from collections.abc import Mapping, Sequence
from datetime import date

STEPS = ("proposed", "discussed", "reviewed", "resolved", "decision_notice", "result_notice")
"""In their order; each is the column of the matter that holds it."""
PARTY, ASSEMBLIES = (
    ("party_members",),
    ("villagers_assembly", "villagers_congress", "residents_assembly", "residents_congress"),
)
BODIES_OF_STEP: Mapping[str, Sequence[str]] = {"reviewed": PARTY, "resolved": ASSEMBLIES}


def step_of(body: str) -> str:
    """The step that a body's sitting is; "" for none."""
    return next((step for step, bodies in BODIES_OF_STEP.items() if body in bodies), "")


def missing_before(step: str, done: Mapping[str, date]) -> list[str]:
    """The steps before one that were not taken, in order. `done`: the day of each that was."""
    return [one for one in STEPS[: STEPS.index(step)] if one not in done]


def too_early(step: str, on: date, done: Mapping[str, date]) -> date | None:
    """The day of the step before, where this one would be taken before it."""
    before = [done[one] for one in STEPS[: STEPS.index(step)] if one in done]
    return max(before) if before and on < max(before) else None
