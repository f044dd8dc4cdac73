"""The charts of a campaign: done against plan, colours week by week, towns side by side; each with its table."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from heli.campaigns.pages import campaign_or_404, shell
from heli.campaigns.queries import Campaign
from heli.campaigns.queries.runs import READ
from heli.campaigns.texts import COLOURS
from heli.campaigns.types import COLOUR_ORDER, Colour
from heli.kernel.quantities import Ratio
from heli.ui.drawing import (
    ChartPanel,
    Curve,
    Rank,
    Tint,
    burn_up_svg,
    colour_history_svg,
    colour_tints,
    multiples_svg,
    ranking_svg,
)
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table
from heli.warnings.queries.charts import CampaignCurves, TownCurves, WeekCounts, colour_history, progress
from heli.warnings.rules.charts import Curves


@page(READ)
@require_GET
def charts(request: ActorRequest, public_id: str) -> HttpResponse:
    """How far a campaign is against its plan, as curves and as a ranking of its towns."""
    campaign = campaign_or_404(request, public_id)
    on = timezone.localdate()
    found = progress(request.actor, campaign, on)
    weeks = colour_history(request.actor, campaign)
    table = town_table(request, campaign, found.towns)
    if table.export:
        return table.export_response()
    context = {
        **shell(request, campaign, "warnings:charts"),
        "has_steps": found.whole.total > 0,
        "whole": found.whole,
        "behind": found.whole.due - found.whole.done,
        "burn_up": burn_up_data(found.whole, on),
        "burn_up_svg": _safe(_burn_up(found.whole, on)),
        "weeks": weeks,
        "history": history_data(weeks),
        "history_svg": _safe(_history(weeks)),
        "ranking_svg": _safe(_ranking(found)),
        "multiples_svg": _safe(_multiples(found)),
        "table": table,
    }
    return render(request, "warnings/charts.html", context)


def _safe(drawn: str) -> SafeString:
    # The drawing module escapes every word that it is given.
    return mark_safe(drawn)


def words() -> dict[str, str]:
    """How the curves are called."""
    return {
        "done": pgettext("curve", "done"),
        "planned": pgettext("curve", "planned"),
        "today": pgettext("curve", "today"),
        "all": _("all"),
    }


def tints() -> list[Tint]:
    """The colours in words, each with the letter of its mark."""
    letters = {Colour.YELLOW.value: _("Y"), Colour.ORANGE.value: _("O"), Colour.RED.value: _("R")}
    return colour_tints({colour.value: str(COLOURS[colour]) for colour in Colour}, letters)


def curves_of(curves: Curves) -> list[Curve]:
    """Done first, then planned."""
    said = words()
    return [Curve(said["done"], curves.achieved), Curve(said["planned"], curves.planned, is_planned=True)]


def burn_up_data(curves: Curves, on: date) -> dict[str, Any]:
    """The burn-up for `<heli-chart kind="burnup">`."""
    said = words()
    return {
        "total": curves.total,
        "total_label": said["all"],
        "on": on.isoformat(),
        "on_label": said["today"],
        "x_label": _("Day"),
        "y_label": _("Steps"),
        "series": [
            {
                "name": curve.name,
                "dashed": curve.is_planned,
                "points": [[day.isoformat(), count] for day, count in curve.points],
            }
            for curve in curves_of(curves)
        ],
    }


def history_data(weeks: Sequence[WeekCounts]) -> dict[str, Any]:
    """The colour history for `<heli-chart kind="stacked">`."""
    return {
        "categories": [week.label for week in weeks],
        "unit": _("Villages"),
        "x_label": _("Week"),
        "series": [
            {
                "name": tint.label,
                "values": [week.counts[at] for week in weeks],
                "fill": tint.fill,
                "ink": tint.ink,
                "letter": tint.letter,
            }
            for at, tint in enumerate(tints())
        ],
    }


def _burn_up(curves: Curves, on: date) -> str:
    said = words()
    return burn_up_svg(
        curves_of(curves), total=curves.total, total_label=said["all"], on=on, on_label=said["today"], unit=_("Steps")
    )


def _history(weeks: Sequence[WeekCounts]) -> str:
    return colour_history_svg(
        [week.label for week in weeks], [week.counts for week in weeks], tints(), unit=_("Villages")
    )


def _ranking(found: CampaignCurves) -> str:
    marks = tints()
    rows = [
        Rank(
            town.name,
            town.curves.done,
            town.curves.total,
            town.curves.due,
            marks[COLOUR_ORDER.index(town.colour)] if town.colour is not None else None,
        )
        for town in found.towns
    ]
    return ranking_svg(rows, planned_label=_("planned by today"))


def _multiples(found: CampaignCurves) -> str:
    panels = [ChartPanel(town.name, curves_of(town.curves), town.curves.total) for town in found.towns]
    return multiples_svg(panels)


def town_table(request: HttpRequest, campaign: Campaign, towns: Sequence[TownCurves]) -> Table:
    """The towns with what their curves end in."""

    def page_of(town: TownCurves) -> str:
        return reverse("places:place", args=[town.public_id]) if town.public_id else ""

    return Table(
        "towns",
        request,
        rows=towns,
        columns=[
            Column("name", _("Town"), link=page_of),
            Column("colour", _("Colour"), labels=COLOURS),
            Column("total", _("Steps"), kind="integer", value=lambda town: town.curves.total, total=True),
            Column("done", _("Done"), kind="integer", value=lambda town: town.curves.done, total=True),
            Column("due", _("Planned by today"), kind="integer", value=lambda town: town.curves.due, total=True),
            Column(
                "share", _("Share done"), kind="ratio", value=lambda town: Ratio(town.curves.done, town.curves.total)
            ),
        ],
        caption=_("Towns by share done"),
        replaces=gettext_lazy("Ranking bulletin of towns (进度排名通报)"),
        empty=_("No town has steps in this campaign"),
        order="-share",
        sample=campaign.is_sample,
        cards=True,
    )
