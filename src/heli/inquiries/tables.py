"""The shape of the lists of a campaign's matters."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.campaigns.models import Campaign
from heli.inquiries.queries import ReplyRow
from heli.inquiries.texts import INQUIRY_STATUSES, INQUIRY_TONES
from heli.ui.tables import Column, Table


def reply_table(request: HttpRequest, campaign: Campaign, inquiry_id: str, rows: Sequence[ReplyRow]) -> Table:
    """Who has answered an e-questionnaire."""
    return Table(
        "replies",
        request,
        rows,
        [
            Column(
                "place", _("Village"),
                link=lambda row: reverse("inquiries:reply", args=[campaign.public_id, inquiry_id, row.place_public_id]),
            ),
            Column("town", _("Town"), filter=True),
            Column("status", _("Status"), labels=INQUIRY_STATUSES, badge=lambda row: INQUIRY_TONES[row.status], filter=True),
            Column("is_late", _("late"), kind="yesno", filter=True),
            Column("answered_on", _("Answered on"), kind="date"),
            Column("typed", _("Fields typed"), kind="integer", total=True),
            Column("confirmed", _("Fields only confirmed"), kind="integer", total=True),
        ],
        search=("place", "town"),
        caption=_("Replies of the villages"),
        replaces=_("basic facts form of the village (村社基本情况表)"),
        sample=campaign.is_sample,
        cards=True,
    )  # fmt: skip
