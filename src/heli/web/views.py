"""Pages composed from several contexts: home and search."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from heli.kernel.access import may, scope
from heli.kernel.panels import home_of
from heli.places import queries as places
from heli.ui.http import whole_number
from heli.ui.pages import ActorRequest, page
from heli.web.queries import DistrictCards, found_elsewhere, ground_of

MOST_LISTED = 20
"""So many districts stand on the home page; the register lists all of them."""

LAST_PAGE = 100_000
"""No search has so many pages."""


def today() -> date:
    """The day in the installation's time zone."""
    return timezone.localdate()


@page("ui.read")
def home(request: ActorRequest) -> HttpResponse:
    """The first page after sign-in: what waits for the reader and how things stand, as contexts offer it; then the districts."""
    actor, on = request.actor, today()
    ground = ground_of(scope(actor, "places.read"), on) if may(actor, "places.read") else DistrictCards(())
    return render(
        request,
        "web/home.html",
        {
            "on": on,
            "columns": home_of(actor, on),
            "ground": ground,
            "cards": ground.cards,
            "most_listed": MOST_LISTED,
            "may_import": may(actor, "places.import"),
            "may_manage": may(actor, "accounts.manage"),
        },
    )


@page("places.read")
def search(request: ActorRequest) -> HttpResponse:
    """Places by name or code, present and former, page by page, and what contexts offer; a single hit opens at once."""
    text = request.GET.get("q", "").strip()[:60]
    number = max(1, whole_number(request.GET.get("page")) or 1)
    first = (min(number, LAST_PAGE) - 1) * places.MOST
    found = places.search(text, scope(request.actor, "places.read"), today(), first=first)
    others = found_elsewhere(request.actor, text, today()) if text and number == 1 else []
    if found.count == 1 and not others and "stay" not in request.GET:
        return redirect("places:place", public_id=found.hits[0].row.public_id)
    return render(
        request,
        "web/search.html",
        {
            "search_query": text,
            "found": found,
            "others": others,
            "first": first + 1,
            "last": first + len(found.hits),
            "previous": number - 1,
            "next": number + 1 if first + len(found.hits) < found.count else 0,
        },
    )
