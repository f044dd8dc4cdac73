"""Where a unit stands on the way to its committee, the worst first; and which steps of the procedure were kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ROLL_DAYS = 20
HANDOVER_DAYS = 10
HANDOVER = timedelta(days=HANDOVER_DAYS)


class UnitStage(StrEnum):
    """Where a unit stands; the order is that of the board."""

    SET_ASIDE = "set_aside"
    VOID = "void"
    DIFFERS = "differs"
    OBJECTION = "objection"
    SECOND_BALLOT = "second_ballot"
    HANDOVER_LATE = "handover_late"
    ROLL_LATE = "roll_late"
    NOBODY = "nobody"
    TO_DECLARE = "to_declare"
    COUNTING = "counting"
    REVIEW = "review"
    INTENDED = "intended"
    SETTLED = "settled"
    ELECTED = "elected"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class ContestFacts:
    """What the stage of a contest follows from: counts of sheets and nominees, days, the declared status ("" before); of what
    is no committee the law asks neither roll nor review nor handover."""

    on: date
    readiness: str = "open"
    seats: int = 0
    nominees: int = 0
    not_reviewed: int = 0
    roll_on: date | None = None
    has_registered: bool = False
    sheets: int = 0
    keyed: int = 0
    differ: int = 0
    agreed: int = 0
    status: str = ""
    declared_on: date | None = None
    handed_over_on: date | None = None
    open_objections: int = 0
    is_set_aside: bool = False
    is_committee: bool = True


def stage_of(facts: ContestFacts, on: date) -> UnitStage:
    """Where a contest stands on a day: the first stage that holds, of the declared ones and then of the others."""
    is_declared, is_asked = facts.declared_on is not None, facts.is_committee
    ways = {
        UnitStage.SET_ASIDE: facts.is_set_aside,
        UnitStage.VOID: facts.status.startswith("void"),
        UnitStage.DIFFERS: facts.differ > 0,
        UnitStage.OBJECTION: facts.open_objections > 0,
        UnitStage.SECOND_BALLOT: facts.status in {"incomplete", "revote"},
        UnitStage.HANDED_OVER: is_declared and facts.handed_over_on is not None,
        UnitStage.HANDOVER_LATE: is_asked and facts.declared_on is not None and on > facts.declared_on + HANDOVER,
        UnitStage.ELECTED: is_declared,
        UnitStage.TO_DECLARE: 0 < facts.sheets == facts.agreed,
        UnitStage.COUNTING: facts.keyed > 0,
        UnitStage.ROLL_LATE: is_asked and facts.roll_on is None and on > facts.on - timedelta(days=ROLL_DAYS),
        UnitStage.NOBODY: facts.readiness == "open",
        UnitStage.REVIEW: is_asked and facts.not_reviewed > 0,
        UnitStage.SETTLED: facts.readiness == "settled",
        UnitStage.INTENDED: True,
    }
    return next(stage for stage, holds in ways.items() if holds)


def steps_kept(facts: ContestFacts) -> Iterator[tuple[str, bool]]:
    """Steps of the procedure of a declared contest, and whether each was kept: roll, review, two keyings, validity, handover."""
    yield "roll", facts.roll_on is not None and (facts.on - facts.roll_on).days >= ROLL_DAYS
    yield "review", facts.nominees > facts.seats and not facts.not_reviewed
    yield "keyed", facts.sheets > 0 and facts.agreed == facts.sheets
    yield "valid", bool(facts.status) and not facts.status.startswith("void") and not facts.is_set_aside
    if facts.handed_over_on is not None and facts.declared_on is not None:
        yield "handover", (facts.handed_over_on - facts.declared_on).days <= HANDOVER_DAYS
