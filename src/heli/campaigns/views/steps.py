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
from heli.campaigns.forms import StepForm
from heli.campaigns.models import Evidence, Step
from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries.picture import picture
from heli.campaigns.queries.runs import READ, playbook_of
from heli.campaigns.queries.steps import evidence_of, find_step, history_of
from heli.campaigns.rules.steps import MOVES, allows_work
from heli.campaigns.services import evidence as proof
from heli.campaigns.services import passing
from heli.campaigns.services import steps as services
from heli.campaigns.texts import (
    COLOURS,
    EVIDENCE,
    HAPPENED,
    STATUS_TONES,
    STATUSES,
    role_of,
    said_conclusions,
    said_relations,
    say,
    template_of,
    unit_of,
)
from heli.campaigns.types import OPEN, CampaignStatus, Did, EvidenceKind, StepRule, StepStatus
from heli.kernel.access import Actor, may
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.ui.http import language, plausible_day, see_back, see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.relations import followed


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
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            said = act(request, one)
        except Forbidden:
            raise
        except Refused as refused:
            faults = refused.faults
            one = find_step(found, place, key, request.actor) or one
        else:
            if said:
                messages.success(request, said)
            return see_back(request) or see_other("campaigns:step", public_id, place, key)
    context = shell(request, found, "campaigns:campaign") | step_context(request.actor, one, place)
    context |= shown_again(request, one, context, faults)
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
        "submit": lambda: hand_in(request, one, submit=True),
        "save": lambda: hand_in(request, one, submit=False),
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
    }
    if did not in simple:
        raise Http404(did)
    simple[did]()
    said = {"submit": _("Submitted."), "accept": _("Accepted."), "return": _("Returned."), "save": _("Saved.")}
    return said.get(did, "")


def hand_in(request: ActorRequest, one: Step, *, submit: bool) -> None:
    """All that the page's one form holds: what was typed and chosen, what was ticked to be taken away."""
    held = evidence_of(one)
    form = step_form(one, held, request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(form.faults())
    gone = [e.public_id for e in held if e.requirement in form.emptied() and e.file is None and e.withdrawn_at is None]
    proof.hand_in(
        actor=request.actor,
        step=one,
        pieces=form.pieces(),
        withdrawn=[*request.POST.getlist("drop"), *gone],
        submit=submit,
    )


def step_form(one: Step, held: list[Evidence], *sent: Any) -> StepForm:
    """The form of a step; what is asked for once stands in it as it was given last."""
    rule, known = passing.rule_of(one), registry.facts()
    asked = {number: wanted for number, wanted in enumerate(rule.evidence) if wanted.fact not in known}
    last: dict[int, int | str] = {}
    for e in held:
        if e.requirement in asked and e.file is None and e.withdrawn_at is None and asked[e.requirement].least == 1:
            last[e.requirement] = e.text if e.number is None else e.number
    gates = [gate for gate in rule.gates if gate not in registry.gates()]
    return StepForm(*sent, asked=asked, gates=gates, held=last, place_id=one.track.place_id)


def shown_again(request: ActorRequest, one: Step, context: dict[str, Any], faults: tuple[Fault, ...]) -> dict[str, Any]:
    """What the page shows after a refusal: what is wrong and where, and everything as it was typed."""
    if not faults:
        return {}
    given = request.POST
    if given.get("did") in ("submit", "save"):
        form = step_form(one, evidence_of(one), given)
        names = {block["id"]: block["name"] for block in (*context["requirements"], *context["gates"])}
        for block in (*context["requirements"], *context["gates"]):
            block["fields"] = fields_of(form, block["id"])
            block["wrong"] = [fault.message for fault in faults if fault.field == block["id"]]
        faults = tuple(replace(fault, field="", source=names.get(fault.field, "")) for fault in faults)
    typed = {name: given.get(name, "") for name in ("did", "reason", "due_on")}
    # The page has one list of them: the names of its fields say nothing to a reader.
    return {"faults": tuple(replace(fault, field="") for fault in faults), "typed": typed}


def fields_of(form: StepForm, block: str) -> list[forms.BoundField]:
    """The fields of one block of the form, in order."""
    return [form[name] for name in form.fields if name.rpartition("-")[0] == block]


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
    form, can = step_form(one, held), allowed(actor, one, on)
    history = history_of(one)
    asked, shut = requirements(one, rule, held, on, form), gates(one, rule, held, on, form)
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
        "requirements": asked,
        "gates": shut,
        "history": [(entry, HAPPENED[Did(entry.did)]) for entry in history],
        "returned": next((entry for entry in reversed(history) if entry.did == Did.RETURNED), None)
        if one.status == StepStatus.RETURNED
        else None,
        "draft": f"{actor.id} {one.pk}",
        "draft_version": f"{one.status} {len(history)} {len(held)}",
        "does": role_of(rule.does),
        "accepts": role_of(rule.accepts),
        "waiting_for": role_of(rule.accepts if one.status == StepStatus.SUBMITTED else rule.does)
        if one.status in OPEN
        else "",
        "documents": documents(one, rule, place),
        "act_title": _(registry.acts()[rule.act].title) if rule.act in registry.acts() else "",
        "act_tells": registry.tell_act(rule.act, one.campaign, one.track.place_id) if can["accept"] else "",
        "can": can,
        "today": on,
        "blockers": blockers(one, asked, shut),
        "follows": said_conclusions(rule, passing.numbers_of(one, on=on)),
        "relations": relations(rule),
        "obstacles": passing.check_proof(one, on=on) if can["submit"] else [],
    }


