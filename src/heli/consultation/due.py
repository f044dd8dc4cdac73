"""Notices that end: nobody's task, but a point of the week."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_noop, ngettext

from heli.consultation.queries.notices import READ, ending
from heli.kernel.declare import Due, DueAsk, Waiting

WEEK = timedelta(days=6)


def notices(ask: DueAsk) -> Iterator[Waiting]:
    """Where notices hang for the last time in the week that ends on the day; what ended before waits no longer. One query."""
    for hung in ending(ask.abouts, ask.until - WEEK, ask.until):
        one = hung.notice
        yield Waiting(
            title=one.title, district=one.district_id, town=hung.town_id, about=one.about, public_id=one.public_id,
            place=None if hung.place_id == one.district_id else hung.place_id, due_on=one.last_on,
            link=reverse("consultation:notice_sheet", args=[one.about, one.public_id]),
        )  # fmt: skip


DUES = (
    Due(
        id="consultation.notices", title=gettext_noop("Notices that end"), action=READ, roles=(), waiting=notices,
        says=lambda n: ngettext("%(n)s notice ends", "%(n)s notices end", n) % {"n": n},
        heading=gettext_noop("Notices that end"), order=30, is_spread=True,
    ),
)  # fmt: skip
