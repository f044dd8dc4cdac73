"""Whom e-questionnaires wait for: the villages that are asked."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import ngettext

from heli.inquiries.queries import unanswered
from heli.kernel.declare import Due, Waiting


def replies(about: str, until: date) -> Iterator[Waiting]:
    """What villages have still to answer by a day; one query."""
    waiting = unanswered(about, until).select_related("inquiry")
    for one in waiting.order_by("inquiry__due_on", "-inquiry__sent_at", "-inquiry_id", "pk"):
        asked = one.inquiry
        yield Waiting(
            title=asked.title, district=asked.district_id, town=one.town_id, place=one.place_id, about=about,
            public_id=asked.public_id, link=reverse("inquiries:inquiry", args=[about, asked.public_id]), due_on=asked.due_on,
        )  # fmt: skip


DUES = (
    Due(
        id="inquiries.replies",
        action="campaigns.fill",
        roles=("village_cadre",),
        waiting=replies,
        says=lambda n: ngettext("%(n)s questionnaire to answer", "%(n)s questionnaires to answer", n) % {"n": n},
    ),
)
