"""Meetings, decisions and supervision rounds; the work points of a week."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.campaigns.pages import campaign_or_404
from heli.campaigns.queries.workpoints import work_points as points_of
from heli.campaigns.views.matters import page_of, today
from heli.ui.http import plausible_day
from heli.ui.pages import ActorRequest, page


@page("campaigns.read")
@require_GET
def work_points(request: ActorRequest, public_id: str) -> HttpResponse:
    """What is due in a week, drawn from everything that has a due day."""
    found = campaign_or_404(request, public_id)
    on: date = plausible_day(request.GET.get("on")) or today() + timedelta(days=7 if today().weekday() >= 4 else 0)
    context: dict[str, Any] = {
        "points": points_of(request.actor, found, on, get_language() or "zh-hans"),
        "before": (on - timedelta(days=7)).isoformat(),
        "after": (on + timedelta(days=7)).isoformat(),
    }
    crumbs = [(_("Work points of the week"), "")]
    return page_of(request, found, "campaigns:work_points", "campaigns/work_points", context, crumbs=crumbs)
