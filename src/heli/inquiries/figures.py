"""The figure of e-questionnaires."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from heli.campaigns.counting import Counted, counted, figure, moment_of
from heli.inquiries.models import Reply
from heli.inquiries.types import InquiryStatus
from heli.kernel.declare import Ask, Direction, Figure


def replied(ask: Ask) -> list[Counted]:
    """Villages that answered their questionnaires over those asked."""
    found = Reply.objects.filter(
        inquiry__campaign__district_id__in=ask.district_ids,
        inquiry__sent_on__lte=ask.on,
        inquiry__sent_at__lte=moment_of(ask),
    )
    done = (InquiryStatus.ANSWERED, InquiryStatus.CHECKED)
    return [
        counted(
            ask,
            (one.place_id, one.town_id, one.inquiry.campaign.district_id),
            (int(one.status in done and one.answered_on is not None and one.answered_on <= ask.on), 1),
            [one.inquiry.title, one.inquiry.due_on, one.answered_on or ""],
            reverse("inquiries:inquiry", args=[one.inquiry.campaign.public_id, one.inquiry.public_id]),
        )
        for one in found.select_related("inquiry__campaign").order_by("pk")
    ]


SOURCE = _("Campaigns: replies to questionnaires")

FIGURES: tuple[Figure, ...] = (
    figure("questionnaires_answered", _("Questionnaires answered"), _("Villages that answered a questionnaire, over those asked."),
           replied, (_("Questionnaire"), _("Due"), _("Answered on")), unit="%", decimals=1, source=SOURCE,
           direction=Direction.UP),
)  # fmt: skip
