"""Published figures: the list, new ones, and one with what the lint found and Heli's own number beside it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from heli.figures import catalogue, queries, services
from heli.figures.forms import ClaimForm
from heli.figures.presenting import number, where_of
from heli.figures.tables import claim_state, claim_table
from heli.figures.views.shared import READ, today
from heli.figures.wording import flag_fault, title_of
from heli.kernel.access import scope
from heli.kernel.faults import Refused
from heli.kernel.lint import fitting
from heli.places import queries as places
from heli.places.types import Level
from heli.ui.forms import add_faults
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page

CLAIM = "figures.claim"


@page(READ)
@require_GET
def claim_list(request: ActorRequest) -> HttpResponse:
    """All published figures in scope."""
    rows = list(queries.claims_in_scope(request.actor))
    names = places.names_at({row.place_id for row in rows}, today())
    table = claim_table(request, queries.compare(request.actor, rows), names)
    if table.export:
        return table.export_response()
    crumbs = [*_crumbs()[:1], {"label": _("Published figures")}]
    context = {"table": table, "may_enter": bool(scope(request.actor, CLAIM)), "breadcrumbs": crumbs}
    return render(request, "figures/claims.html", context)


@page(READ)
@require_GET
def claim(request: ActorRequest, public_id: str) -> HttpResponse:
    """One published figure."""
    row = queries.find_claim(public_id, request.actor)
    if row is None:
        raise Http404(public_id)
    [compared] = queries.compare(request.actor, [row])
    given = queries.claim_of(row)
    own = compared.own
    known = {base for base in (given.base, *given.known_bases) if base}
    near = fitting(row.text, range(min(known) - 20, max(known) + 21)) if known else []
    is_impossible = any(flag.code in ("no_whole_number", "no_known_base") for flag in queries.flags_of(row))
    context = {
        "row": row,
        "claim": given,
        "state": claim_state(compared),
        "agrees": compared.agrees,
        "faults": [flag_fault(flag) for flag in queries.flags_of(row)],
        "fitting": near[:12] if is_impossible else [],
        "place_name": places.names_at([row.place_id], row.on).get(row.place_id, ""),
        "own": number(own, where_of(own, row.place.public_id, row.on)) if own is not None else "",
        "own_title": title_of(own.figure) if own is not None else "",
        "breadcrumbs": [*_crumbs(), {"label": row.title}],
    }
    return render(request, "figures/claim.html", context)


@page(CLAIM)
@require_http_methods(["GET", "POST"])
def new_claims(request: ActorRequest) -> HttpResponse:
    """Enter published figures."""
    reach = scope(request.actor, CLAIM)
    within = places.in_scope(reach, today()).filter(level__in=[Level.DISTRICT, Level.TOWNSHIP]).order_by("pk")
    rows = places.rows_of(within.values_list("pk", flat=True), today())
    found = {row.public_id: row for row in rows.values()}
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        places=[(key, row.name) for key, row in found.items()],
        figures=[(one.id, title_of(one)) for one in catalogue.in_force(today()).values()],
        initial={"on": today()},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = services.report_figures(
                actor=request.actor,
                place_id=found[given["place"]].id,
                on=given["on"],
                claims=form.claims(),
                document=given["document"],
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            flagged = sum(bool(row.flags) for row in kept)
            text = ngettext("%(count)s figure needs a look.", "%(count)s figures need a look.", flagged)
            messages.info(request, text % {"count": flagged})
            return see_other("figures:claims") if len(kept) > 1 else see_other("figures:claim", kept[0].public_id)
    context = {"form": form, "breadcrumbs": [*_crumbs(), {"label": _("Enter published figures")}]}
    return render(request, "figures/new_claims.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"url": reverse("figures:home"), "label": _("Register of figures")},
        {"url": reverse("figures:claims"), "label": _("Published figures")},
    ]
