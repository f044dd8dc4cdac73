"""Planning's services, each with a success and a refusal on one drawn district."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from heli.audit.models import Entry
from heli.kernel.access import PUBLIC, SYSTEM, Actor
from heli.kernel.faults import Forbidden, Refused
from heli.places import services as register
from heli.places.types import FactSpec
from heli.planning import queries, services
from heli.planning.models import Scenario
from heli.planning.testing import DrawnDistrict, draw_district
from heli.planning.tests.drawn import AT, DAY, DRAWING, RULES, codes, members
from heli.planning.types import (
    Goal,
    GoalKind,
    MergerKind,
    Override,
    OverrideKind,
    PlanRules,
    Relaxation,
    VillageClass,
    Window,
    Zone,
)

pytestmark = pytest.mark.django_db


class TestCreating:
    def test_the_register_is_pinned(self, district: DrawnDistrict, scenario: Scenario) -> None:
        material = queries.pinned(scenario)
        assert len(material.planned) == 7
        assert sum(village.population for village in material.planned) == 7 * 1200
        assert material.is_sample
        assert len(material.borders) == 10
        assert {round(v.area_m2 / 1e6, 1) for v in material.villages} == {1.0}
        entry = Entry.objects.filter(what="planning.edit").latest("seq")
        assert (entry.subject, entry.after["did"]) == (f"scenario:{scenario.public_id}", "create")

    def test_villages_without_population_are_named(self, author: Actor) -> None:
        bare = draw_district(DRAWING, with_figures=False)
        with pytest.raises(Refused) as refused:
            services.create_scenario(actor=author, district_id=bare.id, name="x", on=DAY)
        assert codes(refused) == {"no_population"}
        assert "7 villages" in str(refused.value)

    def test_a_day_before_the_district_a_second_name_and_nonsense_rules_are_refused(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        def create(**changes: object) -> None:
            given: dict[str, Any] = {"name": "Second", "on": DAY, "rules": RULES, **changes}
            services.create_scenario(actor=author, district_id=district.id, **given)

        for changes, code in (
            ({"on": date(2000, 1, 1)}, "no_district"),
            ({"name": "First"}, "name_taken"),
            ({"name": " "}, "name_missing"),
            ({"rules": PlanRules(k=9)}, "k.range"),
        ):
            with pytest.raises(Refused) as refused:
                create(**changes)
            assert codes(refused) == {code}

    @pytest.mark.parametrize("on", [date(9999, 12, 31), date(202, 1, 1)])
    def test_a_day_that_cannot_be_meant_is_refused(self, district: DrawnDistrict, author: Actor, on: date) -> None:
        with pytest.raises(Refused) as refused:
            services.create_scenario(actor=author, district_id=district.id, name="Far", on=on, rules=RULES)
        assert codes(refused) == {"day_implausible"}

    def test_a_stranger_is_refused(self, district: DrawnDistrict) -> None:
        with pytest.raises(Forbidden):
            services.create_scenario(actor=PUBLIC, district_id=district.id, name="x", on=DAY)

    def test_a_scenario_says_when_the_register_moved_on(self, district: DrawnDistrict, scenario: Scenario) -> None:
        assert not queries.drift_of(scenario)
        fact = register_fact(district["a1"], 1300)
        register.record_facts(actor=SYSTEM, facts=[fact])
        assert queries.drift_of(scenario).is_corrected


def register_fact(place: int, value: int) -> FactSpec:
    return FactSpec(place_id=place, measure=queries.POPULATION, on=date(2020, 1, 1), value=value)


class TestRunning:
    def test_a_run_is_proven_and_repeated_only_for_other_rules(self, scenario: Scenario, author: Actor) -> None:
        run = services.run_scenario(actor=author, scenario=scenario)
        assert (run.status, run.count, run.state) == ("optimal", 4, "done")
        assert run.objective == run.bound
        assert services.run_scenario(actor=author, scenario=scenario).pk == run.pk
        services.change_rules(
            actor=author, scenario=scenario, rules=PlanRules(goal=Goal(GoalKind.AT_MOST, count=5), pmin=0)
        )
        assert services.run_scenario(actor=author, scenario=scenario).number == 2

    def test_a_large_district_is_computed_by_the_queue(self, scenario: Scenario, author: Actor) -> None:
        asked: list[int] = []
        run = services.run_scenario(actor=author, scenario=scenario, inline_limit=2, enqueue=asked.append)
        assert (run.state, asked) == ("queued", [run.pk])
        assert queries.standing(scenario).pending == run
        done = services.finish_run(actor=SYSTEM, run_id=run.pk)
        assert (done.state, done.count) == ("done", 4)
        assert queries.standing(scenario).is_current

    def test_an_impossible_goal_is_a_result_in_words_with_advice(self, scenario: Scenario, author: Actor) -> None:
        rules = PlanRules(goal=Goal(GoalKind.AT_MOST, count=2), pmin=0)
        run = services.change_and_run(actor=author, scenario=scenario, rules=rules, did="test")
        result = queries.result_of(run)
        assert run.status == "infeasible"
        assert result.explanation
        with pytest.raises(Refused) as refused:
            services.propose(actor=author, scenario=scenario)
        assert codes(refused) == {"infeasible"}

    def test_following_advice_changes_one_rule(self, scenario: Scenario, author: Actor) -> None:
        run = services.relax(actor=author, scenario=scenario, relaxation=Relaxation("k", 4))
        assert queries.rules_of(scenario).k == 4
        assert run.rules["k"] == 4

    def test_another_point_of_the_curve_keeps_the_target(self, scenario: Scenario, author: Actor) -> None:
        first = services.run_scenario(actor=author, scenario=scenario)
        cost = {count: cost for count, _lower, cost in queries.result_of(first).curve}
        run = services.choose_count(actor=author, scenario=scenario, count=5)
        assert (run.count, run.objective) == (5, cost[5])


class TestVersions:
    def test_a_lost_update_is_refused_and_says_who_was_first(
        self, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        mine = queries.find_scenario(scenario.public_id, author)
        assert mine is not None
        services.change_rules(actor=chief, scenario=scenario, rules=PlanRules(k=2), version=1)
        with pytest.raises(Refused) as refused:
            services.change_rules(actor=author, scenario=mine, rules=PlanRules(k=4), version=1)
        assert codes(refused) == {"stale"}
        assert "chief" in str(refused.value)
        assert queries.rules_of(scenario).k == 2

    def test_two_who_edit_are_told_of_each_other(self, scenario: Scenario, author: Actor, chief: Actor) -> None:
        assert services.note_presence(actor=author, public_id=scenario.public_id, now=AT) == []
        assert services.note_presence(actor=chief, public_id=scenario.public_id, now=AT) == ["author"]
        assert services.note_presence(actor=author, public_id=scenario.public_id, now=AT) == ["chief"]
        much_later = AT.replace(hour=10)
        assert services.note_presence(actor=chief, public_id=scenario.public_id, now=much_later) == []

    def test_a_renamed_scenario_keeps_its_name_unique(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        other = services.copy_scenario(actor=author, scenario=scenario)
        assert other.inputs_id == scenario.inputs_id
        services.rename_scenario(actor=author, scenario=other, name="Second")
        with pytest.raises(Refused) as refused:
            services.rename_scenario(actor=author, scenario=other, name="First")
        assert codes(refused) == {"name_taken"}


class TestAdjusting:
    def test_a_locked_merger_stays_and_is_freed_again(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        unit = district.unit("a1 a4")
        run = services.lock_merger(actor=author, scenario=scenario, members=unit)
        assert unit in members(run)
        assert next(m for m in queries.result_of(run).mergers if m.members == unit).is_locked
        services.unlock_merger(actor=author, scenario=scenario, members=unit)
        assert queries.rules_of(scenario).locks == ()

    def test_a_lock_across_towns_is_refused(self, district: DrawnDistrict, scenario: Scenario, author: Actor) -> None:
        with pytest.raises(Refused) as refused:
            services.lock_merger(actor=author, scenario=scenario, members=district.unit("a3 b1"))
        assert codes(refused) == {"lock.towns"}

    def test_a_forbidden_pair_stays_apart(self, district: DrawnDistrict, scenario: Scenario, author: Actor) -> None:
        run = services.forbid_pair(actor=author, scenario=scenario, one=district["b1"], other=district["b2"])
        assert district.unit("b1 b2") not in members(run)
        assert run.count == 4
        run = services.allow_pair(actor=author, scenario=scenario, one=district["b2"], other=district["b1"])
        assert queries.rules_of(scenario).forbidden_pairs == ()

    def test_a_forbidden_merger_is_replaced_by_another(self, scenario: Scenario, author: Actor) -> None:
        first = services.run_scenario(actor=author, scenario=scenario)
        unit = next(m.members for m in queries.result_of(first).mergers if m.kind is MergerKind.TWO_IN_ONE)
        run = services.forbid_merger(actor=author, scenario=scenario, members=unit)
        assert unit not in members(run)
        assert run.objective is not None
        assert first.objective is not None
        assert run.objective >= first.objective
        assert services.allow_merger(actor=author, scenario=scenario, members=unit).objective == first.objective

    def test_a_merger_of_unknown_villages_is_not_forbidden(self, scenario: Scenario, author: Actor) -> None:
        for unit in ((987_654,), ()):
            with pytest.raises(Refused) as refused:
                services.forbid_merger(actor=author, scenario=scenario, members=unit)
            assert codes(refused) == {"village.unknown"}
        assert queries.rules_of(scenario).forbidden_units == ()

    def test_a_cost_beyond_all_measure_is_refused(self, scenario: Scenario, author: Actor) -> None:
        for rules in (replace(RULES, absorb_cost=10**400), replace(RULES, convert_cost=10**400)):
            with pytest.raises(Refused) as refused:
                services.change_rules(actor=author, scenario=scenario, rules=rules)
            assert codes(refused) == {"cost.range"}

    def test_a_moved_village_joins_its_new_unit(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        services.lock_merger(actor=author, scenario=scenario, members=district.unit("a1 a2"))
        run = services.move_village(actor=author, scenario=scenario, place=district["a5"], to=district["a2"])
        assert district.unit("a1 a2 a5") in members(run)
        assert queries.rules_of(scenario).moved == (district["a5"],)
        services.reset_adjustments(actor=author, scenario=scenario)
        assert queries.rules_of(scenario) == RULES

    def test_a_move_to_a_village_that_does_not_touch_is_refused(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        services.lock_merger(actor=author, scenario=scenario, members=district.unit("a1 a4"))
        with pytest.raises(Refused) as refused:
            services.move_village(actor=author, scenario=scenario, place=district["a3"], to=district["a1"])
        assert codes(refused) == {"move.apart"}

    def test_one_village_one_policy_needs_a_reason(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        override = Override(district["a1"], OverrideKind.FIXED, "old seat of the market")
        run = services.add_override(actor=author, scenario=scenario, override=override)
        assert (district["a1"],) in members(run)
        assert Entry.objects.filter(reason="old seat of the market").exists()
        with pytest.raises(Refused) as refused:
            services.add_override(
                actor=author, scenario=scenario, override=Override(district["a2"], OverrideKind.FIXED, "")
            )
        assert codes(refused) == {"override.reason"}
        services.remove_override(actor=author, scenario=scenario, place=district["a1"])
        assert queries.rules_of(scenario).overrides == ()

    def test_a_village_is_absorbed_by_the_community_beside_it(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        override = Override(district["a5"], OverrideKind.ABSORB, "one street", district["Aa"])
        services.add_override(actor=author, scenario=scenario, override=override)
        run = services.lock_merger(actor=author, scenario=scenario, members=district.unit("a5 Aa"))
        absorbed = next(m for m in queries.result_of(run).mergers if m.kind is MergerKind.ABSORBED)
        assert (absorbed.members, absorbed.centre, absorbed.is_locked) == ((district["a5"],), district["Aa"], True)

    def test_classes_have_windows_of_their_own(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        every = district.unit("a1 a2 a3 a4 a5 b1 b2")
        services.set_class(actor=author, scenario=scenario, places=every, village_class=VillageClass.CENTRAL)
        run = services.set_windows(actor=author, scenario=scenario, windows=[Window(VillageClass.CENTRAL, 0, 2400)])
        assert max(m.population for m in queries.result_of(run).mergers) == 2400
        services.set_class(actor=author, scenario=scenario, places=every, village_class=None)
        assert queries.rules_of(scenario).classes == ()

    def test_a_feature_zone_stays_together(self, district: DrawnDistrict, scenario: Scenario, author: Actor) -> None:
        zone = Zone("tea", district.unit("a1 a4"))
        run = services.add_zone(actor=author, scenario=scenario, zone=zone)
        assert any(set(zone.members) <= set(unit) for unit in members(run))
        with pytest.raises(Refused):
            services.add_zone(actor=author, scenario=scenario, zone=Zone("lake", (district["a1"],)))
        services.remove_zone(actor=author, scenario=scenario, name="tea")
        assert queries.rules_of(scenario).zones == ()

    def test_towns_that_merge_are_planned_as_one(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        services.merge_towns(actor=author, scenario=scenario, town=district["b镇"], into=district["a镇"])
        run = services.lock_merger(actor=author, scenario=scenario, members=district.unit("a3 b1"))
        assert district.unit("a3 b1") in members(run)
        services.keep_town(actor=author, scenario=scenario, town=district["b镇"])
        assert queries.rules_of(scenario).locks == ()
        with pytest.raises(Refused) as refused:
            services.merge_towns(actor=author, scenario=scenario, town=district["b镇"], into=district["b镇"])
        assert codes(refused) == {"town.itself"}
