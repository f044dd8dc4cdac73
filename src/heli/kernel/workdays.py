"""Chinese working days: which days are worked, and how to count with them.

Public holidays move Saturdays and Sundays about: a notice of the State Council's office says each autumn which days of the next
year are off and which weekend days are worked instead. `data/workdays/<year>.toml` holds one notice each; a year without one is
provisional: weekends and the holidays of fixed date are off, nothing else is known.
"""

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from heli.kernel.faults import Fault, Refused
from heli.kernel.packs import Key, Pack, Shape, find_file, find_files, load_pack, words_key

FIRST, LAST = date(2000, 1, 1), date(2079, 12, 31)
"""The days a calendar knows; others are refused."""
SATURDAY = 5
DAY = timedelta(days=1)
DATA = Path(__file__).parent / "data"

YEAR_KEYS: tuple[Key, ...] = (
    Key(
        "holidays", Shape.TABLES, "the holidays of the year in order",
        keys=(
            words_key("name", "the holiday"),
            Key("first", Shape.DAY, "the first day off"),
            Key("last", Shape.DAY, "the last day off"),
            Key("work", Shape.DAYS, "Saturdays and Sundays worked instead"),
        ),
    ),
)  # fmt: skip
FIXED_KEYS: tuple[Key, ...] = (
    Key(
        "holidays", Shape.TABLES, "the holidays of fixed date",
        keys=(
            words_key("name", "the holiday"),
            Key("month", Shape.WHOLE, "its month", least=1),
            Key("days", Shape.WHOLES, "its days of the month"),
        ),
    ),
)  # fmt: skip
MOVING_KEYS: tuple[Key, ...] = (
    Key(
        "holidays", Shape.TABLES, "the holidays that move",
        keys=(
            words_key("name", "the holiday"),
            Key("before", Shape.WHOLE, "how many days before it are off as well", least=0),
            Key("after", Shape.WHOLE, "how many days after it are off as well", least=0),
            Key("days", Shape.DAYS, "the day of the holiday in each year"),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearNotice:
    """What the notice of a year says: days off, and weekend days that are worked; some may lie in the December before."""

    off: frozenset[date]
    worked: frozenset[date]


def read_year(pack: Pack) -> YearNotice:
    """The notice of the year in which the file holds. Raises `Refused` for days of another year or make-up days that are none."""
    year, off, worked = pack.header.valid_from.year, set[date](), set[date]()
    faults: list[Fault] = []
    if pack.name != f"{year}.toml":
        message = f"The notice of {year} belongs into {year}.toml; give the file that name or mend valid_from."
        faults.append(pack.fault(("valid_from",), "year_of_file", message))
    for number, holiday in enumerate(pack.data["holidays"]):
        where = ("holidays", number)
        first, last = holiday["first"], holiday["last"]
        if not first <= last or not _is_of(first, year) or last.year != year:
            message = (
                f"A holiday runs from its first to its last day within {year}, or from December {year - 1} into it."
            )
            faults.append(pack.fault((*where, "first"), "holiday_days", message))
            continue
        off.update(first + DAY * day for day in range((last - first).days + 1))
        if any(not _is_of(day, year) or day.weekday() < SATURDAY for day in holiday["work"]):
            message = f"Make-up days are Saturdays or Sundays of {year}, or of the December before."
            faults.append(pack.fault((*where, "work"), "make_up_days", message))
        worked.update(holiday["work"])
    if both := off & worked:
        message = f"{min(both)} is both off and worked. Keep one."
        faults.append(pack.fault(("holidays",), "off_and_worked", message))
    if faults:
        raise Refused(faults)
    return YearNotice(frozenset(off), frozenset(worked))


def _is_of(day: date, year: int) -> bool:
    """Whether the notice of the year may speak of the day: New Year's Day may be joined with the weekend before it."""
    return day.year == year or (day.year, day.month) == (year - 1, 12)


class Calendar:
    """Working days from FIRST to LAST. Counting is a subtraction of two `index` values."""

    def __init__(
        self,
        notices: Mapping[int, YearNotice],
        fixed: Collection[tuple[int, int]] = (),
        moving: Collection[date] = (),
    ) -> None:
        """`notices` by year; `fixed` are (month, day), `moving` days, that are off in the years without a notice."""
        self.notices = dict(notices)
        off, worked = set[date](), set[date]()
        for year in sorted(notices):  # the later notice has the last word on a December
            off = (off - notices[year].worked) | notices[year].off
            worked = (worked - notices[year].off) | notices[year].worked
        self._days: list[date] = []
        self._indexes = array("H")
        day = FIRST
        while day <= LAST:
            is_free = day.weekday() >= SATURDAY or day in off
            if day.year not in notices:
                is_free = is_free or (day.month, day.day) in fixed or day in moving
            if day in worked or not is_free:
                self._days.append(day)
            self._indexes.append(len(self._days))
            day += DAY

    def index(self, day: date) -> int:
        """How many working days there are from FIRST up to and including the day. Raises `Refused` outside FIRST and LAST."""
        if not FIRST <= day <= LAST:
            raise _outside(day)
        return self._indexes[day.toordinal() - FIRST.toordinal()]

    def day_at(self, index: int) -> date:
        """The working day with this index, from 1. Raises `Refused` where the calendar ends."""
        if not 1 <= index <= len(self._days):
            raise _outside(FIRST if index < 1 else LAST)
        return self._days[index - 1]

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked."""
        return self._days[self.index(day) - 1] == day

    def count(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is the earlier."""
        return self.index(end) - self.index(start)

    def add(self, day: date, days: int) -> date:
        """The n-th working day after the day; with a negative number before it; with 0 the day itself."""
        if days == 0:
            return day
        # Seen from a free day, the index already stands on the working day before it.
        return self.day_at(self.index(day) + days + (days < 0 and not self.is_workday(day)))

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first working day after it."""
        return day if self.is_workday(day) else self.add(day, 1)

    def is_official(self, year: int) -> bool:
        """Whether the notice of the year is known."""
        return year in self.notices

    def is_provisional(self, day: date) -> bool:
        """Whether what is said of the day may change with the notice of its year."""
        return not self.is_official(day.year)


def _outside(day: date) -> Refused:
    message = f"The calendar knows the days from {FIRST} to {LAST}; choose a day between them."
    return Refused(Fault("day_outside_calendar", message, field="on", source=str(day)))


def load_holidays() -> tuple[set[tuple[int, int]], set[date]]:
    """What the law makes holidays: (month, day) of every year, and days of the festivals that move. Raises `Refused`."""
    fixed = load_pack(find_file(DATA / "fixed_holidays.toml", "fixed_holidays.toml"), FIXED_KEYS)
    moving = load_pack(find_file(DATA / "moving_holidays.toml", "moving_holidays.toml"), MOVING_KEYS)
    return (
        {(holiday["month"], day) for holiday in fixed.data["holidays"] for day in holiday["days"]},
        {
            day + DAY * beside
            for holiday in moving.data["holidays"]
            for day in holiday["days"]
            for beside in range(-holiday["before"], holiday["after"] + 1)
        },
    )


def load_calendar() -> Calendar:
    """The calendar from the shipped notices and those of the locality (`workdays/2027.toml`). Raises `Refused`."""
    packs = [load_pack(path, YEAR_KEYS) for path in find_files(DATA / "workdays", "workdays").values()]
    return Calendar({pack.header.valid_from.year: read_year(pack) for pack in packs}, *load_holidays())


@cache
def calendar() -> Calendar:
    """The calendar of this installation, read once."""
    return load_calendar()
