"""Whistles as they are made: by whistling, and where a department hands a matter on; who is told of them, and of being urged."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from heli.accounts.queries import people_over_body
from heli.audit.services import writing
from heli.audit.types import OpenEntry
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.workdays import calendar
from heli.matters.catalogues import clock_of, stage_due
from heli.matters.happened import event_of, subject_of, tell
from heli.matters.ledger import WHISTLES
from heli.matters.ledger.matter import JUDGE
from heli.matters.models import Duty, Matter, MatterState, UrgeColour, Whistle, WhistleState
from heli.matters.notices import URGED, WHISTLED
from heli.matters.queries import said_of
from heli.matters.rules.clocks import compute_due
from heli.notices.services import notify
from heli.records.abouts import DISTRICT, About
from heli.records.models import Event
from heli.records.services import hold, next_number


def make_whistles(
    *,
    act: OpenEntry,
    about: About,
    held: Matter,
    bodies: Sequence[int],
    on: date,
    is_led: bool = True,
    sitting: Any = None,
) -> list[Whistle]:
    """Whistles of a locked matter to departments, each with its clock from today on, inside an open block; they are told.

    The first leads where `is_led`. The matter is due no earlier than they are.
    """
    days, counted = clock_of(held.item)
    first = next_number(Whistle, about=about)
    made = [
        Whistle(
            public_id=new_public_id(), about=about.id, district_id=held.district_id, place_id=held.place_id,
            town_id=held.town_id, matter=held, title=held.title, body_body_id=body, number=number,
            duty=Duty.LEAD if is_led and number == first else Duty.SUPPORT, whistled_on=on, days=days, counted=counted,
            due_on=stage_due("report_in", on), answer_due_on=stage_due("answer", on), sitting=sitting,
            decided=said_of(sitting), status=WhistleState.SENT, opened_by=act.actor.name, opened_at=act.at,
        )
        for number, body in enumerate(bodies, first)
    ]  # fmt: skip
    Whistle.objects.bulk_create(made)
    Event.objects.bulk_create([event_of(WHISTLES.name, one, "opened", act) for one in made])
    latest = compute_due(calendar(), on, days, counted).day
    held.due_on = max(latest, held.due_on or latest)
    for one in made:
        text = _("Report in by %(day)s.") % {"day": one.due_on}
        _tell(one, _people(one, on), (WHISTLED, text), actor=act.actor, at=act.at)
    return made


def hand_on(*, actor: Actor, row: Whistle, on: date, at: datetime) -> None:
    """Whistle the department to which another one hands the matter on; its clock starts today, the matter's runs on."""
    assert row.right_body is not None
    with writing(actor, "matters.whistle", action=JUDGE, place_id=row.place_id, at=at) as act:
        held: Matter = hold(Matter.objects, pk=row.matter_id)
        if held.status != MatterState.WHISTLED:
            text = _("This cannot be done now: somebody else has moved the matter on.")
            raise Refused(Fault("not_now", text, source="transfer"))
        about = DISTRICT.about(row.district_id, row.about)
        is_led = row.duty == Duty.LEAD
        make_whistles(act=act, about=about, held=held, bodies=[row.right_body.pk], on=on, is_led=is_led)
        held.save(update_fields=["due_on"])
        tell(held, "handed_on", act, reason=f"{row.body_body} → {row.right_body}")
        act.subject, act.after = subject_of(held), {"did": "hand_on", "number": held.number, "body": row.right_body.pk}


def tell_urged(*, actor: Actor, row: Whistle, colour: UrgeColour, on: date, at: datetime) -> None:
    """The department hears that it is urged; inside the block of the move."""
    said = {"colour": colour.label, "day": row.due_on}
    text = _("%(colour)s; its day is %(day)s. Answer on its page.") % said
    _tell(row, _people(row, on), (URGED, text), actor=actor, at=at)


def tell_replied(*, actor: Actor, row: Whistle, at: datetime) -> None:
    """Whoever urged hears that it was answered; inside the block of the move."""
    recipients = [] if row.urged_by_id is None else [row.urged_by_id]
    text = _("%(body)s answered to being urged.") % {"body": row.body_body}
    _tell(row, recipients, (URGED, text), actor=actor, at=at)


def _people(row: Whistle, on: date) -> Sequence[int]:
    """Whoever speaks for the department hears of it at once; others who answer for departments find it in their inbox."""
    assert row.body_body_id is not None
    return people_over_body(row.body_body_id, on)


def _tell(row: Whistle, recipients: Sequence[int], said: tuple[str, str], *, actor: Actor, at: datetime) -> None:
    kind, text = said
    notify(
        actor=actor, recipients=recipients, kind=kind, title=row.title, text=text,
        link=WHISTLES.url("row", row.about, row.public_id), about=f"whistle:{row.public_id}", at=at,
    )  # fmt: skip
