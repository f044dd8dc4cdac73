"""The life of a step over the small world: who may do what, what comes first, what proves it, and what stays on record."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.campaigns.models import Evidence, Step, StepEvent
from heli.campaigns.queries.votes import votes_of
from heli.campaigns.services import deputies, evidence, pause_campaign, resume_campaign, steps
from heli.campaigns.testing import campaign_of, draw_playbook, open_drawn
from heli.campaigns.testing.runs import OPENED, step_of
from heli.campaigns.types import Did, StepStatus
from heli.kernel.access import Actor
from heli.kernel.faults import Forbidden, Refused
from heli.places import queries as places

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(days=3)
PROOF = {
    "ask": 'evidence = [{ kind = "number", least = 1, name = { zh = "户数", en = "households" }, unit = "户", '
    'measure = "households" }, { kind = "minutes", least = 1, name = { zh = "记录", en = "minutes" } }]'
}


@pytest.fixture
def world() -> World:
    return build_world()


def who(world: World, role: str) -> Actor:
    return world.a.actor(role)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def run_through(world: World, step: Step, by: str, judge: str, at: datetime = LATER) -> None:
    """Submit and accept a step that asks for no proof."""
    steps.submit_step(actor=who(world, by), step=step, at=at)
    steps.accept_step(actor=who(world, judge), step=step, at=at)


def test_a_page_is_handed_in_whole_or_not_at_all(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", playbook=draw_playbook("ask village 3", more=PROOF))
    step, cadre = step_of(campaign, world.a.village, "ask"), who(world, "village_cadre")
    number, words = evidence.GivenProof(0, number=312), evidence.GivenProof(1, text="户代表会议记录")
    with pytest.raises(Refused) as refused:
        evidence.hand_in(actor=cadre, step=step, pieces=[number], submit=True, at=LATER)
    assert [fault.field for fault in refused.value.faults] == ["evidence-1"]
    assert not Evidence.objects.filter(step=step).exists()
    evidence.hand_in(actor=cadre, step=step, pieces=[number], submit=False, at=LATER)
    assert step.status == StepStatus.IN_PROGRESS
    evidence.hand_in(actor=cadre, step=step, pieces=[number, words], submit=True, at=LATER)
    assert step.status == StepStatus.SUBMITTED
    # What stood there already was not written again.
    assert Evidence.objects.filter(step=step).count() == 2


VOTE = {
    "ask": "".join(
        [
            "evidence = [",
            *(
                f'{{kind = "number", key = "{key}", name = {{zh = "{zh}", en = "{key}"}}, unit = "people"}},'
                for key, zh in (("entitled", "应到"), ("present", "实到"), ("for", "同意"))
            ),
            ']\nrelations = [{lte = ["for", "present"]}, {lte = ["present", "entitled"]}]\n',
            'follows = [{lte = ["2 * entitled", "3 * present"], say = {zh = "三分之二", en = "x"}, law = "第二十六条"}]',
        ]
    )
}


def votes(*numbers: int) -> list[evidence.GivenProof]:
    return [evidence.GivenProof(place, number=number) for place, number in enumerate(numbers)]


def test_numbers_that_cannot_be_are_refused_where_they_are_typed(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", playbook=draw_playbook("ask village 3", more=VOTE))
    step, cadre = step_of(campaign, world.a.village, "ask"), who(world, "village_cadre")
    for submit in (False, True):
        with pytest.raises(Refused) as refused:
            evidence.hand_in(actor=cadre, step=step, pieces=votes(420, 500, 600), submit=submit, at=LATER)
        assert [(fault.code, fault.field) for fault in refused.value.faults] == [
            ("numbers_impossible", "evidence-2"),
            ("numbers_impossible", "evidence-1"),
        ]
        assert "600" in refused.value.faults[0].message
    assert not Evidence.objects.filter(step=step).exists()
    # Saved in parts they are looked at together.
    evidence.hand_in(actor=cadre, step=step, pieces=votes(420), submit=False, at=LATER)
    with pytest.raises(Refused):
        evidence.hand_in(actor=cadre, step=step, pieces=votes(420, 421), submit=False, at=LATER)


def test_what_the_numbers_have_to_reach_is_said_as_an_inequality(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", playbook=draw_playbook("ask village 3", more=VOTE))
    step, cadre = step_of(campaign, world.a.village, "ask"), who(world, "village_cadre")
    with pytest.raises(Refused) as refused:
        evidence.hand_in(actor=cadre, step=step, pieces=votes(420, 279, 200), submit=True, at=LATER)
    assert [(fault.code, fault.source) for fault in refused.value.faults] == [("not_reached", "第二十六条")]
    assert all(part in refused.value.faults[0].message for part in ("2 × 应到 = 840", "> 3 × 实到 = 837"))
    assert [one.numbers for one in votes_of(campaign, [step.track_id])] == [
        dict.fromkeys(("entitled", "present", "for"))
    ]
    evidence.hand_in(actor=cadre, step=step, pieces=votes(420, 280, 200), submit=True, at=LATER)
    assert step.status == StepStatus.SUBMITTED
    [vote] = votes_of(campaign, [step.track_id])
    assert vote.numbers == {"entitled": 420, "present": 280, "for": 200}
    assert not vote.is_accepted
    steps.accept_step(actor=who(world, "town_officer"), step=step, at=LATER)
    assert votes_of(campaign, [step.track_id])[0].is_accepted


def test_a_number_in_place_of_another_replaces_it_until_it_was_sealed(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", playbook=draw_playbook("ask village 3", more=PROOF))
    step, cadre = step_of(campaign, world.a.village, "ask"), who(world, "village_cadre")

    def standing() -> list[int | None]:
        return list(
            Evidence.objects.filter(step=step, requirement=0, withdrawn_at=None).values_list("number", flat=True)
        )

    words = evidence.GivenProof(1, text="户代表会议记录")
    evidence.hand_in(actor=cadre, step=step, pieces=[evidence.GivenProof(0, number=312), words], submit=True, at=LATER)
    steps.return_step(actor=who(world, "town_officer"), step=step, reason="数字不对", at=LATER)
    evidence.hand_in(actor=cadre, step=step, pieces=[evidence.GivenProof(0, number=313), words], submit=True, at=LATER)
    assert standing() == [313]
    steps.accept_step(actor=who(world, "town_officer"), step=step, at=LATER)
    steps.reopen_step(actor=who(world, "town_officer"), step=step, reason="补充", at=LATER)
    evidence.hand_in(actor=cadre, step=step, pieces=[evidence.GivenProof(0, number=315)], submit=False, at=LATER)
    assert standing() == [313, 315]
    # Sealed proof is not taken away, whatever is ticked.
    sealed = Evidence.objects.get(step=step, number=313)
    other = Evidence.objects.get(step=step, number=315)
    gone = [sealed.public_id, other.public_id]
    evidence.hand_in(actor=cadre, step=step, pieces=[], withdrawn=gone, submit=False, at=LATER)
    assert standing() == [313]


def test_a_step_waits_for_what_comes_before_it(world: World) -> None:
    campaign = campaign_of(world.a)
    ask = step_of(campaign, world.a.village, "ask")
    with pytest.raises(Refused) as refused:
        steps.start_step(actor=who(world, "village_cadre"), step=ask, at=LATER)
    assert codes(refused) == ["waits"]
    lead = step_of(campaign, world.a.district, "lead")
    steps.submit_step(actor=who(world, "district_officer"), step=lead, at=LATER)
    with pytest.raises(Refused) as refused:
        steps.accept_step(actor=who(world, "district_officer"), step=lead, at=LATER)
    assert codes(refused) == ["own_submission"]
    steps.waive_step(actor=who(world, "district_officer"), step=lead, reason="早已成立", at=LATER)
    steps.start_step(actor=who(world, "village_cadre"), step=ask, at=LATER)
    assert ask.status == StepStatus.IN_PROGRESS


def test_a_town_waits_for_all_its_villages_and_for_none_of_the_next_town(world: World) -> None:
    campaign = campaign_of(world.a)
    steps.waive_step(
        actor=who(world, "district_officer"), step=step_of(campaign, world.a.district, "lead"), reason="x", at=LATER
    )
    total = step_of(campaign, world.a.town, "sum")
    for left, name in zip((2, 1), ("岩门村", "大石村"), strict=True):
        with pytest.raises(Refused) as refused:
            steps.start_step(actor=who(world, "town_officer"), step=total, at=LATER)
        assert str(left) in refused.value.faults[0].message
        run_through(world, step_of(campaign, world.a.place(name), "ask"), "district_officer", "town_officer")
    steps.start_step(actor=who(world, "town_officer"), step=total, at=LATER)


def test_proof_is_asked_for_sealed_with_acceptance_and_becomes_a_fact(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", playbook=draw_playbook("ask village 3", more=PROOF))
    step, cadre = step_of(campaign, world.a.village, "ask"), who(world, "village_cadre")
    with pytest.raises(Refused) as refused:
        steps.submit_step(actor=cadre, step=step, at=LATER)
    assert [fault.field for fault in refused.value.faults] == ["evidence-0", "evidence-1"]
    evidence.add_evidence(actor=cadre, step=step, requirement=0, number=312, at=LATER)
    wrong = evidence.add_evidence(actor=cadre, step=step, requirement=1, text="写错了", at=LATER)
    evidence.withdraw_evidence(actor=cadre, evidence=wrong, at=LATER)
    with pytest.raises(Refused):
        steps.submit_step(actor=cadre, step=step, at=LATER)
    evidence.add_evidence(actor=cadre, step=step, requirement=1, text="户代表会议记录", at=LATER)
    steps.submit_step(actor=cadre, step=step, at=LATER)
    with pytest.raises(Refused) as refused:
        evidence.add_evidence(actor=cadre, step=step, requirement=0, number=313, at=LATER)
    assert codes(refused) == ["proof_closed"]
    steps.return_step(actor=who(world, "town_officer"), step=step, reason="数字不对", at=LATER)
    steps.submit_step(actor=cadre, step=step, at=LATER)
    steps.accept_step(actor=who(world, "town_officer"), step=step, at=LATER)
    sealed = Evidence.objects.filter(step=step, sealed_at__isnull=False)
    assert sealed.count() == 2
    assert Evidence.objects.filter(step=step, withdrawn_at__isnull=False).count() == 1
    facts = places.facts_on([world.a.village.pk], "households", date(2026, 4, 1))
    assert facts[world.a.village.pk].value == 312
    assert [event.did for event in StepEvent.objects.filter(step=step)] == [
        Did.SUBMITTED, Did.RETURNED, Did.SUBMITTED, Did.ACCEPTED,
    ]  # fmt: skip
    # Opened again, new proof comes beside what was sealed.
    steps.reopen_step(actor=who(world, "town_officer"), step=step, reason="补充", at=LATER)
    evidence.add_evidence(actor=cadre, step=step, requirement=0, number=315, at=LATER)
    assert Evidence.objects.filter(step=step, requirement=0, withdrawn_at=None).count() == 2
    with unaudited(), pytest.raises(IntegrityError, match="AppendOnly"), transaction.atomic():
        sealed.update(number=1)


@pytest.mark.parametrize(
    ("role", "may_fill", "may_judge"),
    [
        ("village_cadre", True, False),
        ("town_officer", True, True),
        ("district_officer", True, True),
        ("department_liaison", False, False),
        ("auditor", False, False),
        ("grid_worker", False, False),
        ("administrator", False, False),
    ],
)
def test_roles_reach_what_the_playbook_gives_them(world: World, role: str, may_fill: bool, may_judge: bool) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")

    def allowed(move: Any) -> bool:
        try:
            move()
        except Forbidden:
            return False
        return True

    assert allowed(lambda: steps.start_step(actor=who(world, role), step=step, at=LATER)) is may_fill
    steps.submit_step(actor=who(world, "village_cadre"), step=step, at=LATER)
    assert allowed(lambda: steps.accept_step(actor=who(world, role), step=step, at=LATER)) is may_judge


def test_nobody_reaches_another_village_or_town(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3", "sum town 1 < ask")
    with pytest.raises(Forbidden):
        steps.start_step(
            actor=who(world, "village_cadre"), step=step_of(campaign, world.a.other_village, "ask"), at=LATER
        )
    with pytest.raises(Forbidden):
        steps.start_step(
            actor=who(world, "town_officer"), step=step_of(campaign, world.a.other_village, "ask"), at=LATER
        )
    with pytest.raises(Forbidden):
        steps.start_step(
            actor=world.b.actor("district_officer"), step=step_of(campaign, world.a.village, "ask"), at=LATER
        )


def test_the_database_itself_refuses_an_accepter_who_submitted(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")
    steps.submit_step(actor=who(world, "town_officer"), step=step, at=LATER)
    user = world.a.users["town_officer"].pk
    with unaudited(), pytest.raises(IntegrityError, match="step_not_accepted_by_submitter"), transaction.atomic():
        Step.objects.filter(pk=step.pk).update(
            status=StepStatus.ACCEPTED, accepted_by=user, accepted_on=date(2026, 3, 5)
        )
    with pytest.raises(Refused):
        steps.accept_step(actor=who(world, "town_officer"), step=step, at=LATER)


def test_more_time_is_asked_for_and_given_by_somebody_else(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")
    frozen = step.baseline_on
    with pytest.raises(Refused):
        steps.ask_extension(actor=who(world, "village_cadre"), step=step, due_on=frozen, reason="雨", at=LATER)
    steps.ask_extension(
        actor=who(world, "town_officer"), step=step, due_on=frozen + timedelta(days=7), reason="雨", at=LATER
    )
    with pytest.raises(Refused) as refused:
        steps.decide_extension(actor=who(world, "town_officer"), step=step, approve=True, at=LATER)
    assert codes(refused) == ["own_request"]
    steps.decide_extension(actor=who(world, "district_officer"), step=step, approve=True, at=LATER)
    step.refresh_from_db()
    assert (step.due_on, step.baseline_on) == (frozen + timedelta(days=7), frozen)


def test_nothing_moves_while_the_campaign_rests(world: World) -> None:
    campaign = open_drawn(world.a, playbook=draw_playbook("ask village 3", more=PROOF))
    officer = who(world, "district_officer")
    pause_campaign(actor=officer, campaign=campaign, on=date(2026, 3, 4), reason="汛期", at=LATER)
    step = step_of(campaign, world.a.village, "ask")
    with pytest.raises(Refused) as refused:
        steps.start_step(actor=who(world, "village_cadre"), step=step, at=LATER)
    assert codes(refused) == ["campaign_rests"]
    with pytest.raises(Refused) as refused:
        evidence.add_evidence(actor=who(world, "village_cadre"), step=step, requirement=0, number=3, at=LATER)
    assert codes(refused) == ["campaign_rests"]
    resume_campaign(actor=officer, campaign=campaign, on=date(2026, 3, 9), at=LATER)
    step = step_of(campaign, world.a.village, "ask")
    steps.start_step(actor=who(world, "village_cadre"), step=step, at=LATER)


def test_a_deputy_acts_for_an_absent_colleague_and_both_are_named(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.other_village, "ask")
    cadre = who(world, "village_cadre")
    lent = world.a.users["district_officer"]
    deputies.appoint_deputy(
        actor=who(world, "district_officer"), campaign=campaign, principal=lent.username,
        deputy=world.a.users["village_cadre"].username, valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1), at=OPENED,
    )  # fmt: skip
    steps.submit_step(actor=cadre, step=step, at=LATER)
    event = StepEvent.objects.get(step=step)
    assert (event.by_name, event.for_name) == (str(world.a.users["village_cadre"]), str(lent))
    # Neither of the two may judge it.
    with pytest.raises(Refused) as refused:
        steps.accept_step(actor=who(world, "district_officer"), step=step, at=LATER)
    assert codes(refused) == ["own_submission"]
    with pytest.raises(Forbidden):
        steps.withdraw_step(actor=cadre, step=step, at=datetime(2026, 4, 2, tzinfo=UTC))


def test_a_step_is_judged_once(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    step = step_of(campaign, world.a.village, "ask")
    steps.submit_step(actor=who(world, "village_cadre"), step=step, at=LATER)
    late = Step.objects.get(pk=step.pk)
    steps.accept_step(actor=who(world, "town_officer"), step=step, at=LATER)
    with pytest.raises(Refused) as refused:
        steps.return_step(actor=who(world, "district_officer"), step=late, reason="不行", at=LATER)
    assert codes(refused) == ["moved_on"]


def test_many_are_accepted_together_or_none(world: World) -> None:
    campaign = open_drawn(world.a, "ask village 3")
    mine = step_of(campaign, world.a.village, "ask")
    other = step_of(campaign, world.a.place("大石村"), "ask")
    steps.submit_step(actor=who(world, "village_cadre"), step=mine, at=LATER)
    steps.submit_step(actor=who(world, "town_officer"), step=other, at=LATER)
    checked = steps.check_many(actor=who(world, "town_officer"), steps=[mine, other], at=LATER)
    assert [[fault.code for fault in faults] for _step, faults in checked] == [[], ["own_submission"]]
    with pytest.raises(Refused):
        steps.accept_many(actor=who(world, "town_officer"), steps=[mine, other], at=LATER)
    assert Step.objects.filter(campaign=campaign, status=StepStatus.ACCEPTED).count() == 0
    assert steps.accept_many(actor=who(world, "district_officer"), steps=[mine, other], at=LATER) == 2


def test_an_action_asks_the_database_no_more_for_a_larger_campaign(world: World) -> None:
    counts = []
    for name, lines in (("一", ["a village 1"]), ("二", [f"s{n} village 1" for n in range(30)])):
        campaign = open_drawn(world.a, *lines, name=name)
        step = step_of(campaign, world.a.village, lines[0].split()[0])
        steps.start_step(actor=who(world, "village_cadre"), step=step, at=LATER)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            steps.submit_step(actor=who(world, "village_cadre"), step=step, at=LATER)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_no_more_time_is_asked_for_a_step_that_waits_to_be_judged(world: World) -> None:
    step, cadre = step_of(open_drawn(world.a, "ask village 3"), world.a.village, "ask"), who(world, "village_cadre")
    given: dict[str, Any] = {"step": step, "due_on": date(2026, 4, 1), "reason": "外出务工", "at": LATER}
    steps.submit_step(actor=cadre, step=step, at=LATER)
    with pytest.raises(Refused) as refused:
        steps.ask_extension(actor=cadre, **given)
    assert codes(refused) == ["moved_on"]
    steps.withdraw_step(actor=cadre, step=step, at=LATER)
    assert steps.ask_extension(actor=cadre, **given).asked_due_on == date(2026, 4, 1)
