"""What all contexts offer to the steps of a playbook, collected by name: gates, acts, facts, documents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from heli.campaigns.models import Campaign
from heli.kernel.declare import Act, Documents, Gate, Subject, SubjectFact
from heli.kernel.faults import Fault
from heli.kernel.offers import offered


@cache
def gates() -> Mapping[str, Gate]:
    """Every gate on offer, by id."""
    return {gate.id: gate for gate in offered("gates", "GATES")}


@cache
def acts() -> Mapping[str, Act]:
    """Every act on offer, by id."""
    return {act.id: act for act in offered("acts", "ACTS")}


@cache
def facts() -> Mapping[str, SubjectFact]:
    """Every number on offer, by id."""
    return {fact.id: fact for fact in offered("facts", "FACTS")}


def documents() -> Mapping[str, Documents]:
    """Who makes each document, by its id."""
    return {key: offer for offer in offered("documents", "DOCUMENTS") for key in offer.titles()}


def ask_gate(gate_id: str, campaign: Campaign, place_id: int, on: date) -> list[Fault] | None:
    """What keeps a gate shut; None when no context offers it yet and a document has to attest it."""
    gate = gates().get(gate_id)
    if gate is None:
        return None
    return list(gate.check(subject=subject_of(campaign, place_id), on=on))


def read_fact(fact_id: str, campaign: Campaign, place_id: int, on: date, gates: Sequence[str] = ()) -> int | None:
    """What a context knows of a place; None when it does not know it, or when no context offers the fact. `gates`: the step's."""
    fact = facts().get(fact_id)
    return None if fact is None else fact.value(replace(subject_of(campaign, place_id), gates=tuple(gates)), on)


def run_act(act_id: str, campaign: Campaign, place_id: int, actor: Any, on: date) -> None:
    """Let an act happen; idempotent by its own promise. Raises `Refused`."""
    act = acts().get(act_id)
    if act is None:
        raise LookupError(_("The playbook names the act %(act)s, which nobody offers.") % {"act": act_id})
    act.run(actor=actor, subject=subject_of(campaign, place_id), on=on)


def tell_act(act_id: str, campaign: Campaign, place_id: int) -> str:
    """What an act would change, with {act_on} for the day; "" for one that nobody offers or that does not say."""
    act = acts().get(act_id)
    return act.tell(subject_of(campaign, place_id)) if act is not None else ""


def subject_of(campaign: Campaign, place_id: int) -> Subject:
    """What gates and acts are asked about when a step is about a place: the place, the campaign, the plan it carries out."""
    scenario = campaign.scenario.public_id if campaign.scenario is not None else ""
    return Subject(
        district=campaign.district_id,
        place=place_id,
        campaign=campaign.public_id,
        scenario=scenario,
        about=campaign.public_id,
    )
