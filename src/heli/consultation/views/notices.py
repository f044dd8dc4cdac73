"""Consultation for the office: notices, opinions and answers, the question bank, talks."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.consultation.catalogues import notice_kinds, opinion_topics, talk_classes
from heli.consultation.forms import (
    ANSWERED,
    HEARD,
    NOTICE,
    REASON,
    BankForm,
    NoticeForm,
    PhotoForm,
    asked_of,
    said,
    talk_counts,
    talk_fields,
)
from heli.consultation.models import Notice, Stance
from heli.consultation.queries import notices as queries
from heli.consultation.services import notices as services
from heli.consultation.tables import NOTICE_STATES, NOTICE_TONES, notice_table, opinion_table, talk_table
from heli.consultation.views.shared import MATTERS, READ, crumb_to, drawn_form, keeps, own_villages, parts, room, show
from heli.kernel.access import may
from heli.places import queries as places
from heli.records.abouts import About, works_of
from heli.records.forms import CHOOSE, RowForm, of_mapping, upload_of
from heli.records.queries import targets
from heli.records.views import about_or_404, own_places, sent, show_everywhere, today
from heli.records.words import words_of
from heli.ui.forms import attempt, offer, press
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest, page


@room("reads")
@require_GET
def consultation(request: ActorRequest, about: About) -> HttpResponse:
    """What was posted, said, answered, asked and talked about, each with the way to its list."""
    notices = queries.notice_rows(request.actor, about)
    table = notice_table(request, about, notices, today())
    if table.export:
        return table.export_response()
    opinions = queries.opinion_rows(request.actor, about, today())
    context: dict[str, Any] = {
        "table": table,
        "notices": len(notices),
        "views": sum(row.views for row in notices),
        "received": sum(row.count for row in opinions),
        "answered": queries.answered_share(opinions),
        "may_post": about.is_open and keeps(request, about),
        "parts": parts(about, "home"),
    }
    if about.kind.consulting.has_rooms:
        talks = queries.talk_rows(request.actor, about, today())
        covered = {"covered": sum(row.is_covered for row in talks), "villages": len(talks)}
        context |= {"has_rooms": True, "questions": queries.bank_of(about).count(), **covered}
    return show(request, about, "consultation/home.html", context)


@room("keeps")
@require_http_methods(["GET", "POST"])
def notice_new(request: ActorRequest, about: About) -> HttpResponse:
    """Post a notice."""
    asks = about.kind.consulting
    rows = own_places(request, about, asks.keeps)
    kinds = {key: text for key, text in notice_choices().items() if asks.only in ("", key)}
    initial = {"kind": "plan", "first_on": today(), "last_on": today() + timedelta(days=15)}
    before = {key for key in kinds if notice_kinds().entries[key].more["basis"] == "before"}
    drawn = [field for name, field in NOTICE.items() if before or name != "for_on"]
    form = NoticeForm(*sent(request), drawn=drawn, rows=rows, choices={"kind": of_mapping(kinds)}, initial=initial)
    made: list[Notice] = []

    def post() -> None:
        given = {**form.values(), "upload": upload_of(form.cleaned_data["file"])}
        given["takes_opinions"] = form.cleaned_data["takes_opinions"]
        made.append(services.post_notice(actor=request.actor, about=about, place_ids=form.chosen_places(), **given))

    if request.method == "POST" and attempt(form, post):
        return see_other("consultation:notice_sheet", about.id, made[0].public_id)
    context = {"form": form, "title": _("Post a notice"), "button": _("Post")}
    return show(request, about, "records/form.html", context, [(_("Post a notice"), "")])


def notice_choices() -> dict[str, str]:
    """The kinds of notices with the days they are asked for."""
    says = {"": _("%(kind)s (at least %(days)s days)"), "before": _("%(kind)s (at least %(days)s days before)")}
    rules = {key: entry.more for key, entry in notice_kinds().entries.items()}
    return {
        key: says.get(str(rules[key]["basis"]), says[""]) % {"kind": text, "days": rules[key]["days"]}
        for key, text in words_of(notice_kinds()).items()
    }


@room("reads")
@require_http_methods(["GET", "POST"])
def notice_sheet(request: ActorRequest, about: About, notice_id: str) -> HttpResponse:
    """A notice for the office: its public address, where it hangs, wall copies, views by day, taking down."""
    row = next((one for one in queries.notice_rows(request.actor, about) if one.public_id == notice_id), None)
    if row is None:
        raise Http404(notice_id)
    notice, did = row.of, request.POST.get("did", "")
    hung = list(queries.hung_of(notice))
    asks, state = about.kind.consulting, notice.state_on(today())
    reach = targets(request.actor, about, today(), asks.keeps) if keeps(request, about) else []
    mine = {one.id: one for one in reach}
    forms: dict[str, Any] = {}
    if reached := [(str(one.pk), mine[one.place_id].name) for one in hung if one.place_id in mine]:
        forms["photo"] = PhotoForm(*(sent(request) if did == "photo" else ()))
        offer(forms["photo"], place=reached)
        if len(reached) == len(hung) and state in ("waiting", "hanging"):
            forms["down"] = drawn_form(request, about, [REASON], did="down")
    if request.method == "POST":
        if did not in forms:
            raise Http404(did)
        if attempt(forms[did], lambda: notice_act(request, notice, did, forms[did].cleaned_data)):
            return see_other("consultation:notice_sheet", about.id, notice_id)
    rule = notice_kinds().entries.get(notice.kind)
    context = {
        "notice": notice,
        "row": row,
        "kind": words_of(notice_kinds()).get(notice.kind, notice.kind),
        "law": rule.more["law"] if rule else "",
        "state": NOTICE_STATES[state],
        "tone": NOTICE_TONES[state],
        "url": request.build_absolute_uri(reverse("consultation:notice", args=[notice.public_id])),
        "hung": list(zip(queries.place_names(notice, today()), hung, strict=True)),
        "views": notice.views.all(),
        "forms": forms,
    }
    return show(request, about, "consultation/notice_sheet.html", context, [(notice.title, "")])


def notice_act(request: ActorRequest, notice: Notice, did: str, given: dict[str, Any]) -> object:
    """Keep a photo of the wall copy, or take the notice down."""
    if did == "down":
        return services.take_down(actor=request.actor, notice=notice, reason=given["reason"])
    hung = get_object_or_404(queries.hung_of(notice), pk=given["place"])
    upload = upload_of(given["file"])
    assert upload is not None
    return services.add_wall_photo(actor=request.actor, hung=hung, upload=upload)


@room("reads")
@require_http_methods(["GET", "POST"])
def opinions(request: ActorRequest, about: About) -> HttpResponse:
    """The register of opinions; entering those that came by box, meeting, telephone or letter; answering."""
    asked = asked_of(HEARD, about)
    form = drawn_form(request, about, asked, did="enter", initial={"count": 1}) if keeps(request, about) else None

    def enter() -> object:
        assert form is not None
        return services.add_opinion(actor=request.actor, about=about, **said(form))

    if request.method == "POST":
        if form is None:
            raise PermissionDenied(about.kind.consulting.keeps)
        did = request.POST.get("did", "")
        if did == "answer":
            answer(request, queries.opinions_of(request.actor, about))
        if did == "answer" or (did == "enter" and attempt(form, enter)):
            return see_other("consultation:opinions", about.id)
    rows = queries.opinion_rows(request.actor, about, today())
    stance = about.kind.consulting.asks_stance
    table = opinion_table(request, rows, sample=about.is_sample, asks_stance=stance, editable=form is not None)
    if table.export:
        return table.export_response()
    topics: dict[str, int] = {}
    for row in rows:
        topics[row.topic] = topics.get(row.topic, 0) + row.count
    share, names = queries.answered_share(rows), words_of(opinion_topics())
    context = {
        "table": table,
        "form": form,
        "share": share,
        "open": share.denominator - share.numerator,
        "stances": [
            (label, sum(row.count for row in rows if row.stance == key)) for key, label in Stance.words().items()
        ]
        if about.kind.consulting.asks_stance
        else [],
        "topics": [(names.get(key, key), n) for key, n in sorted(topics.items(), key=lambda one: -one[1])],
        "parts": parts(about, "opinions"),
    }
    return show(request, about, "consultation/opinions.html", context, [(_("Opinions"), "")])


@page(READ)
@require_GET
def opinions_everywhere(request: ActorRequest) -> HttpResponse:
    """The opinions of all the reader's works in one list."""
    rows = queries.opinion_rows(request.actor, None, today())
    sample = bool(places.sample_districts({row.district_id for row in rows}, today()))
    table = opinion_table(request, rows, sample=sample, works=works_of(request.actor))
    return show_everywhere(request, "consultation:all", _("Opinions"), table)


