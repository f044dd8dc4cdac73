"""What strangers may open: reporting a matter in two steps, following one by its code, what is open in a district.

Nobody is tracked. Nothing that was reported is shown before somebody of the office has filed it, and then in the office's words.
"""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from heli.kernel.access import Actor, Grant
from heli.kernel.masking import mask
from heli.matters import queries, services
from heli.matters.catalogues import item_words
from heli.matters.forms import AgainForm, CodeForm, PointForm, SendForm, VoiceForm, WhatForm
from heli.matters.models import Matter, MatterState, MatterVoice, WhistleState
from heli.matters.rules.flow import STAGES
from heli.matters.rules.likeness import Sighting
from heli.matters.services import MatterReport
from heli.matters.texts import STAGE_WORDS
from heli.places import queries as places
from heli.places.types import Level
from heli.records.abouts import DISTRICT, About
from heli.records.forms import CHOOSE, of_mapping, of_places
from heli.records.services import FormFile
from heli.records.views import today
from heli.ui.forms import attempt, offer
from heli.ui.http import geojson, see_other
from heli.ui.limits import TOO_OFTEN, is_too_often
from heli.ui.pages import ActorRequest
from heli.ui.uploads import Uploaded

SHOWN = 100
"""Matters on the page of a district."""


def resident(district_id: int) -> Actor:
    """Whoever knows the address: may report in this district, and do nothing else."""
    return Actor(None, "public", (Grant("public", place_id=district_id),))


def district_or_404(public_id: str) -> About:
    """The district at this address."""
    row = queries.district_by_id(public_id, today())
    if row is None:
        raise Http404(public_id)
    return DISTRICT.about(row.id, public_id)


