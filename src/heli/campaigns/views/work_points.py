"""The work points of a week 工作要点."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries.workpoints import work_points as points_of
from heli.ui.http import plausible_day
from heli.ui.pages import ActorRequest, page


@page("campaigns.read")
@require_GET
def work_points(request: ActorRequest, public_id: str) -> HttpResponse:
    """What is due in a week, drawn from everything that has a due day."""
    found, today = campaign_or_404(request, public_id), timezone.localdate()
    on: date = plausible_day(request.GET.get("on")) or today + timedelta(days=7 if today.weekday() >= 4 else 0)
    context = shell(request, found, "campaigns:work_points") | {
        "points": points_of(request.actor, found, on, get_language() or "zh-hans"),
        "before": (on - timedelta(days=7)).isoformat(),
        "after": (on + timedelta(days=7)).isoformat(),
    }
    context["breadcrumbs"].append({"label": _("Work points of the week")})
    return render(request, "campaigns/work_points.html", context)
