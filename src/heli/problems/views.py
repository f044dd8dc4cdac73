"""The problem ledger: the list with its figures, one problem and its steps, entering, importing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.forms_matters import ReasonForm, of_mapping, upload_of
from heli.campaigns.models import Campaign
from heli.campaigns.pages import campaign_or_404
from heli.campaigns.queries.matters import leader_name, names_for
from heli.campaigns.texts_matters import words
from heli.campaigns.views.matters import (
    ACCEPT,
    MATTERS,
    attempt,
    can,
    holder_choices,
    my_places,
    page_of,
    place_choices,
    press,
    tab_crumb,
    today,
)
from heli.files.services import sent_by
from heli.kernel.access import may
from heli.kernel.catalogues import whole
from heli.kernel.problems import Problem, Refused
from heli.kernel.workdays import calendar
from heli.problems import lists as problem_list
from heli.problems import queries, services
from heli.problems.catalogues import problem_kinds
from heli.problems.forms import ClaimForm, IssueForm, LeadForm, ListFileForm, ReopenForm
from heli.problems.models import Issue
from heli.problems.rules import days_late
from heli.problems.services import IssueSpec
from heli.problems.tables import problem_table
from heli.problems.texts import ISSUE_HAPPENED, ISSUE_SOURCES, ISSUE_STATUSES, ISSUE_TONES
from heli.problems.types import IssueDid, IssueSource, IssueStatus
from heli.ui.exports import XLSX
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page

TAB = "problems:list"
USUAL_DAYS = 10
"""Working days proposed where the catalogue says nothing."""


@page("campaigns.read")
@require_GET
def problems(request: ActorRequest, public_id: str) -> HttpResponse:
    """The ledger of the actor's part, with what adds up over it."""
    found = campaign_or_404(request, public_id)
    rows = queries.issue_rows(request.actor, found, today())
    table = problem_table(request, found, rows)
    if table.export:
        return table.export_response()
    kinds = words(problem_kinds())
    whole_line = queries.count("", rows)
    context = {
        "table": table,
        "line": whole_line,
        "waiting": sum(row.status is IssueStatus.CLAIMED for row in rows),
        "by_kind": [(kinds.get(line.key, line.key), line) for line in queries.count_by(rows, lambda row: row.kind)],
        "by_town": [(line.key or _("whole district"), line) for line in queries.count_by(rows, lambda row: row.town)],
        "by_age": [(problem_list.age_text(line.key), line) for line in queries.count_by_age(rows)],
        "can": can(request, found, MATTERS),
    }
    return page_of(request, found, TAB, "problems/list", context)


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def problem_new(request: ActorRequest, public_id: str) -> HttpResponse:
    """Enter a problem."""
    found = campaign_or_404(request, public_id, MATTERS)
    choices = {
        "place": place_choices(my_places(request, found)),
        "kind": of_mapping(words(problem_kinds()), _("choose")),
        "source": of_mapping(ISSUE_SOURCES),
        "leader": holder_choices(found),
    }
    form = IssueForm(request.POST or None, choices=choices, initial={"found_on": today()})
    made: list[Issue] = []

    def enter() -> None:
        given = dict(form.cleaned_data)
        if given["leader"] and given["due_on"] is None:
            days = whole(problem_kinds().entries[given["kind"]].more["days"])
            given["due_on"] = calendar().add(given["found_on"], days)
        spec = IssueSpec(place_id=given.pop("place"), source=IssueSource(given.pop("source")), **given)
        made.append(services.add_issue(actor=request.actor, campaign=found, spec=spec))

    if request.method == "POST" and attempt(form, enter):
        return see_other("problems:problem", public_id, made[0].public_id)
    crumbs = [tab_crumb(found, TAB, _("Problems")), (_("Enter a problem"), "")]
    return page_of(
        request, found, TAB, "problems/new", {"form": form}, crumbs=crumbs, status=422 if form.errors else 200
    )


