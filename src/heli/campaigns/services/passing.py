"""What has to be there before a step passes: its proof, the numbers that Heli itself knows, its gates."""

from collections import Counter
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heli.campaigns import registry
from heli.campaigns.models import Evidence, Step
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.texts import GATES, said_conclusions, said_relations
from heli.campaigns.types import EvidenceKind, Required, StepRule
from heli.kernel.access import Actor
from heli.kernel.faults import Fault
from heli.kernel.ids import new_public_id
from heli.ui.relations import check_numbers


def rule_of(step: Step) -> StepRule:
    """The step's rule in its campaign's pinned playbook."""
    return playbook_of(step.campaign).by_key[step.key]


def title_of(asked: StepRule | Required) -> str:
    """What a step or a piece of proof is called, in the reader's language."""
    words = asked.title if isinstance(asked, StepRule) else asked.name
    return words.text(get_language() or "zh-hans")


def _known(step: Step, one: Required, on: date) -> int | None:
    """What Heli itself knows of a piece of proof."""
    if not one.fact:
        return None
    return registry.read_fact(one.fact, step.campaign, step.track.place_id, on, rule_of(step).gates)


def check_proof(step: Step, *, on: date) -> list[Fault]:
    """Which required evidence is missing. What Heli is to know itself is there once it was taken, or when it is known."""
    proof = Evidence.objects.filter(step=step, withdrawn_at=None).exclude(kind=EvidenceKind.ATTESTATION)
    held = Counter(proof.values_list("requirement", flat=True))
    faults = []
    for number, one in enumerate(rule_of(step).evidence):
        if held[number] >= one.least:
            continue
        fact = registry.facts().get(one.fact)
        if fact is None:
            text = _("“%(name)s”: %(have)s of %(least)s given.")
            given = {"name": title_of(one), "have": held[number], "least": one.least}
            faults.append(Fault("proof_missing", text % given, field=f"evidence-{number}"))
        elif _known(step, one, on) is None:
            text = _("“%(name)s” is not known yet: it is taken from “%(fact)s”.")
            given = {"name": title_of(one), "fact": _(fact.title)}
            faults.append(Fault("fact_unknown", text % given, field=f"evidence-{number}"))
    return faults


def numbers_of(step: Step, *, on: date) -> dict[str, int]:
    """The numbers given for a step by the names its relations know; those that Heli knows itself as they are known."""
    rule = rule_of(step)
    named = {number: one for number, one in enumerate(rule.evidence) if one.key}
    if not named:
        return {}
    proof = Evidence.objects.filter(step=step, withdrawn_at=None, requirement__in=named, number__isnull=False)
    values = {
        named[requirement].key: value
        for requirement, value in proof.order_by("pk").values_list("requirement", "number")
        if value is not None
    }
    for one in named.values():
        known = _known(step, one, on)
        if known is not None:
            values[one.key] = known
    return values


def check_relations(step: Step, *, on: date) -> list[Fault]:
    """Numbers that cannot be beside each other, each at its field."""
    return check_numbers(said_relations(rule_of(step)), numbers_of(step, on=on))


def check_follows(step: Step, *, on: date) -> list[Fault]:
    """What the numbers do not reach, each with its inequality and the article; what is not known yet is asked for elsewhere."""
    values = numbers_of(step, on=on)
    return [
        Fault("not_reached", said, source=one.law)
        for one, said, reached in said_conclusions(rule_of(step), values)
        if reached is False
    ]


def take_facts(*, actor: Actor, step: Step, on: date, at: datetime) -> None:
    """Keep the numbers that Heli knows as proof of a step that is handed in, in place of those taken before it was returned."""
    for number, one in enumerate(rule_of(step).evidence):
        value = _known(step, one, on)
        if value is None:
            continue
        Evidence.objects.filter(step=step, requirement=number, kind=one.kind, sealed_at=None, withdrawn_at=None).update(
            withdrawn_at=at
        )
        Evidence.objects.create(
            public_id=new_public_id(),
            step=step,
            requirement=number,
            kind=one.kind,
            number=value,
            on=on,
            added_by_id=actor.id,
            added_by_name=actor.name,
            added_at=at,
        )


def check_gates(step: Step, *, on: date) -> list[Fault]:
    """What the step's gates say; one that no context offers yet needs a document that attests it."""
    faults: list[Fault] = []
    attested: set[str] | None = None
    for gate in rule_of(step).gates:
        found = registry.ask_gate(gate, step.campaign, step.track.place_id, on)
        if found is None:
            if attested is None:
                proof = Evidence.objects.filter(step=step, withdrawn_at=None, kind=EvidenceKind.ATTESTATION)
                attested = set(proof.values_list("gate", flat=True))
            if gate not in attested:
                text = _("Attest “%(gate)s” with a document.") % {"gate": gate_title(gate)}
                faults.append(Fault("gate_unattested", text, field=f"gate-{gate}"))
        else:
            faults += found
    return faults


def gate_title(gate_id: str) -> str:
    """What a gate is called on screen."""
    offered = registry.gates().get(gate_id)
    return _(offered.title) if offered is not None else str(GATES.get(gate_id, gate_id))
