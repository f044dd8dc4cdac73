"""The list of campaigns, and opening one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.campaigns import queries
from heli.campaigns.texts import CAMPAIGN_STATUSES, CAMPAIGN_TONES
from heli.kernel.access import may
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table


@page("campaigns.read")
def campaigns(request: ActorRequest) -> HttpResponse:
    """The campaigns an actor sees."""
    rows = queries.campaign_rows(request.actor, timezone.localdate())
    table = Table(
        "campaigns",
        request,
        rows,
        [
            Column("name", _("Campaign"), link=lambda row: reverse("campaigns:campaign", args=[row.public_id])),
            Column("district_name", _("District"), filter=True),
            Column("playbook_title", _("Playbook"), filter=True),
            Column(
                "status",
                _("Status"),
                labels=CAMPAIGN_STATUSES,
                badge=lambda row: CAMPAIGN_TONES[row.status],
                filter=True,
            ),
            Column("share", _("Steps done"), kind="ratio"),
            Column("done", _("done"), kind="integer"),
            Column("steps", _("of"), kind="integer"),
            Column("starts_on", _("Begins"), kind="date"),
            Column("ends_on", _("Planned end"), kind="date", template="campaigns/day_cell.html"),
        ],
        search=("name", "playbook_title"),
        caption=_("Campaigns"),
        replaces=_("progress spreadsheets of the task force"),
        sample=any(row.is_sample for row in rows),
    )
    if table.export:
        return table.export_response()
    return render(request, "campaigns/list.html", {"table": table, "may_open": may(request.actor, "campaigns.open")})
