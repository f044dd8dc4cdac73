"""The list of who has answered an e-questionnaire."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.inquiries.models import Inquiry, InquiryStatus, Reply
from heli.inquiries.queries import OPEN
from heli.records.abouts import About
from heli.records.queries import names_for
from heli.ui.tables import Column, Table


def reply_table(request: HttpRequest, about: About, inquiry: Inquiry, rows: Sequence[Reply], on: date) -> Table:
    """The villages with how far they are."""
    names = names_for(rows, about, on)
    return Table(
        "replies",
        request,
        rows,
        [
            Column(
                "place", _("Village"), value=lambda row: names.of(row.place_id),
                link=lambda row: reverse("inquiries:reply", args=[about.id, inquiry.public_id, row.place.public_id]),
            ),
            Column("town", _("Town"), value=lambda row: names.of(row.town_id), filter=True),
            Column(
                "status", _("Status"), labels=InquiryStatus.words(), badge=lambda row: InquiryStatus(row.status).tone,
                filter=True,
            ),
            Column(
                "is_late", _("late"), kind="yesno", value=lambda row: row.status in OPEN and inquiry.due_on < on, filter=True
            ),
            Column("answered_on", _("Answered on"), kind="date"),
            Column("typed", _("Fields typed"), kind="integer", total=True),
            Column("confirmed", _("Fields only confirmed"), kind="integer", total=True),
        ],
        search=("place", "town"),
        caption=_("Replies of the villages"),
        replaces=_("basic facts form of the village (村社基本情况表)"),
        sample=about.is_sample,
        cards=True,
    )  # fmt: skip
