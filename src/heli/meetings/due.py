"""Whom decisions wait for: those who carry them out."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.meetings.queries import to_do
from heli.meetings.tables import owner_of


def decisions(ask: DueAsk) -> Iterator[Waiting]:
    """Those that are due and that nobody has reported done; two queries."""
    for one in to_do(*ask.abouts, until=ask.until).order_by("due_on", "pk"):
        yield Waiting(
            title=one.text, district=one.district_id, town=one.town_id, place=one.place_id, about=one.about,
            public_id=one.public_id, link=reverse("meetings:meeting", args=[one.about, one.meeting.public_id]),
            due_on=one.due_on, who=owner_of(one),
        )  # fmt: skip


DUES = (
    Due(
        id="meetings.decisions",
        title=gettext_noop("Decisions to carry out"),
        action="campaigns.matters",
        roles=("town_officer", "department_liaison"),
        waiting=decisions,
        says=lambda n: ngettext("%(n)s decision due", "%(n)s decisions due", n) % {"n": n},
    ),
)
