"""Whom e-questionnaires wait for: the villages that are asked, and whoever looks at their answers."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from heli.inquiries.models import InquiryStatus, Reply
from heli.inquiries.queries import unanswered, unchecked
from heli.kernel.declare import Due, DueAsk, Waiting


def replies(ask: DueAsk) -> Iterator[Waiting]:
    """What villages have still to answer by a day; one query."""
    yield from (_waiting(one) for one in _ordered(unanswered(*ask.abouts, until=ask.until)))


def answers(ask: DueAsk) -> Iterator[Waiting]:
    """What they answered and nobody has looked at; one query."""
    for one in _ordered(unchecked(*ask.abouts)):
        yield _waiting(one, never=(one.answered_by_id,) if one.answered_by_id is not None else ())


def _ordered(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    return rows.select_related("inquiry").order_by("inquiry__due_on", "-inquiry__sent_at", "-inquiry_id", "pk")


def _waiting(one: Reply, never: tuple[int, ...] = ()) -> Waiting:
    asked = one.inquiry
    return Waiting(
        title=asked.title, district=asked.district_id, town=one.town_id, place=one.place_id, about=asked.about,
        public_id=asked.public_id, link=reverse("inquiries:inquiry", args=[asked.about, asked.public_id]),
        due_on=asked.due_on, never=never,
        note=_("Returned: %s") % one.reason if one.status == InquiryStatus.RETURNED else "",
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
    Due(
        id="inquiries.check",
        title=gettext_noop("Answers to check"),
        action="campaigns.accept",
        roles=("town_officer", "district_officer"),
        waiting=answers,
        says=lambda n: ngettext("%(n)s answer to check", "%(n)s answers to check", n) % {"n": n},
        judges=True,
    ),
)
