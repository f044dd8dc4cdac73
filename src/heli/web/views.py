"""Pages composed from several contexts: home and search."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from heli.kernel.access import may, scope
from heli.places import queries as places
from heli.planning import queries as planning
from heli.ui.pages import ActorRequest, page
from heli.web.queries import campaign_cards, district_cards


def today() -> date:
    """The day in the installation's time zone."""
    return timezone.localdate()


@page("ui.read")
def home(request: ActorRequest) -> HttpResponse:
    """The first page after sign-in: the actor's districts at a glance, what happened, what to do next."""
    actor, on = request.actor, today()
    reach = scope(actor, "places.read")
    cards = district_cards(reach, on) if may(actor, "places.read") else []
    scenarios = list(planning.scenarios_in_scope(actor)[:5]) if may(actor, "planning.read") else []
    return render(
        request,
        "web/home.html",
        {
            "on": on,
            "cards": cards,
            "scenarios": scenarios,
            "campaigns": campaign_cards(actor, on) if may(actor, "campaigns.read") else [],
            "may_see_figures": may(actor, "figures.read"),
            "may_open": may(actor, "campaigns.open"),
            "may_import": may(actor, "places.import"),
            "may_plan": may(actor, "planning.edit"),
            "may_manage": may(actor, "accounts.manage"),
        },
    )


@page("places.read")
def search(request: ActorRequest) -> HttpResponse:
    """Places by name or code, present and former; a single hit opens at once."""
    text = request.GET.get("q", "").strip()[:60]
    hits = places.search(text, scope(request.actor, "places.read"), today())
    if len(hits) == 1 and "stay" not in request.GET:
        return redirect("places:place", public_id=hits[0].row.public_id)
    return render(request, "web/search.html", {"search_query": text, "hits": hits, "most": 100})
