"""Rules of the appraisal year: which grades people may give where the rule has added up, when an office is talked about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ORDER = ("incompetent", "basic", "competent", "excellent")
BALLOTS = ("excellent", "good", "fair", "poor")


def grades_open(parts: Mapping[str, Any]) -> tuple[str, ...]:
    """The grades that people may give: what the rule says or a lower one with a reason; on the line, excellent or below.

    None while something is missing: incomplete is never nought.
    """
    grade = parts.get("grade", "")
    if not grade:
        return ()
    top = "excellent" if grade == "decide" else grade
    return ORDER[: ORDER.index(top) + 1]


def needs_reason(parts: Mapping[str, Any], grade: str) -> bool:
    """Whether a person has to say why: on the line either way, and for a grade below what the rule says."""
    return parts.get("grade") == "decide" or parts.get("grade") != grade


def places_left(peers: Sequence[str], decided: Iterable[str], share: tuple[int, int]) -> int:
    """How many of a group may still be excellent: ⌊size · share⌋ less those who are by the rule or by people.

    `peers`: what the rule says of each of the group; `decided`: grades that people gave to those on the line.
    """
    taken = sum(one == "excellent" for one in peers) + sum(one == "excellent" for one in decided)
    return len(peers) * share[0] // share[1] - taken


def is_unfit(ballots: Mapping[str, int]) -> bool:
    """Whether more than half of the ballots say 不称职."""
    return 2 * ballots.get("poor", 0) > sum(ballots.get(word, 0) for word in BALLOTS)


def is_told(years: Sequence[Mapping[str, int] | None]) -> bool:
    """不称职 in this year and the one before (newest first; None: no democratic appraisal was held).

    Law: 村民委员会组织法 (2025) Art. 38: twice running ends the office. It is told; a person acts.
    """
    return len(years) >= 2 and all(one is not None and is_unfit(one) for one in years[:2])
