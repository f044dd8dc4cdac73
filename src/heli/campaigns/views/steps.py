"""The page of a step: what it asks for, its proof, its history, and the buttons of those who may press them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.campaigns import registry
from heli.campaigns.forms import AttestationForm, EvidenceForm
from heli.campaigns.models import Evidence, Step
from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries.picture import picture
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.queries.steps import evidence_of, find_evidence, find_step, history_of
from heli.campaigns.rules.steps import MOVES
from heli.campaigns.services import evidence as proof
from heli.campaigns.services import passing
from heli.campaigns.services import steps as services
from heli.campaigns.texts import COLOURS, EVIDENCE, HAPPENED, STATUS_TONES, STATUSES, role_of, unit_of
from heli.campaigns.types import OPEN, Did, EvidenceKind, StepRule, StepStatus
from heli.kernel.access import Actor, may
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.ui.http import language, plausible_day, see_other, whole_number
from heli.ui.pages import ActorRequest, page


def brings_act(request: HttpRequest, public_id: str, key: str, **_parts: str) -> bool:
    """Whether the form accepts a step whose acceptance brings an act of another context: a plan enters the register."""
    if request.POST.get("did") != "accept":
        return False
    rule = playbook_of(campaign_or_404(cast(ActorRequest, request), public_id)).by_key.get(key)
    return rule is not None and bool(rule.act)


@page("campaigns.read", confirm=brings_act)
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, public_id: str, place: str, key: str) -> HttpResponse:
    """One step of one place; POST does what its buttons say."""
    found = campaign_or_404(request, public_id)
    one = find_step(found, place, key, request.actor)
    if one is None:
        raise Http404(key)
    faults: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            said = act(request, one)
        except Forbidden:
            raise
        except Refused as refused:
            # The page has one list of them: the names of its fields say nothing to a reader.
            faults = tuple(replace(fault, field="") for fault in refused.faults)
            one = find_step(found, place, key, request.actor) or one
        else:
            if said:
                messages.success(request, said)
            return see_other("campaigns:step", public_id, place, key)
    context = shell(request, found, "campaigns:campaign") | step_context(request.actor, one, place) | {"faults": faults}
    if faults:
        keep_what_was_typed(request, one, context)
    context["breadcrumbs"] = [
        context["breadcrumbs"][0],
        {"label": found.name, "url": reverse("campaigns:campaign", args=[public_id])},
        {"label": context["track"].name, "url": reverse("campaigns:sheet", args=[public_id, place])},
        {"label": context["title"], "url": ""},
    ]
    return render(request, "campaigns/step.html", context, status=422 if faults else 200)


def act(request: ActorRequest, one: Step) -> str:
    """Call the one service behind the pressed button; what to say afterwards."""
    given, did = request.POST, request.POST.get("did", "")
    reason = given.get("reason", "")
    simple: dict[str, Callable[[], Any]] = {
        "start": lambda: services.start_step(actor=request.actor, step=one),
        "submit": lambda: services.submit_step(actor=request.actor, step=one),
        "withdraw": lambda: services.withdraw_step(actor=request.actor, step=one),
        "accept": lambda: services.accept_step(actor=request.actor, step=one, act_on=act_day(given.get("act_on", ""))),
        "return": lambda: services.return_step(actor=request.actor, step=one, reason=reason),
        "waive": lambda: services.waive_step(actor=request.actor, step=one, reason=reason),
        "reopen": lambda: services.reopen_step(actor=request.actor, step=one, reason=reason),
        "ask_extension": lambda: services.ask_extension(
            actor=request.actor, step=one, due_on=plausible_day(given.get("due_on")) or one.due_on, reason=reason
        ),
        "extend": lambda: services.decide_extension(actor=request.actor, step=one, approve=True, reason=reason),
        "refuse_extension": lambda: services.decide_extension(
            actor=request.actor, step=one, approve=False, reason=reason
        ),
        "add": lambda: add(request, one),
        "attest": lambda: attest(request, one),
        "withdraw_evidence": lambda: withdraw(request, one),
    }
    if did not in simple:
        raise Http404(did)
    simple[did]()
    said = {"submit": _("Submitted."), "accept": _("Accepted."), "return": _("Returned."), "add": _("Added.")}
    return said.get(did, "")


def add(request: ActorRequest, one: Step) -> None:
    """Every file given for a requirement, or its number or text."""
    asked = passing.rule_of(one).evidence
    number = whole_number(request.POST.get("requirement"), most=1000)
    if number is None or number >= len(asked):
        raise Http404
    form = EvidenceForm(
        request.POST, request.FILES, wanted=asked[number], place_id=one.track.place_id, prefix=f"evidence-{number}"
    )
    if not form.is_valid():
        raise Refused(form_faults(form, asked[number].name.text(language())))
    given = form.cleaned_data
    for file in given.get("file") or [None]:
        proof.add_evidence(
            actor=request.actor,
            step=one,
            requirement=number,
            given=file,
            number=given.get("number"),
            text=given.get("text", ""),
        )


def attest(request: ActorRequest, one: Step) -> None:
    """The document for a gate that nobody answers yet."""
    gate = request.POST.get("gate", "")
    form = AttestationForm(request.POST, request.FILES, place_id=one.track.place_id, prefix=f"gate-{gate}")
    if not form.is_valid():
        raise Refused(form_faults(form, passing.gate_title(gate)))
    proof.attest_gate(actor=request.actor, step=one, gate=gate, given=form.cleaned_data["file"][0])


def keep_what_was_typed(request: ActorRequest, one: Step, context: dict[str, Any]) -> None:
    """After a refusal the page holds what was typed: the number or words of a proof, a reason, a day."""
    did, number = request.POST.get("did", ""), whole_number(request.POST.get("requirement"), most=1000)
    context["typed"] = {"did": did, "reason": request.POST.get("reason", ""), "due_on": request.POST.get("due_on", "")}
    if did == "add" and number is not None and number < len(context["requirements"]):
        context["requirements"][number]["form"] = EvidenceForm(
            request.POST,
            wanted=passing.rule_of(one).evidence[number],
            place_id=one.track.place_id,
            prefix=f"evidence-{number}",
            auto_id="id-%s",
        )


def form_faults(form: forms.Form, where: str) -> list[Fault]:
    """What a form of the page says is wrong, as problems that say of which piece of proof."""
    return [Fault("form", str(error), source=where) for errors in form.errors.values() for error in errors]


def withdraw(request: ActorRequest, one: Step) -> None:
    """Take one piece of proof of this step out of count."""
    evidence = find_evidence(one, request.POST.get("evidence", ""))
    if evidence is None:
        raise Http404
    proof.withdraw_evidence(actor=request.actor, evidence=evidence)


def act_day(text: str) -> date | None:
    """The day from which the act of a step holds; None where none was chosen. Raises `Refused` for what is no day."""
    day = plausible_day(text)
    if day is None and text.strip():
        raise Refused(Fault("day_unreadable", _("Write the day as 2026-03-05."), field="act_on"))
    return day


def step_context(actor: Actor, one: Step, place: str) -> dict[str, Any]:
    """Everything the page shows of a step."""
    on = timezone.localdate()
    seen = picture(actor, one.campaign, on)
    track, row = seen.tracks[one.track_id], seen.rows[one.track_id][one.key]
    rule = seen.playbook.by_key[one.key]
    titles = {other.key: other.title.text(language()) for other in seen.playbook.steps}
    held = evidence_of(one)
    can = allowed(actor, one, on)
    return {
        "step": one,
        "track": track,
        "place_public_id": place,
        "rule": rule,
        "title": titles[one.key],
        "guide": rule.guide.text(language()) if rule.guide else "",
        "stage": next(stage.title.text(language()) for stage in seen.playbook.stages if stage.key == rule.stage),
        "step_label": STATUSES[StepStatus(one.status)],
        "step_tone": STATUS_TONES[StepStatus(one.status)],
        "colour": seen.colour(row),
        "colour_label": COLOURS[seen.colour(row)],
        "days_late": seen.days_late(row),
        "is_open": one.status in OPEN,
        "is_moved_due": one.due_on != one.baseline_on,
        "waits": [(titles[key], count) for key, count in seen.waits_for(row)] if one.status in OPEN else [],
        "may_open_files": may(actor, READ, one.track.place_id),
        "requirements": requirements(one, rule, held, on),
        "gates": gates(one, rule, held, on),
        "history": [(entry, HAPPENED[Did(entry.did)]) for entry in history_of(one)],
        "does": role_of(rule.does),
        "accepts": role_of(rule.accepts),
        "waiting_for": role_of(rule.accepts if one.status == StepStatus.SUBMITTED else rule.does)
        if one.status in OPEN
        else "",
        "documents": documents(one, rule, place),
        "act_title": _(registry.acts()[rule.act].title) if rule.act in registry.acts() else "",
        "can": can,
        "can_add": can.get("submit") and one.status != StepStatus.SUBMITTED,
        "today": on,
        "obstacles": passing.check_proof(one, on=on) if can.get("submit") else [],
    }


def documents(one: Step, rule: StepRule, place: str) -> list[tuple[str, str]]:
    """The documents that the step names and somebody makes: title and address."""
    known = registry.documents()
    return [
        (known[key].titles()[key].text(language()), known[key].link(key, one.campaign.public_id, place))
        for key in rule.documents
        if key in known
    ]


def requirements(one: Step, rule: StepRule, held: list[Evidence], on: date) -> list[dict[str, Any]]:
    """What the step asks for, with what is there; of a number that Heli takes itself its source and how it stands today."""
    return [
        {
            "number": number,
            "name": wanted.name.text(language()),
            "kind_label": EVIDENCE[wanted.kind],
            "least": wanted.least,
            "unit": unit_of(wanted),
            "is_photo": wanted.kind is EvidenceKind.PHOTO,
            "have": [e for e in held if e.requirement == number and e.kind == wanted.kind and e.withdrawn_at is None],
            "fact": _(registry.facts()[wanted.fact].title) if wanted.fact in registry.facts() else "",
            "known": registry.read_fact(wanted.fact, one.campaign, one.track.place_id, on) if wanted.fact else None,
            "withdrawn": sum(e.requirement == number and e.withdrawn_at is not None for e in held),
            "form": EvidenceForm(
                wanted=wanted, place_id=one.track.place_id, prefix=f"evidence-{number}", auto_id="id-%s"
            ),
        }
        for number, wanted in enumerate(rule.evidence)
    ]


def gates(one: Step, rule: StepRule, held: list[Evidence], on: date) -> list[dict[str, Any]]:
    """The gates of the step: open, what keeps them shut, or to be attested with a document."""
    found = []
    for gate in rule.gates:
        faults = registry.ask_gate(gate, one.campaign, one.track.place_id, on)
        found.append(
            {
                "id": gate,
                "title": passing.gate_title(gate),
                "faults": faults or [],
                "is_open": faults == [],
                "needs_attesting": faults is None,
                "attested": [e for e in held if e.gate == gate and e.withdrawn_at is None],
                "form": AttestationForm(place_id=one.track.place_id, prefix=f"gate-{gate}", auto_id="id-%s"),
            }
        )
    return found


def allowed(actor: Actor, one: Step, on: date) -> dict[str, bool]:
    """Which buttons the actor gets: the move is possible from here, and the actor is entitled to it."""
    buttons = {
        "start": Did.STARTED,
        "submit": Did.SUBMITTED,
        "withdraw": Did.WITHDREW,
        "accept": Did.ACCEPTED,
        "return": Did.RETURNED,
        "waive": Did.WAIVED,
        "reopen": Did.REOPENED,
        "ask_extension": Did.ASKED_EXTENSION,
        "extend": Did.EXTENDED,
    }
    rights: dict[str, bool] = {}
    found = {}
    for name, did in buttons.items():
        action = services.ACTION[did]
        if action not in rights:
            try:
                services.acting_for(actor=actor, step=one, did=did, on=on)
                rights[action] = True
            except Forbidden:
                rights[action] = False
        found[name] = rights[action] and StepStatus(one.status) in MOVES[did][0]
    mine = actor.id is not None and actor.id in (one.submitted_by_id, one.submitted_for_id)
    if mine:
        found["accept"] = found["return"] = False
    # Whoever judges sends back what others submitted, and does not take it back in their name.
    found["withdraw"] = found["withdraw"] and not found["return"]
    found["extend"] = found["extend"] and one.asked_due_on is not None
    return found
