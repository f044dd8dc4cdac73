"""Snapshots: the list, one of them with what is known better now, and taking one by hand."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from heli.figures import queries, services
from heli.figures.forms import FreezeForm
from heli.figures.models import Snapshot
from heli.figures.presenting import address
from heli.figures.tables import FigureLine, SnapshotLine, difference_table, registry_table, rows_table, snapshot_table
from heli.figures.types import SnapshotKind, Where
from heli.figures.views.shared import READ, today, top_of
from heli.figures.wording import KIND_LABELS, text_of, title_of
from heli.kernel.access import scope
from heli.kernel.declare import Rows
from heli.kernel.faults import Refused
from heli.places import queries as places
from heli.ui.forms import add_faults
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, always, page
from heli.ui.tables import Table


@page(READ)
@require_GET
def snapshot_list(request: ActorRequest) -> HttpResponse:
    """All snapshots in scope."""
    found = list(queries.snapshots_in_scope(request.actor).annotate(number=Count("figures")))
    names = places.names_at({one.district_id for one in found}, today())
    lines = [
        SnapshotLine(
            one.public_id,
            names.get(one.district_id, ""),
            one.kind,
            one.on,
            one.at,
            one.number,
            one.sha256,
            one.taken_by,
        )
        for one in found
    ]
    table = snapshot_table(request, lines, sample=any(one.is_sample for one in found))
    if table.export:
        return table.export_response()
    crumbs = [{"url": reverse("figures:home"), "label": _("Register of figures")}, {"label": _("Snapshots")}]
    context = {"table": table, "may_freeze": bool(scope(request.actor, "figures.freeze")), "breadcrumbs": crumbs}
    return render(request, "figures/snapshots.html", context)


def _snapshot_or_404(request: ActorRequest, public_id: str) -> Snapshot:
    found = queries.find_snapshot(public_id, request.actor)
    if found is None:
        raise Http404(public_id)
    return found


@page(READ)
@require_GET
def snapshot(request: ActorRequest, public_id: str) -> HttpResponse:
    """One snapshot: whether it is whole, its numbers, and which are known better now."""
    found = _snapshot_or_404(request, public_id)
    district = places.version_on(found.district_id, found.on)
    top = top_of(request.actor, district, found.on) if district is not None else None
    stored = queries.stored_values(request.actor, found)
    lines = []
    for values in stored.values():
        value = values.get(top.id) if top is not None else next(iter(values.values()), None)
        figure = value.figure if value is not None else next((one.figure for one in values.values()), None)
        if figure is not None:
            where = Where(figure.id, figure.version, top.public_id if top else "", found.on, found.public_id)
            lines.append(FigureLine(figure, value, address(where)))
    table = registry_table(request, lines, sample=found.is_sample, is_stored=True)
    if table.export:
        return table.export_response()
    differences = queries.differences(request.actor, found)
    context = {
        "snapshot": found,
        "kind": KIND_LABELS[found.kind],
        "district": district,
        "top": top,
        "verdict": queries.verify(found),
        "table": table,
        "differences": difference_table(
            request, differences, lambda line: reverse("figures:corrected", args=[found.public_id, line.figure.id])
        )
        if differences
        else None,
        "breadcrumbs": [*_crumbs(), {"label": found.on.isoformat()}],
    }
    return render(request, "figures/snapshot.html", context)


@page(READ)
@require_GET
def corrected(request: ActorRequest, public_id: str, figure_id: str) -> HttpResponse:
    """As reported beside as known now, and the rows by which they differ."""
    found = _snapshot_or_404(request, public_id)
    difference = next((one for one in queries.differences(request.actor, found) if one.figure.id == figure_id), None)
    if difference is None:
        raise Http404(figure_id)
    rows = queries.corrected_rows(request.actor, found, difference)

    def table(lines: Sequence[tuple[Sequence[object], str]], caption: str, prefix: str) -> Table:
        shown = Rows(rows.heads, [line for line, _link in lines], [link for _line, link in lines])
        return rows_table(request, shown, caption=caption, sample=found.is_sample, prefix=prefix)

    context = {
        "snapshot": found,
        "title": title_of(difference.figure),
        "reported": text_of(difference.reported),
        "known": text_of(difference.known_now),
        "is_redefined": difference.is_redefined,
        "then": table(rows.then, _("Rows that counted then and no longer do"), "t-"),
        "now": table(rows.now, _("Rows that count now and did not then"), "n-"),
        "breadcrumbs": [
            *_crumbs(),
            {"url": reverse("figures:snapshot", args=[found.public_id]), "label": found.on.isoformat()},
            {"label": title_of(difference.figure)},
        ],
    }
    return render(request, "figures/corrected.html", context)


@page("figures.freeze", confirm=always)
@require_http_methods(["GET", "POST"])
def freeze(request: ActorRequest) -> HttpResponse:
    """Take a snapshot by hand, of a day the clock has missed."""
    districts = {row.public_id: row for row in places.districts_in(scope(request.actor, "figures.freeze"), today())}
    form = FreezeForm(
        request.POST if request.method == "POST" else None,
        districts=[(key, row.name) for key, row in districts.items()],
        today=today(),
        initial={"on": today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            taken = services.take_snapshot(
                actor=request.actor,
                district_id=districts[form.cleaned_data["district"]].id,
                kind=SnapshotKind.DAILY,
                on=form.cleaned_data["on"],
            )
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            messages.success(request, _("The snapshot is stored."))
            return see_other("figures:snapshot", taken.public_id)
    context = {"form": form, "breadcrumbs": [*_crumbs(), {"label": _("Take a snapshot")}]}
    return render(request, "figures/freeze.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"url": reverse("figures:home"), "label": _("Register of figures")},
        {"url": reverse("figures:snapshots"), "label": _("Snapshots")},
    ]
