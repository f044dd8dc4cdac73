"""The lists of meetings and of decisions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.meetings.catalogues import kinds
from heli.meetings.models import Decision, DecisionState, Meeting
from heli.meetings.queries import owner_of, state_of
from heli.records.abouts import About
from heli.records.queries import names_for
from heli.ui.tables import Column, Table


def meeting_table(request: HttpRequest, about: About, rows: Sequence[Any], on: date) -> Table:
    """Meetings, trainings, rehearsals, each with how many were `present`."""
    names = names_for(rows, about, on)
    return Table(
        "meetings",
        request,
        rows,
        [
            Column("held_on", _("Held on"), kind="date"),
            Column("title", _("Meeting"), link=url_of),
            Column("kind", _("Kind"), labels=kinds(), filter=True),
            Column("place", _("Place"), value=lambda row: names.of(row.place_id)),
            Column("town", _("Town"), value=lambda row: names.of(row.town_id), filter=True),
            Column("sittings", _("Sittings"), kind="integer", total=True),
            Column("present", _("Present"), kind="integer", total=True),
            Column(
                "has_minutes", _("Minutes"), kind="yesno", value=lambda row: bool(row.minutes or row.minutes_file_id)
            ),
        ],
        search=("title", "place"),
        order="-held_on",
        caption=_("Meetings, trainings and rehearsals"),
        replaces=_("meeting register and sign-in sheets (会议台账、签到表), as counts"),
        empty=_("No meeting yet"),
        sample=about.is_sample,
        prefix="m-",
        cards=True,
    )  # fmt: skip


def decision_table(request: HttpRequest, about: About, rows: Sequence[Decision], on: date) -> Table:
    """Decisions as tasks."""
    names = names_for(rows, about, on)
    return Table(
        "decisions",
        request,
        rows,
        [
            Column("text", _("Decision"), link=lambda row: url_of(row.meeting)),
            Column("owner", _("Who does it"), value=owner_of),
            Column("place", _("Place"), value=lambda row: names.of(row.place_id)),
            Column("due_on", _("Due"), kind="date"),
            Column(
                "state", _("Status"), value=lambda row: state_of(row, on), labels=DecisionState.words(),
                badge=lambda row: state_of(row, on).tone, filter=True,
            ),
            Column("result", _("Result"), sort=False),
            Column("meeting", _("Meeting"), value=lambda row: row.meeting.title, screen=False),
        ],
        search=("text", "owner", "place"),
        order="due_on",
        caption=_("Decisions"),
        replaces=_("list of tasks from meetings (会议议定事项督办表)"),
        empty=_("No decision yet"),
        sample=about.is_sample,
        prefix="d-",
        cards=True,
    )  # fmt: skip


def url_of(meeting: Meeting) -> str:
    """The page of a meeting."""
    return reverse("meetings:meeting", args=[meeting.about, meeting.public_id])
