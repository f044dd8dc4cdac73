"""Consultation for the office: notices, opinions and answers, the question bank, talks, surveys."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.forms_matters import ReasonForm, of_mapping, upload_of
from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404
from heli.campaigns.queries.matters import targets
from heli.campaigns.texts_matters import words
from heli.campaigns.views.matters import (
    MATTERS,
    attempt,
    can,
    my_places,
    page_of,
    place_choices,
    press,
    tab_crumb,
    today,
)
from heli.consultation.catalogues import notice_kinds, opinion_topics, talk_classes
from heli.consultation.forms import AnswerForm, BankForm, NoticeForm, PhotoForm, TalksForm, VoiceForm
from heli.consultation.models import Notice, Opinion
from heli.consultation.queries import notices as queries
from heli.consultation.queries import surveys
from heli.consultation.services import notices as services
from heli.consultation.tables import NOTICE_STATES, NOTICE_TONES, notice_table, opinion_table, talk_table
from heli.consultation.texts import CHANNELS
from heli.consultation.types import Channel
from heli.kernel.access import may
from heli.places.types import Level
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest, page

TAB = "consultation:home"


@page("campaigns.read")
@require_GET
def consultation(request: ActorRequest, public_id: str) -> HttpResponse:
    """What was posted, said, answered, asked and talked about, each with the way to its list."""
    found = campaign_or_404(request, public_id)
    notices = queries.notice_rows(request.actor, found)
    table = notice_table(request, found, notices, today())
    if table.export:
        return table.export_response()
    opinions = queries.opinion_rows(request.actor, found, today())
    talks = queries.talk_rows(request.actor, found, today())
    context = {
        "table": table,
        "notices": len(notices),
        "views": sum(row.views for row in notices),
        "received": sum(row.count for row in opinions),
        "answered": queries.answered_share(opinions),
        "questions": queries.bank_of(found).count(),
        "covered": sum(row.is_covered for row in talks),
        "villages": len(talks),
        "surveys": surveys.surveys_of(found),
        "can": can(request, found, MATTERS),
        "parts": parts(found),
    }
    return page_of(request, found, TAB, "consultation/home", context)


def parts(found: Campaign, current: str = "home") -> list[dict[str, Any]]:
    """The lists of consultation, as a second row of tabs."""
    names = [
        ("home", _("Notices")),
        ("opinions", _("Opinions")),
        ("questions", _("Question bank")),
        ("talks", _("Talks")),
        ("surveys", _("Surveys")),
    ]
    return [
        {
            "url": reverse(f"consultation:{name}", args=[found.public_id]),
            "label": label,
            "current": name == current,
            "count": None,
        }
        for name, label in names
    ]


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def notice_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Post a notice."""
    found = campaign_or_404(request, public_id, MATTERS)
    rows = my_places(request, found)
    kinds = {
        key: _("%(kind)s (at least %(days)s days)") % {"kind": text, "days": notice_kinds().entries[key].more["days"]}
        for key, text in words(notice_kinds()).items()
    }
    initial = {"kind": "plan", "first_on": today(), "last_on": today() + timedelta(days=15)}
    form = NoticeForm(
        request.POST or None, request.FILES or None, rows=rows, choices={"kind": of_mapping(kinds)}, initial=initial
    )
    made: list[Notice] = []

    def post() -> None:
        given = form.cleaned_data
        names = ("kind", "title", "first_on", "last_on", "text", "takes_opinions")
        made.append(
            services.post_notice(
                actor=request.actor,
                campaign=found,
                place_ids=form.chosen_places(),
                upload=upload_of(given["file"]),
                **{name: given[name] for name in names},
            )
        )

    if request.method == "POST" and attempt(form, post):
        return see_other("consultation:notice_sheet", public_id, made[0].public_id)
    crumbs = [tab_crumb(found, TAB, _("Consultation")), (_("Post a notice"), "")]
    context = {"form": form, "title": _("Post a notice"), "button": _("Post")}
    return page_of(request, found, TAB, "consultation/form", context, crumbs=crumbs, status=422 if form.errors else 200)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def notice_sheet(request: ActorRequest, public_id: str, notice_id: str) -> HttpResponse:
    """A notice for the office: its public address, where it hangs, wall copies, views by day, taking down."""
    found = campaign_or_404(request, public_id)
    notice = queries.notices_of(request.actor, found).filter(public_id=notice_id).first()
    if notice is None:
        raise Http404(notice_id)
    did = request.POST.get("did", "")
    hung = list(notice.places.select_related("place").prefetch_related("photos__file"))
    rows = (
        {row.id: row for row in targets(request.actor, found, today(), MATTERS)} if may(request.actor, MATTERS) else {}
    )
    mine = [(str(one.pk), rows[one.place_id].name) for one in hung if one.place_id in rows]
    forms: dict[str, Any] = {}
    if mine:
        forms["photo"] = PhotoForm(
            request.POST if did == "photo" else None, request.FILES if did == "photo" else None, choices={"place": mine}
        )
        if len(mine) == len(hung) and services.is_hanging(notice, today()):
            forms["down"] = ReasonForm(request.POST if did == "down" else None)
    if request.method == "POST":
        if did not in forms:
            raise Http404(did)
        if attempt(forms[did], lambda: notice_act(request, notice, did, forms[did])):
            return see_other("consultation:notice_sheet", public_id, notice_id)
    names = queries.place_names(notice, today())
    row = next(one for one in queries.notice_rows(request.actor, found) if one.public_id == notice_id)
    context = {
        "notice": notice,
        "row": row,
        "kind": words(notice_kinds()).get(notice.kind, notice.kind),
        "law": notice_kinds().entries[notice.kind].more["law"] if notice.kind in notice_kinds().entries else "",
        "state": NOTICE_STATES[row.state(today())],
        "tone": NOTICE_TONES[row.state(today())],
        "url": request.build_absolute_uri(reverse("consultation:notice", args=[notice.public_id])),
        "hung": list(zip(names, hung, strict=True)),
        "views": notice.views.all(),
        "forms": forms,
    }
    crumbs = [tab_crumb(found, TAB, _("Consultation")), (notice.title, "")]
    return page_of(
        request,
        found,
        TAB,
        "consultation/notice_sheet",
        context,
        crumbs=crumbs,
        status=422 if request.method == "POST" else 200,
    )


