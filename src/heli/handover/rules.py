"""What may be asked of villages and how much it takes; where a village that ended goes on. Pure."""

import re
from collections.abc import Mapping, Sequence


def minutes_a_year(times: int, minutes: int) -> int:
    """What a task takes of one village in a year: so many times, so many minutes each time."""
    return times * minutes


def names_in(text: str) -> tuple[str, ...]:
    """The names that an entry of a list gives: its own, and those in brackets behind it (「证明」 and 「等」 left out)."""
    parts = [re.sub(r"等?(证明)?$", "", part.strip()) for part in re.split(r"[（）()、]", text)]
    return tuple(part for part in parts if part)


def find_barred(title: str, names: Mapping[str, str]) -> str:
    """The key of the entry that a title names; "" where it names none of the list.

    >>> find_barred("出具户籍证明", {"identity": "居民身份信息证明（户籍证明）"})
    'identity'
    """
    return next((key for key, text in names.items() if any(name in title for name in names_in(text))), "")


def find_listed(title: str, names: Mapping[str, str]) -> str:
    """The key of the entry that a title is, word for word; "" where it is none of the list."""
    return next((key for key, text in names.items() if title.strip() == text), "")


def heir_of(place: int, went: Mapping[int, Sequence[int]], standing: frozenset[int]) -> int | None:
    """Where a place that ended goes on: along the arrows (largest first) to the first that stands; None where it went nowhere."""
    seen: set[int] = set()
    while place not in standing:
        if place in seen or not went.get(place):
            return None
        seen.add(place)
        place = went[place][0]
    return place


def windows_wanted(former: int, seats: int) -> int:
    """Former villages that need an agency point: all but the one in which the new committee sits (`seats` are 0 or 1 a unit)."""
    return max(0, former - seats)
