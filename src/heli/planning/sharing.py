"""Pure rules of planning several districts together: one count of all, and how it falls to the districts.

Facts in, values or findings out. Nothing here solves, reads the register or knows Django.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from heli.kernel.quantities import largest_remainder, round_half_up
from heli.planning.rules import check_numbers, compute_at_most, compute_needed
from heli.planning.types import Goal, GoalKind, PlanRules, RuleFinding

SCALE = 10_000
LINE = re.compile(r"^(?P<name>.*?)[\s,，;；:：]+(?P<value>\d+(?:[.．]\d{1,2})?)\s*(?P<percent>[%％]?)$")


class Way(StrEnum):
    """How the count of all falls to the districts."""

    FOUND_BEST = "found_best"
    HANDED_DOWN = "handed_down"


class PartStatus(StrEnum):
    """What came out for one district; the first three are the planner's own words."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNPLANNED = "unplanned"


@dataclass(frozen=True, slots=True)
class DistrictQuota:
    """What is handed down to one district: a number of villages, or a reduction in hundredths of a percent."""

    district: int
    count: int | None = None
    reduction: int | None = None

    def number(self, before: int) -> int:
        """The number of villages that this leaves of `before`."""
        if self.count is not None:
            return self.count
        return compute_needed(self.reduction or 0, before)


@dataclass(frozen=True, slots=True)
class Named:
    """A district as a person may write it: its name or its code."""

    district: int
    name: str
    code: str


def parse_shares(text: str, districts: Sequence[Named]) -> tuple[list[DistrictQuota], list[RuleFinding]]:
    """Lines "name or code, number or percentage" (as pasted from a spreadsheet) as shares; every line that is none is told."""
    known = {written: row.district for row in districts for written in (row.name, row.code, row.code[:6]) if written}
    shares: dict[int, DistrictQuota] = {}
    found: list[RuleFinding] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words:
            continue
        match = LINE.match(words)
        district = known.get(match["name"].strip()) if match else None
        values = {"line": number, "text": words[:60]}
        if match is None or ("." in match["value"] and not match["percent"]):
            found.append(RuleFinding("share.unreadable", "shares", values))
        elif district is None:
            found.append(RuleFinding("share.unknown", "shares", values))
        elif district in shares:
            found.append(RuleFinding("share.twice", "shares", values))
        else:
            shares[district] = _share(district, match["value"].replace("．", "."), is_percent=bool(match["percent"]))
    return list(shares.values()), found


def _share(district: int, value: str, *, is_percent: bool) -> DistrictQuota:
    if not is_percent:
        return DistrictQuota(district, count=int(value))
    whole, _, part = value.partition(".")
    return DistrictQuota(district, reduction=int(whole) * 100 + int(part.ljust(2, "0")))


def check_joint(
    rules: PlanRules, way: Way, shares: Sequence[DistrictQuota], before: Mapping[int, int], names: Mapping[int, str]
) -> list[RuleFinding]:
    """Whether districts (villages before, by district) can be planned together under the rules and the given shares."""
    if not before:
        return [RuleFinding("joint.empty", "districts")]
    total_before = sum(before.values())
    if not total_before:
        return [RuleFinding("joint.no_villages", "on")]
    found = check_numbers(rules, total_before)
    if found or way is Way.FOUND_BEST:
        return found
    for share in shares:
        if share.district not in before:
            found.append(RuleFinding("share.elsewhere", "shares", {"name": names.get(share.district, "")}))
        elif not 1 <= share.number(before[share.district]) <= before[share.district]:
            values = {"name": names.get(share.district, ""), "before": before[share.district]}
            found.append(RuleFinding("share.range", "shares", values))
    return found or _check_sum(rules, shares, before)


def _check_sum(rules: PlanRules, shares: Sequence[DistrictQuota], before: Mapping[int, int]) -> list[RuleFinding]:
    total = compute_at_most(rules, sum(before.values())) or 0
    given = sum(share.number(before[share.district]) for share in shares)
    others = [n for district, n in before.items() if n and district not in {share.district for share in shares}]
    fits = len(others) <= total - given <= sum(others)
    if not others and rules.goal.kind is not GoalKind.EXACTLY:
        fits = given <= total  # fewer than at most so many
    values = {"given": given, "total": total, "others": len(others), "left": total - given, "most": sum(others)}
    if fits:
        return []
    return [RuleFinding("share.sum_rest" if others else "share.sum", "shares", values)]


def compute_numbers(total: int, shares: Sequence[DistrictQuota], before: Mapping[int, int]) -> dict[int, int]:
    """Every district's number: what was given, and the rest of the total in proportion to the villages before.

    Districts without villages are left out. Largest remainders make the sum exact; no district falls to none.
    """
    numbers = {share.district: share.number(before[share.district]) for share in shares}
    others = sorted(district for district, n in before.items() if n and district not in numbers)
    parts = (
        largest_remainder(total - sum(numbers.values()), [before[district] for district in others]) if others else []
    )
    for at, part in enumerate(parts):
        if part == 0:
            largest = max(range(len(parts)), key=lambda i: (parts[i], -i))
            parts[at], parts[largest] = 1, parts[largest] - 1
    return numbers | dict(zip(others, parts, strict=True))


def compute_target(rules: PlanRules, *, people: int, before: int, whole_before: int, total: int) -> int:
    """The population a new village of one district is measured against: its average if every district reduced alike.

    It does not depend on what falls to the district, so that all ways of sharing a total are measured by the same costs.
    """
    return rules.target_population or max(round_half_up(people * whole_before, max(before * total, 1)), 1)


def compute_part_rules(rules: PlanRules, kind: GoalKind, count: int, target: int) -> PlanRules:
    """The rules of one district's own scenario: the common ones with its number and its target population."""
    return replace(rules, goal=Goal(kind, count=count, reduction=rules.goal.reduction), target_population=target)
