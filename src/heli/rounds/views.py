"""Rounds of supervision."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.campaigns.abouts import about_of
from heli.campaigns.forms_matters import of_mapping
from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404
from heli.campaigns.texts_matters import words
from heli.campaigns.views.matters import MATTERS, attempt, holder_choices, my_places, page_of, press, tab_crumb, today
from heli.kernel.access import may
from heli.meetings.views import TAB
from heli.problems.catalogues import problem_kinds
from heli.rounds import queries, services
from heli.rounds.forms import RoundForm, VisitForm
from heli.rounds.models import InspectionRound
from heli.rounds.panels import rounds_of
from heli.rounds.services import FindingSpec
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def rounds(request: ActorRequest, public_id: str) -> HttpResponse:
    """The rounds with what they have not covered; opens one. The page of meetings shows the same."""
    found = campaign_or_404(request, public_id)
    values = rounds_of(request.actor, about_of(found), today())
    if request.method == "POST":
        form = RoundForm(request.POST)
        if attempt(form, lambda: services.open_round(actor=request.actor, campaign=found, **form.cleaned_data)):
            return see_other(TAB, public_id)
        values["form"] = form
    crumbs = [tab_crumb(found, TAB, _("Meetings and rounds")), (_("Rounds of supervision"), "")]
    status = 422 if request.method == "POST" else 200
    return page_of(request, found, TAB, "rounds/list", {"values": values}, crumbs=crumbs, status=status)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def round(request: ActorRequest, public_id: str, number: int) -> HttpResponse:
    """One round of supervision: which places are missing, visits, findings on their way into the ledger."""
    found = campaign_or_404(request, public_id)
    one = queries.find_round(found, number)
    if one is None:
        raise Http404(number)
    form = visit_form(request, found, one) if may(request.actor, MATTERS) else None
    if request.method == "POST" and form is not None and visit(request, found, one, form):
        return see_other("rounds:round", public_id, number)
    kinds = words(problem_kinds())
    coverage = next(row for row in queries.coverage(request.actor, found, today()) if row.round.pk == one.pk)
    missing: dict[str, list[str]] = {}
    for row in coverage.missing:
        missing.setdefault(row.parent_name, []).append(row.name)
    context = {
        "round": one,
        "coverage": coverage,
        "missing": missing,
        "visits": [
            (row, [(kinds.get(finding.kind, finding.kind), finding) for finding in row.findings])
            for row in queries.visit_rows(request.actor, one, today())
        ],
        "form": form,
    }
    title = _("Round %(number)s") % {"number": number}
    crumbs = [tab_crumb(found, TAB, _("Meetings and rounds")), (title, "")]
    return page_of(
        request,
        found,
        TAB,
        "rounds/round",
        context | {"title": title},
        crumbs=crumbs,
        status=422 if request.method == "POST" else 200,
    )


def visit_form(request: ActorRequest, found: Campaign, one: InspectionRound) -> VisitForm:
    """The form for visits."""
    choices = {"team": holder_choices(found)[:2], "kind": of_mapping(words(problem_kinds()), _("none"))}
    day = min(max(today(), one.first_on), one.last_on)
    data = request.POST if request.POST.get("did") == "visit" else None
    return VisitForm(data, rows=my_places(request, found), choices=choices, initial={"visited_on": day})


def visit(request: ActorRequest, found: Campaign, one: InspectionRound, form: VisitForm) -> bool:
    """Record visits, or enter a finding into the ledger; whether the page is to be shown afresh."""
    did, actor = request.POST.get("did", ""), request.actor
    if did == "problem":
        finding = queries.find_finding(actor, found, request.POST.get("finding", ""))
        if finding is None:
            raise Http404(did)
        press(request, lambda: services.to_problem(actor=actor, finding=finding), _("Entered into the problem ledger."))
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
