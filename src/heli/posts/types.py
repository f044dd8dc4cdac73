"""What is known of whoever holds a post for the five requirements. No Django here."""

from dataclasses import dataclass
from enum import StrEnum


class Sex(StrEnum):
    """As the holder's papers say."""

    FEMALE = "female"
    MALE = "male"


class Education(StrEnum):
    """The highest school that was finished."""

    MIDDLE = "middle"
    HIGH = "high"
    COLLEGE = "college"
    UNIVERSITY = "university"


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Sex, birth year and month ("1980-05"), education, membership of whoever holds a post; None where it is not known."""

    sex: Sex | None = None
    born: str = ""
    education: Education | None = None
    is_member: bool | None = None
