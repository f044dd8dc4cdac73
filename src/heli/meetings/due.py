"""Whom decisions wait for: those who carry them out, and the second person who confirms it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.meetings.models import DecisionState
from heli.meetings.queries import due_decisions, owner_of
from heli.meetings.services import ACCEPT, KEEP


def decisions(ask: DueAsk, status: DecisionState) -> Iterator[Waiting]:
    """Those that are due and stand there; one query."""
    for one in due_decisions(ask.abouts, ask.until, status):
        yield Waiting(
            title=one.text, district=one.district_id, town=one.town_id, place=one.place_id, about=one.about,
            public_id=one.public_id, link=reverse("meetings:meeting", args=[one.about, one.meeting.public_id]),
            due_on=one.due_on, who=owner_of(one), never=(one.done_by_id,) if one.done_by_id is not None else (),
        )  # fmt: skip


DUES = (
    Due(
        id="meetings.decisions", title=gettext_noop("Decisions to carry out"), action=KEEP,
        roles=("town_officer", "department_liaison"),
        waiting=lambda ask: decisions(ask, DecisionState.OPEN),
        says=lambda n: ngettext("%(n)s decision due", "%(n)s decisions due", n) % {"n": n},
        heading=gettext_noop("Decisions"), order=20,
    ),
    Due(
        id="meetings.check", title=gettext_noop("Decisions to confirm"), judges=True, action=ACCEPT,
        roles=("town_officer", "district_officer"),
        waiting=lambda ask: decisions(ask, DecisionState.DONE),
        says=lambda n: ngettext("%(n)s decision to confirm", "%(n)s decisions to confirm", n) % {"n": n},
        heading=gettext_noop("Decisions"), order=20,
    ),
)  # fmt: skip