def notice_act(request: ActorRequest, notice: Notice, did: str, form: Any) -> object:
    """Keep a photo of the wall copy, or take the notice down."""
    if did == "down":
        return services.take_down(actor=request.actor, notice=notice, reason=form.cleaned_data["reason"])
    hung = get_object_or_404(notice.places.select_related("notice__campaign"), pk=form.cleaned_data["place"])
    upload = upload_of(form.cleaned_data["file"])
    assert upload is not None
    return services.add_wall_photo(actor=request.actor, hung=hung, upload=upload)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def opinions(request: ActorRequest, public_id: str) -> HttpResponse:
    """The register of opinions; entering those that came by box, meeting, telephone or letter; answering."""
    found = campaign_or_404(request, public_id)
    editable = may(request.actor, MATTERS)
    did = request.POST.get("did", "")
    form = None
    if editable:
        choices = {
            "place": place_choices(targets(request.actor, found, today(), MATTERS)),
            "channel": [(str(key), text) for key, text in CHANNELS.items() if key is not Channel.ONLINE],
            "topic": of_mapping(words(opinion_topics()), _("choose")),
        }
        form = VoiceForm(request.POST if did == "enter" else None, choices=choices)
    if request.method == "POST" and form is not None:
        if did == "answer":
            answer(request, found)
            return see_other("consultation:opinions", public_id)
        if did == "enter" and attempt(form, lambda: enter(request, found, form)):
            return see_other("consultation:opinions", public_id)
    rows = queries.opinion_rows(request.actor, found, today())
    table = opinion_table(request, found, rows, editable=editable)
    if table.export:
        return table.export_response()
    topics: dict[str, int] = {}
    for row in rows:
        topics[row.topic] = topics.get(row.topic, 0) + row.count
    share = queries.answered_share(rows)
    context = {
        "table": table,
        "form": form,
        "share": share,
        "open": share.denominator - share.numerator,
        "topics": [
            (words(opinion_topics()).get(key, key), count)
            for key, count in sorted(topics.items(), key=lambda one: -one[1])
        ],
        "parts": parts(found, "opinions"),
    }
    status = 422 if request.method == "POST" else 200
    crumbs = [tab_crumb(found, TAB, _("Consultation")), (_("Opinions"), "")]
    return page_of(request, found, TAB, "consultation/opinions", context, crumbs=crumbs, status=status)


def enter(request: ActorRequest, found: Campaign, form: VoiceForm) -> Opinion:
    """Take down an opinion of a channel that is not the page itself."""
    given = dict(form.cleaned_data)
    return services.add_opinion(
        actor=request.actor,
        campaign=found,
        place_id=given.pop("place"),
        channel=Channel(given.pop("channel")),
        **given,
    )


