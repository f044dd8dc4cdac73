"""Half-open periods of days: `[start, end)`, with an open end for what is still valid."""

from dataclasses import dataclass
from datetime import date

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""What a day of the register may be: a slip of the pen (0202, 9999) is refused before sums of days run over the calendar."""


def is_plausible(day: date) -> bool:
    """Whether the day can be meant."""
    return FIRST_DAY <= day <= LAST_DAY


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` (included) to `end` (excluded); `end is None` means still valid."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"period ends {self.end} before or on its start {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether the two periods share a day."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)
