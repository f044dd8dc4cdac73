"""A matter led through the four steps 四议两公开: opened, its first meetings held, its publications and supervision told."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from heli.assemblies.models import FourSteps, StepsVariant
from heli.assemblies.queries.steps import notices_for, turn_faults
from heli.assemblies.services.sittings import KEEP
from heli.assemblies.texts import STEP_NAMES
from heli.audit.services import writing
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.meetings import services as meetings
from heli.records.abouts import About
from heli.records.fields import check_values
from heli.records.services import FormFile, hold, refuse_finished, towns_at

STEPS = "assemblies.four_steps"


def open_steps(
    *,
    actor: Actor,
    about: About,
    place_id: int,
    title: str,
    matter: str,
    variant: str,
    is_one_shoulder: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> FourSteps:
    """Begin a matter. `is_one_shoulder`: one person leads branch and committee, so the first two steps may be one meeting."""
    today = on or timezone.localdate()
    refuse_finished(about)
    given = {"title": title.strip(), "matter": matter, "variant": variant}
    if found := check_values(FourSteps, given, today):
        raise Refused(found)
    town = towns_at(about.district_id, place_ids=[place_id], on=today)[place_id]
    with writing(actor, STEPS, action=KEEP, place_id=place_id, at=at) as act:
        steps = FourSteps.objects.create(
            **given, public_id=new_public_id(), about=about.id, district_id=about.district_id, place_id=place_id, town_id=town,
            is_one_shoulder=is_one_shoulder, opened_by=actor.name, opened_at=act.at,
        )  # fmt: skip
        act.subject, act.after = f"steps:{steps.public_id}", {"did": "open", "matter": matter, "variant": variant}
    return steps


def hold_meeting(
    *,
    actor: Actor,
    about: About,
    steps: FourSteps,
    taken: Sequence[str],
    held_on: date,
    present: int,
    minutes: str = "",
    minutes_file: FormFile | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> FourSteps:
    """Record the meeting that proposed or discussed (`taken`), both in one where one person leads both."""
    with writing(actor, STEPS, action=KEEP, place_id=steps.place_id, at=at) as act:
        held = hold(FourSteps.objects, pk=steps.pk)
        if len(taken) > 1 and not held.is_one_shoulder:
            text = _("Both steps are one meeting only where one person leads branch and committee.")
            raise Refused(Fault("two_meetings", text, field="taken"))
        if found := turn_faults(held, taken[0], held_on, missing="held_on", day="held_on"):
            raise Refused(found)
        last = taken[-1]
        kind = "joint" if last == "discussed" and held.variant == StepsVariant.THREE else "special"
        meeting = meetings.record_meeting(
            actor=actor, about=about, place_id=held.place_id, kind=kind, title=f"{STEP_NAMES[last]}：{held.title}"[:120],
            held_on=held_on, attendance={"cadres": present}, minutes=minutes, minutes_file=minutes_file, on=on, at=act.at,
            action=KEEP,
        )  # fmt: skip
        for step in taken:
            setattr(held, step, meeting)
        held.save(update_fields=list(taken))
        act.subject, act.after = f"steps:{held.public_id}", {"did": last, "held_on": str(held_on)}
    taken_now: FourSteps = held
    return taken_now


def link_notice(
    *, actor: Actor, about: About, steps: FourSteps, step: str, notice_id: str, at: datetime | None = None
) -> FourSteps:
    """Say which notice published the decision or its result (`step`)."""
    with writing(actor, STEPS, action=KEEP, place_id=steps.place_id, at=at) as act:
        held = hold(FourSteps.objects, pk=steps.pk)
        notice = notices_for(actor, about, held.place_id).filter(public_id=notice_id).first()
        if notice is None:
            raise Refused(Fault("notice_unknown", _("Choose a notice that hangs in this place."), field="notice"))
        if found := turn_faults(held, step, notice.first_on, missing="notice", day="notice"):
            raise Refused(found)
        if step == "result_notice" and held.variant == StepsVariant.THREE and not held.supervision:
            raise Refused(Fault("unsupervised", _("First say what the supervision committee saw."), field="notice"))
        setattr(held, step, notice)
        held.save(update_fields=[step])
        act.subject, act.after = f"steps:{held.public_id}", {"did": step, "first_on": str(notice.first_on)}
    linked: FourSteps = held
    return linked


def supervise(*, actor: Actor, steps: FourSteps, supervision: str, at: datetime | None = None) -> FourSteps:
    """Write down what the supervision committee saw of the matter."""
    given = {"supervision": supervision.strip()}
    if not given["supervision"]:
        raise Refused(Fault("supervision_empty", _("Say what it saw."), field="supervision"))
    if found := check_values(FourSteps, given, timezone.localdate()):
        raise Refused(found)
    with writing(actor, STEPS, action=KEEP, place_id=steps.place_id, at=at) as act:
        held = hold(FourSteps.objects, pk=steps.pk)
        held.supervision = given["supervision"]
        held.save(update_fields=["supervision"])
        act.subject, act.after = f"steps:{held.public_id}", {"did": "supervise"}
    supervised: FourSteps = held
    return supervised
