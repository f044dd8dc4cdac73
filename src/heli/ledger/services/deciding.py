"""What the members decided is no typed text: a recorded sitting about the very thing, which passed it by the law of its day."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from heli.assemblies.queries.sittings import DecidedSitting, decision_about
from heli.bodies.queries import property_places
from heli.consultation.queries.notices import notice_by_address, unanswered_on
from heli.consultation.services.notices import post_notice
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Fault, Refused
from heli.ledger.models import Collective
from heli.ledger.texts import said_sitting
from heli.records.abouts import DISTRICT

MEMBERS, DELEGATES = ("coop_members",), ("coop_members", "coop_delegates")


def passed_sitting(about: str, *, matter: str, on: date, bodies: Collection[str] = MEMBERS) -> DecidedSitting:
    """The sitting that decided about something. Raises `Refused` where none is recorded, or it did not pass it."""
    found = decision_about(about, matter, bodies, on)
    if faults := said_sitting(found):
        raise Refused(faults)
    assert found is not None
    return found


def hung_notice(address: str, *, until: date) -> Any:
    """The notice that hung long enough by a day, with every objection answered. Raises `Refused`."""
    notice = notice_by_address(address)
    if notice is None or (notice.taken_down_on is not None and notice.taken_down_on < notice.last_on):
        raise Refused(Fault("taken_down", _("The notice was taken down before its time. Post it again.")))
    if notice.last_on > until:
        text = _("It must hang until %(day)s.")
        raise Refused(Fault("notice_still_hangs", text % {"day": notice.last_on.isoformat()}))
    if waiting := unanswered_on(notice):
        text = _("%(count)s objections or opinions on the notice have no answer yet. Answer them first.")
        raise Refused(Fault("objections_open", text % {"count": waiting}))
    return notice


def post_for_holder(
    *, actor: Actor, collective: Collective, kind: str, title: str, text: str, days: int, on: date, at: datetime | None
) -> str:
    """Post a notice where the holder's property is, so many days, as of its district; its address."""
    body = collective.body
    place_id = property_places([body.pk], on).get(body.pk, body.place_id)
    about = DISTRICT.find((body.place.district or body.place).public_id, SYSTEM, "ledger.approve")
    assert about is not None
    notice = post_notice(
        actor=actor, about=about, kind=kind, title=title, text=text, place_ids=[place_id], first_on=on,
        last_on=on + timedelta(days=days), on=on, at=at,
    )  # fmt: skip
    return notice.public_id