def answer(request: ActorRequest, reached: Any) -> None:
    """Answer an opinion of the actor's part; what is wrong is said above the list."""
    opinion = get_object_or_404(reached, pk=whole_number(request.POST.get("opinion")))
    form = RowForm(request.POST, drawn=ANSWERED, choices={})
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in ("answer", "gist")}
    given["publish"] = "publish" in request.POST
    press(request, lambda: services.answer_opinion(actor=request.actor, opinion=opinion, **given), _("Answered."))


@page(READ)
@require_http_methods(["GET", "POST"])
def questions(request: ActorRequest, about_id: str) -> HttpResponse:
    """The question bank."""
    about = about_or_404(request, about_id, READ)
    asked, known, form = queries.bank_of(about), None, None
    if chosen := request.GET.get("edit") or request.POST.get("known"):
        known = get_object_or_404(asked, public_id=chosen)
    topics = words_of(opinion_topics())
    if may(request.actor, MATTERS, about.district_id):
        initial = (
            {name: getattr(known, name) for name in ("topic", "question", "answer", "is_public")} if known else None
        )
        form = BankForm(*sent(request), choices={"topic": of_mapping(topics, CHOOSE)}, initial=initial)
    if request.method == "POST":
        if form is None:
            raise Http404(about_id)

        def keep() -> object:
            return services.keep_question(actor=request.actor, about=about, known=known, **form.cleaned_data)

        if attempt(form, keep):
            return see_other("consultation:questions", about_id)
    listed = [(topics.get(one.topic, one.topic), one) for one in asked]
    context = {"questions": listed, "form": form, "known": known, "parts": parts(about, "questions")}
    return show(request, about, "consultation/questions.html", context, [(_("Question bank"), "")])


