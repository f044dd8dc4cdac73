"""Anonymous surveys for the office: opening one, results, codes to print, counts typed from paper."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404, whole_district
from heli.campaigns.queries.matters import villages
from heli.campaigns.views.matters import MATTERS, attempt, my_places, page_of, place_choices, tab_crumb, today
from heli.consultation.catalogues import survey_pack
from heli.consultation.forms import CodesForm, SurveyForm, TallyForm
from heli.consultation.models import Survey
from heli.consultation.queries import surveys as queries
from heli.consultation.rules import parse_questions
from heli.consultation.services import surveys as services
from heli.consultation.tables import turnout_table
from heli.consultation.views.notices import TAB, parts
from heli.kernel.access import may
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


def crumbs_of(found: Campaign, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of surveys."""
    return [tab_crumb(found, TAB, _("Consultation")), tab_crumb(found, "consultation:surveys", _("Surveys")), *more]


@page("campaigns.read")
@require_GET
def surveys(request: ActorRequest, public_id: str) -> HttpResponse:
    """The surveys of a campaign."""
    found = campaign_or_404(request, public_id)
    results = [(one, queries.result_of(request.actor, one, today())) for one in queries.surveys_of(found)]
    context = {
        "results": results,
        "may_open": may(request.actor, MATTERS, found.district_id),
        "parts": parts(found, "surveys"),
    }
    return page_of(request, found, TAB, "consultation/surveys", context, crumbs=crumbs_of(found))


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def survey_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Open a survey."""
    found = whole_district(request, public_id, MATTERS)
    example = "\n".join(
        [
            _("Do you know the plan for your village? [aware] | yes | no"),
            _("Do you support it? [support] | yes | no | I cannot say"),
            _("What matters most to you?* | assets | services | name of the village | roads"),
        ]
    )
    initial = {"first_on": today(), "last_on": today() + timedelta(days=14), "questions": example}
    form = SurveyForm(request.POST or None, initial=initial)
    made: list[Survey] = []

    def open_it() -> None:
        given = dict(form.cleaned_data)
        asked = parse_questions(given.pop("questions"), survey_pack())
        made.append(services.open_survey(actor=request.actor, campaign=found, questions=asked, **given))

    if request.method == "POST" and attempt(form, open_it):
        return see_other("consultation:survey", public_id, made[0].public_id)
    context = {"form": form, "title": _("Open a survey"), "button": _("Open")}
    crumbs = crumbs_of(found, (_("Open a survey"), ""))
    return page_of(request, found, TAB, "consultation/form", context, crumbs=crumbs, status=422 if form.errors else 200)


def survey_or_404(found: Campaign, survey_id: str) -> Survey:
    """A survey of the campaign."""
    survey = queries.survey_by_address(survey_id)
    if survey is None or survey.campaign_id != found.pk:
        raise Http404(survey_id)
    return survey


@page("campaigns.read")
@require_GET
def survey(request: ActorRequest, public_id: str, survey_id: str) -> HttpResponse:
    """What a survey says: totals and villages; few answers are kept back."""
    found = campaign_or_404(request, public_id)
    one = survey_or_404(found, survey_id)
    result = queries.result_of(request.actor, one, today())
    table = turnout_table(request, found, result.villages)
    if table.export:
        return table.export_response()
    context = {
        "survey": one,
        "result": result,
        "table": table,
        "least": survey_pack().settings["least_shown"],
        "url": request.build_absolute_uri(reverse("consultation:survey_page", args=[one.public_id])),
        "may_edit": may(request.actor, MATTERS),
    }
    return page_of(request, found, TAB, "consultation/survey", context, crumbs=crumbs_of(found, (one.title, "")))


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def survey_codes(request: ActorRequest, public_id: str, survey_id: str) -> HttpResponse:
    """Print one-time codes for a village's households: shown this once."""
    found = campaign_or_404(request, public_id, MATTERS)
    one = survey_or_404(found, survey_id)
    rows = villages(my_places(request, found))
    form = CodesForm(request.POST or None, choices={"place": place_choices(rows)})
    codes: list[str] = []

    def make() -> None:
        given = form.cleaned_data
        codes.extend(
            services.print_codes(actor=request.actor, survey=one, place_id=given["place"], count=given["count"])
        )

    done = request.method == "POST" and attempt(form, make)
    context = {
        "survey": one,
        "form": form,
        "codes": codes,
        "url": request.build_absolute_uri(reverse("consultation:survey_page", args=[one.public_id])),
    }
    crumbs = crumbs_of(
        found, (one.title, reverse("consultation:survey", args=[public_id, survey_id])), (_("Codes"), "")
    )
    status = 200 if done or request.method != "POST" else 422
    return page_of(request, found, TAB, "consultation/codes", context, crumbs=crumbs, status=status)


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def survey_tally(request: ActorRequest, public_id: str, survey_id: str) -> HttpResponse:
    """Type the counts of a village's paper questionnaires."""
    found = campaign_or_404(request, public_id, MATTERS)
    one = survey_or_404(found, survey_id)
    rows = villages(my_places(request, found))
    chosen = CodesForm(request.POST or None, choices={"place": place_choices(rows)})
    del chosen.fields["count"]
    form = TallyForm(request.POST or None, questions=queries.questions_of(one))

    def record() -> object:
        given = form.cleaned_data
        return services.record_tally(
            actor=request.actor,
            survey=one,
            place_id=chosen.cleaned_data["place"],
            given=given["given"],
            returned=given["returned"],
            counts=form.counts(),
        )

    if request.method == "POST" and chosen.is_valid() and attempt(form, record):
        return see_other("consultation:survey", public_id, survey_id)
    context = {"form": form, "before": chosen, "title": _("Counts of the paper questionnaires"), "button": _("Save")}
    crumbs = crumbs_of(
        found, (one.title, reverse("consultation:survey", args=[public_id, survey_id])), (_("Counts"), "")
    )
    return page_of(
        request,
        found,
        TAB,
        "consultation/form",
        context,
        crumbs=crumbs,
        status=422 if request.method == "POST" else 200,
    )
