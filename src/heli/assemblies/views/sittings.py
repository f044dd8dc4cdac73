"""Sittings of legal bodies: what is needed before, what was voted, and whether it holds."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from heli.assemblies.queries.sittings import READ, sittings_of
from heli.assemblies.tables import sitting_table
from heli.records.views import about_or_404, page_of, today
from heli.ui.pages import ActorRequest, page

TAB = "assemblies:list"


@page(READ)
@require_GET
def sittings(request: ActorRequest, about_id: str) -> HttpResponse:
    """The sittings of the actor's part."""
    about = about_or_404(request, about_id, READ)
    table = sitting_table(request, about, list(sittings_of(request.actor, about)), today())
    if table.export:
        return table.export_response()
    return page_of(request, about, TAB, "assemblies/home.html", {"table": table})
