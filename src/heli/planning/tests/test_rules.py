"""The pure rules of planning: goals, checks, adjustments by hand, the arithmetic of a plan."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heli.planning.moving import check_move, compute_forbid_pair, compute_lock, compute_move, compute_unlock
from heli.planning.rules import (
    check_names,
    check_rules,
    compute_at_most,
    compute_differences,
    compute_distance,
    compute_histogram,
    compute_instance,
    compute_names,
    compute_summary,
    compute_town_lines,
    town_of,
)
from heli.planning.solving import solve
from heli.planning.stored import material_from_json, rules_from_json
from heli.planning.testing import draw_material
from heli.planning.types import (
    Goal,
    GoalKind,
    Merger,
    MergerKind,
    Override,
    OverrideKind,
    PlanRules,
    Result,
    VillageClass,
    Window,
    Zone,
)

FOUR = """
a1 a2 b1
a3 a4 Cb
"""
A1, A2, B1, A3, A4, CB = 1, 2, 3, 4, 5, 6
ROOMY = PlanRules(goal=Goal(GoalKind.AT_MOST, count=4))


def codes(rules: PlanRules, drawing: str = FOUR) -> set[str]:
    return {finding.code for finding in check_rules(rules, draw_material(drawing))}


def merger(*members: int, kind: MergerKind = MergerKind.TWO_IN_ONE, town: int = 101, people: int = 2400) -> Merger:
    return Merger(f"u{members[0]}", members, members[0], kind, town, people, 1300, 500_000)


def result(*mergers: Merger) -> Result:
    return Result("optimal", 1, 1, 4, mergers, (), (), ())


class TestGoal:
    def test_a_reduction_of_40_95_percent_of_254_leaves_at_most_149(self) -> None:
        assert compute_at_most(PlanRules(), 254) == 149

    @given(st.integers(0, 9999), st.integers(1, 2000))
    def test_the_most_that_is_allowed_reaches_the_reduction_and_one_more_does_not(
        self, reduction: int, before: int
    ) -> None:
        most = compute_at_most(PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=reduction)), before)
        assert most is not None
        assert (
            (before - most) * 10_000
            >= reduction * before
            > (before - most - 1) * 10_000 - (10_000 if reduction == 0 else 0)
        )

    def test_a_count_is_taken_as_given(self) -> None:
        assert compute_at_most(PlanRules(goal=Goal(GoalKind.AT_MOST, count=116)), 254) == 116


class TestChecks:
    def test_the_defaults_pass(self) -> None:
        assert codes(PlanRules()) == set()

    @pytest.mark.parametrize(
        ("rules", "code"),
        [
            (PlanRules(goal=Goal(GoalKind.REDUCTION, reduction=10_000)), "goal.reduction"),
            (PlanRules(goal=Goal(GoalKind.EXACTLY, count=6)), "goal.count"),
            (PlanRules(k=6), "k.range"),
            (PlanRules(pmin=10, pmax=9), "window.empty"),
            (PlanRules(radius_m=0), "radius.range"),
            (PlanRules(target_population=0), "target.range"),
            (PlanRules(detour=9_999), "detour.range"),
            (PlanRules(absorb_cost=-1), "cost.range"),
            (PlanRules(windows=(Window(VillageClass.CENTRAL, 5, 4),)), "window.empty"),
            (PlanRules(locks=((A1, 99),)), "village.unknown"),
            (PlanRules(locks=((A2, B1),)), "lock.towns"),
            (PlanRules(k=2, locks=((A1, A2, A3),)), "lock.too_many"),
            (PlanRules(locks=((A1, A2), (A2, A4))), "lock.twice"),
            (PlanRules(locks=((A1, A2),), forbidden_pairs=((A1, A2),)), "forbid.locked"),
            (PlanRules(overrides=(Override(A1, OverrideKind.FIXED, " "),)), "override.reason"),
            (PlanRules(overrides=(Override(A1, OverrideKind.ABSORB, "near"),)), "override.host"),
            (PlanRules(overrides=(Override(A1, OverrideKind.ABSORB, "near", CB),)), "override.apart"),
            (
                PlanRules(overrides=(Override(A1, OverrideKind.FIXED, "x"), Override(A1, OverrideKind.EXEMPT, "y"))),
                "override.twice",
            ),
            (PlanRules(overrides=(Override(CB, OverrideKind.FIXED, "x"),)), "village.unknown"),
            (PlanRules(zones=(Zone("tea", (A1,)),)), "zone.small"),
            (PlanRules(town_merges=((101, 101),)), "town.itself"),
            (PlanRules(town_merges=((101, 999),)), "town.unknown"),
            (PlanRules(town_merges=((101, 102), (102, 101))), "town.chain"),
            (PlanRules(town_merges=((101, 102), (101, 102))), "town.twice"),
        ],
    )
    def test_each_nonsense_is_named(self, rules: PlanRules, code: str) -> None:
        assert code in codes(rules)

    def test_towns_that_merge_let_their_villages_be_locked_together(self) -> None:
        assert codes(PlanRules(locks=((A2, B1),), town_merges=((102, 101),))) == set()


class TestInstance:
    def test_communities_take_part_only_as_hosts(self) -> None:
        material = draw_material(FOUR)
        assert compute_instance(ROOMY, material)["id"] == [A1, A2, B1, A3, A4]
        open_to_absorption = compute_instance(replace(ROOMY, absorb_bordering=True), material)
        assert open_to_absorption["id"][-1] == CB
        assert open_to_absorption["absorb"] == [[2, 5, 1_500_000]], (
            "a4 touches the community too but lies in another town"
        )

    def test_villages_are_planned_under_the_town_that_will_be(self) -> None:
        rules = replace(ROOMY, town_merges=((102, 101),))
        assert set(compute_instance(rules, draw_material(FOUR))["town"]) == {101}
        assert town_of(rules, 102) == 101

    def test_the_target_is_the_mean_population_at_the_wanted_count(self) -> None:
        assert compute_instance(ROOMY, draw_material(FOUR))["T"] == 1500

    def test_classes_bring_their_windows(self) -> None:
        rules = replace(ROOMY, classes=((A1, VillageClass.CENTRAL),), windows=(Window(VillageClass.CENTRAL, 1, 9),))
        raw = compute_instance(rules, draw_material(FOUR))
        assert raw["type"][0] == "central"
        assert raw["windows"] == {"central": [1, 9]}

    def test_a_window_of_a_class_that_no_village_has_is_left_out(self) -> None:
        windows = (Window(VillageClass.CENTRAL, 0, 9_000), Window(VillageClass.MARKET_TOWN, 0, 9_000))
        rules = replace(ROOMY, pmin=0, classes=((A1, VillageClass.CENTRAL),), windows=windows)
        material = draw_material(FOUR)
        assert list(compute_instance(rules, material)["windows"]) == ["central"]
        assert solve(material, rules).is_feasible


class TestAdjustments:
    def test_a_new_lock_replaces_those_it_overlaps(self) -> None:
        rules = compute_lock(compute_lock(ROOMY, (A2, A1)), (A3, A4))
        assert rules.locks == ((A1, A2), (A3, A4))
        assert compute_lock(rules, (A2, A4)).locks == ((A2, A4),)
        assert compute_unlock(rules, (A2, A1)).locks == ((A3, A4),)

    def test_a_lock_lifts_the_ban_that_speaks_against_it(self) -> None:
        rules = compute_lock(
            replace(ROOMY, forbidden_pairs=((A1, A2), (A1, A3)), forbidden_units=((A1, A2),)), (A1, A2)
        )
        assert (rules.forbidden_pairs, rules.forbidden_units) == (((A1, A3),), ())

    def test_keeping_two_apart_opens_their_lock(self) -> None:
        rules = compute_forbid_pair(compute_lock(ROOMY, (A1, A2)), A2, A1)
        assert (rules.locks, rules.forbidden_pairs) == ((), ((A1, A2),))

    def test_a_moved_village_is_locked_into_its_new_unit_and_allowed_there_again(self) -> None:
        rules = compute_move(compute_forbid_pair(ROOMY, A2, A4), A2, (A4,), (A1, A2))
        assert rules.locks == ((A2, A4),)
        assert rules.moved == (A2,)
        assert rules.forbidden_pairs == ()

    def test_what_remains_of_a_locked_unit_stays_locked(self) -> None:
        rules = compute_move(compute_lock(ROOMY, (A1, A2, A3)), A2, (A4,), (A1, A2, A3))
        assert rules.locks == ((A1, A3), (A2, A4))

    @pytest.mark.parametrize(
        ("place", "to", "code"),
        [
            (A1, (A4,), "move.apart"),
            (A2, (B1,), "move.town"),
            (A1, (A1, A2), "move.same"),
            (A1, (77,), "village.unknown"),
        ],
    )
    def test_a_move_that_cannot_be_is_refused_with_its_reason(self, place: int, to: tuple[int, ...], code: str) -> None:
        assert [finding.code for finding in check_move(ROOMY, draw_material(FOUR), place, to, (place,))] == [code]

    def test_a_move_into_a_neighbouring_unit_passes(self) -> None:
        assert check_move(ROOMY, draw_material(FOUR), A1, (A2,), (A1,)) == []
        assert check_move(replace(ROOMY, k=2), draw_material(FOUR), A1, (A2, A4), (A1,))[0].code == "move.too_many"


class TestArithmetic:
    PLAN = result(merger(A1, A2), merger(A3, A4), merger(B1, kind=MergerKind.KEPT, town=102, people=1200))

    def test_the_summary_counts_villages_and_people(self) -> None:
        summary = compute_summary(draw_material(FOUR), ROOMY, self.PLAN)
        assert (summary.before, summary.after, summary.removed) == (5, 3, 2)
        assert (summary.touched, summary.untouched) == (4, 1)
        assert summary.kinds == ((MergerKind.TWO_IN_ONE, 2), (MergerKind.KEPT, 1))
        assert summary.mean_population == 2000
        assert summary.mean_distance_m == 520, "two of five villages travel 1,300 m"

    def test_a_reader_of_one_town_sees_its_part(self) -> None:
        summary = compute_summary(draw_material(FOUR), ROOMY, self.PLAN, visible=frozenset({B1}))
        assert (summary.before, summary.after, summary.target) == (1, 1, None)

    def test_town_lines_add_up_to_the_district(self) -> None:
        lines = compute_town_lines(draw_material(FOUR), ROOMY, self.PLAN)
        assert [(line.name, line.before, line.after) for line in lines] == [("a镇", 4, 2), ("b镇", 1, 1)]

    def test_absorbed_and_converted_villages_are_no_villages_afterwards(self) -> None:
        plan = result(merger(B1, kind=MergerKind.ABSORBED), merger(A1, kind=MergerKind.CONVERTED), merger(A2, A4))
        assert plan.after == 1

    @given(*[st.integers(-20_000, 20_000)] * 4)
    def test_distance_is_the_planners(self, ax: int, ay: int, bx: int, by: int) -> None:
        from decimal import Decimal, getcontext

        getcontext().prec = 60
        one, two = draw_material("a1 a2").villages
        exact = Decimal((ax - bx) ** 2 + (ay - by) ** 2).sqrt() * Decimal("1.3") + Decimal("0.5")
        assert compute_distance(replace(one, x=ax, y=ay), replace(two, x=bx, y=by), 13_000) == int(exact)

    def test_a_histogram_has_no_gaps(self) -> None:
        assert compute_histogram([100, 1600, 400], 500) == [(0, 2), (500, 0), (1000, 0), (1500, 1)]
        assert compute_histogram([], 500) == []

    def test_two_plans_differ_by_the_mergers_that_only_one_has(self) -> None:
        other = result(merger(A1, A3), merger(A2, A4), self.PLAN.mergers[2])
        here, there = compute_differences(self.PLAN, other)
        assert [m.members for m in here] == [(A1, A2), (A3, A4)]
        assert [m.members for m in there] == [(A1, A3), (A2, A4)]


class TestNames:
    def test_a_new_village_takes_its_centres_name_unless_chosen(self) -> None:
        material, plan = draw_material(FOUR), TestArithmetic.PLAN
        rules = replace(ROOMY, names=(((A3, A4), "新村"),))
        assert compute_names(material, rules, plan) == {(A1, A2): "a1", (A3, A4): "新村", (B1,): "b1"}

    def test_two_of_one_name_in_one_town_are_told_apart_or_refused(self) -> None:
        material, plan = draw_material(FOUR), TestArithmetic.PLAN
        chosen_twice = replace(ROOMY, names=(((A1, A2), "新村"), ((A3, A4), "新村")))
        assert sorted(compute_names(material, chosen_twice, plan).values()) == ["a3", "b1", "新村"]
        assert check_names(material, chosen_twice, plan) == []
        assert [f.code for f in check_names(material, replace(ROOMY, names=(((B1,), " "),)), plan)] == ["name.empty"]


class TestForms:
    def test_rules_and_material_read_back_as_they_were(self) -> None:
        rules = replace(
            ROOMY,
            windows=(Window(VillageClass.CENTRAL, 1, 9),),
            classes=((A1, VillageClass.CENTRAL),),
            zones=(Zone("tea", (A1, A2)),),
            overrides=(Override(A1, OverrideKind.ABSORB, "near", CB),),
            town_merges=((101, 102),),
            locks=((A1, A2),),
            forbidden_pairs=((A1, A3),),
            moved=(A1,),
            names=(((A1, A2), "新村"),),
        )
        assert rules_from_json(rules.as_json()) == rules
        assert material_from_json(draw_material(FOUR).as_json()) == draw_material(FOUR)

    @pytest.mark.parametrize(
        "raw", [{"colour": 1}, {"k": "3"}, {"k": True}, {"goal": {"kind": "most"}}, {"weights": {"x": 1}}]
    )
    def test_unknown_or_wrong_rules_are_refused(self, raw: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r"."):
            rules_from_json(raw)
