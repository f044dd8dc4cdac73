"""Pages of stations beside their ledgers: departments on call are called to a site, members are counted by group."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from heli.kernel.access import may, speaks_for
from heli.places import queries as places
from heli.records.abouts import About
from heli.records.forms import CHOOSE
from heli.records.queries import find_row
from heli.records.views import Pages, about_or_404, own_places, page_of, today
from heli.stations import queries, services
from heli.stations.catalogues import group_words
from heli.stations.centre import centre_of
from heli.stations.forms import CallForm, LateForm, MembersForm, PlaceForm
from heli.stations.ledger import ARRIVE, CALLOUTS, ENTRY, KEEP, READ, STATION_ACTS
from heli.ui.forms import attempt, offer
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

BOTH = ["GET", "POST"]
EVERY_SECONDS = 20
"""After which the board asks for itself anew."""


@page(KEEP)
@require_http_methods(BOTH)
def call(request: ActorRequest, about_id: str) -> HttpResponse:
    """Where departments are called to; then which of those that are on call there."""
    about = about_or_404(request, about_id, KEEP)
    form = PlaceForm(request.POST if request.method == "POST" else None)
    rows = own_places(request, about, KEEP)
    offer(form, place=[("", CHOOSE), *((row.public_id, f"{row.name} · {row.parent_name}") for row in rows)])
    if request.method == "POST" and form.is_valid():
        return see_other("stations:call_to", about.id, form.cleaned_data["place"])
    title = str(CALLOUTS.words.new)
    context = {"form": form, "title": title, "button": _("Next"), "list_url": CALLOUTS.url("list", about.id)}
    return Pages(CALLOUTS).show(request, about, "records/form.html", context, title, 422 if form.errors else 200)


@page(KEEP)
@require_http_methods(BOTH)
def call_to(request: ActorRequest, about_id: str, place_id: str) -> HttpResponse:
    """Call departments to a place."""
    about, place, name = _found(request, about_id, place_id)
    form = CallForm(request.POST if request.method == "POST" else None)
    offer(form, departments=[(one.key, one.name) for one in queries.on_call(about.district_id, place, today())])

    def do() -> None:
        made = services.call_out(actor=request.actor, about=about, place_id=place, **form.cleaned_data)
        text = ngettext("%(n)s department was called.", "%(n)s departments were called.", len(made))
        messages.success(request, text % {"n": len(made)})

    if request.method == "POST" and attempt(form, do):
        return see_other(CALLOUTS.url("list", about.id))
    title = str(CALLOUTS.words.new)
    context = {"form": form, "title": title, "button": _("Call them now"), "note": name,
               "list_url": CALLOUTS.url("list", about.id)}  # fmt: skip
    return Pages(CALLOUTS).show(request, about, "records/form.html", context, title, 422 if form.errors else 200)


@page(ARRIVE)
@require_http_methods(BOTH)
def late(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Whoever speaks for a called department enters later when it arrived, as its paper says."""
    about = about_or_404(request, about_id, ARRIVE)
    row = find_row(CALLOUTS, request.actor, about, row_id)
    if row is None:
        raise Http404(row_id)
    if not speaks_for(request.actor, ARRIVE, row.department_body_id):
        raise PermissionDenied(ARRIVE)
    form = LateForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        given = {"came_at": form.cleaned_data["moment"], "reason": form.cleaned_data["reason"]}
        services.arrive_late(actor=request.actor, row=row, **given)
        messages.success(request, _("Saved."))

    address = CALLOUTS.url("row", about.id, row_id)
    if request.method == "POST" and attempt(form, do):
        return see_other(address)
    title = _("Arrived earlier")
    context = {"form": form, "title": title, "button": _("Save"), "note": row.title, "list_url": address}
    return Pages(CALLOUTS).show(request, about, "records/form.html", context, title, 422 if form.errors else 200)


@page(KEEP)
@require_http_methods(BOTH)
def members(request: ActorRequest, about_id: str, place_id: str) -> HttpResponse:
    """Count the members of the station at a place by group."""
    about, place, name = _found(request, about_id, place_id)
    words, known = group_words(), queries.members_at(place, today())
    given = request.POST if request.method == "POST" else None
    form = MembersForm(given, groups=words, initial={group: known.get(group, 0) for group in words})

    def do() -> None:
        services.count_members(actor=request.actor, about=about, place_id=place, counts=form.cleaned_data)
        messages.success(request, _("Counted."))

    if request.method == "POST" and attempt(form, do):
        return see_other(STATION_ACTS.url("list", about.id))
    title = _("Members by group")
    context = {"form": form, "title": title, "button": _("Save"), "note": name,
               "list_url": STATION_ACTS.url("list", about.id)}  # fmt: skip
    return Pages(STATION_ACTS).show(request, about, "records/form.html", context, title, 422 if form.errors else 200)


@page(READ)
@require_GET
def centre(request: ActorRequest, about_id: str) -> HttpResponse:
    """The command centre: the district with its towns, `at` a town with its stations; `wall=1` for the wall. It renews itself."""
    about, at = about_or_404(request, about_id, READ), request.GET.get("at", "")
    board = centre_of(request.actor, about, at, today())
    if board is None:
        raise Http404(at)
    address = reverse("stations:centre", args=[about.id])
    within = f"at={at}" if at else ""
    context = {
        "board": board, "now": timezone.localtime(), "address": address, "every": EVERY_SECONDS, "self": request.get_full_path(),
        "wall_url": f"{address}?{within}&wall=1".replace("?&", "?"), "leave_url": f"{address}?{within}".rstrip("?"),
        "about": about, "is_sample": about.is_sample, "wall": "wall" in request.GET,
    }  # fmt: skip
    if context["wall"]:
        return render(request, "stations/wall.html", context)
    crumbs = [(board.at.name, "")] if board.at else ()
    return page_of(request, about, "stations:centre", "stations/centre.html", context, crumbs=crumbs, entry=ENTRY)


def _found(request: ActorRequest, about_id: str, place_id: str) -> tuple[About, int, str]:
    """A place of the district that the actor keeps, with its name; 404 for what is elsewhere, 403 for what they may not."""
    about = about_or_404(request, about_id, KEEP)
    row = next((one for one in own_places(request, about, KEEP) if one.public_id == place_id), None)
    if row is None:
        raise Http404(place_id)
    if not may(request.actor, KEEP, row.id):
        raise PermissionDenied(KEEP)
    return about, row.id, places.names_at([row.id], today()).get(row.id, "")
