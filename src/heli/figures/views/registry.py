"""The registry of figures, and one figure of one place with everything behind it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from heli.figures import catalogue, queries
from heli.figures.forms import WhichForm
from heli.figures.models import Snapshot
from heli.figures.presenting import address
from heli.figures.tables import FigureLine, PartLine, history_table, parts_table, registry_table, rows_table
from heli.figures.types import Value, Where
from heli.figures.views.shared import READ, place_in_reach, seat_of, today
from heli.figures.wording import (
    DIRECTION_LABELS,
    KIND_LABELS,
    OVER_PLACES_LABELS,
    OVER_TIME_LABELS,
    counted_text,
    meaning_of,
    source_of,
    text_of,
    title_of,
    unit_of,
)
from heli.kernel.access import may
from heli.kernel.declare import Additivity, Figure
from heli.places import queries as places
from heli.places.types import PlaceRow
from heli.ui.pages import ActorRequest, page


@page(READ)
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """All figures with formula and a live sample."""
    form = WhichForm(request.GET)
    on, _restated = form.days(today())
    seat, districts = seat_of(request, on)
    figures = catalogue.in_force(on)
    values: dict[str, Value | None] = dict.fromkeys(figures)
    if seat is not None:
        found = queries.evaluate(request.actor, figures.values(), district_ids=[seat.district.id], on=on)
        values = {name: found.of(name, seat.top.id) for name in figures}
    lines = [
        FigureLine(one, values[one.id], address(Where(one.id, one.version, seat.top.public_id if seat else "", on)))
        for one in figures.values()
        if may(request.actor, one.action)
    ]
    sample = seat is not None and places.is_sample([seat.district.id], on)
    table = registry_table(request, lines, sample=sample)
    if table.export:
        return table.export_response()
    context = {"table": table, "form": form, "on": on, "seat": seat, "districts": districts}
    return render(request, "figures/home.html", {**context, "breadcrumbs": [{"label": _("Register of figures")}]})


@page(READ)
@require_GET
def figure(request: ActorRequest, figure_id: str) -> HttpResponse:
    """One figure of one place: its number, its definition, its parts, its history, its rows."""
    form = WhichForm(request.GET)
    snapshot = _snapshot(request)
    on, restated = (snapshot.on, None) if snapshot is not None else form.days(today())
    found = catalogue.find(figure_id, on)
    if found is None or not may(request.actor, found.action):
        raise Http404(figure_id)
    place = _place(request, on, snapshot)
    if place is None:
        crumbs = [{"url": reverse("figures:home"), "label": _("Register of figures")}, {"label": title_of(found)}]
        return render(request, "figures/nowhere.html", {"title": title_of(found), "breadcrumbs": crumbs})
    if snapshot is not None:
        stored = queries.stored_values(request.actor, snapshot, [figure_id]).get(figure_id, {})
        found = next((value.figure for value in stored.values()), found)
    else:
        evaluation = queries.evaluate(
            request.actor, [found], district_ids=[place.district_id or place.id], on=on, restated_to=restated
        )
        stored = evaluation.all_of(found.id)
    sample = places.is_sample([place.district_id or place.id], on)
    parts = parts_table(request, found, _parts(found, place, stored, restated or on, snapshot), sample=sample)
    rows = queries.rows_behind(request.actor, found, place.id, on, snapshot.at if snapshot else None)
    history = queries.history(request.actor, found.id, place.id, place.district_id or place.id)
    tables = {
        "parts": parts,
        "rows": rows_table(request, rows, caption=_("Rows behind the number"), sample=sample),
        "history": history_table(
            request,
            history,
            lambda line: address(
                Where(found.id, found.version, place.public_id, line.snapshot.on, line.snapshot.public_id)
            ),
            sample=sample,
        ),
    }
    for table in tables.values():
        if table.export:
            return table.export_response()
    value = stored.get(place.id)
    context = tables | {
        "figure": found,
        "title": title_of(found),
        "meaning": meaning_of(found),
        "unit": unit_of(found),
        "value": text_of(value),
        "counted": counted_text(value) if value is not None else "",
        "direction": DIRECTION_LABELS[found.direction],
        "source": source_of(found),
        "over_places": OVER_PLACES_LABELS[found.over_places],
        "over_time": OVER_TIME_LABELS[found.over_time],
        "versions": catalogue.versions_of(found.id),
        "place": place,
        "above": _above(request, found, place, on, snapshot),
        "snapshot": snapshot,
        "snapshot_kind": KIND_LABELS[snapshot.kind] if snapshot else "",
        "live_url": address(Where(found.id, found.version, place.public_id, on)),
        "form": form,
        "on": on,
        "restated": restated,
        "sample": sample,
        "chart": _chart(history),
        "breadcrumbs": [
            {"url": reverse("figures:home"), "label": _("Register of figures")},
            {"label": title_of(found)},
        ],
    }
    return render(request, "figures/figure.html", context)


def _snapshot(request: ActorRequest) -> Snapshot | None:
    asked = request.GET.get("snapshot", "")
    if not asked:
        return None
    snapshot = queries.find_snapshot(asked, request.actor)
    if snapshot is None:
        raise Http404(asked)
    return snapshot


def _place(request: ActorRequest, on: date, snapshot: Snapshot | None) -> PlaceRow | None:
    """The asked place as it stood, or where the reader stands."""
    asked = request.GET.get("place", "")
    if not asked:
        seat, _districts = seat_of(request, on)
        return seat.top if seat is not None else None
    found = place_in_reach(request, asked)
    if found is None or (snapshot is not None and found.district_id != snapshot.district_id):
        raise Http404(asked)
    row = places.version_on(found.pk, on)
    if row is None:
        row = next(iter(reversed(places.versions_of(found.pk))), None)
    if row is None:
        raise Http404(asked)
    return row


def _parts(
    figure: Figure, place: PlaceRow, values: dict[int, Value], on: date, snapshot: Snapshot | None
) -> list[PartLine]:
    """The places directly below with their numbers, and what belongs to the place itself so that the parts add up."""
    number = snapshot.public_id if snapshot else ""
    parts = [
        PartLine(row.name, values[row.id], address(Where(figure.id, figure.version, row.public_id, on, number)), row.id)
        for row in places.children_of(place.id, on)
        if row.id in values
    ]
    whole = values.get(place.id)
    if parts and whole is not None and figure.over_places is Additivity.SUM:
        above = whole.numerator - sum(part.value.numerator for part in parts)
        below = whole.denominator - sum(part.value.denominator for part in parts) if figure.is_ratio else 1
        if above or (figure.is_ratio and below):
            url = address(Where(figure.id, figure.version, place.public_id, on, number))
            itself = _("%(place)s itself") % {"place": place.name}
            parts.insert(0, PartLine(itself, Value(whole.figure, above, below), f"{url}#rows", place.id))
    return parts


def _above(
    request: ActorRequest, figure: Figure, place: PlaceRow, on: date, snapshot: Snapshot | None
) -> dict[str, Any] | None:
    """The place above, if the reader may open it there."""
    if place.parent_id is None:
        return None
    row = places.version_on(place.parent_id, on)
    if row is None or place_in_reach(request, row.public_id) is None:
        return None
    number = snapshot.public_id if snapshot else ""
    return {"name": row.name, "url": address(Where(figure.id, figure.version, row.public_id, on, number))}


def _chart(history: list[queries.HistoryLine]) -> dict[str, Any]:
    """The history as a chart's bars; nothing for fewer than two snapshots."""
    known = [line for line in history if line.value.is_known]
    if len(known) < 2:
        return {}
    return {
        "categories": [line.snapshot.on.isoformat() for line in known],
        "series": [{"name": title_of(known[0].value.figure), "values": [line.value.shown_number for line in known]}],
        "unit": unit_of(known[0].value.figure),
    }
