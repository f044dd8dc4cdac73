"""The life of a step: begun, submitted with its proof, judged by somebody else, given more time, waived, opened again.

Every move is one entry in the step's log, in the same transaction as the row and the act it triggers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.campaigns import registry
from heli.campaigns.models import Campaign, Deputy, Evidence, Step, StepEvent, Track
from heli.campaigns.notices import RETURNED
from heli.campaigns.queries.runs import playbook_of
from heli.campaigns.rules import steps as rules
from heli.campaigns.services.lineage import follow_lineage
from heli.campaigns.services.passing import (
    check_follows,
    check_gates,
    check_proof,
    check_relations,
    rule_of,
    take_facts,
    title_of,
)
from heli.campaigns.services.runs import entry, local_day
from heli.campaigns.types import CampaignStatus, Did, EvidenceKind, Party, StepStatus
from heli.kernel.access import SYSTEM, Actor, scope
from heli.kernel.faults import Fault, Forbidden, Refused
from heli.kernel.levels import Per
from heli.kernel.periods import is_plausible
from heli.notices import services as notices
from heli.places import queries as places
from heli.places import services as register
from heli.places.types import FactSpec

FILL, ACCEPT, WAIVE = "campaigns.fill", "campaigns.accept", "campaigns.waive"
ACTION: Mapping[Did, str] = {
    Did.STARTED: FILL,
    Did.SUBMITTED: FILL,
    Did.WITHDREW: FILL,
    Did.ASKED_EXTENSION: FILL,
    Did.RETURNED: ACCEPT,
    Did.ACCEPTED: ACCEPT,
    Did.REOPENED: ACCEPT,
    Did.EXTENDED: ACCEPT,
    Did.REFUSED_EXTENSION: ACCEPT,
    Did.WAIVED: WAIVE,
}
"""What somebody must be allowed to do at the step's place."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, and for which absent colleague, if it takes that colleague's rights."""

    actor: Actor
    principal_id: int | None = None
    principal_name: str = ""


# -- the moves -----------------------------------------------------------------------------------------------------------


def start_step(*, actor: Actor, step: Step, at: datetime | None = None) -> Step:
    """Begin working on a step. Raises `Refused` while it waits for others, `Forbidden`."""
    return _move(actor, step, Did.STARTED, at)


def submit_step(*, actor: Actor, step: Step, at: datetime | None = None) -> Step:
    """Hand a step in to be judged, with all the proof it asks for and its gates open."""
    return _move(actor, step, Did.SUBMITTED, at)


def withdraw_step(*, actor: Actor, step: Step, at: datetime | None = None) -> Step:
    """Take a submission back before it was judged."""
    return _move(actor, step, Did.WITHDREW, at)


def return_step(*, actor: Actor, step: Step, reason: str, at: datetime | None = None) -> Step:
    """Send a submission back with what is missing."""
    return _move(actor, step, Did.RETURNED, at, reason=reason)


def accept_step(*, actor: Actor, step: Step, act_on: date | None = None, at: datetime | None = None) -> Step:
    """Accept a submission of somebody else; its proof is sealed, and the act of the playbook happens with it or not at all.

    `act_on` is the day from which the act holds (default: the day of acceptance).
    """
    return _move(actor, step, Did.ACCEPTED, at, act_on=act_on)


def waive_step(*, actor: Actor, step: Step, reason: str, at: datetime | None = None) -> Step:
    """Do without a step, with a reason; a right of the district."""
    return _move(actor, step, Did.WAIVED, at, reason=reason)


def reopen_step(*, actor: Actor, step: Step, reason: str, at: datetime | None = None) -> Step:
    """Open a finished step again; what was sealed stays sealed, new proof comes beside it."""
    return _move(actor, step, Did.REOPENED, at, reason=reason)


def ask_extension(*, actor: Actor, step: Step, due_on: date, reason: str, at: datetime | None = None) -> Step:
    """Ask for a later due day; somebody else decides."""
    return _move(actor, step, Did.ASKED_EXTENSION, at, reason=reason, due_on=due_on)


def decide_extension(*, actor: Actor, step: Step, approve: bool, reason: str = "", at: datetime | None = None) -> Step:
    """Give the time asked for, or refuse it. The due day frozen at the beginning stays on record."""
    return _move(actor, step, Did.EXTENDED if approve else Did.REFUSED_EXTENSION, at, reason=reason)


def accept_many(*, actor: Actor, steps: Collection[Step], at: datetime | None = None) -> int:
    """Accept all of them or none; look first with `check_many`. Returns how many."""
    now = at or timezone.now()
    if not steps:
        raise Refused(Fault("none_chosen", _("Choose at least one submission.")))
    with writing(actor, "campaigns.accept_many", action=ACCEPT, at=now) as act:
        found: list[Fault] = []
        for step in steps:
            try:
                accept_step(actor=actor, step=step, at=now)
            except Refused as refused:
                found += [replace(fault, source=str(step.pk)) for fault in refused.faults]
        if found:
            raise Refused(found)
        act.after = {"steps": len(steps)}
    return len(steps)


def check_many(*, actor: Actor, steps: Iterable[Step], at: datetime) -> list[tuple[Step, list[Fault]]]:
    """What accepting each of them now would be refused for; nothing is written."""
    checked: list[tuple[Step, list[Fault]]] = []
    for step in steps:
        try:
            who = acting_for(actor=actor, step=step, did=Did.ACCEPTED, on=local_day(at))
            checked.append((step, _check(step, Did.ACCEPTED, who, local_day(at))))
        except Forbidden as refused:
            checked.append((step, list(refused.faults)))
    return checked


# -- one way for all -----------------------------------------------------------------------------------------------------


def _move(
    actor: Actor,
    step: Step,
    did: Did,
    at: datetime | None,
    *,
    reason: str = "",
    due_on: date | None = None,
    act_on: date | None = None,
) -> Step:
    now = at or timezone.now()
    on, reason = local_day(now), reason.strip()
    who = acting_for(actor=actor, step=step, did=did, on=on)
    with writing(
        who.actor, f"campaigns.step_{did}", action=ACTION[did], place_id=step.track.place_id, reason=reason, at=now
    ) as act:
        Step.objects.select_for_update(no_key=True).filter(pk=step.pk).values_list("pk").first()
        step.refresh_from_db()
        if faults := _check(step, did, who, on, reason=reason, due_on=due_on):
            raise Refused(faults)
        before = step.status
        if did is Did.SUBMITTED:
            take_facts(actor=actor, step=step, on=on, at=now)
        data = _change(step, did, who, on, due_on)
        entry(step=step, did=did, actor=who.actor, at=now, reason=reason, for_name=who.principal_name, data=data).save(
            force_insert=True
        )
        if did is Did.RETURNED:
            _tell_submitter(who.actor, step, reason, now)
        if did is Did.ACCEPTED:
            _settle(who.actor, step, act_on or on, now)
        act.subject = f"step:{step.campaign.public_id}:{step.track.place_id}:{step.key}"
        act.before, act.after = {"status": before}, {"status": step.status, "did": str(did), **data}
    return step


def _change(step: Step, did: Did, who: Acting, on: date, due_on: date | None) -> dict[str, Any]:
    """Write the row; returns what the log keeps beside it."""
    after = rules.next_status(did, StepStatus(step.status))
    assert after is not None
    step.status = after
    fields: list[str] = ["status"]
    data: dict[str, Any] = {}
    if did is Did.SUBMITTED:
        step.submitted_by_id, step.submitted_for_id, step.submitted_on = who.actor.id, who.principal_id, on
        step.accepted_by_id = step.accepted_on = None
        fields += ["submitted_by", "submitted_for", "submitted_on", "accepted_by", "accepted_on"]
    elif did is Did.ACCEPTED:
        step.accepted_by_id, step.accepted_on = who.actor.id, on
        fields += ["accepted_by", "accepted_on"]
    elif did is Did.ASKED_EXTENSION:
        step.asked_due_on = due_on
        fields += ["asked_due_on"]
        data |= {"asked": str(due_on), "for": who.principal_id}
    elif did in (Did.EXTENDED, Did.REFUSED_EXTENSION):
        data["asked"] = str(step.asked_due_on)
        if did is Did.EXTENDED and step.asked_due_on is not None:
            data["was"] = step.due_on.isoformat()
            step.due_on = step.asked_due_on
        step.asked_due_on = None
        fields += ["due_on", "asked_due_on"]
    step.save(update_fields=fields)
    return data


def _settle(actor: Actor, step: Step, act_on: date, now: datetime) -> None:
    """What acceptance brings: proof is sealed, numbers become facts of the register, the act happens."""
    rule = rule_of(step)
    proof = Evidence.objects.filter(step=step, withdrawn_at=None, sealed_at=None)
    facts = [
        FactSpec(
            place_id=step.track.place_id, measure=rule.evidence[one.requirement].measure, on=one.on, value=one.number
        )
        for one in proof.filter(kind=EvidenceKind.NUMBER)
        if one.number is not None and one.requirement < len(rule.evidence) and rule.evidence[one.requirement].measure
    ]
    proof.update(sealed_at=now)
    if facts:
        # Who accepts answers for the number; the register takes it from the system, which names the step as its ground.
        register.record_facts(actor=SYSTEM, facts=facts, reason=f"step {step.pk}", at=now)
    if rule.act:
        registry.run_act(rule.act, step.campaign, step.track.place_id, actor, act_on)
        follow_lineage(actor=actor, campaign=step.campaign, on=local_day(now), at=now)


def _tell_submitter(actor: Actor, step: Step, reason: str, now: datetime) -> None:
    """A returned step is work again: its submitter hears of it at once, with the reason."""
    name = places.names_at([step.track.place_id], local_day(now)).get(step.track.place_id, "")
    notices.notify(
        actor=actor,
        recipients=[key for key in (step.submitted_by_id, step.submitted_for_id) if key is not None],
        kind=RETURNED,
        title=_("Returned: %(step)s, %(place)s") % {"step": title_of(rule_of(step)), "place": name},
        text=reason,
        link=reverse("campaigns:step", args=[step.campaign.public_id, step.track.place.public_id, step.key]),
        about=f"step:{step.pk}",
        at=now,
    )


# -- who and whether -----------------------------------------------------------------------------------------------------


def acting_for(*, actor: Actor, step: Step, did: Did, on: date) -> Acting:
    """The actor in own right, or for an absent colleague whose deputy the actor is. Raises `Forbidden`."""
    if actor.is_system:
        return Acting(actor)
    rule = rule_of(step)
    party = rule.accepts if ACTION[did] in (ACCEPT, WAIVE) else rule.does
    if entitled(actor=actor, action=ACTION[did], track=step.track, campaign=step.campaign, party=party):
        return Acting(actor)
    if actor.id is not None:
        held = Deputy.objects.filter(deputy_id=actor.id, valid_from__lte=on).exclude(valid_to__lte=on)
        for deputy in held.select_related("principal").order_by("pk"):
            lent = replace(actor, grants=accounts.actor_of(deputy.principal, on).grants)
            if entitled(actor=lent, action=ACTION[did], track=step.track, campaign=step.campaign, party=party):
                return Acting(lent, deputy.principal_id, str(deputy.principal))
    raise Forbidden(Fault("forbidden", _("This step is another's to do or to judge."), source=ACTION[did]))


def entitled(*, actor: Actor, action: str, track: Track, campaign: Campaign, party: Party) -> bool:
    """Whether one of the actor's roles reaches a step that is the party's; reads nothing from the database."""
    reach = scope(actor, action)
    held = [
        rules.Held(grant.role, grant.place_id)
        for grant in actor.grants
        if (grant.place_id is None and grant.body_id is None and reach.everything) or grant.place_id in reach.place_ids
    ]
    chain = (track.place_id, track.town_id, campaign.district_id)
    return rules.is_entitled(rules.standing_above(held, chain, Per(track.per)), party.role, party.level)


def _check(step: Step, did: Did, who: Acting, on: date, *, reason: str = "", due_on: date | None = None) -> list[Fault]:
    """What keeps this from happening to the step now."""
    faults = []
    if not rules.allows_work(CampaignStatus(step.campaign.status)):
        faults.append(Fault("campaign_rests", _("The campaign rests or is closed: nothing moves in it.")))
    if rules.next_status(did, StepStatus(step.status)) is None:
        text = _("The step is no longer where you saw it: look at it again.")
        return [*faults, Fault("moved_on", text)]
    if did in rules.NEEDS_REASON and not reason:
        faults.append(Fault("reason_missing", _("Say why."), field="reason"))
    if did is Did.ASKED_EXTENSION and (due_on is None or due_on <= step.due_on or not is_plausible(due_on)):
        text = _("Ask for a day after %(day)s, when the step is due now.") % {"day": step.due_on}
        faults.append(Fault("due_not_later", text, field="due_on"))
    if did in (Did.EXTENDED, Did.REFUSED_EXTENSION):
        faults += _check_extension(step, who)
    if did is Did.ACCEPTED or did is Did.RETURNED:
        faults += _check_second_person(step, who)
    if did in rules.NEEDS_DEPENDENCIES:
        faults += check_waiting(step)
    if did in (Did.SUBMITTED, Did.ACCEPTED):
        faults += check_proof(step, on=on) + check_gates(step, on=on)
        faults += check_relations(step, on=on) + check_follows(step, on=on)
    return faults


def _check_second_person(step: Step, who: Acting) -> list[Fault]:
    mine = {who.actor.id, who.principal_id} - {None}
    if mine & {step.submitted_by_id, step.submitted_for_id}:
        return [Fault("own_submission", _("You submitted this step: somebody else has to judge it."))]
    return []


def _check_extension(step: Step, who: Acting) -> list[Fault]:
    if step.asked_due_on is None:
        return [Fault("nothing_asked", _("Nobody has asked for more time for this step."))]
    asked = StepEvent.objects.filter(step=step, did=Did.ASKED_EXTENSION).order_by("-pk").first()
    mine = {who.actor.id, who.principal_id} - {None}
    if asked is not None and mine & {asked.by_id, asked.data.get("for")}:
        return [Fault("own_request", _("You asked for more time: somebody else has to decide."))]
    return []


def check_waiting(step: Step) -> list[Fault]:
    """The steps it still waits for, each named once with how many places are behind it."""
    playbook = playbook_of(step.campaign)
    rule = playbook.by_key[step.key]
    if not rule.after:
        return []
    lanes = [
        rules.Lane(key, place, town, Per(per), heir)
        for key, place, town, per, heir in Track.objects.filter(campaign_id=step.campaign_id).values_list(
            "pk", "place_id", "town_id", "per", "successor_id"
        )
    ]
    rows = Step.objects.filter(campaign_id=step.campaign_id, key__in=rule.after)
    statuses = {
        (track, key): StepStatus(status) for track, key, status in rows.values_list("track_id", "key", "status")
    }
    own = next(lane for lane in lanes if lane.id == step.track_id)
    levels = {key: playbook.by_key[key].per for key in rule.after}
    waiting = rules.waiting_for(rule.after, own, levels, lanes, statuses)
    faults = []
    for key in dict.fromkeys(key for key, _track in waiting):
        many = sum(1 for other, _track in waiting if other == key)
        text = ngettext(
            "First comes “%(step)s”: %(count)s place has not finished it.",
            "First comes “%(step)s”: %(count)s places have not finished it.",
            many,
        )
        faults.append(Fault("waits", text % {"step": title_of(playbook.by_key[key]), "count": many}, source=key))
    return faults
