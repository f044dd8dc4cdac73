"""Who may do a step and who judges it; never whoever submitted it or asked for more time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from heli.accounts.testing import World, WriteCase
from heli.campaigns.models import Step
from heli.campaigns.services import evidence, steps
from heli.campaigns.services.filling import FilledRow, fill_many
from heli.campaigns.testing.runs import OPENED, draw_playbook, open_drawn, step_of
from heli.ui.testing import Kwargs

DOERS = ("district_officer", "town_officer", "village_cadre")
JUDGES = ("district_officer", "town_officer")
LATER = OPENED + timedelta(days=3)
PROOF = (
    'evidence = [{ kind = "minutes", least = 1, name = { zh = "记录", en = "minutes" } }]\ngates = ["ledger.closed"]\n'
)
"""Minutes are asked for; a gate that nobody answers is attested with a document."""
MINUTES = evidence.GivenProof(requirement=0, text="户代表会议")


def fresh(world: World, *, proof: bool = False) -> Step:
    book = draw_playbook("ask village 3", more={"ask": PROOF} if proof else None)
    return step_of(open_drawn(world.a, playbook=book), world.a.village, "ask")


def submitted(world: World) -> Step:
    """By the town officer."""
    return steps.submit_step(actor=world.a.actor("town_officer"), step=fresh(world), at=LATER)


def accepted(world: World) -> Step:
    return steps.accept_step(actor=world.a.actor("district_officer"), step=submitted(world), at=LATER)


def more_time(world: World) -> Kwargs:
    return {"step": fresh(world), "due_on": date(2026, 4, 1), "reason": "外出务工", "at": LATER}


def minutes(world: World) -> Kwargs:
    return {"step": fresh(world, proof=True), "requirement": 0, "text": "户代表会议", "at": LATER}


def letter(world: World) -> Kwargs:
    given = SimpleUploadedFile("证明.txt", "已办结".encode())
    return {"step": fresh(world, proof=True), "gate": "ledger.closed", "given": given, "at": LATER}


def asked(world: World) -> Step:
    """The town officer asked for more time."""
    return steps.ask_extension(actor=world.a.actor("town_officer"), **more_time(world))


def line(world: World) -> Kwargs:
    step = fresh(world)
    row = FilledRow(2, world.a.village.public_id, "ask", None, "", None, True)
    return {"campaign": step.campaign, "rows": [row], "at": LATER}


def at(build: Callable[[World], Step], **more: Any) -> Callable[[World], Kwargs]:
    return lambda world: {"step": build(world), "at": LATER, **more}


JUDGED: dict[str, Any] = {"first": "town_officer", "refused": "own_submission"}
CASES = [
    WriteCase(steps.start_step, DOERS, at(fresh)),
    WriteCase(steps.submit_step, DOERS, at(fresh)),
    WriteCase(steps.withdraw_step, DOERS, at(submitted)),
    WriteCase(steps.ask_extension, DOERS, more_time),
    WriteCase(steps.return_step, JUDGES, at(submitted, reason="缺签字"), **JUDGED),
    WriteCase(steps.accept_step, JUDGES, at(submitted), **JUDGED),
    WriteCase(steps.accept_many, JUDGES, lambda w: {"steps": [submitted(w)], "at": LATER}, **JUDGED),
    WriteCase(steps.reopen_step, JUDGES, at(accepted, reason="补充")),
    WriteCase(steps.decide_extension, JUDGES, at(asked, approve=True), first="town_officer", refused="own_request"),
    WriteCase(steps.waive_step, ("district_officer",), at(fresh, reason="早已成立")),
    WriteCase(fill_many, DOERS, line),
    WriteCase(evidence.add_evidence, DOERS, minutes),
    WriteCase(evidence.give, DOERS, lambda w: {"step": fresh(w, proof=True), "piece": MINUTES, "at": LATER}),
    WriteCase(evidence.attest_gate, DOERS, letter),
    WriteCase(evidence.hand_in, DOERS, at(fresh, pieces=[], submit=True)),
    WriteCase(
        evidence.withdraw_evidence,
        DOERS,
        lambda w: {"evidence": evidence.add_evidence(actor=w.a.actor("village_cadre"), **minutes(w)), "at": LATER},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
