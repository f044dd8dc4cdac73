"""Values of consultation: questions of surveys. No Django here."""

from dataclasses import dataclass
from enum import StrEnum


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
