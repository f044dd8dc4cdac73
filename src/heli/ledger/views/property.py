"""The entry to the registers: which district's."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from heli.kernel.access import scope
from heli.ledger.ledger import ASSETS, READ
from heli.places import queries as places
from heli.records.views import today
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The districts whose property the reader sees; the only one at once."""
    found = places.districts(today(), places.reached_districts(scope(request.actor, READ)))
    if len(found) == 1:
        return see_other(ASSETS.url("list", found[0].public_id))
    return render(request, "ledger/home.html", {"districts": found})
