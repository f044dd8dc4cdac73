"""E-questionnaires: sending, who has answered, answering for a village, checking."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.forms_matters import ReasonForm
from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404
from heli.campaigns.queries.matters import villages
from heli.campaigns.views.matters import ACCEPT, FILL, MATTERS, attempt, my_places, page_of, press, tab_crumb, today
from heli.inquiries import queries, services
from heli.inquiries.catalogues import forms as shipped_forms
from heli.inquiries.forms import InquiryFormForm, ReplyForm
from heli.inquiries.models import Inquiry, Reply
from heli.inquiries.tables import reply_table
from heli.inquiries.texts import INQUIRY_STATUSES, INQUIRY_TONES
from heli.inquiries.types import InquiryStatus
from heli.inquiries.units import shown_unit, to_shown
from heli.kernel.access import may
from heli.kernel.problems import Refused, Severity
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.ui.forms import add_problems
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

TAB = "inquiries:list"
USUAL_DAYS = 5


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


@page("campaigns.read")
@require_GET
def questionnaires(request: ActorRequest, public_id: str) -> HttpResponse:
    """The questionnaires sent to the actor's part."""
    found = campaign_or_404(request, public_id)
    rows = queries.inquiry_rows(request.actor, found)
    context = {
        "rows": rows,
        "may_send": may(request.actor, MATTERS),
        "typed": sum(row.typed for row in rows),
        "confirmed": sum(row.confirmed for row in rows),
    }
    return page_of(request, found, TAB, "inquiries/list", context)


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def questionnaire_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Send a form to villages."""
    found = campaign_or_404(request, public_id, MATTERS)
    rows = my_places(request, found)
    known = shipped_forms()
    titles = [(key, form.words.text(language())) for key, form in known.items()]
    initial = {
        "title": titles[0][1],
        "asked_on": today(),
        "due_on": calendar().add(today(), USUAL_DAYS),
    }
    form = InquiryFormForm(request.POST or None, rows=rows, choices={"form": titles}, initial=initial)
    made: list[Inquiry] = []

    def send() -> None:
        given = form.cleaned_data
        keys = {row.id for row in villages(rows)}
        made.append(
            services.send_inquiry(
                actor=request.actor,
                campaign=found,
                form=known[given["form"]],
                title=given["title"],
                asked_on=given["asked_on"],
                due_on=given["due_on"],
                place_ids=[key for key in form.chosen_places() if key in keys],
            )
        )

    if request.method == "POST" and attempt(form, send):
        return see_other("inquiries:inquiry", public_id, made[0].public_id)
    context = {"form": form, "title": _("Send a questionnaire"), "button": _("Send")}
    crumbs = [tab_crumb(found, TAB, _("Questionnaires")), (_("Send a questionnaire"), "")]
    return page_of(request, found, TAB, "consultation/form", context, crumbs=crumbs, status=422 if form.errors else 200)


def inquiry_or_404(request: ActorRequest, found: Campaign, inquiry_id: str) -> Inquiry:
    """A questionnaire that was sent to a place of the actor's part."""
    inquiry = queries.find_inquiry(request.actor, found, inquiry_id)
    if inquiry is None:
        raise Http404(inquiry_id)
    return inquiry