def documents(one: Step, rule: StepRule, place: str) -> list[tuple[str, str]]:
    """The documents that the step names and somebody makes: title and address."""
    known = registry.documents()
    return [
        (known[key].titles()[key].text(language()), known[key].link(key, one.campaign.public_id, place))
        for key in rule.documents
        if key in known
    ]


def relations(rule: StepRule) -> dict[str, list[dict[str, object]]]:
    """What the browser follows while numbers are typed, in the very sentences of the services; fields by their names."""
    follows = []
    for conclusion in rule.follows:
        said = say(rule, conclusion.relation)
        words = [said.sentence(template_of(conclusion, reached)) for reached in (True, False, None)]
        follows.append(said.as_json("") | {"reached": words[0], "missed": words[1], "open": words[2]})
    return {"limits": followed(said_relations(rule)), "follows": follows}


def blockers(one: Step, asked: list[dict[str, Any]], shut: list[dict[str, Any]]) -> list[str]:
    """What keeps the step from being submitted whatever is typed on its page; what it waits for stands apart."""
    found = [fault.message for gate in shut for fault in gate["faults"]]
    text = _("“%(name)s” is not known yet: it is taken from “%(fact)s”.")
    found += [text % each for each in asked if each["fact"] and each["known"] is None and not each["have"]]
    if not allows_work(CampaignStatus(one.campaign.status)):
        found.append(_("The campaign rests or is closed: nothing moves in it."))
    return found


def requirements(one: Step, rule: StepRule, held: list[Evidence], on: date, form: StepForm) -> list[dict[str, Any]]:
    """What the step asks for, with what is there; of a number that Heli takes itself its source and how it stands today."""
    found = []
    for number, wanted in enumerate(rule.evidence):
        own = [e for e in held if e.requirement == number and e.kind == wanted.kind]
        have = [e for e in own if e.withdrawn_at is None]
        found.append(
            {
                "id": f"evidence-{number}",
                "name": wanted.name.text(language()),
                "kind_label": EVIDENCE[wanted.kind],
                "least": wanted.least,
                "unit": unit_of(wanted),
                "why": wanted.why.text(language()) if wanted.why else "",
                "is_photo": wanted.kind is EvidenceKind.PHOTO,
                "is_minutes": wanted.kind is EvidenceKind.MINUTES,
                "is_number": wanted.kind is EvidenceKind.NUMBER,
                "is_day": wanted.is_day,
                "have": have,
                "beside": [e for e in have if number not in form.held or e.file is not None],
                "fact": _(registry.facts()[wanted.fact].title) if wanted.fact in registry.facts() else "",
                "known": registry.read_fact(wanted.fact, one.campaign, one.track.place_id, on, rule.gates)
                if wanted.fact
                else None,
                "withdrawn": len(own) - len(have),
                "fields": fields_of(form, f"evidence-{number}"),
            }
        )
    return found


def gates(one: Step, rule: StepRule, held: list[Evidence], on: date, form: StepForm) -> list[dict[str, Any]]:
    """The gates of the step: open, what keeps them shut, or to be attested with a document."""
    found = []
    for gate in rule.gates:
        faults = registry.ask_gate(gate, one.campaign, one.track.place_id, on)
        found.append(
            {
                "id": f"gate-{gate}",
                "name": passing.gate_title(gate),
                "faults": faults or [],
                "is_open": faults == [],
                "needs_attesting": faults is None,
                "attested": [e for e in held if e.gate == gate and e.withdrawn_at is None],
                "fields": fields_of(form, f"gate-{gate}"),
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
