"""Sittings of legal bodies: what is needed before, what was voted, and whether it holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.assemblies.forms import BEFORE, COUNTS, NeedForm, SittingForm, drawn_fields, way_names
from heli.assemblies.models import Sitting, SittingStatus
from heli.assemblies.provinces import jurisdiction_of
from heli.assemblies.queries.judging import at_fields, judged_again
from heli.assemblies.queries.sittings import READ, find_sitting, sittings_of
from heli.assemblies.queries.steps import days_of, open_steps_at, steps_of
from heli.assemblies.rules.deciding import SittingResult
from heli.assemblies.rules.law import shelf
from heli.assemblies.rules.sittings import asked_beside, deciders, electorate_of, need_of, sits
from heli.assemblies.rules.steps import missing_before, step_of
from heli.assemblies.services.sittings import KEEP, record_sitting, withdraw_sitting
from heli.assemblies.tables import sitting_table, steps_table
from heli.assemblies.texts import BODIES, MATTERS, STEP_NAMES
from heli.assemblies.types import LawOfDay
from heli.kernel.access import may
from heli.kernel.faults import Unsound
from heli.kernel.offers import offered
from heli.records.abouts import About
from heli.records.forms import choices_for
from heli.records.queries import names_for
from heli.records.rooms import Room
from heli.records.views import about_or_404, own_places, sent, today
from heli.ui.forms import ReasonForm, add_faults, attempt
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

ROOM = Room("assemblies:list", gettext_noop("Sittings and votes"))
PAPERS: Mapping[str, tuple[str, ...]] = {
    "villagers_assembly": ("assembly-notice", "assembly-resolution"),
    "coop_members": ("assembly-notice", "members-resolution"),
    "party_members": ("party-members-minutes",),
}
"""The documents that a sitting of a body needs, among those on offer."""


@page(READ)
@require_GET
def sittings(request: ActorRequest, about_id: str) -> HttpResponse:
    """The sittings of the actor's part, and the matters on the four steps."""
    about, on = about_or_404(request, about_id, READ), today()
    rows = list(sittings_of(request.actor, about))
    table = sitting_table(request, about, rows, on)
    led = steps_table(request, about, list(steps_of(request.actor, about)), on)
    for one in (table, led):
        if one.export:
            return one.export_response()
    standing = [row for row in rows if row.withdrawn_on is None]
    passed = sum(row.status == SittingStatus.PASSED for row in standing)
    context = {
        "table": table, "led": led, "held": len(standing), "passed": passed, "failed": len(standing) - passed,
        "may_keep": may(request.actor, KEEP),
    }  # fmt: skip
    return ROOM.show(request, about, "assemblies/home.html", context)