@page(MATTERS)
@require_http_methods(["GET", "POST"])
def problem_import(request: ActorRequest, public_id: str) -> HttpResponse:
    """Take in a list; what is wrong is told row by row, and nothing is entered until all is well."""
    found = campaign_or_404(request, public_id, MATTERS)
    rows = my_places(request, found)
    if request.GET.get("template"):
        name = _("problem ledger template") + ".xlsx"
        return download(problem_list.template_file(), name=name, content_type=XLSX)
    form = ListFileForm(request.POST or None, request.FILES or None)
    wrong: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            with sent_by(request.actor, form.cleaned_data["file"].name, place_id=found.district_id):
                name = form.cleaned_data["file"].name
                specs, sha256, listed = problem_list.read_specs(content, name, found, rows, today())
            services.add_issues(actor=request.actor, campaign=found, specs=specs, sha256=sha256, read=listed.recorded())
            for line in listed.said():
                messages.info(request, line)
        except Refused as refused:
            wrong = refused.problems
        else:
            return see_other("problems:list", public_id)
    context = {"form": form, "problems": wrong, "heads": problem_list.heads(), "kinds": words(problem_kinds()).values()}
    crumbs = [tab_crumb(found, TAB, _("Problems")), (_("Take in a list"), "")]
    status = 422 if wrong or form.errors else 200
    return page_of(request, found, TAB, "problems/import", context, crumbs=crumbs, status=status)


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def problem(request: ActorRequest, public_id: str, problem_id: str) -> HttpResponse:
    """One problem: what it is, its history and evidence, and the next step of whoever may take it."""
    found = campaign_or_404(request, public_id)
    issue = queries.find_issue(request.actor, found, problem_id)
    if issue is None:
        raise Http404(problem_id)
    forms = issue_forms(request, found, issue)
    if request.method == "POST" and act(request, issue, forms):
        return see_other("problems:problem", public_id, problem_id)
    crumbs = [tab_crumb(found, TAB, _("Problems")), (f"{issue.number}", "")]
    context = issue_context(request, found, issue) | {"forms": forms}
    return page_of(
        request, found, TAB, "problems/problem", context, crumbs=crumbs, status=422 if request.method == "POST" else 200
    )


def issue_forms(request: ActorRequest, found: Campaign, issue: Issue) -> dict[str, Any]:
    """The forms that the actor may fill in where the problem stands, the pressed one bound."""
    edits = may(request.actor, MATTERS, issue.place_id)
    # Only a second person sees the buttons that judge; the service asks again.
    judges = may(request.actor, ACCEPT, issue.place_id) and issue.claimed_by_id != request.actor.id
    entry = problem_kinds().entries.get(issue.kind)
    proposed = issue.due_on or calendar().add(today(), whole(entry.more["days"]) if entry else USUAL_DAYS)
    did = request.POST.get("did", "")

    def bound(name: str) -> Any:
        return request.POST if did == name else None

    forms: dict[str, Any] = {}
    if edits and issue.status in (IssueStatus.OPEN, IssueStatus.IN_HAND):
        initial = {"leader": holder_key(issue), "due_on": proposed, "measures": issue.measures}
        forms["lead"] = LeadForm(bound("lead"), choices={"leader": holder_choices(found)}, initial=initial)
    if edits and issue.status == IssueStatus.IN_HAND:
        forms["claim"] = ClaimForm(bound("claim"), request.FILES if did == "claim" else None)
    if judges and issue.status == IssueStatus.CLAIMED:
        forms["return"] = ReasonForm(bound("return"))
        forms["close"] = None
    if may(request.actor, ACCEPT, issue.place_id) and issue.status == IssueStatus.CLOSED:
        forms["reopen"] = ReopenForm(bound("reopen"), initial={"due_on": calendar().add(today(), USUAL_DAYS)})
    return forms


def holder_key(issue: Issue) -> str:
    """Who leads, as the form names it."""
    if issue.leader_person is not None:
        return f"person:{issue.leader_person.public_id}"
    return f"body:{issue.leader_body.public_id}" if issue.leader_body is not None else ""


def act(request: ActorRequest, issue: Issue, forms: dict[str, Any]) -> bool:
    """Call the one service behind the pressed button; whether it was done."""
    did, actor = request.POST.get("did", ""), request.actor
    if did not in forms:
        raise Http404(did)
    if did == "close":
        press(request, lambda: services.close_issue(actor=actor, issue=issue), _("Closed."))
        return True
    form = forms[did]

    def do() -> object:
        given = form.cleaned_data
        if did == "lead":
            return services.take_in_hand(actor=actor, issue=issue, **given)
        if did == "claim":
            return services.claim_done(actor=actor, issue=issue, note=given["note"], upload=upload_of(given["file"]))
        if did == "return":
            return services.return_issue(actor=actor, issue=issue, reason=given["reason"])
        return services.reopen_issue(actor=actor, issue=issue, **given)

    return attempt(form, do)


def issue_context(request: ActorRequest, found: Campaign, issue: Issue) -> dict[str, Any]:
    """What the page of a problem shows."""
    names = names_for([issue], found, today())
    late = days_late(issue.due_on, issue.closed_on, today())
    return {
        "issue": issue,
        "place": names.of(issue.place_id),
        "heir": names.heir_of(issue.place_id),
        "place_url": reverse("places:place", args=[issue.place.public_id]),
        "kind": words(problem_kinds()).get(issue.kind, issue.kind),
        "source": ISSUE_SOURCES[IssueSource(issue.source)],
        "leader": leader_name(issue, "leader"),
        "status": ISSUE_STATUSES[IssueStatus(issue.status)],
        "tone": ISSUE_TONES[IssueStatus(issue.status)],
        "late": late,
        "is_own_claim": issue.status == IssueStatus.CLAIMED and issue.claimed_by_id == request.actor.id,
        "events": [(one, ISSUE_HAPPENED[IssueDid(one.did)]) for one in issue.events.all()],
        "evidence": issue.evidence.select_related("file"),
    }
