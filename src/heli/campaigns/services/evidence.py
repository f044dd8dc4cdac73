"""Proof of a step: added while it is worked on, withdrawn before it is judged, sealed with its acceptance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.campaigns import registry
from heli.campaigns.models import Evidence, Step
from heli.campaigns.rules.steps import allows_work
from heli.campaigns.services.passing import check_relations, rule_of
from heli.campaigns.services.runs import local_day
from heli.campaigns.services.steps import FILL, acting_for, check_waiting, start_step, submit_step
from heli.campaigns.types import CampaignStatus, Did, EvidenceKind, Required, StepStatus
from heli.files import services as files
from heli.files.services.uploads import Multipart
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.periods import is_plausible
from heli.kernel.relations import day_text
from heli.ui.uploads import Uploaded

READ = "campaigns.read"
OPEN_FOR_PROOF = (StepStatus.NOT_STARTED, StepStatus.IN_PROGRESS, StepStatus.RETURNED)
LARGEST = 10**14


Given: TypeAlias = Uploaded | Multipart
"""A file as somebody gives it: arrived in parts before its form, or with the form itself."""


@dataclass(frozen=True, slots=True)
class GivenProof:
    """One thing given on the page of a step: for which requirement, or for the gate that it attests."""

    requirement: int = 0
    gate: str = ""
    given: Given | None = None
    number: int | None = None
    text: str = ""
    on: date | None = None

    @property
    def field(self) -> str:
        """The block of the page it belongs to."""
        return f"gate-{self.gate}" if self.gate else f"evidence-{self.requirement}"


def hand_in(
    *,
    actor: Actor,
    step: Step,
    pieces: Sequence[GivenProof],
    withdrawn: Collection[str] = (),
    submit: bool,
    at: datetime | None = None,
) -> Step:
    """All that was given on the page of a step at once: proof added and taken away, and the step submitted, or nothing.

    A number or text in place of one that the step asks for once replaces it. `withdrawn` are public ids. Not submitted, the
    step counts as begun when it need not wait. Raises `Refused` with every fault at its piece, `Forbidden`.
    """
    now = at or timezone.now()
    who = acting_for(actor=actor, step=step, did=Did.SUBMITTED, on=local_day(now))
    with writing(who.actor, "campaigns.hand_in", action=FILL, place_id=step.track.place_id, at=now) as act:
        _check_open(step)
        for evidence in Evidence.objects.filter(step=step, public_id__in=withdrawn, sealed_at=None):
            withdraw_evidence(actor=actor, evidence=evidence, at=now)
        faults: list[Fault] = []
        for piece in pieces:
            try:
                give(actor=actor, step=step, piece=piece, at=now)
            except Refused as refused:
                faults += [replace(fault, field=piece.field) for fault in refused.faults]
        faults += check_relations(step, on=local_day(now))
        if faults:
            raise Refused(faults)
        if submit:
            submit_step(actor=actor, step=step, at=now)
        elif step.status != StepStatus.IN_PROGRESS and not check_waiting(step):
            start_step(actor=actor, step=step, at=now)
        act.subject = f"step:{step.campaign.public_id}:{step.track.place_id}:{step.key}"
        act.after = {"pieces": len(pieces), "withdrawn": len(withdrawn), "submit": submit}
    return step


def give(*, actor: Actor, step: Step, piece: GivenProof, at: datetime | None = None) -> None:
    """Add one piece as `add_evidence` does; what it replaces is withdrawn, what stands there already is not written again."""
    if piece.gate:
        attest_gate(actor=actor, step=step, gate=piece.gate, given=piece.given, at=at)
        return
    asked = rule_of(step).evidence
    is_one = piece.requirement in range(len(asked)) and asked[piece.requirement].least == 1
    if is_one and piece.given is None:
        standing = Evidence.objects.filter(step=step, requirement=piece.requirement, file=None, withdrawn_at=None)
        last = standing.last()
        same = (piece.number, piece.text.strip(), piece.on or (last.on if last else None))
        if last is not None and (last.number, last.text, last.on) == same:
            return
        for evidence in standing.filter(sealed_at=None):
            withdraw_evidence(actor=actor, evidence=evidence, at=at)
    add_evidence(
        actor=actor,
        step=step,
        requirement=piece.requirement,
        given=piece.given,
        number=piece.number,
        text=piece.text,
        on=piece.on,
        at=at,
    )


def add_evidence(
    *,
    actor: Actor,
    step: Step,
    requirement: int,
    given: Given | None = None,
    number: int | None = None,
    text: str = "",
    on: date | None = None,
    at: datetime | None = None,
) -> Evidence:
    """Add one piece of proof for a requirement of the step (its place among them).

    Raises `Refused` for a step that is submitted or finished, an unknown requirement, content of another kind, a number
    that Heli knows itself; `Forbidden`.
    """
    now = at or timezone.now()
    rule = rule_of(step)
    if requirement not in range(len(rule.evidence)):
        raise Refused(Fault("unknown_requirement", _("The step asks for no such proof.")))
    if rule.evidence[requirement].fact in registry.facts():
        text = _("Heli takes this number itself when the step is handed in: leave it out.")
        raise Refused(Fault("comes_by_itself", text, field=f"evidence-{requirement}"))
    wanted, field, day = rule.evidence[requirement], f"evidence-{requirement}", on or local_day(now)
    faults = _check_content(wanted, given, number, text.strip(), field)
    if day > local_day(now):
        faults.append(Fault("future_day", _("The day lies in the future."), field=field))
    if faults:
        raise Refused(faults)
    is_number = wanted.kind is EvidenceKind.NUMBER
    return _add(
        actor, step, wanted.kind, given, now,
        requirement=requirement, number=number if is_number else None, text="" if is_number else text.strip(), on=day,
    )  # fmt: skip


def attest_gate(*, actor: Actor, step: Step, gate: str, given: Given | None, at: datetime | None = None) -> Evidence:
    """Attest with a document a gate that no context of Heli answers yet."""
    if gate not in rule_of(step).gates:
        raise Refused(Fault("unknown_gate", _("The step has no such gate.")))
    if given is None:
        raise Refused(Fault("file_missing", _("Choose a file."), field=f"gate-{gate}"))
    now = at or timezone.now()
    return _add(actor, step, EvidenceKind.ATTESTATION, given, now, gate=gate, requirement=0, on=local_day(now))


def withdraw_evidence(*, actor: Actor, evidence: Evidence, at: datetime | None = None) -> None:
    """Take a piece of proof out of count before the step is judged; it stays on record."""
    now = at or timezone.now()
    step = evidence.step
    who = acting_for(actor=actor, step=step, did=Did.SUBMITTED, on=local_day(now))
    with writing(who.actor, "campaigns.withdraw_evidence", action=FILL, place_id=step.track.place_id, at=now) as act:
        _check_open(step)
        evidence.refresh_from_db()
        if evidence.withdrawn_at is None:
            evidence.withdrawn_at = now
            evidence.save(update_fields=["withdrawn_at"])
        act.subject, act.after = f"evidence:{evidence.public_id}", {"did": "withdraw"}


def _add(actor: Actor, step: Step, kind: EvidenceKind, given: Given | None, now: datetime, **values: Any) -> Evidence:
    who = acting_for(actor=actor, step=step, did=Did.SUBMITTED, on=local_day(now))
    with writing(who.actor, "campaigns.add_evidence", action=FILL, place_id=step.track.place_id, at=now) as act:
        _check_open(step)
        file = _keep(who.actor, kind, given, step.track.place_id, now) if given is not None else None
        evidence = Evidence.objects.create(
            public_id=new_public_id(),
            step=step,
            kind=kind,
            file=file,
            added_by_id=actor.id,
            added_by_name=actor.name,
            added_at=now,
            **values,
        )
        act.subject = f"evidence:{evidence.public_id}"
        act.after = {
            "step": step.pk,
            "kind": str(kind),
            "sha256": file.sha256 if file else "",
            "number": evidence.number,
        }
    return evidence


def _keep(actor: Actor, kind: EvidenceKind, given: Given, place_id: int, now: datetime) -> Any:
    """Store the file; those may fetch it who may read campaigns at the place."""
    return files.take_given(
        actor=actor,
        given=given,
        purpose=FILL,
        action=READ,
        place_id=place_id,
        photo=kind is EvidenceKind.PHOTO,
        at=now,
    )


def _check_open(step: Step) -> None:
    """Whether proof may still change; whoever submits or judges the step at this moment waits until it has."""
    Step.objects.select_for_update(no_key=True).filter(pk=step.pk).values_list("pk").first()
    step.refresh_from_db()
    if not allows_work(CampaignStatus(step.campaign.status)):
        raise Refused(Fault("campaign_rests", _("The campaign rests or is closed: nothing moves in it.")))
    if step.status not in OPEN_FOR_PROOF:
        raise Refused(Fault("proof_closed", _("The step is submitted or finished: its proof stands.")))


def _is_day(number: int) -> bool:
    try:
        return is_plausible(date.fromisoformat(day_text(number)))
    except ValueError:
        return False


def _check_content(wanted: Required, given: Given | None, number: int | None, text: str, field: str) -> list[Fault]:
    if wanted.is_day:
        if number is None or not _is_day(number):
            return [Fault("day_missing", _("Write a day like 2026-03-02."), field=field)]
    elif wanted.kind is EvidenceKind.NUMBER:
        if number is None or not 0 <= number <= LARGEST:
            return [Fault("number_missing", _("Write a whole number, zero or more."), field=field)]
    elif wanted.kind is EvidenceKind.MINUTES:
        if given is None and not text:
            return [Fault("minutes_missing", _("Write the minutes, or add them as a file."), field=field)]
    elif given is None:
        return [Fault("file_missing", _("Choose a file."), field=field)]
    return []
