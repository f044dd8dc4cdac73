"""Pages of rounds of supervision: rounds, visits, findings that become problems."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.bodies.queries import holders_in
from heli.kernel.access import may
from heli.problems.catalogues import problem_kinds
from heli.records.abouts import About
from heli.records.forms import CHOOSE, of_holders, of_mapping
from heli.records.views import about_or_404, own_places, page_of, today
from heli.records.words import words_of
from heli.rounds import queries, services
from heli.rounds.forms import RoundForm, VisitForm
from heli.rounds.models import InspectionRound
from heli.rounds.panels import rounds_of
from heli.rounds.queries import READ
from heli.rounds.services import WRITE, FindingSpec
from heli.ui.forms import attempt, offer, press
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_http_methods(["GET", "POST"])
def rounds(request: ActorRequest, about_id: str) -> HttpResponse:
    """The rounds with what they have not covered; opens one. The page of meetings shows the same."""
    about = about_or_404(request, about_id, READ)
    values = rounds_of(request.actor, about, today())
    if request.method == "POST":
        form = RoundForm(request.POST)
        if attempt(form, lambda: services.open_round(actor=request.actor, about=about, **form.cleaned_data)):
            return see_other("meetings:list", about_id)
        values["form"] = form
    return show(request, about, "rounds/list.html", {"values": values}, _("Rounds of supervision"))


@page(READ)
@require_http_methods(["GET", "POST"])
def round(request: ActorRequest, about_id: str, number: int) -> HttpResponse:
    """One round of supervision: which places are missing, visits, findings on their way into the ledger."""
    about = about_or_404(request, about_id, READ)
    one = queries.find_round(about, number)
    if one is None:
        raise Http404(number)
    form = visit_form(request, about, one) if may(request.actor, WRITE) else None
    if request.method == "POST" and form is not None and visit(request, about, one, form):
        return see_other("rounds:round", about_id, number)
    kinds = words_of(problem_kinds())
    coverage = next(row for row in queries.coverage(request.actor, about, today()) if row.round.pk == one.pk)
    missing: dict[str, list[str]] = {}
    for row in coverage.missing:
        missing.setdefault(row.parent_name, []).append(row.name)
    title = _("Round %(number)s") % {"number": number}
    context = {
        "title": title,
        "round": one,
        "coverage": coverage,
        "missing": missing,
        "visits": [
            (row, [(kinds.get(finding.kind, finding.kind), finding) for finding in row.findings])
            for row in queries.visit_rows(request.actor, about, one, today())
        ],
        "form": form,
    }
    return show(request, about, "rounds/round.html", context, title)


def show(request: ActorRequest, about: About, template: str, context: dict[str, Any], crumb: str) -> HttpResponse:
    """A page of rounds under the tab of meetings."""
    crumbs = [(_("Meetings and rounds"), reverse("meetings:list", args=[about.id])), (crumb, "")]
    status = 422 if request.method == "POST" else 200
    return page_of(request, about, "meetings", template, context, crumbs=crumbs, status=status)


def visit_form(request: ActorRequest, about: About, one: InspectionRound) -> VisitForm:
    """The form for visits."""
    day = min(max(today(), one.first_on), one.last_on)
    data = request.POST if request.POST.get("did") == "visit" else None
    form = VisitForm(data, rows=own_places(request, about, WRITE), initial={"visited_on": day})
    teams: Sequence[Any] = of_holders(holders_in(about.district_id, today()), CHOOSE)[:2]
    offer(form, team=teams, kind=of_mapping(words_of(problem_kinds()), _("none")))
    return form


def visit(request: ActorRequest, about: About, one: InspectionRound, form: VisitForm) -> bool:
    """Record visits, or enter a finding into the ledger; whether the page is to be shown afresh."""
    did, actor = request.POST.get("did", ""), request.actor
    if did == "problem":
        finding = queries.find_finding(actor, about, request.POST.get("finding", ""))
        if finding is None:
            raise Http404(did)
        done = _("Entered into the problem ledger.")
        press(request, lambda: services.to_problem(actor=actor, about=about, finding=finding), done)
        return True
    if did != "visit":
        raise Http404(did)

    def record() -> object:
        given = form.cleaned_data
        findings = [FindingSpec(given["kind"], given["text"])] if given["text"].strip() or given["kind"] else []
        return services.record_visits(
            actor=actor,
            round=one,
            team=given["team"],
            place_ids=form.chosen_places(),
            visited_on=given["visited_on"],
            findings=findings,
        )

    return attempt(form, record)
