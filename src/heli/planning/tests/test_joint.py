"""Joint plans: several districts with one count of all, each rule with a success and a refusal, and the laws of sharing."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.planning.joining import JointPlanning
from heli.planning.sharing import DistrictQuota, Named, Way, check_joint, compute_numbers, compute_target, parse_shares
from heli.planning.solving import solve
from heli.planning.testing import draw_material
from heli.planning.tests.drawn import EAST, EXACTLY_NINE, WEST
from heli.planning.types import Goal, GoalKind, Material, PlanRules, RuleFinding
from heli.planning.wording import explained
from mergeplan.shares import CostCurves


class TestSharing:
    NAMES = (Named(1, "前锋区", "511603000000"), Named(2, "广安区", "511602000000"))

    def test_lines_pasted_from_a_spreadsheet_are_read(self) -> None:
        shares, found = parse_shares("前锋区\t149\n\n511602： 40.95％\n", self.NAMES)
        assert found == []
        assert shares == [DistrictQuota(1, count=149), DistrictQuota(2, reduction=4095)]
        assert [share.number(254) for share in shares] == [149, 149]

    def test_lines_that_are_none_are_told_by_number(self) -> None:
        _shares, found = parse_shares("前锋区\n岳池县 3\n前锋区 12.5\n广安区 7\n广安区 8", self.NAMES)
        assert [(f.code, f.values["line"]) for f in found] == [
            ("share.unreadable", 1),
            ("share.unknown", 2),
            ("share.unreadable", 3),
            ("share.twice", 5),
        ]

    @given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.data())
    def test_numbers_add_up_to_the_total_and_nobody_falls_to_none(self, before: list[int], data: st.DataObject) -> None:
        villages = dict(enumerate(before))
        some = sum(1 for n in before if n)
        total = data.draw(st.integers(some, sum(before)))
        numbers = compute_numbers(total, [], villages)
        assert sum(numbers.values()) == total
        assert all(1 <= numbers[key] <= villages[key] for key in numbers)
        assert set(numbers) == {key for key, n in villages.items() if n}

    def test_given_numbers_stand_and_the_rest_is_in_proportion(self) -> None:
        assert compute_numbers(100, [DistrictQuota(1, count=20)], {1: 50, 2: 120, 3: 40}) == {1: 20, 2: 60, 3: 20}

    @pytest.mark.parametrize(
        ("shares", "kind", "code"),
        [
            ([DistrictQuota(1, count=20), DistrictQuota(2, count=30)], GoalKind.EXACTLY, None),
            ([DistrictQuota(1, count=20), DistrictQuota(2, count=29)], GoalKind.EXACTLY, "share.sum"),
            ([DistrictQuota(1, count=20), DistrictQuota(2, count=29)], GoalKind.AT_MOST, None),
            ([DistrictQuota(1, count=21), DistrictQuota(2, count=30)], GoalKind.AT_MOST, "share.sum"),
            ([DistrictQuota(1, count=50)], GoalKind.AT_MOST, "share.sum_rest"),
            ([DistrictQuota(1, count=5)], GoalKind.AT_MOST, "share.sum_rest"),
            ([DistrictQuota(1, count=49)], GoalKind.AT_MOST, None),
            ([DistrictQuota(1, count=61)], GoalKind.AT_MOST, "share.range"),
            ([DistrictQuota(1, count=0)], GoalKind.AT_MOST, "share.range"),
            ([DistrictQuota(3, count=5)], GoalKind.AT_MOST, "share.elsewhere"),
        ],
    )
    def test_given_numbers_fit_the_count_of_all(
        self, shares: list[DistrictQuota], kind: GoalKind, code: str | None
    ) -> None:
        rules = PlanRules(goal=Goal(kind, count=50))
        found = check_joint(rules, Way.HANDED_DOWN, shares, {1: 60, 2: 40}, {1: "one", 2: "two"})
        assert [f.code for f in found] == ([code] if code else [])
        assert check_joint(rules, Way.FOUND_BEST, shares, {1: 60, 2: 40}, {}) == []

    def test_a_question_over_nothing_is_refused(self) -> None:
        assert [f.code for f in check_joint(PlanRules(), Way.FOUND_BEST, [], {}, {})] == ["joint.empty"]
        assert [f.code for f in check_joint(PlanRules(), Way.FOUND_BEST, [], {1: 0}, {})] == ["joint.no_villages"]
        beyond = PlanRules(goal=Goal(GoalKind.AT_MOST, count=11))
        assert [f.code for f in check_joint(beyond, Way.FOUND_BEST, [], {1: 10}, {})] == ["goal.count"]

    def test_the_target_of_one_district_alone_is_its_average(self) -> None:
        assert compute_target(PlanRules(), people=10_000, before=10, whole_before=10, total=4) == 2500
        assert compute_target(PlanRules(), people=10_000, before=10, whole_before=40, total=10) == 4000
        assert compute_target(PlanRules(target_population=7), people=1, before=1, whole_before=1, total=1) == 7


def materials(seed: int) -> list[Material]:
    """Two small districts with populations that depend on the seed."""
    found = []
    for number, drawing in enumerate((EAST, WEST)):
        people = {word: 400 + (seed * 977 + at * 613 + number * 331) % 2900 for at, word in enumerate(drawing.split())}
        found.append(replace(draw_material(drawing, people), district=number + 1))
    return found


def joined(parts: list[Material], rules: PlanRules, total: int) -> JointPlanning:
    whole = sum(len(part.planned) for part in parts)
    joint = JointPlanning(rules)
    for part in parts:
        people = sum(village.population for village in part.planned)
        target = compute_target(rules, people=people, before=len(part.planned), whole_before=whole, total=total)
        joint.add(part, target)
    return joint


class TestLaws:
    def test_the_worked_example_of_the_explanation(self) -> None:
        east, west = {2: 10, 3: 4, 4: 3}, {2: 8, 3: 6, 4: 1}
        curves = CostCurves([east, west])
        best = [curves.cheapest(total, total) for total in range(4, 9)]
        assert [(b.counts, b.cost) for b in best if b is not None] == [
            ((2, 2), 18), ((3, 2), 12), ((3, 3), 10), ((3, 4), 5), ((4, 4), 4),
        ]  # fmt: skip
        assert [step.total for step in CostCurves([east, west]).hull() if step.is_corner] == [4, 5, 7, 8]
        assert compute_numbers(7, [], {1: 4, 2: 4}) == {1: 4, 2: 3}

    @settings(deadline=None, max_examples=25)
    @given(st.integers(0, 10_000), st.integers(6, 12), st.data())
    def test_found_best_is_never_dearer_than_any_distribution_of_the_same_count(
        self, seed: int, total: int, data: st.DataObject
    ) -> None:
        parts = materials(seed)
        rules = replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=total))
        best = joined(parts, rules, total).find_best(total)
        first = data.draw(st.integers(max(1, total - 6), min(8, total - 1)))
        handed = joined(parts, rules, total).hand_down({1: first, 2: total - first})
        if all(part.result.is_feasible for part in handed.parts.values()):
            assert best.status == "optimal"
            assert best.objective is not None
            assert handed.objective is not None
            assert best.objective <= handed.objective
            assert handed.best == best.objective
            assert handed.after == total
        if best.objective is not None:
            assert best.after == total == sum(part.result.after for part in best.parts.values())
            assert best.objective == sum(part.result.objective or 0 for part in best.parts.values())

    @settings(deadline=None, max_examples=15)
    @given(st.integers(0, 10_000), st.integers(3, 8), st.sampled_from([GoalKind.EXACTLY, GoalKind.AT_MOST]))
    def test_one_district_alone_gets_the_plan_of_its_own_scenario(self, seed: int, total: int, kind: GoalKind) -> None:
        alone = materials(seed)[:1]
        rules = replace(EXACTLY_NINE, goal=Goal(kind, count=total))
        own = solve(alone[0], rules)
        best = joined(alone, rules, total).find_best(total)
        handed = joined(alone, rules, total).hand_down({1: total})
        for answer in (best, handed):
            assert answer.parts[1].result.objective == own.objective
            assert answer.parts[1].result.mergers == own.mergers

    def test_the_corners_of_the_curve_are_what_their_counts_cost(self) -> None:
        parts = materials(3)
        answer = joined(parts, EXACTLY_NINE, 9).find_best(9)
        assert len(answer.curve) > 2
        for count, lower, cost in answer.curve:
            rules = replace(EXACTLY_NINE, goal=Goal(GoalKind.EXACTLY, count=count))
            asked = JointPlanning(rules)
            for part in parts:
                people = sum(village.population for village in part.planned)
                asked.add(
                    part, compute_target(rules, people=people, before=len(part.planned), whole_before=14, total=9)
                )
            assert asked.find_best(count).objective == cost == lower


def test_every_reason_of_the_planner_is_told_in_the_readers_language() -> None:
    told: dict[str, dict[str, object]] = {
        "towns-stuck": {"towns": [101, 102]},
        "no-single-relaxation": {"town": 101},
        "link-clash": {"town": 101, "rule": "zones", "group": [1, 2]},
    }
    for code, values in told.items():
        with translation.override("zh-hans"):
            words = explained(RuleFinding(code, "", {**values, "message": "in English"}), lambda key: f"〈{key}〉")
        assert "〈101〉" in words
        assert "in English" not in words
        assert "zones" not in words
