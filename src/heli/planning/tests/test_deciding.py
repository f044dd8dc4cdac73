"""Proposing, accepting, applying and posting, each with a success and a refusal on one drawn district."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from heli.audit.models import Entry
from heli.consultation.models import Notice, Opinion
from heli.consultation.queries.notices import voices_of
from heli.consultation.services import notices as consultation
from heli.kernel.access import SYSTEM, Actor, Grant
from heli.kernel.declare import Subject
from heli.kernel.faults import Forbidden, Refused
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import FactSpec, PlaceKind
from heli.planning import acts, queries, services
from heli.planning.abouts import SCENARIO
from heli.planning.models import Posting, Scenario
from heli.planning.testing import DrawnDistrict, post
from heli.planning.tests.drawn import AT, DAY, LATER, codes, count, decided, plan_of
from heli.planning.types import Goal, GoalKind, MergerKind, Override, OverrideKind, PlanRules, ScenarioStatus
from heli.records.inbox import inbox_of

pytestmark = pytest.mark.django_db


class TestDeciding:
    def test_proposed_and_accepted_by_somebody_else(self, scenario: Scenario, author: Actor, chief: Actor) -> None:
        accepted = decided(scenario, author, chief)
        assert scenario.status == ScenarioStatus.ACCEPTED
        assert accepted.run == queries.standing(scenario).run
        with pytest.raises(Refused) as refused:
            services.change_rules(actor=author, scenario=scenario, rules=PlanRules(k=2))
        assert codes(refused) == {"frozen"}

    def test_what_was_not_run_is_not_proposed(self, scenario: Scenario, author: Actor) -> None:
        with pytest.raises(Refused) as refused:
            services.propose(actor=author, scenario=scenario)
        assert codes(refused) == {"not_run"}

    def test_neither_author_nor_missing_document_nor_draft(
        self, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        def accept(actor: Actor, number: str, on: date = DAY) -> set[str]:
            with pytest.raises(Refused) as refused:
                services.accept(actor=actor, scenario=scenario, document_number=number, document_on=on, at=AT)
            return codes(refused)

        assert accept(chief, "1号") == {"not_proposed"}
        services.run_scenario(actor=author, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        assert accept(author, "1号") == {"own_scenario"}
        assert accept(chief, " ") == {"document_missing"}
        assert accept(chief, "1号", date(2026, 5, 1)) == {"document_later"}

    def test_a_colleague_who_rewrote_and_computed_it_is_an_author_too(
        self, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        services.run_scenario(actor=chief, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        with pytest.raises(Refused) as refused:
            services.accept(actor=chief, scenario=scenario, document_number="1号", document_on=DAY, at=AT)
        assert codes(refused) == {"own_run"}

    def test_what_is_still_posted_waits_for_nobody(self, scenario: Scenario, author: Actor, chief: Actor) -> None:
        services.run_scenario(actor=author, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        notice = post(scenario, author)

        def waits(on: date) -> bool:
            return any(line.due.id == "planning.proposed" for line in inbox_of(chief, on))

        assert not waits(DAY)
        assert not waits(notice.last_on)
        assert waits(notice.last_on + timedelta(days=1))
        consultation.take_down(actor=author, notice=notice, reason="x", on=DAY)
        assert waits(DAY)

    def test_a_document_of_today_counts_from_midnight_in_china(
        self, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        services.run_scenario(actor=author, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        early = datetime(2026, 2, 1, 17, tzinfo=UTC)  # one in the morning of 2 February
        with pytest.raises(Refused):
            services.accept(
                actor=chief, scenario=scenario, document_number="1号", document_on=date(2026, 2, 3), at=early
            )
        services.accept(actor=chief, scenario=scenario, document_number="1号", document_on=date(2026, 2, 2), at=early)

    def test_a_proposal_is_taken_back_with_a_reason(self, scenario: Scenario, author: Actor) -> None:
        services.run_scenario(actor=author, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        with pytest.raises(Refused):
            services.take_back(actor=author, scenario=scenario, reason="")
        services.take_back(actor=author, scenario=scenario, reason="opinions of a1")
        assert scenario.status == ScenarioStatus.DRAFT


class TestApplying:
    def test_the_register_shows_before_and_after(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        decided(scenario, author, chief)
        application = services.apply_plan(actor=chief, scenario=scenario, on=LATER, at=AT)
        assert count(district, date(2026, 2, 28)) == {PlaceKind.VILLAGE: 7, PlaceKind.COMMUNITY: 1}
        assert count(district, LATER) == {PlaceKind.VILLAGE: 4, PlaceKind.COMMUNITY: 1}
        assert len(application.events) == sum(m.kind not in (MergerKind.KEPT,) for m in plan_of(scenario))
        after = places.villages_of(district.id, LATER)
        assert all(row.outline is not None for row in after)
        assert len({row.code for row in after}) == 5
        old_codes = {row.code for row in places.villages_of(district.id, DAY)}
        new = [row for row in after if row.valid_from == LATER]
        assert not {row.code for row in new} & old_codes, "a dropped code is never proposed"
        assert not queries.drift_of(scenario)

    def test_people_are_conserved_when_restated(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        decided(scenario, author, chief)
        services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        restated = places.restate(queries.POPULATION, DAY, LATER, district_ids=[district.id])
        values = restated.as_dict()
        assert sum(values.values()) == restated.total == 8 * 1200
        assert set(values) == {row.id for row in places.villages_of(district.id, LATER)}

    def test_applying_twice_changes_nothing(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        decided(scenario, author, chief)
        first = services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        assert services.apply_plan(actor=chief, scenario=scenario, on=LATER) == first
        subject = Subject(district=scenario.district_id, scenario=scenario.public_id)
        assert acts.apply_plan(actor=chief, subject=subject, on=LATER) == scenario.public_id

    def test_only_an_accepted_plan_is_applied_and_later_than_its_register(
        self, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        with pytest.raises(Refused) as refused:
            services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        assert codes(refused) == {"not_accepted"}
        decided(scenario, author, chief)
        with pytest.raises(Refused) as refused:
            services.apply_plan(actor=chief, scenario=scenario, on=DAY)
        assert codes(refused) == {"too_early"}

    def test_a_plan_over_villages_that_are_gone_writes_nothing(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        other = services.copy_scenario(actor=author, scenario=scenario, name="Second")
        decided(scenario, author, chief)
        decided(other, author, chief)
        services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        entries = Entry.objects.count()
        with pytest.raises(Refused) as refused:
            services.apply_plan(actor=chief, scenario=other, on=LATER)
        assert codes(refused) == {"gone"}
        assert Entry.objects.count() == entries

    def test_absorbed_converted_and_vanished_towns(self, district: DrawnDistrict, author: Actor, chief: Actor) -> None:
        rules = PlanRules(
            goal=Goal(GoalKind.AT_MOST, count=5),
            pmin=0,
            town_merges=((district["b镇"], district["a镇"]),),
            overrides=(
                Override(district["a5"], OverrideKind.ABSORB, "one street", district["Aa"]),
                Override(district["b1"], OverrideKind.CONVERT, "inside the town"),
            ),
            locks=(district.unit("a5 Aa"), (district["a4"],)),
            convert_cost=0,
        )
        scenario = services.create_scenario(actor=author, district_id=district.id, name="All", on=DAY, rules=rules)
        decided(scenario, author, chief)
        kinds = {m.members: m.kind for m in plan_of(scenario)}
        assert kinds[(district["a5"],)] == MergerKind.ABSORBED
        assert kinds[(district["b1"],)] == MergerKind.CONVERTED
        services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        assert [town.name for town in places.towns_of(district.id, LATER)] == ["a镇"]
        rows = {row.id: row for row in places.villages_of(district.id, LATER)}
        assert district["a5"] not in rows
        assert rows[district["b1"]].kind is PlaceKind.COMMUNITY
        assert {row.parent_id for row in rows.values()} == {district["a镇"]}
        host = rows[district["Aa"]]
        assert host.area_dm2 is not None
        assert round(host.area_dm2 / 1e8) == 2, "the community has the absorbed village's ground"
        assert all(row.code.startswith("511603100") for row in rows.values())

    def test_taken_back_while_nothing_builds_on_it(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        decided(scenario, author, chief)
        with pytest.raises(Refused) as refused:
            services.reverse_plan(actor=chief, scenario=scenario, reason="x")
        assert codes(refused) == {"not_applied"}
        services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        with pytest.raises(Refused) as refused:
            services.reverse_plan(actor=chief, scenario=scenario, reason=" ")
        assert codes(refused) == {"reason_missing"}
        services.reverse_plan(actor=chief, scenario=scenario, reason="court ruling")
        assert count(district, LATER) == {PlaceKind.VILLAGE: 7, PlaceKind.COMMUNITY: 1}
        assert scenario.status == ScenarioStatus.REVERSED

    def test_not_taken_back_once_figures_build_on_it(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        decided(scenario, author, chief)
        services.apply_plan(actor=chief, scenario=scenario, on=LATER)
        new = next(row for row in places.villages_of(district.id, LATER) if row.valid_from == LATER)
        fact = FactSpec(place_id=new.id, measure=queries.POPULATION, on=date(2026, 6, 1), value=5)
        register.record_facts(actor=SYSTEM, facts=[fact])
        with pytest.raises(Refused):
            services.reverse_plan(actor=chief, scenario=scenario, reason="court ruling")
        scenario.refresh_from_db()
        assert scenario.status == ScenarioStatus.APPLIED


class TestPosting:
    LAST = date(2026, 1, 16)

    def posted(self, scenario: Scenario, author: Actor) -> Notice:
        services.run_scenario(actor=author, scenario=scenario)
        services.propose(actor=author, scenario=scenario)
        return post(scenario, author)

    def say(self, scenario: Scenario, place: int, **changes: Any) -> Opinion:
        last = Notice.objects.get(about=scenario.public_id)
        given = {"channel": "online", "topic": "plan", "stance": "suggest", "text": "Keep it.", "on": DAY, **changes}
        return consultation.add_opinion(
            actor=SYSTEM, about=SCENARIO.about(scenario), notice=last, **{"place_id": place, **given}
        )

    def test_opinions_are_taken_and_answered(self, district: DrawnDistrict, scenario: Scenario, author: Actor) -> None:
        self.posted(scenario, author)
        opinion = self.say(scenario, district["a1"])
        assert (opinion.number, opinion.town_id, opinion.stance) == (1, district["a镇"], "suggest")
        consultation.answer_opinion(actor=author, opinion=opinion, answer="The school stays.", on=DAY)
        (voice,) = voices_of([district.id], DAY, "planning.read")
        assert (voice.about, voice.stance_label, voice.is_answered(DAY)) == (scenario.public_id, "suggestion", True)
        assert voices_of([district.id], DAY, "campaigns.read") == []
        with pytest.raises(Refused):
            consultation.answer_opinion(actor=author, opinion=opinion, answer="")

    def test_too_late_empty_unstanced_or_about_nowhere_is_refused(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        notice = self.posted(scenario, author)

        def refused(**changes: object) -> set[str]:
            with pytest.raises(Refused) as refusal:
                self.say(scenario, district["a1"], **changes)
            return codes(refusal)

        assert refused(on=date(2026, 1, 17)) == {"notice_closed"}
        assert refused(text=" ") == {"text_empty"}
        assert refused(text="x" * 2001) == {"text_long"}
        assert refused(stance="") == {"stance_missing"}
        assert refused(stance="maybe") == {"stance_unknown"}
        assert refused(place_id=999_999) == {"place_outside"}
        consultation.take_down(actor=author, notice=notice, reason="x", on=DAY)
        assert refused() == {"notice_closed"}

    def test_only_a_proposal_is_posted_for_fifteen_days_as_a_plan_and_once(
        self, scenario: Scenario, author: Actor
    ) -> None:
        def refused(**changes: object) -> set[str]:
            with pytest.raises(Refused) as refusal:
                post(scenario, author, **changes)
            return codes(refusal)

        assert refused() == {"about_finished"}
        self.posted(scenario, author)
        assert refused(last_on=date(2026, 1, 15)) == {"notice_too_short"}
        assert refused(kind="information") == {"kind_not_here"}
        assert refused() == {"posted"}
        assert refused(on=self.LAST) == {"posted"}
        again = post(scenario, author, first_on=date(2026, 1, 17), last_on=date(2026, 2, 1), on=date(2026, 1, 17))
        assert list(Posting.objects.values_list("is_last", flat=True)) == [False, True]
        assert queries.find_posting(notice_id=again.pk) == Posting.objects.get(is_last=True)

    def test_a_posted_plan_is_neither_taken_back_nor_accepted_until_its_notice_is_over(
        self, scenario: Scenario, author: Actor, chief: Actor
    ) -> None:
        notice = self.posted(scenario, author)
        document = {"document_number": "1号", "document_on": DAY}

        def refused(do: Any, **given: Any) -> set[str]:
            with pytest.raises(Refused) as refusal:
                do(scenario=scenario, at=datetime(2026, 1, 16, 8, tzinfo=UTC), **given)
            scenario.refresh_from_db()
            return codes(refusal)

        assert refused(services.take_back, actor=author, reason="x") == {"posted"}
        assert refused(services.accept, actor=chief, **document) == {"posted"}
        consultation.take_down(actor=author, notice=notice, reason="a mistake", on=date(2026, 1, 16))
        services.take_back(actor=author, scenario=scenario, reason="x", at=datetime(2026, 1, 16, 9, tzinfo=UTC))
        assert scenario.status == ScenarioStatus.DRAFT

    def test_a_plan_is_accepted_the_day_after_its_notice(self, scenario: Scenario, author: Actor, chief: Actor) -> None:
        self.posted(scenario, author)
        after = datetime(2026, 1, 17, 1, tzinfo=UTC)
        services.accept(actor=chief, scenario=scenario, document_number="1号", document_on=DAY, at=after)
        assert scenario.status == ScenarioStatus.ACCEPTED

    def test_a_notice_goes_on_showing_the_plan_that_was_posted(self, scenario: Scenario, author: Actor) -> None:
        notice = self.posted(scenario, author)
        shown = queries.standing(scenario).run
        consultation.take_down(actor=author, notice=notice, reason="x", on=DAY)
        services.take_back(actor=author, scenario=scenario, reason="x", at=AT)
        services.choose_count(actor=author, scenario=scenario, count=3)
        found = queries.find_posting(notice__public_id=notice.public_id)
        assert found is not None
        assert found.run == shown != queries.standing(scenario).run

    def test_what_is_posted_in_a_part_is_the_whole_districts_to_keep(
        self, district: DrawnDistrict, scenario: Scenario, author: Actor
    ) -> None:
        notice, opinion = self.posted(scenario, author), self.say(scenario, district["a1"])
        in_town = replace(author, is_system=False, grants=(Grant("district_officer", place_id=district["a镇"]),))
        about = SCENARIO.find(scenario.public_id, in_town, "planning.read")
        assert about is not None
        assert SCENARIO.find(scenario.public_id, in_town, "planning.consult") is None
        assert SCENARIO.find(scenario.public_id, author, "campaigns.read") is None
        by_phone = {
            "place_id": district["a1"],
            "channel": "phone",
            "topic": "plan",
            "stance": "agree",
            "text": "x",
            "on": DAY,
        }
        kept: list[tuple[Any, dict[str, Any]]] = [
            (consultation.add_opinion, {"about": about, **by_phone}),
            (consultation.answer_opinion, {"opinion": opinion, "answer": "x", "on": DAY}),
            (consultation.take_down, {"notice": notice, "reason": "x", "on": DAY}),
        ]
        for service, given in kept:
            with pytest.raises(Forbidden):
                service(actor=in_town, **given)
            service(actor=author, **given)
        with pytest.raises(Forbidden):
            post(scenario, in_town, place_ids=[district["a1"]])
