"""Which open matters are alike: near by, and in the same words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

NEAR_M = 50
"""Metres within which two reports may be of the same thing."""
METRES_PER_E6 = 0.111_320
"""Metres of a millionth of a degree of latitude."""
ALIKE = 0.18
"""The least share of common pairs of signs that is called the same words, in the same place and without points."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A matter as it is compared: its key, its place, its words, its point (millionths of a degree) if it has one."""

    key: int
    place: int
    words: str
    item: str = ""
    point: tuple[int, int] | None = None


def likeness(a: str, b: str) -> float:
    """The share of pairs of neighbouring signs that both texts have (Dice), from 0 to 1."""
    one, other = _pairs(a), _pairs(b)
    both = sum((one & other).values())
    return 2 * both / (one.total() + other.total()) if both else 0.0


def _pairs(text: str) -> Counter[str]:
    signs = [sign for sign in text.lower() if sign.isalnum()]
    return Counter(a + b for a, b in pairwise(signs))


def distance_m(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Metres between two points (longitude, latitude in millionths of a degree) of one district."""
    narrow = cos(radians((a[1] + b[1]) / 2e6))
    return METRES_PER_E6 * hypot((a[0] - b[0]) * narrow, a[1] - b[1])


def rank_alike(new: Sighting, known: Sequence[Sighting], most: int = 3) -> list[int]:
    """Keys of the matters most like the new one: within 50 m by words, nearest first; without points those of the same place
    in the same words. None that lies farther than 50 m away."""
    found = []
    for one in known:
        alike = likeness(new.words, one.words) + (0.2 if new.item and new.item == one.item else 0)
        if new.point and one.point:
            metres = distance_m(new.point, one.point)
            if metres <= NEAR_M:
                found.append((-(alike + 0.5 * (1 - metres / NEAR_M)), one.key))
        elif new.place == one.place and alike >= ALIKE:
            found.append((-alike, one.key))
    return [key for _rank, key in sorted(found)[:most]]
