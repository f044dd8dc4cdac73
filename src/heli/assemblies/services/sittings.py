"""Sittings: recorded with what the law of their day says, withdrawn with a reason; their votes go to the register."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.assemblies.models import FourSteps, Sitting, SittingStatus
from heli.assemblies.provinces import jurisdiction_of
from heli.assemblies.queries.judging import at_fields, judged
from heli.assemblies.queries.steps import turn_faults
from heli.assemblies.rules.deciding import SittingResult
from heli.assemblies.rules.sittings import call_rule, electorate_of
from heli.assemblies.rules.steps import STEPS, step_of
from heli.assemblies.texts import BODIES, STEP_NAMES
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.meetings import services as meetings
from heli.places.services import add_source, record_facts, take_back_facts
from heli.places.types import FactSpec
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import FormFile, hold, refuse_finished, towns_at

SITTINGS, KEEP = "assemblies.sittings", "assemblies.keep"
CLASSES = {
    "party_members": "party_members",
    "villagers_congress": "representatives",
    "residents_congress": "representatives",
}
"""As which class of people those present are counted; all others are residents."""


def record_sitting(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    values: Mapping[str, Any],
    steps: FourSteps | None = None,
    minutes: str = "",
    minutes_file: FormFile | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Sitting:
    """Record a sitting that was held: `values` are its columns (matter, body, mode, days, counts).

    Raises `Refused` with every fault at its field: counts that cannot be, a day without law, called too late, the same sitting
    twice; and, when it is a step of `steps`, for one that comes before its time. What the law says of it (void, too few, not
    passed) is no refusal: it is kept. Votes of consent to a reform become figures of the register.
    """
    today = on or timezone.localdate()
    refuse_finished(about)
    given = {"mode": "", "called_on": None, "is_urgent": False, "is_delegated": False, **values}
    if found := check_values(Sitting, given, today):
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=given["held_on"])[place_id]
    result = judged(given, jurisdiction_of(about.district_id, given["held_on"]))
    if result.law is None:
        raise Refused(at_fields(result.findings))
    if found := [*_called(given, result), *_turn(given, steps)]:
        raise Refused(found)
    pack, overlay = result.law.packs[0], result.law.packs[1] if len(result.law.packs) > 1 else None
    law = {
        "pack_id": pack.header.id, "pack_version": pack.header.version, "pack_sha256": pack.sha256,
        "overlay_id": overlay.header.id if overlay else "", "overlay_sha256": overlay.sha256 if overlay else "",
    }  # fmt: skip
    with writing(actor, SITTINGS, action=KEEP, place_id=place_id, at=at) as act:
        meeting = meetings.record_meeting(
            actor=actor, about=about, place_id=place_id, kind="assembly", title=str(BODIES[given["body"]]),
            held_on=given["held_on"], attendance={CLASSES.get(given["body"], "residents"): given["present"]},
            minutes=minutes, minutes_file=minutes_file, on=today, at=act.at, action=KEEP,
        )  # fmt: skip
        try:
            with transaction.atomic():
                sitting = Sitting.objects.create(
                    **given, **law, meeting=meeting, about=about.id, district_id=about.district_id, place_id=place_id,
                    town_id=town, status=result.status,
                )  # fmt: skip
        except IntegrityError as twice:
            same = {key: given[key] for key in ("body", "matter", "held_on")}
            if not Sitting.objects.filter(about=about.id, place_id=place_id, withdrawn_on=None, **same).exists():
                raise
            text = _("This sitting is recorded already. Withdraw it first if it was recorded wrongly.")
            raise Refused(Fault("sitting_twice", text, field="held_on")) from twice
        _to_register(actor, about, sitting, act.at)
        if steps is not None and result.status == "passed":
            held = hold(FourSteps.objects, pk=steps.pk)
            setattr(held, step_of(sitting.body), sitting)
            held.save(update_fields=[step_of(sitting.body)])
        act.subject = f"sitting:{meeting.public_id}"
        act.after = {"did": "record", "body": sitting.body, "matter": sitting.matter, "status": result.status, **law}
    return sitting


def _called(given: Mapping[str, Any], result: SittingResult) -> list[Fault]:
    """That it was held too few days after its call."""
    assert result.law is not None
    rule = call_rule(result.law, given["body"], given["mode"], given["matter"], urgent=given["is_urgent"])
    called_on, held_on = given["called_on"], given["held_on"]
    if called_on is not None and called_on > held_on:
        return [Fault("called_after", _("It cannot be called after it was held."), field="called_on")]
    if rule is None or called_on is None or (held_on - called_on).days >= rule.of:
        return []
    text = _("Called on %(called)s it may be held %(days)s days later at the earliest (%(article)s). Call it anew.")
    facts = {"called": called_on.isoformat(), "days": rule.of, "article": rule.article}
    return [Fault("too_early", text % facts, field="held_on")]


def _turn(given: Mapping[str, Any], steps: FourSteps | None) -> list[Fault]:
    """That it is no step of the matter, or comes before its turn."""
    if steps is None:
        return []
    step = step_of(given["body"])
    if not step or given["matter"] != steps.matter:
        return [Fault("no_step", _("This sitting is no next step of that matter."), field="steps")]
    return turn_faults(steps, step, given["held_on"], missing="steps", day="held_on")


def _to_register(actor: Actor, about: About, sitting: Sitting, at: datetime) -> None:
    """Votes of one of the three electorates become figures of the register, unless the sitting was none; a sample's as a sample."""
    names = consent_measures(sitting)
    if not names or sitting.status in (SittingStatus.VOID, SittingStatus.NO_QUORUM):
        return
    source = None
    if about.is_sample:
        sha256 = hashlib.sha256(about.id.encode()).hexdigest()
        source = add_source(title=about.name, sha256=sha256, is_sample=True, at=at).pk
    values = dict(zip(names, (sitting.votes_for, sitting.entitled), strict=True))
    place, on = sitting.place_id, sitting.held_on
    facts = [
        FactSpec(place_id=place, measure=name, on=on, value=value, source_id=source) for name, value in values.items()
    ]
    record_facts(actor=actor, facts=facts, reason=str(BODIES[sitting.body]), at=at, action=KEEP)