@page("campaigns.read")
@require_GET
def questionnaire(request: ActorRequest, public_id: str, inquiry_id: str) -> HttpResponse:
    """Who has answered and who has not."""
    found = campaign_or_404(request, public_id)
    inquiry = inquiry_or_404(request, found, inquiry_id)
    rows = queries.reply_rows(request.actor, inquiry, today())
    table = reply_table(request, found, inquiry_id, rows)
    if table.export:
        return table.export_response()
    done = sum(row.status in (InquiryStatus.ANSWERED, InquiryStatus.CHECKED) for row in rows)
    context = {
        "inquiry": inquiry,
        "table": table,
        "asked": len(rows),
        "answered": done,
        "checked": sum(row.status is InquiryStatus.CHECKED for row in rows),
        "typed": sum(row.typed for row in rows),
        "confirmed": sum(row.confirmed for row in rows),
    }
    crumbs = [tab_crumb(found, TAB, _("Questionnaires")), (inquiry.title, "")]
    return page_of(request, found, TAB, "inquiries/inquiry", context, crumbs=crumbs)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def reply(request: ActorRequest, public_id: str, inquiry_id: str, place: str) -> HttpResponse:
    """A village's answer: filled in with what is known, only changes are typed; the town checks it."""
    found = campaign_or_404(request, public_id)
    inquiry = inquiry_or_404(request, found, inquiry_id)
    one = queries.replies_of(request.actor, inquiry).filter(place__public_id=place).select_related("place").first()
    if one is None:
        raise Http404(place)
    one.inquiry = inquiry
    did = request.POST.get("did", "")
    form = reply_form(one, request.POST if did in ("answer", "unchanged") else None)
    back = ReasonForm(request.POST if did == "return" else None)
    can_fill = may(request.actor, FILL, one.place_id) and one.status != InquiryStatus.CHECKED
    can_check = (
        may(request.actor, ACCEPT, one.place_id)
        and one.status == InquiryStatus.ANSWERED
        and one.answered_by_id != request.actor.id
    )
    doubts: tuple[Any, ...] = ()
    if request.method == "POST":
        if did in ("answer", "unchanged") and can_fill:
            doubts, done = answer(request, one, form)
        elif did == "check":
            done = press(request, lambda: services.check_reply(actor=request.actor, reply=one), _("Checked.")) or True
        elif did == "return":
            done = attempt(
                back, lambda: services.return_reply(actor=request.actor, reply=one, reason=back.cleaned_data["reason"])
            )
        else:
            raise Http404(did)
        if done:
            return see_other("inquiries:reply", public_id, inquiry_id, place)
    name = places.names_at([one.place_id], today()).get(one.place_id, "")
    context = {
        "inquiry": inquiry,
        "reply": one,
        "place": name,
        "status": INQUIRY_STATUSES[InquiryStatus(one.status)],
        "tone": INQUIRY_TONES[InquiryStatus(one.status)],
        "form": form if can_fill else None,
        "answers": shown_answers(one),
        "all_known": all(field.measure in form.known for field in form.asked),
        "can_check": can_check,
        "back": back,
        "doubts": doubts,
    }
    crumbs = [
        tab_crumb(found, TAB, _("Questionnaires")),
        (inquiry.title, ""),
        (name, ""),
    ]
    return page_of(
        request,
        found,
        TAB,
        "inquiries/reply",
        context,
        crumbs=crumbs,
        status=422 if request.method == "POST" else 200,
    )


def reply_form(one: Reply, data: Any) -> ReplyForm:
    """The form with what is known of the village."""
    fields = queries.fields_of(one.inquiry)
    facts = queries.newest_facts(one.place_id, fields, one.inquiry.on)
    labels, helps = {}, {}
    for field in fields:
        unit = shown_unit(field.measure)
        text = field.words.text(language())
        labels[field.measure] = _("%(name)s (%(unit)s)") % {"name": text, "unit": unit} if unit else text
        day: date | None = facts[field.measure][1] if field.measure in facts else None
        helps[field.measure] = _("known since %(day)s") % {"day": day.isoformat()} if day else _("not known yet")
    return ReplyForm(
        data, fields=fields, known={key: value for key, (value, _day) in facts.items()}, labels=labels, helps=helps
    )


def answer(request: ActorRequest, one: Reply, form: ReplyForm) -> tuple[tuple[Any, ...], bool]:
    """Answer; doubtful values come back as warnings to be confirmed."""
    if request.POST.get("did") == "unchanged" and all(field.measure in form.known for field in form.asked):
        press(
            request, lambda: services.answer_inquiry(actor=request.actor, reply=one, answers=form.known, confirmed=True)
        )
        return (), True
    if not form.is_valid():
        return (), False
    try:
        services.answer_inquiry(
            actor=request.actor, reply=one, answers=form.answers(), confirmed=request.POST.get("sure") == "1"
        )
    except Refused as refused:
        errors = [problem for problem in refused.problems if problem.severity is Severity.ERROR]
        add_problems(form, errors)
        names = {field.measure: field.words.text(language()) for field in form.asked}
        return tuple(
            (names.get(problem.field, problem.field), problem.message)
            for problem in refused.problems
            if problem not in errors
        ), False
    return (), True


def shown_answers(one: Reply) -> list[tuple[str, str]]:
    """What was answered, in the units people type."""
    return [
        (
            field.words.text(language()),
            f"{to_shown(field.measure, one.answers[field.measure])} {shown_unit(field.measure)}",
        )
        for field in queries.fields_of(one.inquiry)
        if field.measure in one.answers
    ]
