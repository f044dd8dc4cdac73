"""Anonymous surveys for the office: opening one, results, codes to print, counts typed from paper."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.consultation.catalogues import survey_pack
from heli.consultation.forms import ASKED, HOUSEHOLDS, VILLAGE, tally_counts, tally_fields
from heli.consultation.models import Survey
from heli.consultation.queries import surveys as queries
from heli.consultation.rules import parse_questions
from heli.consultation.services import surveys as services
from heli.consultation.tables import turnout_table
from heli.consultation.views.shared import MATTERS, READ, Crumb, crumb_to, drawn_form, own_villages, parts, show
from heli.kernel.access import may
from heli.records.abouts import About
from heli.records.forms import CHOOSE, of_places
from heli.records.views import about_or_404, today
from heli.ui.forms import attempt
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def surveys(request: ActorRequest, about_id: str) -> HttpResponse:
    """The surveys about something."""
    about = about_or_404(request, about_id, READ)
    context = {
        "results": [(one, queries.result_of(request.actor, about, one, today())) for one in queries.surveys_of(about)],
        "may_open": may(request.actor, MATTERS, about.district_id),
        "parts": parts(about, "surveys"),
    }
    return show(request, about, "consultation/surveys.html", context, crumbs_of(about))


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def survey_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Open a survey."""
    about = about_or_404(request, about_id, READ)
    if not may(request.actor, MATTERS, about.district_id):
        raise PermissionDenied(MATTERS)
    example = "\n".join(
        [
            _("Do you know the plan for your village? [aware] | yes | no"),
            _("Do you support it? [support] | yes | no | I cannot say"),
            _("What matters most to you?* | assets | services | name of the village | roads"),
        ]
    )
    initial = {"first_on": today(), "last_on": today() + timedelta(days=14), "questions": example}
    form = drawn_form(request, about, ASKED, choices={}, initial=initial)
    made: list[Survey] = []

    def open_it() -> None:
        given = form.values()
        asked = parse_questions(given.pop("questions"), survey_pack())
        made.append(services.open_survey(actor=request.actor, about=about, questions=asked, **given))

    if request.method == "POST" and attempt(form, open_it):
        return see_other("consultation:survey", about_id, made[0].public_id)
    context = {"form": form, "title": _("Open a survey"), "button": _("Open")}
    return show(request, about, "records/form.html", context, crumbs_of(about, (_("Open a survey"), "")))


@page(READ)
@require_GET
def survey(request: ActorRequest, about_id: str, survey_id: str) -> HttpResponse:
    """What a survey says: totals and villages; few answers are kept back."""
    about = about_or_404(request, about_id, READ)
    one = survey_or_404(about, survey_id)
    result = queries.result_of(request.actor, about, one, today())
    table = turnout_table(request, about, result.villages)
    if table.export:
        return table.export_response()
    context = {
        "survey": one,
        "result": result,
        "table": table,
        "least": survey_pack().settings["least_shown"],
        "url": address_of(request, one),
        "may_edit": may(request.actor, MATTERS),
    }
    return show(request, about, "consultation/survey.html", context, crumbs_of(about, (one.title, "")))


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def survey_codes(request: ActorRequest, about_id: str, survey_id: str) -> HttpResponse:
    """Print one-time codes for a village's households: shown this once."""
    about = about_or_404(request, about_id, MATTERS)
    one = survey_or_404(about, survey_id)
    choices = {"place": of_places(own_villages(request, about), CHOOSE)}
    form = drawn_form(request, about, [VILLAGE, HOUSEHOLDS], choices=choices)
    codes: list[str] = []

    def make() -> None:
        where, count = form.values().values()
        codes.extend(services.print_codes(actor=request.actor, survey=one, place_id=where, count=count))

    done = request.method == "POST" and attempt(form, make)
    context = {"survey": one, "form": form, "codes": codes, "url": address_of(request, one)}
    way = crumbs_of(about, crumb_to("survey", about, one.title, survey_id), (_("Codes"), ""))
    return show(request, about, "consultation/codes.html", context, way, 200 if done else 0)


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def survey_tally(request: ActorRequest, about_id: str, survey_id: str) -> HttpResponse:
    """Type the counts of a village's paper questionnaires."""
    about = about_or_404(request, about_id, MATTERS)
    one = survey_or_404(about, survey_id)
    asked = queries.questions_of(one)
    choices = {"place": of_places(own_villages(request, about), CHOOSE)}
    form = drawn_form(request, about, tally_fields(asked), choices=choices)

    def record() -> object:
        given = form.values()
        counted = {name: given[name] for name in ("given", "returned")}
        counts, where = tally_counts(asked, given), given["place"]
        return services.record_tally(actor=request.actor, survey=one, place_id=where, counts=counts, **counted)

    if request.method == "POST" and attempt(form, record):
        return see_other("consultation:survey", about_id, survey_id)
    context = {"form": form, "title": _("Counts of the paper questionnaires"), "button": _("Save")}
    way = crumbs_of(about, crumb_to("survey", about, one.title, survey_id), (_("Counts"), ""))
    return show(request, about, "records/form.html", context, way)


def survey_or_404(about: About, survey_id: str) -> Survey:
    """A survey about this."""
    found = queries.survey_by_address(survey_id)
    if found is None or found.about != about.id:
        raise Http404(survey_id)
    return found


def address_of(request: ActorRequest, one: Survey) -> str:
    """Where households answer a survey."""
    return request.build_absolute_uri(reverse("consultation:survey_page", args=[one.public_id]))


def crumbs_of(about: About, *more: Crumb) -> list[Crumb]:
    """The way to a page of surveys."""
    return [crumb_to("surveys", about, _("Surveys")), *more]
