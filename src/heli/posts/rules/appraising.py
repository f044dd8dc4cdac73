"""How a score comes about: facts to scores, unused weights shared, one rounding at the end, a cap on "excellent"."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

WHOLE = 10_000
PANEL_POINTS = {"excellent": 10_000, "good": 8_500, "fair": 6_500, "poor": 4_000}

Fact = Mapping[str, int]
"""What is known for an indicator: k and n of a ratio, done (0 or 1), ballots of a panel by word."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """`kind` ratio | panel | done; weight, floor and target in basis points; `least` ballots of a panel that count."""

    id: str
    kind: str
    weight: int
    floor: int = 0
    target: int = 0
    least: int = 0

    def score(self, fact: Fact | None) -> int | None:
        """Hundredths from 0 to 10,000, rounded half up; None where nothing is known, or too little."""
        if fact is None:
            return None
        if self.kind == "done":
            return WHOLE * fact["done"]
        if self.kind == "panel":
            ballots = sum(fact.values())
            points = sum(PANEL_POINTS[word] * number for word, number in fact.items())
            return half_up(points, ballots) if ballots >= max(self.least, 1) else None
        if not fact["n"]:
            return None
        above, span = fact["k"] * WHOLE - self.floor * fact["n"], (self.target - self.floor) * fact["n"]
        if span < 0:
            above, span = -above, -span
        return half_up(WHOLE * min(max(above, 0), span), span)


@dataclass(frozen=True, slots=True)
class GradeLines:
    """Least totals of three grades; at most ⌊size · share⌋ of a group are excellent."""

    excellent: int
    competent: int
    basic: int
    share: tuple[int, int]

    def plain(self, total: int, veto: bool) -> str:
        """The grade by total and veto alone."""
        if total >= self.excellent and not veto:
            return "excellent"
        if total >= self.competent:
            return "competent"
        return "basic" if total >= self.basic else "incompetent"


@dataclass(frozen=True, slots=True)
class Appraised:
    """Who or what is appraised, in which peer group; `not_applicable` tells by indicator why it does not apply."""

    id: str
    group: str
    facts: Mapping[str, Fact]
    not_applicable: frozenset[str]
    veto: bool = False


@dataclass(frozen=True, slots=True)
class AppraisalResult:
    """Scored with every part, or incomplete with what is missing. Grade `decide`: on the line, for people."""

    id: str
    missing: tuple[str, ...] = ()
    scores: Mapping[str, int] | None = None
    weights: Mapping[str, int] | None = None
    total: int = 0
    grade: str = ""

    def as_json(self) -> dict[str, Any]:
        """A result of heli.appraise/1."""
        if self.missing:
            return {"id": self.id, "status": "incomplete", "missing": list(self.missing)}
        parts = {"scores": self.scores, "weights": self.weights, "total": self.total, "grade": self.grade}
        return {"id": self.id, "status": "scored", **parts}


def appraise(
    indicators: Sequence[Indicator], grades: GradeLines, subjects: Sequence[Appraised]
) -> list[AppraisalResult]:
    """Everybody's result by id, whatever the order of the input."""
    order = sorted(indicators, key=lambda one: one.id)
    shared: dict[frozenset[str], dict[str, int]] = {}  # few subjects differ in what applies
    results: dict[str, AppraisalResult] = {}
    groups = defaultdict[str, list[Appraised]](list)
    for subject in sorted(subjects, key=lambda one: one.id):
        if subject.not_applicable not in shared:
            applies = {one.id: one.weight for one in order if one.id not in subject.not_applicable}
            shared[subject.not_applicable] = share_weights(applies)
        results[subject.id] = _score(order, grades, subject, shared[subject.not_applicable])
        groups[subject.group].append(subject)
    for group in groups.values():
        best = [result for one in group if (result := results[one.id]).grade == "excellent"]
        cap = len(group) * grades.share[0] // grades.share[1]
        line = sorted((result.total for result in best), reverse=True)[cap : cap + 1]
        for result in best if line else ():
            if result.total <= line[0]:
                results[result.id] = replace(result, grade="decide" if result.total == line[0] else "competent")
    return list(results.values())


def share_weights(weights: Mapping[str, int]) -> dict[str, int]:
    """Weights of the indicators that apply, raised to 10,000 by largest remainder; ties to the smaller id."""
    total = sum(weights.values())
    shared = {key: WHOLE * weight // total for key, weight in weights.items()}
    left = WHOLE - sum(shared.values())
    for key in sorted(weights, key=lambda key: (-(WHOLE * weights[key] % total), key))[:left]:
        shared[key] += 1
    return shared


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number to a ratio of whole numbers not below 0; a half is rounded up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _score(
    order: Sequence[Indicator], grades: GradeLines, subject: Appraised, weights: Mapping[str, int]
) -> AppraisalResult:
    found = {one.id: one.score(subject.facts.get(one.id)) for one in order if one.id in weights}
    scores = {key: score for key, score in found.items() if score is not None}
    if len(scores) < len(found):
        return AppraisalResult(subject.id, tuple(key for key in found if key not in scores))
    total = half_up(sum(weights[key] * score for key, score in scores.items()), WHOLE)
    return AppraisalResult(
        subject.id, scores=scores, weights=weights, total=total, grade=grades.plain(total, subject.veto)
    )
