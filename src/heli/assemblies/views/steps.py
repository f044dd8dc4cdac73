"""Matters on the four steps 四议两公开: begun, and led from step to step on one page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.assemblies.forms import PublishedForm, StepMeetingForm, StepsForm, SupervisionForm
from heli.assemblies.models import FourSteps, StepsVariant
from heli.assemblies.queries.sittings import READ
from heli.assemblies.queries.steps import days_of, notices_for, steps_of
from heli.assemblies.rules.steps import STEPS
from heli.assemblies.services.sittings import KEEP
from heli.assemblies.services.steps import hold_meeting, link_notice, open_steps, supervise
from heli.assemblies.texts import MATTERS, STEP_NAMES
from heli.assemblies.views.sittings import ROOM
from heli.kernel.access import may
from heli.records.abouts import About
from heli.records.fields import fields_of
from heli.records.forms import choices_for
from heli.records.queries import names_for
from heli.records.views import about_or_404, own_places, sent, today
from heli.ui.forms import attempt
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

FORM = ("title", "matter", "place", "variant")


@page(KEEP)
@require_http_methods(["GET", "POST"])
def steps_new(request: ActorRequest, about_id: str) -> HttpResponse:
    """Begin a matter."""
    about, actor = about_or_404(request, about_id, KEEP), request.actor
    own_places(request, about, KEEP)
    drawn = [fields_of(FourSteps)[name] for name in FORM]
    form = StepsForm(*sent(request), drawn=drawn, choices=choices_for(drawn, actor, about, today(), KEEP))
    made: list[FourSteps] = []

    def begin() -> None:
        given = form.values()
        place, one = given.pop("place"), form.cleaned_data["is_one_shoulder"]
        made.append(open_steps(actor=actor, about=about, place_id=place, is_one_shoulder=one, **given))

    if request.method == "POST" and attempt(form, begin):
        return see_other("assemblies:steps", about_id, made[0].public_id)
    text = _("Lead a matter through the four steps")
    context = {"form": form, "title": text, "button": _("Begin it"), "list_url": reverse(ROOM.tab, args=[about.id])}
    return ROOM.show(request, about, "records/form.html", context, text)


@page(READ)
@require_http_methods(["GET", "POST"])
def steps(request: ActorRequest, about_id: str, steps_id: str) -> HttpResponse:
    """A matter with each step that was taken, and the form of the next one."""
    about, actor = about_or_404(request, about_id, READ), request.actor
    row = steps_of(actor, about).filter(public_id=steps_id).first()
    if row is None:
        raise Http404(steps_id)
    done = days_of([row])[row.pk]
    step = next((one for one in STEPS if one not in done), "")
    may_keep = may(actor, KEEP, row.place_id)
    form, take = next_step(request, about, row, step) if may_keep and step else (None, None)
    seen = SupervisionForm(request.POST if request.POST.get("did") == "supervise" else None) if may_keep else None
    if request.method == "POST":
        pressed: forms.Form | None = form
        if request.POST.get("did") == "supervise":
            pressed, take = seen, lambda: supervise(actor=actor, steps=row, supervision=said(seen))
        if pressed is None or take is None:
            raise Http404(step)
        if attempt(pressed, take):
            return see_other("assemblies:steps", about_id, steps_id)
    context = {
        "row": row,
        "place": names_for([row], about, today()).of(row.place_id),
        "matter": MATTERS[row.matter],
        "variant": StepsVariant(row.variant).label,
        "taken": [(one, STEP_NAMES[one], done.get(one), link_of(about, row, one)) for one in STEPS],
        "next": step,
        "next_name": STEP_NAMES.get(step, ""),
        "form": form,
        "need_url": need_url(about, row, step) if may_keep else "",
        "seen": seen if row.variant == StepsVariant.THREE and "result_notice" not in done else None,
    }
    return ROOM.show(request, about, "assemblies/steps.html", context, row.title)


def said(form: forms.Form | None) -> str:
    """What was written about the supervision."""
    return str(form.cleaned_data["supervision"]) if form is not None else ""


def next_step(
    request: ActorRequest, about: About, row: FourSteps, step: str
) -> tuple[forms.Form | None, Callable[[], object] | None]:
    """The form of the next step and what it does; none for a sitting, which has a page of its own."""
    actor = request.actor
    data = sent(request) if request.POST.get("did") == "take" else ()
    if step in ("proposed", "discussed"):
        taken: dict[str, Any] = {step: STEP_NAMES[step]}
        if step == "proposed" and row.is_one_shoulder:
            taken["proposed+discussed"] = _("Both in one meeting")
        meeting = StepMeetingForm(*data, taken=taken, initial={"held_on": today()})
        return meeting, lambda: hold_meeting(actor=actor, about=about, steps=row, **meeting.record())
    if step in ("decision_notice", "result_notice"):
        hung = [(one.public_id, f"{one.first_on} {one.title}") for one in notices_for(actor, about, row.place_id)]
        notice = PublishedForm(*data[:1], notices=hung)

        def publish() -> None:
            chosen = notice.cleaned_data["notice"]
            link_notice(actor=actor, about=about, steps=row, step=step, notice_id=chosen)

        return notice, publish
    return None, None


def need_url(about: About, row: FourSteps, step: str) -> str:
    """What the sitting that is the next step needs; "" where the next step is none."""
    way = {"reviewed": "party_members", "resolved": "villagers_assembly:households"}.get(step)
    if way is None:
        return ""
    known = {"sits": way, "matter": row.matter, "place": row.place_id}
    return f"{reverse('assemblies:need', args=[about.id])}?{urlencode(known)}"


def link_of(about: About, row: FourSteps, step: str) -> str:
    """The page of what a step was."""
    held = getattr(row, step)
    if held is None:
        return ""
    if step.endswith("_notice"):
        return reverse("consultation:notice_sheet", args=[about.id, held.public_id])
    if step in ("reviewed", "resolved"):
        return reverse("assemblies:sitting", args=[about.id, held.meeting.public_id])
    return reverse("meetings:meeting", args=[about.id, held.public_id])
