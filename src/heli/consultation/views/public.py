"""What strangers may open: a posted notice with its form, an answer by its code, a survey by a household's code.

Nobody is tracked: a notice counts an integer per day; no cookie, address or browser is looked at for that. The limit of forms
(`ui.limits`) keeps a keyed digest of the sender's address for a day at most and nowhere else.
"""

from typing import Any, cast
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from heli.consultation.catalogues import notice_kinds, opinion_topics
from heli.consultation.forms import WRITTEN, PublicSurveyForm, PublicVoiceForm, asked_of, said
from heli.consultation.models import Notice, OpinionChannel, Stance, Survey
from heli.consultation.queries import notices as queries
from heli.consultation.queries import surveys
from heli.consultation.services import notices as services
from heli.consultation.services.surveys import answer_survey
from heli.files import queries as files
from heli.kernel.access import Actor, Grant
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About, find_consulted
from heli.records.forms import CHOOSE, of_mapping, of_places
from heli.records.views import today
from heli.records.words import words_of
from heli.ui.forms import attempt
from heli.ui.http import see_other
from heli.ui.limits import TOO_OFTEN, is_too_often
from heli.ui.pages import ActorRequest

FEW = 8
"""Places named at the head of a notice; more are folded away."""


def resident(found: Notice | Survey) -> Actor:
    """Whoever knows an address: may write an opinion in this district, and do nothing else."""
    return Actor(None, "public", (Grant("public", place_id=found.district_id),))


def about_of(found: Notice | Survey) -> About:
    """What a notice or a survey is about; 404 where that takes no opinions of residents."""
    about = find_consulted(found.about, resident(found), "opines")
    if about is None:
        raise Http404(found.public_id)
    return about


def head_of(about: About) -> dict[str, Any]:
    """What stands above a public page: the district, whether it is a sample."""
    name = places.names_at([about.district_id], today()).get(about.district_id, "")
    return {"district_name": name, "is_sample": about.is_sample}


def posted(public_id: str) -> Notice:
    """The notice at this address; not before its first day."""
    found = queries.notice_by_address(public_id)
    if found is None or today() < found.first_on:
        raise Http404(public_id)
    return found


def answered_by(response: HttpResponse) -> HttpResponse:
    """No search engine lists it, nobody keeps it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: ActorRequest, public_id: str) -> HttpResponse:
    """A notice in plain words and large type, the form for opinions, published answers, questions people ask."""
    found = posted(public_id)
    about = about_of(found)
    topics = of_mapping(words_of(opinion_topics()), CHOOSE)
    choices = {"place": of_places(voiced(found), CHOOSE), "topic": topics, "stance": of_mapping(Stance.words(), CHOOSE)}
    form = PublicVoiceForm(
        request.POST if request.method == "POST" else None, drawn=asked_of(WRITTEN, about), choices=choices
    )
    often = request.method == "POST" and is_too_often(request, "opinion")
    if often:
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST":
        if (to := take(found, about, form)) is not None:
            return answered_by(to)
    elif (
        request.method == "GET"
        and request.actor.id is None
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
    ):
        services.count_view(notice=found, on=today())
    context = {
        "notice": found,
        "kind": words_of(notice_kinds()).get(found.kind, found.kind),
        "where": queries.place_names(found, today()),
        "few": FEW,
        "is_down": found.state_on(today()) == "down",
        "form": form if found.takes_on(today()) else None,
        "answers": queries.published_answers(found),
        "questions": queries.bank_of(about).filter(is_public=True),
        "beside": about.kind.shown_with(found.pk),
        **head_of(about),
    }
    status = 429 if often else 422 if form.errors else 200
    return answered_by(render(request, "consultation/public_notice.html", context, status=status))


def voiced(found: Notice) -> list[PlaceRow]:
    """The places an opinion may be about: the villages of where the notice hangs."""
    hung = {one.place_id for one in found.places.all()}
    rows = places.places_on(found.district_id, today(), levels=(Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE))
    if found.district_id in hung:
        return [row for row in rows if row.level is not Level.TOWNSHIP]
    return [row for row in rows if row.id in hung or row.parent_id in hung]


def take(found: Notice, about: About, form: PublicVoiceForm) -> HttpResponse | None:
    """Take an opinion down; where to go then, or None when something is wrong."""
    if not form.is_valid():
        return None
    if form.cleaned_data["website"]:  # a field people do not see: only a machine fills it in
        return see_other("consultation:notice", found.public_id)
    codes: list[str] = []

    def add() -> None:
        online: dict[str, Any] = {"about": about, "notice": found, "channel": OpinionChannel.ONLINE}
        codes.append(services.add_opinion(actor=resident(found), **online, **said(form)).code)

    return see_other("consultation:notice_thanks", found.public_id, codes[0]) if attempt(form, add) else None


@require_safe
def notice_thanks(request: ActorRequest, public_id: str, code: str) -> HttpResponse:
    """What the writer of an opinion keeps: the code of the answer."""
    found, opinion = posted(public_id), queries.opinion_by_code(code)
    if opinion is None or opinion.notice_id != found.pk:
        raise Http404(code)
    return answered_by(render(request, "consultation/public_thanks.html", {"notice": found, "code": opinion.code}))


@require_safe
def notice_file(request: ActorRequest, public_id: str) -> HttpResponse:
    """The notice as a file, for whoever knows its address."""
    found = posted(public_id)
    if found.file is None:
        raise Http404(public_id)
    response = FileResponse(files.path_of(found.file).open("rb"), content_type=found.file.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.file.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return answered_by(cast(HttpResponse, response))


@require_http_methods(["GET", "POST"])
def opinion_answer(request: ActorRequest) -> HttpResponse:
    """The answer to an opinion, for whoever has its code."""
    code, opinion, wrong = request.POST.get("code", ""), None, ""
    often = request.method == "POST" and is_too_often(request, "code")
    if often:
        wrong = str(TOO_OFTEN)
    elif request.method == "POST":
        opinion = queries.opinion_by_code(code)
        wrong = "" if opinion else _("There is no opinion with this code. Look at every letter again.")
    context = {"code": code, "opinion": opinion, "wrong": wrong}
    status = 429 if often else 422 if wrong else 200
    return answered_by(render(request, "consultation/public_answer.html", context, status=status))


@require_http_methods(["GET", "POST"])
def survey_page(request: ActorRequest, public_id: str) -> HttpResponse:
    """A survey as a household answers it, once per code."""
    found = surveys.survey_by_address(public_id)
    if found is None or today() < found.first_on:
        raise Http404(public_id)
    form = PublicSurveyForm(request.POST if request.method == "POST" else None, questions=surveys.questions_of(found))
    thanks = "thanks" in request.GET

    def answer() -> None:
        answer_survey(actor=resident(found), survey=found, code=form.cleaned_data["code"], chosen=form.chosen())

    often = request.method == "POST" and is_too_often(request, "survey")
    if often:
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST" and attempt(form, answer):
        return see_other(f"{reverse('consultation:survey_page', args=[public_id])}?thanks=1")
    context = {
        "survey": found,
        "form": None if thanks or today() > found.last_on else form,
        "thanks": thanks,
        **head_of(about_of(found)),
    }
    status = 429 if often else 422 if form.errors else 200
    return answered_by(render(request, "consultation/public_survey.html", context, status=status))
