"""Pages of bodies: the list, one body with its persons and links."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from heli.bodies import queries, services
from heli.bodies.forms import BodyForm, EndForm, LinkForm, PersonForm
from heli.bodies.models import Body
from heli.bodies.parts import parts_of
from heli.bodies.services import EDIT
from heli.bodies.texts import KINDS, LINKS
from heli.bodies.types import BodyKind, LinkKind
from heli.kernel.access import may, scope
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.places.types import Level
from heli.ui.forms import add_faults
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

READ = "bodies.read"
LEVELS = (Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE)


@page(READ)
def bodies(request: ActorRequest) -> HttpResponse:
    """Organisations and teams, with how many places each answers for."""
    table = Table(
        "bodies",
        request,
        rows=queries.body_rows(scope(request.actor, READ), timezone.localdate()),
        columns=[
            Column("name", _("Name"), link=lambda row: reverse("bodies:body", args=[row.public_id])),
            Column("kind", _("Kind"), labels=KINDS, filter=True),
            Column("place_name", _("Belongs to"), filter=True),
            Column("persons", _("Persons in office"), kind="integer", total=True),
            Column("linked_places", _("Places it is linked to"), kind="integer"),
        ],
        search=("name",),
        order="name",
        empty=_("No bodies yet. Enter departments, stations and work groups, then link them to villages."),
        replaces=_("contact list of linked departments and villages (包联花名册)"),
    )
    if table.export:
        return table.export_response()
    return render(request, "bodies/list.html", {"table": table, "may_edit": may(request.actor, EDIT)})


@page(EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """Enter a body."""
    data = request.POST if request.method == "POST" else None
    form = BodyForm(data, places=_choices(request), today=timezone.localdate())
    if form.is_valid():
        given = form.cleaned_data
        try:
            body = services.add_body(
                actor=request.actor,
                name=given["name"],
                kind=BodyKind(given["kind"]),
                place_id=_place(request, given["place"]),
                on=given["on"],
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("bodies:body", body.public_id)
    return render(request, "bodies/add.html", {"form": form}, status=422 if form.errors else 200)


@page(READ)
def body(request: ActorRequest, public_id: str) -> HttpResponse:
    """One body: who is in office, which places it is linked to, now and before."""
    return _page(request, _find(request, public_id, READ))


@page(EDIT)
@require_POST
def end(request: ActorRequest, public_id: str) -> HttpResponse:
    """End the body with its persons and links."""
    found = _find(request, public_id, EDIT)
    form = EndForm(request.POST, today=timezone.localdate())
    return _act(
        request, found, "end_form", form, lambda given: services.end_body(
            actor=request.actor, body=found, on=given["on"], reason=given["reason"]
        )
    )  # fmt: skip


@page(EDIT)
@require_POST
def add_person(request: ActorRequest, public_id: str) -> HttpResponse:
    """Enter a person in office."""
    found = _find(request, public_id, EDIT)
    form = PersonForm(request.POST, today=timezone.localdate())
    return _act(
        request, found, "person_form", form, lambda given: services.add_person(actor=request.actor, body=found, **given)
    )


@page(EDIT)
@require_POST
def end_person(request: ActorRequest, public_id: str, person_id: str) -> HttpResponse:
    """A person leaves the office."""
    found = _find(request, public_id, EDIT)
    person = queries.persons_of(found, None).filter(public_id=person_id).first()
    if person is None:
        raise Http404
    form = EndForm(request.POST, today=timezone.localdate())
    return _act(
        request, found, "end_form", form, lambda given: services.end_person(
            actor=request.actor, person=person, on=given["on"]
        )
    )  # fmt: skip


@page(EDIT)
@require_POST
def add_link(request: ActorRequest, public_id: str) -> HttpResponse:
    """Link the body or one of its persons to a place."""
    found = _find(request, public_id, EDIT)

    def link(given: dict[str, Any]) -> object:
        person = queries.persons_of(found, given["on"]).filter(public_id=given["holder"]).first()
        return services.add_link(
            actor=request.actor,
            kind=LinkKind(given["kind"]),
            place_id=_place(request, given["place"]),
            body=None if person else found,
            person=person,
            on=given["on"],
            until=given["until"],
            document_number=given["document_number"],
        )

    return _act(request, found, "link_form", _link_form(request, found, request.POST), link)


@page(EDIT)
@require_POST
def end_link(request: ActorRequest, public_id: str, link_id: str) -> HttpResponse:
    """End a link."""
    found = _find(request, public_id, EDIT)
    held = queries.link_of(found, link_id)
    if held is None:
        raise Http404
    form = EndForm(request.POST, today=timezone.localdate())
    return _act(
        request, found, "end_form", form, lambda given: services.end_link(
            actor=request.actor, link=held, on=given["on"], reason=given["reason"]
        )
    )  # fmt: skip


def _act(
    request: ActorRequest, found: Body, name: str, form: forms.Form, service: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Run one service with what the form says; a refusal shows the page again with the problem at its field."""
    if form.is_valid():
        try:
            service(form.cleaned_data)
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            return see_other("bodies:body", found.public_id)
    return _page(request, found, status=422, **{name: form})


def _page(request: ActorRequest, found: Body, status: int = 200, **forms: forms.Form) -> HttpResponse:
    today = timezone.localdate()
    may_edit = may(request.actor, EDIT, found.place_id)
    context: dict[str, Any] = {
        "body": found,
        "kind": KINDS[found.kind],
        "place": places.names_at([found.place_id], today).get(found.place_id, ""),
        "persons": queries.persons_of(found, today),
        "links": [(link, LINKS[link.kind]) for link in queries.links_of(found, today)],
        "may_edit": may_edit and found.valid_to is None,
        "today": today,
        "parts": parts_of(request.actor, found, today),
    }
    if may_edit:
        context |= {
            "person_form": PersonForm(today=today),
            "link_form": _link_form(request, found),
            "end_form": EndForm(today=today),
        } | forms
    return render(request, "bodies/body.html", context, status=status)


def _find(request: ActorRequest, public_id: str, action: str) -> Body:
    found = queries.in_scope(scope(request.actor, action)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _link_form(request: ActorRequest, found: Body, data: Any = None) -> LinkForm:
    today = timezone.localdate()
    holders = [(found.public_id, found.name)]
    holders += [(person.public_id, str(person)) for person in queries.persons_of(found, today)]
    return LinkForm(data, places=_choices(request), holders=holders, today=today)


def _choices(request: ActorRequest) -> list[tuple[str, str]]:
    today = timezone.localdate()
    keys = places.in_scope(scope(request.actor, EDIT), on=today).filter(level__in=LEVELS).values_list("pk", flat=True)
    rows = sorted(places.rows_of(keys, today).values(), key=lambda row: (LEVELS.index(row.level), row.code, row.name))
    return [(row.public_id, f"{row.name} · {row.parent_name}" if row.parent_name else row.name) for row in rows]


def _place(request: ActorRequest, public_id: str) -> int:
    place = places.find(public_id, scope(request.actor, EDIT))
    if place is None:
        raise Http404
    return place.pk