def answered(request: ActorRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page that no search engine lists and nobody keeps."""
    response = render(request, f"matters/{template}", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


def located(response: HttpResponse) -> HttpResponse:
    """A page whose button may ask where the device is."""
    response.may_locate = True  # type: ignore[attr-defined]  # read by accounts.middleware
    return response


def fill(form: WhatForm, about: About) -> None:
    """The places of the district and the items."""
    rows = places.places_on(about.district_id, today(), levels=(Level.DISTRICT, Level.TOWNSHIP, Level.VILLAGE))
    villages = [row for row in rows if row.level is not Level.DISTRICT]
    offer(form, place=of_places(villages, CHOOSE), item=of_mapping(item_words(), _("I do not know")))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: ActorRequest, district_id: str) -> HttpResponse:
    """The first step: what and where; then what is alike and open already. `?at=` is where the code on the wall hangs."""
    about = district_or_404(district_id)
    hung = queries.hanging_at(about.district_id, request.GET.get("at") or request.GET.get("place", ""), today())
    given = placed(request.POST, about) if request.method == "POST" else None
    form = WhatForm(given, initial={"place": hung.village, "spot": hung.spot} if hung else {})
    fill(form, about)
    context: dict[str, Any] = {
        "about": about,
        "form": form,
        "hung": hung,
        "later": SendForm(),
        "is_drawn": queries.is_drawn(about.district_id, today()),
    }
    often = request.method == "POST" and is_too_often(request, "matter-begun")
    if often:
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST" and form.is_valid():
        send = SendForm(initial=form.cleaned_data)
        fill(send, about)
        words = form.cleaned_data["text"]
        new = Sighting(0, int(form.cleaned_data["place"]), words, form.cleaned_data["item"], form.point())
        near = queries.alike(about.district_id, new)
        pictures = queries.pictures_of(near)
        alike = [line | {"picture": pictures.get(one.pk, "")} for one, line in zip(near, shown(near), strict=True)]
        context |= {"form": send, "alike": alike, "words": words}
        return answered(request, "public_send.html", context)
    return located(answered(request, "public_report.html", context, 429 if often else 422 if form.errors else 200))


def placed(given: QueryDict, about: About) -> QueryDict:
    """What was typed, with the village in which the point lies where none was chosen."""
    form = PointForm(given)
    point = form.point() if not given.get("place") and form.is_valid() else None
    village = queries.village_at(about.district_id, point, today()) if point is not None else None
    if village is None:
        return given
    more = given.copy()
    more["place"] = str(village)
    return more


@require_safe
def public_places(_request: ActorRequest, district_id: str) -> HttpResponse:
    """The villages of a district as a map draws them, to point at one: names and outlines, nothing else."""
    return geojson(queries.pointed_at(district_or_404(district_id).district_id, today()))


@require_http_methods(["POST"])
def send(request: ActorRequest, district_id: str) -> HttpResponse:
    """The second step: send it, once."""
    about = district_or_404(district_id)
    form = SendForm(placed(request.POST, about), request.FILES)
    fill(form, about)
    made: list[MatterVoice] = []

    def do() -> None:
        data = form.cleaned_data
        photos = [
            one if isinstance(one, Uploaded) else FormFile(one.name or "", one.chunks()) for one in data["photos"]
        ]
        said = MatterReport(
            int(data["place"]),
            data["text"],
            data["item"],
            data["spot"],
            data["contact"],
            form.point(),
            photos,
            data["key"],
        )
        made.append(services.report(actor=resident(about.district_id), about=about, said=said))

    if often := is_too_often(request, "matter"):
        form.add_error(None, TOO_OFTEN)
    elif form.is_valid() and form.cleaned_data["website"]:  # a field people do not see: only a machine fills it in
        return see_other("matter:report", district_id)
    elif attempt(form, do):
        return see_other("matter:thanks", made[0].code)
    context = {"about": about, "form": form, "alike": [], "words": request.POST.get("text", "")}
    return answered(request, "public_send.html", context, 429 if often else 422)


@require_http_methods(["GET", "POST"])
def too(request: ActorRequest, district_id: str, row_id: str) -> HttpResponse:
    """Me too: a voice for a matter that is open already."""
    about = district_or_404(district_id)
    matter = queries.seen_by_all(about.district_id).filter(public_id=row_id).first()
    if matter is None:
        raise Http404(row_id)
    form = VoiceForm(request.POST if request.method == "POST" else None)
    made: list[MatterVoice] = []

    def do() -> None:
        given = {"matter": matter, "contact": form.cleaned_data["contact"]}
        made.append(services.add_voice(actor=resident(about.district_id), **given))

    often = request.method == "POST" and is_too_often(request, "matter")
    if often:
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST" and attempt(form, do):
        return see_other("matter:thanks", made[0].code)
    context = {"about": about, "form": form, "one": shown([matter])[0]}
    return answered(request, "public_too.html", context, 429 if often else 422 if form.errors else 200)


@require_safe
def thanks(request: ActorRequest, code: str) -> HttpResponse:
    """What the reporter keeps."""
    voice = queries.voice_by_code(code)
    if voice is None:
        raise Http404(code)
    return answered(request, "public_thanks.html", {"code": voice.code})


@require_http_methods(["GET", "POST"])
def follow(request: ActorRequest) -> HttpResponse:
    """Where a matter stands, for whoever has a code of it; and the way to say that it is not solved."""
    form: CodeForm = AgainForm(request.POST) if "reason" in request.POST else CodeForm(request.POST or None)
    often = request.method == "POST" and is_too_often(request, "code")
    voice = None if often else queries.voice_by_code(request.POST.get("code", ""))
    if often:
        form.add_error(None, TOO_OFTEN)
    elif request.method == "POST" and voice is None:
        form.add_error("code", _("There is no matter with this code. Look at every letter again."))
    elif isinstance(form, AgainForm) and voice is not None:
        found, reason = voice, request.POST["reason"]
        actor = resident(voice.matter.district_id)
        if attempt(form, lambda: services.object_to(actor=actor, voice=found, reason=reason)):
            voice = queries.voice_by_code(voice.code)
            form = CodeForm({"code": request.POST["code"]})
    context: dict[str, Any] = {"form": form, "voice": voice}
    if voice is not None:
        context |= {"one": told(voice), "again": again(voice, form)}
    return answered(request, "public_follow.html", context, 429 if often else 422 if form.errors else 200)


def again(voice: MatterVoice, form: CodeForm) -> AgainForm | None:
    """The form with which it is said that it is not solved; where that can be said."""
    if voice.matter.status not in (MatterState.TOLD, MatterState.CALLED, MatterState.CLOSED):
        return None
    return form if isinstance(form, AgainForm) else AgainForm(initial={"code": voice.code})


def told(voice: MatterVoice) -> dict[str, Any]:
    """What whoever has the code reads: their own words, stages, departments with answers, when the next is due."""
    matter = voice.matter
    is_seen = matter.status not in (MatterState.COLLECTED, MatterState.MERGED)
    return {
        **shown([matter])[0],
        "own": mask(voice.told_of.text) if voice.told_of_id == matter.pk or not is_seen else "",
        "title": mask(matter.title) if is_seen else _("Not looked at yet"),
        "way": mask(matter.way),
        "answer": mask(matter.answer),
        "due_on": None if matter.status in queries.SETTLED else matter.due_on,
        "whistles": [
            {"name": one.body_body.name, "answer": mask(one.answer), "state": WhistleState(one.status), "due_on": one.due_on}
            for one in queries.whistles_of(matter)
        ] if is_seen else [],
    }  # fmt: skip


def shown(matters: list[Matter]) -> list[dict[str, Any]]:
    """Matters in public words: the office's title, the village or its grid (never the spot, nor a building), stage, voices."""
    names = queries.public_places_of(matters, today())
    words = item_words()
    return [
        {
            "id": one.public_id,
            "title": mask(one.title),
            "place": names.get(one.pk, ""),
            "item": words.get(one.item, ""),
            "state": MatterState(one.status),
            "stage": STAGE_WORDS[STAGES[one.status]],
            "voices": one.voices or 0,
            "since": one.opened_at,
        }
        for one in matters
    ]


@require_safe
def public_list(request: ActorRequest, district_id: str) -> HttpResponse:
    """What was reported in a district lately, in the office's words, and where it stands."""
    about = district_or_404(district_id)
    hung = queries.hanging_at(about.district_id, request.GET.get("at", ""), today())
    found = list(queries.seen_by_all(about.district_id, [hung.village] if hung else None)[:SHOWN])
    return answered(request, "public_list.html", {"about": about, "matters": shown(found), "hung": hung})
