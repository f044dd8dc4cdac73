"""The law of a day as a page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from heli.assemblies.queries.sittings import READ
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def law(request: ActorRequest) -> HttpResponse:
    """What is in force on a day, with its articles, and which lines of the province were set aside."""
    request.entry = "assemblies:law"
    return render(request, "assemblies/law.html", {})
