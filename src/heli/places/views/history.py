"""Events: a district's list, one event, recording and reversing by hand, figures and neighbours by hand."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Scope, may, scope
from heli.kernel.faults import Refused
from heli.places import queries, services, texts
from heli.places.event_forms import EVENT_FORMS, EVENT_TITLES
from heli.places.forms import FactForm, NeighbourForm, ReverseForm
from heli.places.types import EventRow, FactSpec, Level, Origin, PlaceRow
from heli.places.views.shared import EDIT, READ, place_or_404, standing, today
from heli.ui.forms import add_faults
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table


@page(READ)
def events(request: ActorRequest, public_id: str) -> HttpResponse:
    """What happened in a district (or to a place), the newest first."""
    found = place_or_404(request, public_id, READ)
    rows = (
        queries.events_in(found.pk)
        if found.level == Level.DISTRICT
        else queries.events_of(queries.lineage_of(found.pk))
    )
    table = Table(
        "events",
        request,
        rows=sorted(rows, key=lambda row: (row.on, row.sequence, row.id), reverse=True),
        columns=[
            Column("on", _("Day"), kind="date"),
            Column("sequence", _("No."), kind="integer"),
            Column(
                "kind", _("Event"), value=lambda row: texts.event_text(row.kind), filter=True,
                link=lambda row: reverse("places:event", args=[row.public_id]),
            ),
            Column("sources", _("Before"), value=lambda row: _names(row, "source_name"), sort=False),
            Column("targets", _("After"), value=lambda row: _names(row, "target_name"), sort=False),
            Column("document_number", _("Document")),
            Column(
                "in_force", _("State"), value=lambda row: _("in force") if row.in_force else _("reversed"),
                badge=lambda row: "good" if row.in_force else "quiet", filter=True,
            ),
        ],
        search=("document_number", "note"),
        replaces=gettext_lazy("Ledger of changes of administrative divisions"),
        empty=_("Nothing has happened here yet."),
    )  # fmt: skip
    if table.export:
        return table.export_response()
    return render(request, "places/events.html", {"table": table, "row": standing(found, today()), "place": found})


def _names(row: EventRow, end: str) -> str:
    names = list(dict.fromkeys(getattr(link, end) for link in row.links if getattr(link, end)))
    return "、".join(names[:6]) + (f" … ({len(names)})" if len(names) > 6 else "")


@page(READ)
def event(request: ActorRequest, public_id: str) -> HttpResponse:
    """One event with its arrows; those who may edit can reverse it."""
    found = _event_or_404(request, public_id, READ)
    form = ReverseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        _event_or_404(request, public_id, EDIT)
        if form.is_valid():
            try:
                services.reverse_event(actor=request.actor, event_id=found.id, reason=form.cleaned_data["reason"])
            except Refused as refused:
                add_faults(form, refused.faults)
            else:
                messages.success(request, _("The event has been reversed; the register stands as before it."))
                return see_other("places:event", public_id)
    touched = {key for link in found.links for key in (link.source_id, link.target_id) if key}
    reached = queries.reached_among(scope(request.actor, READ), touched)
    reverses, reversed_by = queries.reversals_of(found.id)
    return render(
        request,
        "places/event.html",
        {
            "event": found,
            "kind": texts.event_text(found.kind),
            "form": form,
            "reached": reached,
            "reverses": reverses,
            "reversed_by": reversed_by,
            "may_reverse": found.in_force
            and queries.find_event(public_id, queries.in_scope(scope(request.actor, EDIT))),
        },
        status=422 if form.errors else 200,
    )


def _event_or_404(request: ActorRequest, public_id: str, action: str) -> EventRow:
    found = queries.find_event(public_id, queries.in_scope(scope(request.actor, action)))
    if found is None:
        raise Http404(_("There is no such event."))
    return found


@page(EDIT)
def record(request: ActorRequest, public_id: str, what: str) -> HttpResponse:
    """Record an event that begins at a place, by hand."""
    found = place_or_404(request, public_id, EDIT)
    if what not in EVENT_FORMS:
        raise Http404(what)
    row = standing(found, today())
    others, towns = _choices(request, row)
    form = EVENT_FORMS[what](request.POST if request.method == "POST" else None, place=row, others=others, towns=towns)
    if request.method == "POST" and form.is_valid():
        try:
            recorded = services.record_event(actor=request.actor, event=form.to_event())
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("The event is in the register."))
            return see_other("places:event", recorded.public_id)
    context = {
        "form": form,
        "row": row,
        "place": found,
        "what": what,
        "title": EVENT_TITLES[what],
        "titles": EVENT_TITLES,
    }
    return render(request, "places/record.html", context, status=422 if form.errors else 200)


def _choices(request: ActorRequest, row: PlaceRow) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Places of the same level that the actor may change too, and places that may stand above."""
    if row.district_id is None:
        return [], []
    on = today()
    keys = queries.reached_in(scope(request.actor, EDIT), row.district_id, on)

    def mine(levels: tuple[Level, ...]) -> list[PlaceRow]:
        rows = queries.places_on(row.district_id or 0, on, levels=levels, place_ids=keys)
        return [one for one in rows if one.id != row.id]

    peers = mine((row.level,))
    peers.sort(key=lambda one: (one.parent_id != row.parent_id, one.parent_name, one.code))
    above = {Level.VILLAGE: (Level.TOWNSHIP,), Level.TOWNSHIP: (Level.DISTRICT,)}.get(
        row.level, (Level.VILLAGE, Level.GROUP, Level.GRID)
    )
    parents = mine(above)
    return (
        [(str(one.id), f"{one.parent_name} · {one.name}") for one in peers],
        [(str(one.id), one.name) for one in parents if one.id != row.parent_id],
    )


