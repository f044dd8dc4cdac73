"""The register's home, a district's overview, a place, its map and its files."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.access import Scope, may, scope
from heli.kernel.panels import panels_of
from heli.kernel.quantities import Ratio
from heli.places import presenting, queries, texts
from heli.places.event_forms import EVENT_TITLES
from heli.places.exporting import WORKBOOK, export_geojson, export_table, export_workbook
from heli.places.forms import DayForm, FactForm
from heli.places.measures import measures
from heli.places.presenting import VillageLine
from heli.places.types import LEVEL_ORDER, Level, PlaceKind, PlaceRow
from heli.places.views.shared import EDIT, EXPORT, READ, place_or_404, standing, today
from heli.ui.exports import note_of
from heli.ui.http import geojson
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table


@page(READ)
def home(request: ActorRequest) -> HttpResponse:
    """All districts within reach; with only one, its overview."""
    form = DayForm(request.GET)
    on, _since = form.days(today())
    keys = queries.reached_districts(scope(request.actor, READ))
    if keys is not None and len(keys) == 1:
        return overview(request, keys.pop())
    counts = queries.counts_on(on, keys)
    rows = queries.districts(on, keys)
    table = Table(
        "districts",
        request,
        rows=rows,
        columns=[
            Column("code", _("Code"), kind="code"),
            Column("name", _("District"), link=lambda row: reverse("places:place", args=[row.public_id]) + f"?on={on}"),
            *(
                Column(name, label, kind="integer", value=_counter(counts, kinds), total=True)
                for name, label, kinds in (
                    (
                        "towns",
                        _("Towns"),
                        (PlaceKind.STREET, PlaceKind.TOWN, PlaceKind.TOWNSHIP, PlaceKind.TOWNSHIP_LIKE),
                    ),
                    ("villages", _("Villages"), (PlaceKind.VILLAGE, PlaceKind.VILLAGE_LIKE)),
                    ("communities", _("Communities"), (PlaceKind.COMMUNITY, PlaceKind.COMMUNITY_LIKE)),
                )
            ),
        ],
        search=("name", "code"),
        replaces=gettext_lazy("Summary of administrative divisions"),
        sample=any(row.is_sample for row in rows),
    )
    if table.export:
        return table.export_response()
    return render(
        request,
        "places/home.html",
        {"table": table, "form": form, "on": on, "may_import": may(request.actor, "places.import")},
    )


def _counter(counts: dict[int, dict[PlaceKind, int]], kinds: tuple[PlaceKind, ...]) -> Callable[[PlaceRow], int]:
    return lambda row: sum(counts.get(row.id, {}).get(kind, 0) for kind in kinds)


@page(READ)
def place(request: ActorRequest, public_id: str) -> HttpResponse:
    """A place: what every context shows of it, then what the register knows; a district shows its overview."""
    found = place_or_404(request, public_id, READ)
    if found.level == Level.DISTRICT:
        return overview(request, found.pk)
    if found.level in (Level.PROVINCE, Level.CITY):
        return _above(request, found.pk)
    form = DayForm(request.GET)
    on, _since = form.days(today())
    row = standing(found, on)
    children = queries.children_of(found.pk, on)
    below = _list(request, children, on, None) if children else None
    if below is not None and below.export:
        return below.export_response()
    family = queries.family_of(found.pk, on)
    return render(
        request,
        "places/place.html",
        {
            "row": row,
            "kind": texts.kind_text(row.kind),
            "urban_rural": texts.class_text(row.urban_rural_class),
            "form": form,
            "on": on,
            "is_valid": row.valid_from <= on and (row.valid_to is None or row.valid_to > on),
            "crumbs": _crumbs(request, row, on),
            "readings": presenting.readings(family, on),
            "ratios": presenting.ratios(family),
            "picture": presenting.picture_of(found, queries.events_of(queries.lineage_of(found.pk))),
            "versions": _versions_table(request, found.pk),
            "children": below,
            "panels": panels_of(request.actor, found.pk, on),
            "has_shape": row.lon is not None or any(child.lon is not None for child in children),
            "may_edit": may(request.actor, EDIT, found.pk),
            "may_export": may(request.actor, EXPORT, found.pk),
            "actions": EVENT_TITLES,
            "fact_form": FactForm(initial={"on": on}),
            "words": _map_words(),
        },
    )


def _above(request: ActorRequest, place_id: int) -> HttpResponse:
    """A province or city: what stands under it."""
    form = DayForm(request.GET)
    on, _since = form.days(today())
    row = queries.version_on(place_id, on) or queries.versions_of(place_id)[-1]
    table = _list(request, queries.children_of(place_id, on), on, None)
    if table.export:
        return table.export_response()
    return render(
        request,
        "places/above.html",
        {"row": row, "table": table, "form": form, "on": on, "crumbs": _crumbs(request, row, on)},
    )


def overview(request: ActorRequest, district_id: int) -> HttpResponse:
    """A district on a day, as far as the actor reaches: counts, villages with figures, map, what changed."""
    form = DayForm(request.GET)
    on, since = form.days(today())
    reach = scope(request.actor, READ)
    within = queries.reached_in(reach, district_id, on)
    rows = queries.places_on(district_id, on, levels=(Level.TOWNSHIP, Level.VILLAGE), place_ids=within)
    villages = [row for row in rows if row.level is Level.VILLAGE]
    district = queries.version_on(district_id, on) or queries.versions_of(district_id)[-1]
    table = _list(request, villages, on, since)
    if table.export:
        return table.export_response()
    change = _change(district_id, villages, since, reach) if since else None
    is_whole = within is None or district_id in within
    return render(
        request,
        "places/overview.html",
        {
            "district": district,
            "is_whole": is_whole,
            "counts": presenting.kind_counts(rows),
            "towns": [row for row in rows if row.level is Level.TOWNSHIP],
            "change": change,
            "table": table,
            "form": form,
            "on": on,
            "since": since,
            "not_restated": presenting.not_restated([district_id], on, since, within) if since else [],
            "words": _map_words(),
            "has_shapes": any(row.lon is not None for row in villages),
            "is_sample": any(row.is_sample for row in villages),
            "panels": panels_of(request.actor, district_id, on) if is_whole else [],
            "may_edit": may(request.actor, EDIT, district_id),
            "may_export": may(request.actor, EXPORT, district_id),
            "crumbs": _crumbs(request, district, on) if is_whole else [],
        },
    )


def _change(district_id: int, villages: list[PlaceRow], since: date, reach: Scope) -> dict[str, Any]:
    """How the number of villages changed since a day: before, after, the reduction as k/n."""
    before = queries.villages_of(district_id, since, outlines=False)
    within = queries.reached_in(reach, district_id, since)
    kinds = (PlaceKind.VILLAGE, PlaceKind.VILLAGE_LIKE)
    was = sum(row.kind in kinds for row in before if within is None or row.id in within)
    now = sum(row.kind in kinds for row in villages)
    return {"text": f"{was:,} → {now:,}", "reduction": Ratio(was - now, was), "note": f"{was - now:,} / {was:,}"}


def _list(request: ActorRequest, rows: list[PlaceRow], on: date, since: date | None) -> Table:
    districts = {row.district_id for row in rows if row.district_id is not None}
    figures = presenting.figures_of(rows, districts, on, since)
    lines = [VillageLine(row, figures[row.id]) for row in rows]
    columns = [
        Column("code", _("Code"), kind="code"),
        Column("name", _("Name"), link=lambda line: reverse("places:place", args=[line.place.public_id]) + f"?on={on}"),
        Column("kind", _("Kind"), value=lambda line: texts.kind_text(line.place.kind), filter=True),
        Column("parent", _("Town"), value=lambda line: line.place.parent_name, filter=True),
    ]
    for key in presenting.LISTED:
        if not any(key in line.figures for line in lines):
            continue
        measure = measures()[key]
        columns.append(
            Column(
                key,
                texts.measure_text(measure),
                kind="decimal" if measure.unit in ("dm2", "fen") else "integer",
                unit=texts.unit_text(measure.unit) if measure.unit == "dm2" else "",
                value=_figure(key),
                total=True,
            )
        )
    return Table(
        "places",
        request,
        rows=lines,
        columns=columns,
        search=("name", "code"),
        caption=_("Places on %(on)s") % {"on": on},
        replaces=gettext_lazy("Register of villages and communities"),
        sample=any(row.is_sample for row in rows),
        row_id=lambda line: line.id,
        empty=_("No places on this day. Choose another day, or import a list."),
    )


def _figure(key: str) -> Callable[[VillageLine], int | float | None]:
    return lambda line: texts.amount(measures()[key], line.figures.get(key))


def _versions_table(request: ActorRequest, place_id: int) -> Table:
    return Table(
        "versions",
        request,
        rows=queries.versions_of(place_id),
        columns=[
            Column("valid_from", _("From"), kind="date"),
            Column("valid_to", _("Until"), kind="date"),
            Column("listed_name", _("Name")),
            Column("code", _("Code"), kind="code"),
            Column("kind", _("Kind"), value=lambda row: texts.kind_text(row.kind)),
            Column("parent_name", _("Belongs to")),
            Column(
                "urban_rural_class", _("Urban–rural class"), value=lambda row: texts.class_text(row.urban_rural_class)
            ),
        ],
        prefix="v_",
        exportable=False,
    )


def _crumbs(request: ActorRequest, row: PlaceRow, on: date) -> list[dict[str, str]]:
    """The places above, as far as the actor may open them."""
    chain: list[PlaceRow] = []
    here, seen = row.parent_id, {row.id}
    while here is not None and here not in seen:
        seen.add(here)
        above = queries.version_on(here, on)
        if above is None:
            break
        chain.append(above)
        here = above.parent_id
    reached = queries.reached_among(scope(request.actor, READ), [one.id for one in chain])
    return [
        {"label": one.name, "url": reverse("places:place", args=[one.public_id]) if one.id in reached else ""}
        for one in reversed(chain)
        if LEVEL_ORDER.index(one.level) < LEVEL_ORDER.index(row.level) or one.level is Level.GRID
    ]


def _map_words() -> dict[str, Any]:
    tooltip = [["kind_name", _("Kind")], ["town", _("Town")]]
    tooltip += [[key, texts.measure_text(measures()[key])] for key in presenting.LISTED]
    return {"words": {kind.value: texts.kind_text(kind) for kind in PlaceKind}, "tooltip": tooltip}


@page(READ)
def shapes(request: ActorRequest, public_id: str) -> HttpResponse:
    """The map of a place: what stands under it (villages of a district or town), or itself."""
    found = place_or_404(request, public_id, READ)
    return geojson(_collection(request, found.pk, found.level, found.district_id))


@page(READ)
def home_shapes(request: ActorRequest, public_id: str) -> HttpResponse:
    """The map of a district for someone who reaches a part of it only; 404 when nothing of it."""
    district = _district_reached(request, public_id)
    return geojson(_collection(request, district, Level.DISTRICT, district))


def _district_reached(request: ActorRequest, public_id: str) -> int:
    reached = (
        queries.in_scope(scope(request.actor, READ))
        .filter(district__public_id=public_id)
        .values_list("district_id", flat=True)
    )
    district = reached.first()
    if district is None:
        raise Http404(_("There is no such place."))
    return district


def _collection(request: ActorRequest, place_id: int, level: str, district_id: int | None) -> dict[str, Any]:
    on, since = DayForm(request.GET).days(today())
    reach = scope(request.actor, READ)
    if level == Level.DISTRICT:
        within = queries.reached_in(reach, place_id, on)
        rows = queries.places_on(place_id, on, levels=(Level.VILLAGE,), place_ids=within, outlines=True)
    else:
        keys = [row.id for row in queries.children_of(place_id, on)]
        rows = list(queries.rows_of(queries.reached_among(reach, keys), on, outlines=True).values())
        if not any(row.lon is not None for row in rows):
            rows = list(queries.rows_of([place_id], on, outlines=True).values())
    districts = {district_id} if district_id is not None else set()
    return presenting.features(rows, presenting.figures_of(rows, districts, on, since))


@page(EXPORT)
def export(request: ActorRequest, public_id: str, what: str) -> HttpResponse:
    """Everything of a place's subtree as a file: a workbook of all tables, one table as CSV, or the map."""
    found = place_or_404(request, public_id, EXPORT)
    on, _since = DayForm(request.GET).days(today())
    name = f"{standing(found, on).name} {on}"
    members = queries.in_scope(Scope(place_ids=frozenset({found.pk})))
    if what == "xlsx":
        return export_workbook(members, name, note_of(request, unit=_("as headed")))
    if what == "geojson":
        return export_geojson(members, on, name)
    if what in WORKBOOK:
        return export_table(members, what, name)
    raise Http404(what)