def answer(request: ActorRequest, found: Campaign) -> None:
    """Answer an opinion of the actor's part; what is wrong is said above the list."""
    opinion = get_object_or_404(queries.opinions_of(request.actor, found), pk=whole_number(request.POST.get("opinion")))
    form = AnswerForm(request.POST)
    form.is_valid()
    given: dict[str, Any] = {"answer": "", "gist": "", "publish": False} | form.cleaned_data
    press(request, lambda: services.answer_opinion(actor=request.actor, opinion=opinion, **given), _("Answered."))


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def questions(request: ActorRequest, public_id: str) -> HttpResponse:
    """The question bank."""
    found = campaign_or_404(request, public_id)
    known = None
    if chosen := request.GET.get("edit") or request.POST.get("known"):
        known = get_object_or_404(queries.bank_of(found), public_id=chosen)
    form = None
    topics = words(opinion_topics())
    if may(request.actor, MATTERS, found.district_id):
        initial = (
            {"topic": known.topic, "question": known.question, "answer": known.answer, "is_public": known.is_public}
            if known
            else None
        )
        form = BankForm(request.POST or None, choices={"topic": of_mapping(topics, _("choose"))}, initial=initial)
    if request.method == "POST":
        if form is None:
            raise Http404(public_id)

        def keep() -> object:
            return services.keep_question(actor=request.actor, campaign=found, known=known, **form.cleaned_data)

        if attempt(form, keep):
            return see_other("consultation:questions", public_id)
    context = {
        "questions": [(topics.get(one.topic, one.topic), one) for one in queries.bank_of(found)],
        "form": form,
        "known": known,
        "parts": parts(found, "questions"),
    }
    crumbs = [tab_crumb(found, TAB, _("Consultation")), (_("Question bank"), "")]
    status = 422 if request.method == "POST" else 200
    return page_of(request, found, TAB, "consultation/questions", context, crumbs=crumbs, status=status)


@page("campaigns.read")
@require_GET
def talks(request: ActorRequest, public_id: str) -> HttpResponse:
    """Talks by village against the rule of coverage; only numbers."""
    found = campaign_or_404(request, public_id)
    rows = queries.talk_rows(request.actor, found, today())
    table = talk_table(request, found, rows, words(talk_classes()), editable=may(request.actor, MATTERS))
    if table.export:
        return table.export_response()
    rules = [
        (entry.words.text(request.LANGUAGE_CODE), entry.more["share"], entry.more["over"])
        for entry in talk_classes().entries.values()
    ]
    context = {
        "table": table,
        "covered": sum(row.is_covered for row in rows),
        "villages": len(rows),
        "rules": rules,
        "parts": parts(found, "talks"),
    }
    crumbs = [tab_crumb(found, TAB, _("Consultation")), (_("Talks"), "")]
    return page_of(request, found, TAB, "consultation/talks", context, crumbs=crumbs)


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def talk(request: ActorRequest, public_id: str, place: str) -> HttpResponse:
    """Type the counts of a village."""
    found = campaign_or_404(request, public_id, MATTERS)
    rows = [row for row in my_places(request, found) if row.level is Level.VILLAGE]
    row = next((one for one in rows if one.public_id == place), None)
    if row is None:
        raise Http404(place)
    classes = words(talk_classes())
    last = queries.newest_talks(found, [row.id], today())
    initial: dict[str, Any] = {"on": today()}
    for key in classes:
        if one := last.get((row.id, key)):
            initial |= {f"done_{key}": one.done, f"base_{key}": one.base}
    form = TalksForm(request.POST or None, classes=classes, initial=initial)

    def record() -> object:
        return services.record_talks(
            actor=request.actor,
            campaign=found,
            place_id=row.id,
            counts=form.counts(),
            on=form.cleaned_data["on"],
        )

    if request.method == "POST" and attempt(form, record):
        return see_other("consultation:talks", public_id)
    crumbs = [
        tab_crumb(found, TAB, _("Consultation")),
        tab_crumb(found, "consultation:talks", _("Talks")),
        (row.name, ""),
    ]
    title = _("Talks in %(place)s") % {"place": row.name}
    note = _("Only how many, never who and never what was said.")
    context = {"form": form, "title": title, "button": _("Save"), "note": note}
    return page_of(request, found, TAB, "consultation/form", context, crumbs=crumbs, status=422 if form.errors else 200)
