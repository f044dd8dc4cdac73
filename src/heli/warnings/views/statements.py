"""Pages of demanded statements 表态, and of what the appraisal record is told."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.campaigns.pages import campaign_or_404
from heli.kernel.access import may
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.ui.forms import add_faults
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table
from heli.warnings.forms import DecisionForm, StatementForm
from heli.warnings.models import Statement
from heli.warnings.queries.weeks import find_statement, statements_of, visible_places
from heli.warnings.services.statements import acknowledge_statement, decide_proposal, give_statement
from heli.warnings.services.week_notices import ANSWER, DECIDE
from heli.warnings.texts import PROPOSAL_TONES, PROPOSALS, STATEMENT_TONES, STATEMENTS, week_words
from heli.warnings.types import ProposalStatus, StatementStatus
from heli.warnings.views.weeks import frame


@page("campaigns.read")
@require_GET
def statements(request: ActorRequest, public_id: str) -> HttpResponse:
    """The statements demanded in a campaign, open ones first."""
    campaign = campaign_or_404(request, public_id)
    rows = statements_of(campaign, visible_places(request.actor, campaign))
    names = places.names_at({row.town_id for row in rows}, timezone.localdate())
    table = Table(
        "statements",
        request,
        rows,
        [
            Column("town", _("Town"), value=lambda row: names.get(row.town_id, ""), filter=True,
                   link=lambda row: reverse("warnings:statement", args=[public_id, row.public_id])),
            Column("weeks", _("Red weeks"),
                   value=lambda row: f"{week_words(row.first_week.label)} – {week_words(row.last_week.label)}"),
            Column("status", _("Status"), labels=STATEMENTS, badge=lambda row: STATEMENT_TONES[row.status], filter=True),
            Column("demanded_at", _("Demanded"), kind="datetime"),
            Column("due_on", _("Due"), kind="date"),
            Column("given_at", _("Given"), kind="datetime"),
            Column("record", _("Appraisal record"), value=lambda row: row.proposal.status, labels=PROPOSALS,
                   badge=lambda row: PROPOSAL_TONES[row.proposal.status]),
        ],
        caption=_("Statements of towns that were red in consecutive weeks"),
        replaces=_("letter demanding a statement from a town (表态发言通知)"),
        empty=_("No town was red in consecutive weeks."),
        sample=campaign.is_sample,
        order="due_on",
        cards=True,
    )  # fmt: skip
    if table.export:
        return table.export_response()
    return render(request, "warnings/statements.html", frame(request, campaign, "statements") | {"table": table})


@page("campaigns.read")
@require_http_methods(["GET", "POST"])
def statement(request: ActorRequest, public_id: str, statement_id: str) -> HttpResponse:
    """One demanded statement: the town gives it, the district takes note and decides about the appraisal record."""
    campaign = campaign_or_404(request, public_id)
    found = find_statement(campaign, statement_id, visible_places(request.actor, campaign))
    if found is None:
        raise Http404(statement_id)
    can = {
        "give": may(request.actor, ANSWER, found.town_id),
        "decide": may(request.actor, DECIDE, campaign.district_id),
    }
    give, decide = StatementForm(initial={"text": found.text}), DecisionForm()
    status = 200
    if request.method == "POST":
        did = request.POST.get("did", "")
        if not can["give" if did == "give" else "decide"]:
            raise PermissionDenied(did)
        give = StatementForm(request.POST, request.FILES) if did == "give" else give
        decide = DecisionForm(request.POST) if did in ("confirm", "dismiss") else decide
        if said := _act(request, found, did, give, decide):
            messages.success(request, said)
            return see_other("warnings:statement", public_id, statement_id)
        status = 422
    proposal = found.proposal
    context: dict[str, Any] = frame(request, campaign, "statements") | {
        "statement": found,
        "town_name": places.names_at([found.town_id], timezone.localdate()).get(found.town_id, ""),
        "status": STATEMENTS[StatementStatus(found.status)],
        "tone": STATEMENT_TONES[StatementStatus(found.status)],
        "is_overdue": found.status == StatementStatus.DEMANDED and found.due_on < timezone.localdate(),
        "can_give": can["give"] and found.status in (StatementStatus.DEMANDED, StatementStatus.GIVEN),
        "can_note": can["decide"] and found.status == StatementStatus.GIVEN,
        "is_own": found.given_by_id == request.actor.id,
        "proposal": proposal,
        "proposal_status": PROPOSALS[ProposalStatus(proposal.status)],
        "proposal_tone": PROPOSAL_TONES[ProposalStatus(proposal.status)],
        "can_propose": can["decide"] and proposal.status == ProposalStatus.PROPOSED,
        "give_form": give,
        "decide_form": decide,
    }
    return render(request, "warnings/statement.html", context, status=status)


def _act(request: ActorRequest, found: Statement, did: str, give: StatementForm, decide: DecisionForm) -> str:
    """Call the one service behind the pressed button; what to say, or nothing when it was refused."""
    actor = request.actor
    try:
        if did == "give" and give.is_valid():
            give_statement(actor=actor, statement=found, text=give.cleaned_data["text"], upload=give.upload)
            return _("The statement is given.")
        if did == "note":
            acknowledge_statement(actor=actor, statement=found)
            return _("Note is taken of the statement.")
        if did in ("confirm", "dismiss") and decide.is_valid():
            reason = decide.cleaned_data["reason"]
            decide_proposal(actor=actor, proposal=found.proposal, confirm=did == "confirm", reason=reason)
            return _("Decided.")
    except Refused as refused:
        if did == "note":
            for fault in refused.faults:
                messages.error(request, str(fault.message))
        else:
            add_faults(give if did == "give" else decide, refused.faults)
    return ""
