"""Rules of points: what an act earns, how much of a month's cap is left, and a balance as the fold of its lines."""

from collections.abc import Iterable
from functools import reduce

from heli.points.types import EarnedPer, Line, Sum

MOST_MINUTES = 24 * 60
"""Of one shift."""


def compute_points(points: int, per: EarnedPer, cap: int, minutes: int, earned: int) -> int:
    """What an act earns: each time, or for each whole hour's share rounded down; never above what the month has left."""
    asked = points if per is EarnedPer.TIME else points * minutes // 60
    return max(0, min(asked, cap - earned))


def fold(lines: Iterable[Line]) -> Sum:
    """The balance: every line added up, whatever their order; a reversal takes its line out again."""
    return reduce(lambda sum, one: Sum(sum.points + one.points, sum.minutes + one.minutes, sum.lines + 1), lines, Sum())


def standing(lines: Iterable[Line]) -> list[Line]:
    """The lines that were not reversed."""
    kept = list(lines)
    gone = {one.reverses for one in kept if one.reverses}
    return [one for one in kept if not one.reverses and one.public_id not in gone]
