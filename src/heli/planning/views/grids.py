"""Grids: what a move by hand would cost, the sheet and notice of a grid, and the own grid of whoever walks it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.planning import presenting_questions as presenting
from heli.planning import queries
from heli.planning.geo import collection
from heli.planning.questions.words import words_of
from heli.planning.types import PlanKind
from heli.planning.views.asking import page_of
from heli.planning.views.questions import question_or_404
from heli.ui.http import geojson
from heli.ui.pages import ActorRequest, page


@page("planning.read")
@require_GET
def price(request: ActorRequest, public_id: str) -> HttpResponse:
    """What it costs when a building goes to the grid of another: answered at once, nothing is written."""
    found = question_or_404(request, public_id)
    if found.kind != PlanKind.GRIDS:
        raise Http404(public_id)
    one, other = request.GET.get("one", ""), request.GET.get("other", "")
    priced = presenting.priced_move(queries.question_standing(found), one, other)
    return page_of(request, "question_price", {"priced": priced, "scenario": found})


@page("planning.read")
@require_GET
def grid_sheet(request: ActorRequest, public_id: str, key: str) -> HttpResponse:
    """The sheet of one grid, to be printed."""
    found = question_or_404(request, public_id)
    standing = queries.question_standing(found)
    return _sheet(request, standing, presenting.grid_sheet_of(standing, key))


def _sheet(
    request: ActorRequest, standing: queries.QuestionStanding, sheet: presenting.GridSheet | None
) -> HttpResponse:
    if sheet is None or standing.scenario.kind != PlanKind.GRIDS:
        raise Http404
    if request.GET.get("map"):
        return geojson(collection(list(sheet.features), is_sample=standing.material.is_sample))
    context: dict[str, Any] = {
        "sheet": sheet,
        "scenario": standing.scenario,
        "words": words_of(standing.material),
        "is_sample": standing.material.is_sample,
        "map_settings": presenting.question_map_settings(standing.material),
        "office": request.GET.get("office", "")[:60],
        "telephone": request.GET.get("telephone", "")[:40],
        "breadcrumbs": [{"label": sheet.name}],
    }
    return page_of(request, "grid_sheet", context)


@page("places.read")
@require_GET
def own_grids(request: ActorRequest) -> HttpResponse:
    """The grids that the actor reaches; a single one opens at once on its own page."""
    rows = queries.founded_grids(request.actor, timezone.localdate())
    return page_of(request, "own_grids", {"grids": rows, "breadcrumbs": [{"label": _("My grids")}]})


@page("places.read")
@require_GET
def own_grid(request: ActorRequest, public_id: str) -> HttpResponse:
    """A grid of the register as its answer drew it."""
    rows = queries.founded_grids(request.actor, timezone.localdate())
    found = next((row for row in rows if row.place.public_id == public_id), None)
    if found is None:
        raise Http404(public_id)
    standing = queries.question_standing(found.question)
    return _sheet(request, standing, presenting.grid_sheet_of(standing, found.key))
