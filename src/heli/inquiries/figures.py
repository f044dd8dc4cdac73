"""The figure of e-questionnaires."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from heli.inquiries.models import Reply
from heli.inquiries.queries import OPEN, READ
from heli.kernel.declare import Ask, Direction, Figure
from heli.places.counted import CountedRow, counted, figure, moment_of


def replied(ask: Ask) -> list[CountedRow]:
    """Villages that answered their questionnaires over those asked."""
    found = Reply.objects.filter(
        inquiry__district_id__in=ask.district_ids, inquiry__sent_on__lte=ask.on, inquiry__sent_at__lte=moment_of(ask)
    )
    return [
        counted(
            ask,
            (one.place_id, one.town_id, one.inquiry.district_id),
            (int(one.status not in OPEN and one.answered_on is not None and one.answered_on <= ask.on), 1),
            [one.inquiry.title, one.inquiry.due_on, one.answered_on or ""],
            reverse("inquiries:inquiry", args=[one.inquiry.about, one.inquiry.public_id]),
        )
        for one in found.select_related("inquiry").order_by("pk")
    ]


FIGURES: tuple[Figure, ...] = (
    figure(
        "campaigns.questionnaires_answered", _("Questionnaires answered"),
        _("Villages that answered a questionnaire, over those asked."), replied,
        (_("Questionnaire"), _("Due"), _("Answered on")), unit="%", decimals=1, action=READ, direction=Direction.UP,
        source=_("Campaigns: replies to questionnaires"),
    ),
)  # fmt: skip