def consent_measures(sitting: Sitting) -> tuple[str, ...]:
    """The measures of the register that hold the votes of a sitting: for, and entitled; none where it is no consent."""
    name = electorate_of(sitting.body, sitting.mode, sitting.matter)
    return (f"{name}_votes_for", f"{name}_votes_base") if name else ()


def withdraw_sitting(
    *, actor: Actor, sitting: Sitting, reason: str, on: date | None = None, at: datetime | None = None
) -> Sitting:
    """Withdraw a sitting that was recorded wrongly, with its figures; it stays readable. Refused when later steps rest on it."""
    if not reason.strip():
        raise Refused(Fault("reason_empty", _("Say why."), field="reason"))
    with writing(actor, SITTINGS, action=KEEP, place_id=sitting.place_id, reason=reason, at=at) as act:
        held = hold(Sitting.objects, pk=sitting.pk)
        if held.withdrawn_on is not None:
            raise Refused(Fault("not_now", _("It is withdrawn already.")))
        _unlink(held)
        held.withdrawn_by_id, held.withdrawn_on = actor.id, on or timezone.localdate()
        held.withdrawn_why = reason.strip()
        held.save(update_fields=["withdrawn_by", "withdrawn_on", "withdrawn_why"])
        if names := consent_measures(held):
            take_back_facts(
                actor=actor,
                place_id=held.place_id,
                measures=names,
                on=held.held_on,
                reason=reason,
                at=act.at,
                action=KEEP,
            )
        act.subject, act.after = f"sitting:{held.meeting.public_id}", {"did": "withdraw"}
    withdrawn: Sitting = held
    return withdrawn


def _unlink(sitting: Sitting) -> None:
    """Take a sitting out of the steps it is part of. Raises `Refused` when a later step was taken."""
    step = step_of(sitting.body)
    linked = FourSteps.objects.filter(**{step: sitting}).first() if step else None
    if linked is None:
        return
    after = STEPS[STEPS.index(step) + 1]
    if getattr(linked, f"{after}_id") is not None:
        text = _("Later steps rest on it: %(step)s.") % {"step": STEP_NAMES[after]}
        raise Refused(Fault("steps_after", text))
    setattr(linked, step, None)
    linked.save(update_fields=[step])
