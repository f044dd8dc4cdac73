"""E-questionnaires: sending, who has answered, answering for a village, checking."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from heli.inquiries import queries, services
from heli.inquiries.catalogues import forms as shipped_forms
from heli.inquiries.catalogues import titles
from heli.inquiries.forms import InquiryForm, ReplyForm, ReturnForm, field_of, unit_of
from heli.inquiries.models import Inquiry, InquiryStatus, Reply
from heli.inquiries.queries import READ
from heli.inquiries.services import CHECK, FILL, SEND
from heli.inquiries.tables import reply_table
from heli.kernel.access import may
from heli.kernel.faults import Refused, Severity
from heli.kernel.quantities import Ratio
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.places.types import Level
from heli.records.abouts import About
from heli.records.fields import fields_of
from heli.records.forms import choices_for
from heli.records.rooms import Room
from heli.records.services import is_first_person
from heli.records.views import about_or_404, own_places, sent, today
from heli.ui.forms import add_faults, attempt, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.relations import followed

ROOM = Room("inquiries:list", gettext_noop("Questionnaires"))
USUAL_DAYS = 5


@page(READ)
@require_GET
def questionnaires(request: ActorRequest, about_id: str) -> HttpResponse:
    """The questionnaires sent to the actor's part."""
    about = about_or_404(request, about_id, READ)
    rows = list(queries.inquiries_of(request.actor, about))
    context = {
        "rows": [(row, Ratio(row.answered, row.asked)) for row in rows],
        "may_send": may(request.actor, SEND),
        "typed": sum(row.typed for row in rows),
        "confirmed": sum(row.confirmed for row in rows),
    }
    return ROOM.show(request, about, "inquiries/list.html", context)


@page(SEND)
@require_http_methods(["GET", "POST"])
def questionnaire_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Send a form to villages."""
    about = about_or_404(request, about_id, SEND)
    rows = own_places(request, about, SEND)
    drawn = list(fields_of(Inquiry).values())
    choices = choices_for(drawn, request.actor, about, today(), SEND)
    key, title = next(iter(titles().items()))
    start = {"form": key, "title": title, "asked_on": today(), "due_on": calendar().add(today(), USUAL_DAYS)}
    form = InquiryForm(*sent(request), rows=rows, drawn=drawn, choices=choices, initial=start)
    villages = {row.id for row in rows if row.level is Level.VILLAGE}
    made: list[Inquiry] = []

    def send() -> None:
        given = form.values()
        given["form"] = shipped_forms()[given["form"]]
        chosen = [one for one in form.chosen_places() if one in villages]
        made.append(services.send_inquiry(actor=request.actor, about=about, place_ids=chosen, **given))

    if request.method == "POST" and attempt(form, send):
        return see_other("inquiries:inquiry", about_id, made[0].public_id)
    text = _("Send a questionnaire")
    context = {"form": form, "title": text, "button": _("Send")}
    return ROOM.show(request, about, "records/form.html", context, text)


def inquiry_or_404(request: ActorRequest, about: About, inquiry_id: str) -> Any:
    """A questionnaire that was sent to a place of the actor's part, with its numbers there."""
    inquiry = queries.inquiries_of(request.actor, about).filter(public_id=inquiry_id).first()
    if inquiry is None:
        raise Http404(inquiry_id)
    return inquiry


@page(READ)
@require_GET
def questionnaire(request: ActorRequest, about_id: str, inquiry_id: str) -> HttpResponse:
    """Who has answered and who has not."""
    about = about_or_404(request, about_id, READ)
    inquiry = inquiry_or_404(request, about, inquiry_id)
    table = reply_table(request, about, inquiry, list(queries.replies_of(request.actor, about, inquiry)), today())
    if table.export:
        return table.export_response()
    return ROOM.show(request, about, "inquiries/inquiry.html", {"inquiry": inquiry, "table": table}, inquiry.title)


@page(READ)
@require_http_methods(["GET", "POST"])
def reply(request: ActorRequest, about_id: str, inquiry_id: str, place: str) -> HttpResponse:
    """A village's answer: filled in with what is known, only changes are typed; the town checks it."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    inquiry = inquiry_or_404(request, about, inquiry_id)
    one = queries.replies_of(actor, about, inquiry).filter(place__public_id=place).first()
    if one is None:
        raise Http404(place)
    did = request.POST.get("did", "")
    asked = queries.fields_of(inquiry)
    facts = queries.newest_facts(one.place_id, asked, inquiry.asked_on)
    form = ReplyForm(request.POST if did in ("answer", "unchanged") else None, asked=asked, facts=facts)
    back = ReturnForm(request.POST if did == "return" else None)
    can_fill = may(actor, FILL, one.place_id) and one.status != InquiryStatus.CHECKED
    can_check = (
        may(actor, CHECK.right, one.place_id)
        and one.status in CHECK.sources
        and not is_first_person(actor=actor, step=CHECK, row=one)
    )
    doubts: list[tuple[str, str]] = []
    if request.method == "POST":
        if did in ("answer", "unchanged") and can_fill:
            done = answer(request, one, form, doubts)
        elif did == "check":
            done = press(request, lambda: services.check_reply(actor=actor, reply=one), _("Checked.")) or True
        elif did == "return":
            done = attempt(back, lambda: services.return_reply(actor=actor, reply=one, **back.cleaned_data))
        else:
            raise Http404(did)
        if done:
            return see_other("inquiries:reply", about_id, inquiry_id, place)
    name = places.names_at([one.place_id], today()).get(one.place_id, "")
    context = {
        "inquiry": inquiry,
        "reply": one,
        "place": name,
        "state": InquiryStatus(one.status),
        "form": form if can_fill else None,
        "relations": {"limits": followed(queries.relations_of(inquiry))},
        "draft": f"{actor.id} inquiry {one.pk}",
        "answers": [
            (field.label, f"{field.typed(one.answers[field.name])} {unit_of(field)}")
            for field in map(field_of, asked)
            if field.name in one.answers
        ],
        "all_known": len(form.known) == len(asked),
        "can_check": can_check,
        "back": back,
        "doubts": doubts,
    }
    return ROOM.show(request, about, "inquiries/reply.html", context, inquiry.title, name)


def answer(request: ActorRequest, one: Reply, form: ReplyForm, doubts: list[tuple[str, str]]) -> bool:
    """Whether it was answered (or said why not); doubtful values come back as warnings to be confirmed: (field, text)."""
    given: dict[str, Any] = {"actor": request.actor, "reply": one}
    if request.POST.get("did") == "unchanged" and len(form.known) == len(form.drawn):
        press(request, lambda: services.answer_inquiry(**given, answers=form.known, confirmed=True))
        return True
    if not form.is_valid():
        return False
    try:
        services.answer_inquiry(**given, answers=form.values(), confirmed=request.POST.get("sure") == "1")
    except Refused as refused:
        names = {field.name: str(field.label) for field in form.drawn}
        warnings = [one for one in refused.faults if one.severity is not Severity.ERROR]
        doubts += [(names.get(one.field, one.field), one.message) for one in warnings]
        add_faults(form, [one for one in refused.faults if one not in warnings])
        return False
    return True
