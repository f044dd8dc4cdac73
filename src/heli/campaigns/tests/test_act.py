"""Accepting the step that applies the plan writes the register and gives successors their steps; merged villages stop."""

from datetime import UTC, date, datetime, timedelta

import pytest

from heli.accounts.testing import World, build_world
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.campaigns.models import Campaign, Step, Track
from heli.campaigns.registry import acts, subject_of
from heli.campaigns.services import follow_lineage, steps
from heli.campaigns.testing import draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.campaigns.types import StepStatus, Tag
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.kernel.levels import Per
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import FactSpec, PlaceKind
from heli.planning import services as planning
from heli.planning.testing import scenario_of
from heli.planning.types import Goal, GoalKind, PlanRules

pytestmark = pytest.mark.django_db
DECIDED, EFFECT = date(2026, 1, 5), date(2026, 4, 1)
BOOK = draw_playbook(
    "ask village 2", "carry district 1 < ask", "elect successor 5 < carry", "tell village 9 < carry",
    more={"carry": 'gates = ["planning.plan_accepted"]\nact = "planning.apply_plan"'},
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return build_world()


def second(world: World) -> Actor:
    """Another officer of the district."""
    return Actor(world.a.users["auditor"].pk, "second", world.a.actor("district_officer").grants)


def accepted_plan(world: World) -> str:
    """The home district's plan of two villages, accepted."""
    scenario = scenario_of(world.a)
    officer = world.a.actor("district_officer")
    rules = PlanRules(goal=Goal(GoalKind.EXACTLY, count=2, reduction=0))
    planning.change_and_run(actor=officer, scenario=scenario, rules=rules, version=None, did="change")
    scenario.refresh_from_db()
    planning.propose(actor=officer, scenario=scenario)
    planning.accept(actor=second(world), scenario=scenario, document_number="1号", document_on=DECIDED)
    return str(scenario.public_id)


def test_the_accepted_plan_is_carried_out_by_accepting_its_step(world: World) -> None:
    officer = world.a.actor("district_officer")
    with pytest.raises(Refused) as refused:
        open_drawn(world.a, playbook=BOOK, scenario=scenario_of(world.a).public_id)
    assert refused.value.faults[0].code == "plan_not_accepted"
    campaign = open_drawn(world.a, playbook=BOOK, scenario=accepted_plan(world))
    villages = Track.objects.filter(campaign=campaign, per=Per.VILLAGE)
    assert [track.tags for track in villages] == [[Tag.MERGED]] * 4
    # Steps of successors are not there before the plan is.
    assert not Step.objects.filter(campaign=campaign, key="elect").exists()
    for step in Step.objects.filter(campaign=campaign, key="ask").select_related("track"):
        steps.waive_step(actor=officer, step=step, reason="x", at=OPENED)
    carry = step_of(campaign, world.a.district, "carry")
    steps.submit_step(actor=officer, step=carry, at=OPENED)
    # The day before the register's own day is refused by planning, and then nothing at all is written.
    with pytest.raises(Refused):
        steps.accept_step(actor=second(world), step=carry, act_on=date(2025, 1, 1), at=OPENED)
    carry.refresh_from_db()
    assert carry.status == StepStatus.SUBMITTED
    steps.accept_step(actor=second(world), step=carry, act_on=EFFECT, at=OPENED)
    assert places.counts_on(EFFECT, [world.a.district.pk])[world.a.district.pk][PlaceKind.VILLAGE] == 2
    heirs = Track.objects.filter(campaign=campaign, per=Per.SUCCESSOR)
    assert heirs.count() == 2
    assert Step.objects.filter(campaign=campaign, key="elect", track__in=heirs).count() == 2
    # Before the day the old villages go on; on it their clocks stop and what is open goes to the successor, once.
    assert villages.filter(ended_at=None).count() == 4
    follow_lineage(actor=officer, campaign=campaign, on=EFFECT - timedelta(days=1), at=OPENED)
    assert villages.filter(ended_at=None).count() == 4
    follow_lineage(actor=officer, campaign=campaign, on=EFFECT, at=datetime(2026, 4, 1, tzinfo=UTC))
    assert villages.filter(ended_at=None).count() == 0
    assert Step.objects.filter(campaign=campaign, key="tell", status=StepStatus.MOVED).count() == 4
    assert Step.objects.filter(track__in=heirs, key="tell", status=StepStatus.NOT_STARTED).count() == 2
    assert follow_lineage(actor=officer, campaign=campaign, on=EFFECT, at=OPENED) == {
        "tracks": 0, "steps": 0, "moved": 0, "ended": 0,
    }  # fmt: skip


def carried_out(world: World) -> Campaign:
    """A campaign that has carried its plan out."""
    officer = world.a.actor("district_officer")
    campaign = open_drawn(world.a, playbook=BOOK, scenario=accepted_plan(world))
    for step in Step.objects.filter(campaign=campaign, key="ask").select_related("track"):
        steps.waive_step(actor=officer, step=step, reason="x", at=OPENED)
    carry = step_of(campaign, world.a.district, "carry")
    steps.submit_step(actor=officer, step=carry, at=OPENED)
    steps.accept_step(actor=second(world), step=carry, act_on=EFFECT, at=OPENED)
    return campaign


def test_a_plan_is_not_taken_back_while_a_campaign_goes_on_in_what_it_founded(world: World) -> None:
    campaign, officer = carried_out(world), world.a.actor("district_officer")
    with pytest.raises(Refused) as refused:
        planning.reverse_plan(actor=officer, scenario=scenario_of(world.a), reason="法院裁定")
    assert [fault.code for fault in refused.value.faults] == ["planning.built_upon"]
    assert campaign.name in refused.value.faults[0].message
    assert "2" in refused.value.faults[0].message
    assert places.counts_on(EFFECT, [world.a.district.pk])[world.a.district.pk][PlaceKind.VILLAGE] == 2


def test_a_plan_that_only_its_villages_campaign_waits_for_is_taken_back(world: World) -> None:
    # The campaign runs over the old villages: nothing of it stands on the new ones yet.
    open_drawn(world.a, "ask village 2")
    accepted_plan(world)
    officer, scenario = world.a.actor("district_officer"), scenario_of(world.a)
    planning.apply_plan(actor=officer, scenario=scenario, on=EFFECT)
    planning.reverse_plan(actor=officer, scenario=scenario, reason="法院裁定")
    assert places.counts_on(EFFECT, [world.a.district.pk])[world.a.district.pk][PlaceKind.VILLAGE] == 4


def test_figures_and_organisations_of_what_a_plan_founded_keep_it_and_are_named(world: World) -> None:
    accepted_plan(world)
    officer, scenario = world.a.actor("district_officer"), scenario_of(world.a)
    application = planning.apply_plan(actor=officer, scenario=scenario, on=EFFECT)
    founded, _ended = places.founded_and_ended([key for key, _public_id in application.events])
    new = min(founded)
    register.record_facts(
        actor=officer, facts=[FactSpec(place_id=new, measure="registered_population", on=EFFECT, value=3000)]
    )
    bodies.add_body(actor=officer, name="新村党支部", kind=BodyKind.PARTY_BRANCH, place_id=new, on=EFFECT)
    with pytest.raises(Refused) as refused:
        planning.reverse_plan(actor=officer, scenario=scenario, reason="法院裁定")
    said = " ".join(fault.message for fault in refused.value.faults)
    assert "已登记其数据 1 项。" in said
    assert "新村党支部" in said


def test_whoever_applies_a_plan_reads_its_numbers_and_what_runs_there_by_another(world: World) -> None:
    other = open_drawn(world.a, "ask village 2", "tell village 1", name="人居环境整治")
    public_id = accepted_plan(world)
    own = open_drawn(world.a, playbook=BOOK, scenario=public_id)
    told = acts()["planning.apply_plan"].tell(subject_of(own, world.a.district.pk))
    assert all(part in told for part in ("4 → 2", "1号", "{act_on}", other.name))
    assert told.count(other.name) == 1


def test_the_act_happens_once_though_its_step_is_accepted_twice(world: World) -> None:
    officer = world.a.actor("district_officer")
    campaign = open_drawn(world.a, playbook=BOOK, scenario=accepted_plan(world))
    for step in Step.objects.filter(campaign=campaign, key="ask").select_related("track"):
        steps.waive_step(actor=officer, step=step, reason="x", at=OPENED)
    carry = step_of(campaign, world.a.district, "carry")
    for _turn in range(2):
        steps.submit_step(actor=officer, step=carry, at=OPENED)
        steps.accept_step(actor=second(world), step=carry, act_on=EFFECT, at=OPENED)
        events = len(places.events_in(world.a.district.pk, EFFECT))
        steps.reopen_step(actor=second(world), step=carry, reason="补件", at=OPENED)
    assert events == 2
