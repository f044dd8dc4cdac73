"""Values of consultation: days of notices, questions of surveys. No Django here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class NoticeDays:
    """When a notice hangs, and the day it is for where it is posted before one."""

    first_on: date
    last_on: date
    for_on: date | None = None

    @property
    def counted(self) -> int:
        """Days on the wall, or from posting to the day it is for: the day of posting is not counted (Civil Code Art. 201)."""
        return ((self.for_on or self.last_on) - self.first_on).days


class AnswerKind(StrEnum):
    """What a question of a questionnaire takes: one option or several."""

    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an anonymous questionnaire. `role` says which rate its first option counts for: "aware", "support" or none."""

    key: str
    text: str
    options: tuple[tuple[str, str], ...]
    answering: AnswerKind = AnswerKind.ONE
    role: str = ""
