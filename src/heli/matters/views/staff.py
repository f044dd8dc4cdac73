"""What the office does with a matter beside the moves of its ledger, and the board."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heli.kernel.access import may
from heli.kernel.faults import Fault, Refused
from heli.matters import board_queries, lift_services, link_services, queries, services
from heli.matters.forms import IntoForm, LiftForm, PartsForm, VoiceForm, WhistleForm
from heli.matters.ledger import MATTERS
from heli.matters.ledger.matter import COLLECT, DISPATCH, READ
from heli.matters.models import Matter, MatterState, UrgeColour
from heli.matters.texts import STAGE_WORDS
from heli.matters.triage import why_department
from heli.problems.catalogues import problem_kinds
from heli.records.abouts import About
from heli.records.forms import CHOOSE, of_mapping
from heli.records.views import Pages, about_or_404, districts_home, page_of, today
from heli.records.words import words_of
from heli.ui.forms import attempt, offer
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ENTRY = "matter:home"
PAGES = Pages(MATTERS)


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The districts whose matters the reader sees; the only one at once."""
    return districts_home(request, READ, _("Matters"), lambda key: MATTERS.url("list", key))


@page(READ)
@require_GET
def board(request: ActorRequest, about_id: str) -> HttpResponse:
    """Where matters stand, which departments are late, what the next joint sitting decides, what is impossible."""
    about, on = about_or_404(request, about_id, READ), today()
    flagged, impossible = board_queries.listed_apart(request.actor, about)
    context = {
        "stages": [
            (STAGE_WORDS[one.stage], MatterState(one.status), one)
            for one in board_queries.stage_counts(request.actor, about, on)
        ],
        "departments": board_queries.department_counts(request.actor, about, on),
        "urged": [(one, UrgeColour(one.urged)) for one in board_queries.urged_now(request.actor, about)],
        "flagged": flagged,
        "impossible": impossible,
        "report_url": request.build_absolute_uri(reverse("matter:report", args=[about.id])),
    }
    return page_of(request, about, "matter:board", "matters/board.html", context, entry=ENTRY)


def found_or_404(request: ActorRequest, about_id: str, row_id: str, action: str) -> tuple[About, Matter]:
    """A matter where the actor may do this; 404 for what they do not see, 403 for what they may not."""
    about = about_or_404(request, about_id, READ)
    matter = queries.matter_of(request.actor, about, row_id)
    if matter is None:
        raise Http404(row_id)
    if not may(request.actor, action, matter.place_id):
        raise PermissionDenied(action)
    return about, matter


def typed(  # noqa: PLR0917 - what a page is made of
    request: ActorRequest, about: About, matter: Matter, form: forms.Form, title: str, do: Callable[[], object]
) -> HttpResponse:
    """A page with one form about a matter; back to the matter when it is done."""
    back = MATTERS.url("row", about.id, matter.public_id)
    if request.method == "POST" and attempt(form, do):
        return see_other(back)
    context = {
        "form": form,
        "title": title,
        "button": title,
        "list_url": back,
        "note": f"{matter.number} · {matter.title}",
    }
    return PAGES.show(request, about, "records/form.html", context, title, 422 if form.errors else 200)


def numbered(request: ActorRequest, about: About, form: forms.Form) -> Matter:
    """The other matter that a form names by its number. Raises `Refused`."""
    found = queries.matter_numbered(request.actor, about, form.cleaned_data["number"])
    if found is None:
        raise Refused(Fault("unknown", _("There is no matter with this number."), field="number"))
    return found


@page(DISPATCH)
@require_http_methods(["GET", "POST"])
def whistle(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Whistle departments; the catalogue proposes them."""
    about, matter = found_or_404(request, about_id, row_id, DISPATCH)
    known = queries.departments(about, today())
    lead, support = queries.proposed(matter.item, known)
    given = request.POST if request.method == "POST" else None
    held = queries.sittings(about, matter, today()) if matter.flagged_on else None
    named_sittings = (
        None if held is None else [("", str(CHOOSE)), *((one.public_id, queries.said_of(one)) for one in held)]
    )
    form = WhistleForm(given, sittings=named_sittings, initial={"lead": lead, "support": support})
    named = [(one.key, one.name) for one in known]
    offer(form, lead=[("", CHOOSE), *named], support=named)
    form.fields["lead"].help_text = why_department(matter)

    def do() -> None:
        if not services.whistle(actor=request.actor, about=about, matter=matter, **form.cleaned_data):
            text = _(
                "It was given back by this department before: the next joint sitting decides, and what it decides stays."
            )
            messages.warning(request, text)

    return typed(request, about, matter, form, _("Whistle departments"), do)


@page(DISPATCH)
@require_http_methods(["GET", "POST"])
def merge(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Merge it into another matter."""
    about, matter = found_or_404(request, about_id, row_id, DISPATCH)
    form = IntoForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        services.merge(actor=request.actor, matter=matter, into=numbered(request, about, form))

    return typed(request, about, matter, form, _("Merge it into another"), do)


@page(DISPATCH)
@require_http_methods(["GET", "POST"])
def link(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Link it with another matter; both stay."""
    about, matter = found_or_404(request, about_id, row_id, DISPATCH)
    form = IntoForm(request.POST if request.method == "POST" else None)
    form.fields["number"].label = _("Number of the other matter")

    def do() -> None:
        link_services.link(actor=request.actor, matter=matter, to=numbered(request, about, form))

    return typed(request, about, matter, form, _("Link it with another"), do)


@page(DISPATCH)
@require_http_methods(["GET", "POST"])
def lift(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Enter it into the problem ledger, alone or with the others of its theme; both stay linked."""
    about, matter = found_or_404(request, about_id, row_id, DISPATCH)
    given = request.POST if request.method == "POST" else None
    form = LiftForm(given, others=lift_services.theme_of(matter).count(), initial={"title": matter.title})
    offer(form, kind=of_mapping(words_of(problem_kinds()), CHOOSE))

    def do() -> None:
        lift_services.lift(actor=request.actor, about=about, matter=matter, **form.cleaned_data)

    return typed(request, about, matter, form, _("Enter it as a problem"), do)


@page(DISPATCH)
@require_http_methods(["GET", "POST"])
def split(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Split it into several matters."""
    about, matter = found_or_404(request, about_id, row_id, DISPATCH)
    form = PartsForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        titles = form.cleaned_data["titles"].splitlines()
        services.split(actor=request.actor, about=about, matter=matter, titles=titles)

    return typed(request, about, matter, form, _("Split it"), do)


@page(COLLECT)
@require_http_methods(["GET", "POST"])
def voice(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """Somebody says the same by telephone or at the window; the code is told them."""
    about, matter = found_or_404(request, about_id, row_id, COLLECT)
    form = VoiceForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        made = services.add_voice(actor=request.actor, matter=matter, **form.cleaned_data)
        messages.success(request, _("Tell them their code: %(code)s") % {"code": made.code})

    return typed(request, about, matter, form, _("Add a voice"), do)


@page(DISPATCH)
@require_POST
def contacts(request: ActorRequest, about_id: str, row_id: str) -> HttpResponse:
    """The contacts of a matter in clear, for the call; the trail keeps that they were opened."""
    about, matter = found_or_404(request, about_id, row_id, DISPATCH)
    found = services.open_contacts(actor=request.actor, matter=matter)
    response = PAGES.show(
        request, about, "matters/contacts.html", {"matter": matter, "contacts": found}, f"{matter.number}"
    )
    response["Cache-Control"] = "private, no-store"
    return response
