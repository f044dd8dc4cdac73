"""A year's dividend on one page: how it comes about, how far it is, who gets how much, and what the reader may do now."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from heli.files.documents import PDF, render_pdf
from heli.kernel.access import may
from heli.kernel.quantities import decimal_text
from heli.ledger import services
from heli.ledger.abouts import sitting_url
from heli.ledger.forms import DividendForm
from heli.ledger.ledger import READ
from heli.ledger.models import Collective, DividendPlan, DividendState
from heli.ledger.queries import dividends as queries
from heli.ledger.queries.books import last_closed
from heli.ledger.queries.members import lines_on_roll
from heli.ledger.roll_sheet import dividend_paper
from heli.ledger.rules.dividend import compute_raise
from heli.ledger.rules.members import shares_said
from heli.ledger.services.dividends import APPROVE, dividend_sums
from heli.ledger.services.members import NAMES
from heli.ledger.services.vouchers import BOOKS
from heli.ledger.statement_sheet import yuan
from heli.ledger.views.books import holder_or_404, show
from heli.records.views import today
from heli.ui.forms import attempt, press
from heli.ui.http import download, see_other
from heli.ui.pages import ActorRequest, page

DONE = {"open": services.open_dividend, "decide": services.decide_dividend, "drop": services.drop_dividend}


@page(READ)
@require_http_methods(["GET", "POST"])
def dividend(request: ActorRequest, holder_id: str) -> HttpResponse:
    """The newest dividend of a holder, those before, and the form for the next one."""
    one, did = holder_or_404(request, holder_id), request.POST.get("did", "")
    place_id = one.body.place_id
    can = {
        name: may(request.actor, right, place_id)
        for name, right in (("keeps", BOOKS), ("approves", APPROVE), ("prints", NAMES))
    }
    if request.method == "POST" and not any(can.values()):
        raise PermissionDenied(BOOKS)
    plans = list(queries.plans_of(one))
    plan, closed = plans[0] if plans else None, last_closed(one)
    year = (closed.year if closed.month == 12 else closed.year - 1) if closed else today().year - 1
    form = DividendForm(request.POST if did == "plan" else None, initial={"year": year})
    given: dict[str, Any] = {"actor": request.actor}
    if did == "print" and plan is not None:
        return _printed(request, one, plan)
    if did == "plan":
        typed = form.is_valid() and {"year": form.cleaned_data["year"], "wish": form.wish()}
        if attempt(form, lambda: services.plan_dividend(collective=one, **(typed or {}), **given)):
            return see_other("property:dividend", one.public_id)
    elif did in DONE and plan is not None:
        press(request, lambda: DONE[did](plan=plan, **given), _("Done."))
        return see_other("property:dividend", one.public_id)
    elif request.method == "POST":
        raise Http404(did)
    context = {
        "plan": plan, "can": can, "earlier": [(past.year, yuan(past.paid_fen)) for past in plans[1:]],
        "form": form if can["keeps"] and (plan is None or plan.year < year) else None,
        **(_shown(one, plan) if plan is not None else {}),
    }  # fmt: skip
    return show(request, "ledger/dividend.html", context, one, (_("Dividend"), ""))


def _shown(one: Collective, plan: DividendPlan) -> dict[str, Any]:
    """What the page says of a plan."""
    amounts = plan.result["amounts"]
    numbers = [int(number) for number in amounts]
    rows = lines_on_roll(one).filter(number__in=numbers).order_by("number")
    return {
        "state": DividendState(plan.status),
        "sums": [(label, yuan(fen)) for label, fen in dividend_sums(plan)],
        "rows": [(row.number, row.household, shares_said(row.shares), yuan(amounts[str(row.number)])) for row in rows],
        "total": yuan(plan.paid_fen),
        "shares": shares_said(plan.shares),
        "raised": _raised(plan, queries.decided_before(plan)),
        "open_days": queries.law_of(one, today()).open_days,
        "over": plan.result["over_holding"],
        "sitting_url": sitting_url(plan, "annual_budget", one.body.place_id),
        "held_url": reverse("assemblies:sitting", args=[plan.public_id, plan.meeting]) if plan.meeting else "",
    }


def _raised(plan: DividendPlan, before: DividendPlan | None) -> str:
    """How the payout moved against the year before: a share, the surplus, and the part of it that is paid."""
    if before is None or before.surplus_fen <= 0 or plan.surplus_fen <= 0:
        return ""
    text = _(
        "A share brings %(now)s yuan after %(before)s; the surplus is × %(surplus)s, so × %(paid)s of it is paid out "
        "compared with the year before."
    )
    factor = compute_raise((before.surplus_fen, before.paid_fen), (plan.surplus_fen, plan.paid_fen))
    return text % {
        "now": yuan(plan.paid_fen * 100 // plan.shares), "before": yuan(before.paid_fen * 100 // before.shares),
        "surplus": decimal_text(plan.surplus_fen, before.surplus_fen, 4), "paid": decimal_text(*factor, 4),
    }  # fmt: skip


def _printed(request: ActorRequest, one: Collective, plan: DividendPlan) -> HttpResponse:
    """The list with names, for signing; each printing stands in the trail."""
    names = services.open_names(actor=request.actor, collective=one, why="dividend")
    rows = list(lines_on_roll(one).order_by("number"))
    sheet = dividend_paper(plan, rows, names, on=today(), is_sample=settings.DEMO)
    return download(render_pdf(sheet), name=f"{one.body.name} {plan.year}.pdf", content_type=PDF)
