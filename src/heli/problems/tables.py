"""The shape of the lists of a campaign's matters."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from heli.campaigns.models import Campaign
from heli.campaigns.texts_matters import words
from heli.problems.catalogues import problem_kinds
from heli.problems.queries import IssueRow
from heli.problems.texts import ISSUE_SOURCES, ISSUE_STATUSES, ISSUE_TONES
from heli.ui.tables import Column, Table


def problem_table(request: HttpRequest, campaign: Campaign, rows: Sequence[IssueRow]) -> Table:
    """The problem ledger."""
    return Table(
        "problems",
        request,
        rows,
        [
            Column("number", _("No."), kind="integer"),
            Column(
                "title", _("Problem"),
                link=lambda row: reverse("problems:problem", args=[campaign.public_id, row.public_id]),
            ),
            Column("place", _("Place")),
            Column("heir", _("goes on in"), screen=False),
            Column("town", _("Town"), filter=True),
            Column("kind", _("Kind"), labels=words(problem_kinds()), filter=True),
            Column("source", _("Source"), labels=ISSUE_SOURCES, screen=False),
            Column("leader", _("Who leads it")),
            Column("measures", _("Measures"), screen=False),
            Column("found_on", _("Found on"), kind="date", screen=False),
            Column("due_on", _("Due"), kind="date", template="problems/due.html"),
            Column("status", _("Status"), labels=ISSUE_STATUSES, badge=lambda row: ISSUE_TONES[row.status], filter=True),
            Column("closed_on", _("Closed on"), kind="date"),
            Column("late", _("Days late"), kind="integer", screen=False),
        ],
        search=("title", "place", "town", "leader", "measures"),
        order="number",
        caption=_("Problem ledger"),
        replaces=_("problem ledger (问题台账) and close-out sheets (销号单)"),
        sample=campaign.is_sample,
        cards=True,
    )  # fmt: skip