@page(READ)
@require_GET
def talks(request: ActorRequest, about_id: str) -> HttpResponse:
    """Talks by village against the rule of coverage; only numbers."""
    about = about_or_404(request, about_id, READ)
    rows, classes = queries.talk_rows(request.actor, about, today()), words_of(talk_classes())
    table = talk_table(request, about, rows, classes, editable=may(request.actor, MATTERS))
    if table.export:
        return table.export_response()
    context = {
        "table": table,
        "covered": sum(row.is_covered for row in rows),
        "villages": len(rows),
        "rules": [(classes[key], one.more["share"], one.more["over"]) for key, one in talk_classes().entries.items()],
        "parts": parts(about, "talks"),
    }
    return show(request, about, "consultation/talks.html", context, [(_("Talks"), "")])


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def talk(request: ActorRequest, about_id: str, place: str) -> HttpResponse:
    """Type the counts of a village."""
    about = about_or_404(request, about_id, MATTERS)
    row = next((one for one in own_villages(request, about) if one.public_id == place), None)
    if row is None:
        raise Http404(place)
    classes = words_of(talk_classes())
    initial: dict[str, Any] = {"on": today()}
    for (_place, key), one in queries.newest_talks(about, [row.id], today()).items():
        initial |= {f"done_{key}": one.done, f"base_{key}": one.base}
    form = drawn_form(request, about, talk_fields(classes), choices={}, initial=initial)

    def record() -> object:
        given = form.values()
        counts = talk_counts(classes, given)
        return services.record_talks(actor=request.actor, about=about, place_id=row.id, counts=counts, on=given["on"])

    if request.method == "POST" and attempt(form, record):
        return see_other("consultation:talks", about_id)
    title = _("Talks in %(place)s") % {"place": row.name}
    note = _("Only how many, never who and never what was said.")
    context = {"form": form, "title": title, "button": _("Save"), "note": note}
    return show(request, about, "records/form.html", context, [crumb_to("talks", about, _("Talks")), (row.name, "")])
