"""The shape of the lists of a campaign's matters."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.campaigns.models import Campaign
from heli.campaigns.texts_matters import words
from heli.meetings.catalogues import meeting_kinds
from heli.meetings.queries import DecisionRow, MeetingRow
from heli.ui.tables import Column, Table

DECISION_STATES = {
    "open": _("to do"),
    "late": _("late"),
    "done": _("done, to be checked"),
    "checked": _("done and checked"),
}


DECISION_TONES = {"open": "quiet", "late": "warn", "done": "info", "checked": "good"}


def meeting_table(request: HttpRequest, campaign: Campaign, rows: Sequence[MeetingRow]) -> Table:
    """Meetings, trainings, rehearsals."""
    return Table(
        "meetings",
        request,
        rows,
        [
            Column("held_on", _("Held on"), kind="date"),
            Column(
                "title", _("Meeting"),
                link=lambda row: reverse("meetings:meeting", args=[campaign.public_id, row.public_id]),
            ),
            Column("kind", _("Kind"), labels=words(meeting_kinds()), filter=True),
            Column("place", _("Place")),
            Column("town", _("Town"), filter=True),
            Column("sittings", _("Sittings"), kind="integer", total=True),
            Column("present", _("Present"), kind="integer", total=True),
            Column("has_minutes", _("Minutes"), kind="yesno"),
        ],
        search=("title", "place"),
        order="-held_on",
        caption=_("Meetings, trainings and rehearsals"),
        replaces=_("meeting register and sign-in sheets (会议台账、签到表), as counts"),
        empty=_("No meeting yet"),
        sample=campaign.is_sample,
        prefix="m-",
        cards=True,
    )  # fmt: skip


def decision_table(request: HttpRequest, campaign: Campaign, rows: Sequence[DecisionRow]) -> Table:
    """Decisions as tasks."""
    return Table(
        "decisions",
        request,
        rows,
        [
            Column(
                "text", _("Decision"),
                link=lambda row: reverse("meetings:meeting", args=[campaign.public_id, row.meeting_id]),
            ),
            Column("owner", _("Who does it")),
            Column("place", _("Place")),
            Column("due_on", _("Due"), kind="date"),
            Column("state", _("Status"), labels=DECISION_STATES, badge=lambda row: DECISION_TONES[row.state], filter=True),
            Column("result", _("Result"), sort=False),
            Column("meeting", _("Meeting"), screen=False),
        ],
        search=("text", "owner", "place"),
        order="due_on",
        caption=_("Decisions"),
        replaces=_("list of tasks from meetings (会议议定事项督办表)"),
        empty=_("No decision yet"),
        sample=campaign.is_sample,
        prefix="d-",
        cards=True,
    )  # fmt: skip
