"""Whom e-questionnaires wait for: the villages that are asked."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop, ngettext

from heli.inquiries.queries import unanswered
from heli.kernel.declare import Due, DueAsk, Waiting


def replies(ask: DueAsk) -> Iterator[Waiting]:
    """What villages have still to answer by a day; one query."""
    waiting = unanswered(*ask.abouts, until=ask.until).select_related("inquiry")
    for one in waiting.order_by("inquiry__due_on", "-inquiry__sent_at", "-inquiry_id", "pk"):
        asked = one.inquiry
        yield Waiting(
            title=asked.title, district=asked.district_id, town=one.town_id, place=one.place_id, about=asked.about,
            public_id=asked.public_id, link=reverse("inquiries:inquiry", args=[asked.about, asked.public_id]), due_on=asked.due_on,
        )  # fmt: skip


DUES = (
    Due(
        id="inquiries.replies",
        title=gettext_noop("Questionnaires to answer"),
        action="campaigns.fill",
        roles=("village_cadre",),
        heading=gettext_noop("Questionnaires"),
        order=40,
        is_spread=True,
        waiting=replies,
        says=lambda n: ngettext("%(n)s questionnaire to answer", "%(n)s questionnaires to answer", n) % {"n": n},
    ),
)
