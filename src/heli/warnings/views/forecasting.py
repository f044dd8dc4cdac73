"""Pages of the forecast: when it will be finished, how earlier forecasts did, and which villages hold it up."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.campaigns.pages import campaign_or_404
from heli.campaigns.queries import Campaign, playbook_of
from heli.campaigns.queries.standing import clock_of
from heli.campaigns.texts import COLOURS
from heli.campaigns.types import Colour, SeatLevel
from heli.kernel.quantities import Ratio
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.ui.http import language
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import NOT_GREEN, Column, Exceptions, Table
from heli.warnings.queries.forecasting import (
    DRAWS,
    ForecastTrack,
    back_tests,
    critical_villages,
    forecasts_of,
    last_week,
    planned_end,
)
from heli.warnings.queries.weeks import visible_places
from heli.warnings.texts import SEATS
from heli.warnings.views.weeks import frame


@page("campaigns.read")
@require_GET
def forecast(request: ActorRequest, public_id: str) -> HttpResponse:
    """The forecast of the last frozen week, and the back-test of all earlier ones."""
    campaign = campaign_or_404(request, public_id)
    now = timezone.now()
    on = timezone.localdate(now)
    visible = visible_places(request.actor, campaign)
    week = last_week(campaign, now)
    rows = forecasts_of(week, visible) if week is not None else []
    end = planned_end(campaign)
    names = places.names_at({row.place_id for row in rows}, on)
    count = calendar().count
    table = Table(
        "forecast",
        request,
        rows,
        [
            Column("name", _("Place"), value=lambda row: names.get(row.place_id, "")),
            Column("level", _("Level"), labels=SEATS, filter=True),
            Column("p50_on", _("As likely as not by"), kind="date"),
            Column("p80_on", _("Four in five by"), kind="date"),
            Column("beyond", _("Beyond the planned end"), kind="integer", unit=_("working days"),
                   value=lambda row: max(0, count(end, row.p80_on))),
        ],
        caption=_("When each place will be finished"),
        empty=_("There is no frozen week yet: the first forecast is made with it."),
        sample=campaign.is_sample,
        order="-p80_on",
        cards=True,
        exceptions=Exceptions(_("Only what ends too late"), lambda row: row.p80_on > end),
    )  # fmt: skip
    if table.export:
        return table.export_response()
    tests, track = back_tests(campaign, now, visible)
    whole = next((row for row in rows if row.level == SeatLevel.DISTRICT), None)
    context = frame(request, campaign, "forecast") | {
        "week": week,
        "table": table,
        "planned_end": end,
        "is_provisional": whole is not None and calendar().is_provisional(whole.p80_on),
        "whole": whole if visible is None else None,
        "draws": DRAWS,
        "chart": _chart(campaign, track) if visible is None and len(track.points) > 1 else None,
        "tests": [
            {
                "week": test.week,
                "level": SEATS[test.level],
                "made": test.made,
                "judged": test.verdict.judged,
                "coverage": Ratio(test.verdict.within_p80, test.verdict.judged),
                "error": test.verdict.median_error,
                "finished": test.verdict.finished,
            }
            for test in tests
            if test.verdict.judged
        ],
        "has_earlier": bool(tests),
    }
    return render(request, "warnings/forecast.html", context)


def _chart(campaign: Campaign, track: ForecastTrack) -> dict[str, Any]:
    """Working days that were left by each week's forecast, and those that were really left."""
    count = calendar().count

    def left(day: Any, week: Any) -> int:
        return max(0, count(timezone.localdate(week.ends_at), day))

    series = [
        {"name": _("as likely as not"), "points": [[week.number, left(p50, week)] for week, p50, _p80 in track.points]},
        {"name": _("four in five"), "points": [[week.number, left(p80, week)] for week, _p50, p80 in track.points]},
    ]
    day, name = (track.ended_on, _("really")) if track.ended_on else (planned_end(campaign), _("to the planned end"))
    points = [[week.number, left(day, week)] for week, _p50, _p80 in track.points]
    series.append({"name": name, "points": points, "dashed": True})  # type: ignore[dict-item]  # a series of the chart
    return {"x_label": _("week of the campaign"), "y_label": _("working days left"), "series": series}


@page("campaigns.read")
@require_GET
def critical(request: ActorRequest, public_id: str) -> HttpResponse:
    """The villages that hold the campaign up, and why."""
    campaign = campaign_or_404(request, public_id)
    on = timezone.localdate()
    rows = critical_villages(campaign, on, visible_places(request.actor, campaign))
    titles = {key: step.title.text(language()) for key, step in playbook_of(campaign).by_key.items()}

    def chain(row: Any) -> str:
        return " → ".join(titles.get(key, key) for key in row.path)

    table = Table(
        "critical",
        request,
        rows,
        [
            Column("name", _("Village"), link=lambda row: reverse("places:place", args=[row.public_id])),
            Column("town_name", _("Town"), filter=True),
            Column("colour", _("Colour"), labels=COLOURS, filter=True, template="warnings/colour_cell.html"),
            Column("days_late", _("Working days late"), kind="integer"),
            Column("worst_key", _("Worst open step"), value=lambda row: titles.get(row.worst_key, row.worst_key)),
            Column("path_days", _("Longest remaining way"), kind="integer", unit=_("working days")),
            Column("ends_on", _("Ends by then on"), kind="date"),
            Column("path", _("Steps of that way"), value=chain, sort=False,
                   template="warnings/path_cell.html"),
        ],
        search=("name", "town_name"),
        caption=_("Critical villages"),
        empty=_("No village is red or would end after the planned end."),
        replaces=_("list of villages to be pushed (重点督办村清单)"),
        sample=campaign.is_sample,
        order="-days_late",
        cards=True,
        exceptions=Exceptions(NOT_GREEN, lambda row: row.colour is not Colour.GREEN),
    )  # fmt: skip
    if table.export:
        return table.export_response()
    clock = clock_of(campaign, on)
    context = frame(request, campaign, "critical") | {
        "table": table,
        "planned_end": planned_end(campaign),
        "left": max(0, calendar().count(on, planned_end(campaign))),
        "clock": clock,
    }
    return render(request, "warnings/critical.html", context)