@page(READ)
@require_GET
def need(request: ActorRequest, about_id: str) -> HttpResponse:
    """What a sitting needs, before it is called: people, votes and days in whole numbers, and what must come before it."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    drawn = drawn_fields(BEFORE)
    choices = choices_for(drawn, actor, about, today(), READ)
    typed = request.GET if "entitled" in request.GET else None
    form = NeedForm(typed, drawn=drawn, choices=choices, initial={"held_on": today(), **request.GET.dict()})
    context: dict[str, Any] = {"form": form, "may_keep": may(actor, KEEP)}
    if typed and form.is_valid():
        try:
            context |= needed(about, form.given(), typed)
        except Unsound as unsound:
            add_faults(form, at_fields(unsound.findings))
    return ROOM.show(request, about, "assemblies/need.html", context, _("What a sitting needs"))


def needed(about: About, given: Mapping[str, Any], typed: QueryDict) -> dict[str, Any]:
    """What the page shows of a sitting that is planned. Raises `Unsound`."""
    where = jurisdiction_of(about.district_id, given["held_on"])
    found = need_of(given, where, shelf())
    assert found.result.law is not None
    step, led = step_of(given["body"]), open_steps_at(about, given["place"], given["matter"])
    done = days_of([led])[led.pk] if led is not None else {}
    linked = {"steps": led.public_id} if led is not None and step else {}
    proper = deciders(given["matter"], where, given["held_on"], shelf())
    return {
        "need": found,
        "given": given,
        "body": way_names()[sits(given["body"], given["mode"])],
        "steps": led,
        "missing": [STEP_NAMES[one] for one in missing_before(step, done)] if step else [],
        "deciders": [(BODIES[one.body], one) for one in proper],
        "record_url": f"{reverse('assemblies:new', args=[about.id])}?{urlencode({**typed.dict(), **linked})}",
        **proof(found.result),
    }


def proof(result: SittingResult) -> dict[str, Any]:
    """What the law says of a sitting, in words: inequalities, packs, lines set aside, what was not read."""
    language = get_language() or "zh-hans"
    law = result.law
    return {
        "lines": [(line, line.words.text(language)) for line in result.lines],
        "faults": [fault.message for fault in at_fields(result.findings)],
        **(law_words(law, language) if law is not None else {}),
    }


def law_words(law: LawOfDay, language: str) -> dict[str, Any]:
    """The packs of a law by name, the lines of the province that a younger national law set aside, and what was not read."""
    return {
        "packs": [(pack, pack.title.text(language)) for pack in law.packs],
        "aside": [(old, old.words.text(language), new) for old, new in law.set_aside],
        "not_read": [words.text(language) for pack in law.packs for words in pack.not_read],
    }


def beside(about: About, typed: Mapping[str, Any]) -> tuple[str, ...]:
    """The numbers beside the votes that the law asks of the body that was chosen; none while the choice is not clear."""
    body, _colon, mode = str(typed.get("sits", "")).partition(":")
    try:
        on = date.fromisoformat(str(typed.get("held_on", "")))
    except ValueError:
        on = today()
    kind = shelf().kind_of(body)
    if kind is None:
        return ()
    try:
        law = shelf().law_of(kind, jurisdiction_of(about.district_id, on), on)
    except Unsound:
        return ()
    return asked_beside(law, body, mode, str(typed.get("matter", "")))


@page(KEEP)
@require_http_methods(["GET", "POST"])
def sitting_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Record a sitting; without a choice of who sits the way leads over what it needs."""
    about, actor = about_or_404(request, about_id, KEEP), request.actor
    own_places(request, about, KEEP)
    typed = request.POST if request.method == "POST" else request.GET
    if request.method == "GET" and not typed.get("sits"):
        return see_other(reverse("assemblies:need", args=[about.id]))
    drawn = drawn_fields([*COUNTS, *beside(about, typed)])
    led = {row.public_id: row for row in steps_of(actor, about) if row.resolved_id is None}
    form = SittingForm(
        *sent(request), drawn=drawn, choices=choices_for(drawn, actor, about, today(), KEEP), initial=typed.dict(),
        matters={key: row.title for key, row in led.items()},
    )  # fmt: skip
    made: list[Sitting] = []

    def record() -> None:
        steps = led.get(form.cleaned_data.get("steps", ""))
        made.append(record_sitting(actor=actor, about=about, steps=steps, **form.record()))

    if request.method == "POST" and attempt(form, record):
        return see_other("assemblies:sitting", about_id, made[0].meeting.public_id)
    text = _("Record a sitting")
    context = {"form": form, "title": text, "button": _("Save"), "list_url": reverse(ROOM.tab, args=[about.id])}
    return ROOM.show(request, about, "records/form.html", context, text)


@page(READ)
@require_http_methods(["GET", "POST"])
def sitting(request: ActorRequest, about_id: str, meeting_id: str) -> HttpResponse:
    """A sitting: valid or not, each inequality with its numbers, its minutes and papers; withdrawn with a reason."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    row = find_sitting(actor, about, meeting_id)
    if row is None:
        raise Http404(meeting_id)
    may_keep = may(actor, KEEP, row.place_id) and row.withdrawn_on is None
    form = ReasonForm(request.POST if request.method == "POST" else None) if may_keep else None
    if request.method == "POST":
        if form is None:
            raise Http404(meeting_id)
        if attempt(form, lambda: withdraw_sitting(actor=actor, sitting=row, reason=form.cleaned_data["reason"])):
            return see_other("assemblies:sitting", about_id, meeting_id)
    result, title = judged_again(row), f"{MATTERS[row.matter]}：{BODIES[row.body]}"
    place = names_for([row], about, today()).of(row.place_id)
    context = {
        "row": row,
        "title": title,
        "place": place,
        "body": way_names().get(sits(row.body, row.mode), row.body),
        "matter": MATTERS[row.matter],
        "state": SittingStatus(row.status),
        "result": result,
        "is_same_law": result.law is not None and result.law.packs[0].sha256 == row.pack_sha256,
        "is_consent": bool(electorate_of(row.body, row.mode, row.matter)),
        "papers": papers_for(row, about),
        "form": form,
        **proof(result),
    }
    return ROOM.show(request, about, "assemblies/sitting.html", context, title)


def papers_for(row: Sitting, about: About) -> list[tuple[str, str]]:
    """The documents of a sitting by title and address, as far as somebody offers them."""
    language, found = get_language() or "zh-hans", []
    for offer in offered("documents", "DOCUMENTS"):
        titles = offer.titles()
        wanted = [key for key in PAPERS.get(row.body, ()) if key in titles]
        found += [(titles[key].text(language), offer.link(key, about.id, row.place.public_id)) for key in wanted]
    return found