@page(EDIT)
def fact(request: ActorRequest, public_id: str) -> HttpResponse:
    """Record one figure of a place."""
    found = place_or_404(request, public_id, EDIT)
    form = FactForm(request.POST if request.method == "POST" else None, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        spec = FactSpec(place_id=found.pk, measure=data["measure"], on=data["on"], value=data["amount"])
        try:
            services.record_facts(actor=request.actor, facts=[spec], reason=data["reason"])
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("The figure is in the register."))
            return see_other("places:place", public_id)
    return render(
        request, "places/fact.html", {"form": form, "row": standing(found, today())}, status=422 if form.errors else 200
    )


@page(READ)
def neighbours(request: ActorRequest, public_id: str) -> HttpResponse:
    """The table of neighbours of a place: which villages touch, and how closely they belong together."""
    found = place_or_404(request, public_id, READ)
    on = today()
    district = found.district_id or found.pk
    reached = queries.reached_in(scope(request.actor, READ), district, on)
    members = queries.reached_in(Scope(place_ids=frozenset({found.pk})), district, on)
    villages = queries.villages_of(district, on, outlines=False)
    names = {row.id: row for row in villages if reached is None or row.id in reached}
    pairs = [
        pair
        for pair in queries.neighbours_on(district, on)
        if pair.a_id in names
        and pair.b_id in names
        and (members is None or pair.a_id in members or pair.b_id in members)
    ]
    may_edit = may(request.actor, EDIT, found.pk)
    edit = Column("edit", "", value=lambda pair: _("Edit"), sort=False, export=False, link=_edit_link(public_id))
    table = Table(
        "neighbours",
        request,
        rows=pairs,
        columns=[
            Column("a", _("Place"), value=lambda pair: names[pair.a_id].name),
            Column("b", _("Neighbour"), value=lambda pair: names[pair.b_id].name),
            Column("town", _("Town"), value=lambda pair: names[pair.a_id].parent_name, filter=True),
            Column("border_m", _("Common border"), kind="integer", unit="m"),
            Column("affinity", _("Affinity"), kind="integer"),
            Column("is_barrier", _("Barrier"), kind="yesno", filter=True),
            Column("road_m", _("By road"), kind="integer", unit="m"),
            Column(
                "origin", _("Origin"), labels={Origin.COMPUTED: _("computed"), Origin.EDITED: _("by hand")}, filter=True
            ),
            *([edit] if may_edit else []),
        ],
        search=(),
        replaces=gettext_lazy("List of adjoining villages"),
        empty=_("No neighbours yet. They are computed when outlines or points are imported, or entered by hand."),
    )
    if table.export:
        return table.export_response()
    return render(
        request,
        "places/neighbours.html",
        {"table": table, "row": standing(found, on), "place": found, "may_edit": may_edit},
    )


def _edit_link(public_id: str) -> Any:
    return lambda pair: f"{reverse('places:neighbour', args=[public_id])}?pair={pair.id}"


@page(EDIT)
def neighbour(request: ActorRequest, public_id: str) -> HttpResponse:
    """Enter, change or end one pair of neighbours."""
    found = place_or_404(request, public_id, EDIT)
    on = today()
    district = found.district_id or found.pk
    reached = queries.reached_in(scope(request.actor, EDIT), district, on)
    villages = queries.villages_of(district, on, outlines=False)
    villages = [row for row in villages if reached is None or row.id in reached]
    mine = {row.id for row in villages}
    offered = [(str(row.id), f"{row.parent_name} · {row.name}") for row in villages]
    asked = whole_number(request.GET.get("pair"))
    pair = queries.find_neighbour(asked or 0, district, mine)
    initial: dict[str, Any] = {"on": on}
    if pair is not None:
        initial |= {"a": str(pair.a_id), "b": str(pair.b_id), "border_m": pair.border_m, "affinity": pair.affinity}
        initial |= {"road_m": pair.road_m, "is_barrier": pair.is_barrier}
    form = NeighbourForm(request.POST if request.method == "POST" else None, places=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if "end" in request.POST and pair is not None:
                services.end_neighbour(actor=request.actor, neighbour_id=pair.pk, on=data["on"], reason=data["reason"])
            else:
                spec = services.NeighbourSpec(
                    a_id=int(data["a"]), b_id=int(data["b"]), border_m=data["border_m"], affinity=data["affinity"],
                    is_barrier=data["is_barrier"], road_m=data["road_m"],
                )  # fmt: skip
                services.edit_neighbour(actor=request.actor, pair=spec, on=data["on"], reason=data["reason"])
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("The pair is saved."))
            return see_other("places:neighbours", public_id)
    context = {"form": form, "row": standing(found, on), "place": found, "pair": pair}
    return render(request, "places/neighbour.html", context, status=422 if form.errors else 200)
