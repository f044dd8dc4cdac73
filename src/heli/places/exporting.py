"""The register to take away: a workbook of every table, one table as CSV, or the map."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from heli.places import presenting, queries, texts
from heli.places.measures import measures
from heli.places.models import Fact, LineageEvent, LineageLink, Neighbour, Place, PlaceVersion
from heli.ui.exports import SAMPLE, XLSX, SheetNote, Workbook
from heli.ui.http import download


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """One table of the export: its title, headings, rows for the places of a scope, and which columns are ids of machines."""

    title: str
    heads: tuple[str, ...]
    rows: Callable[[QuerySet[Place]], Iterator[tuple[Any, ...]]]
    ids: tuple[int, ...]


def _versions(members: QuerySet[Place]) -> Iterator[tuple[Any, ...]]:
    rows = PlaceVersion.objects.filter(place__in=members).order_by("code_number", "place_id", "valid_from", "id")
    for row in rows.values_list(
        "place__public_id", "code", "name", "kind", "parent__public_id", "legal_parent__public_id", "valid_from", "valid_to",
        "urban_rural_class", "outline__lon", "outline__lat", "outline__area_dm2", "source__title", "source__is_sample",
        "outline__is_sample",
    ).iterator(chunk_size=5_000):  # fmt: skip
        *plain, area, source, listed, drawn = row
        plain[3] = texts.kind_text(str(plain[3]))
        yield (*plain, None if area is None else area / 100, source, SAMPLE if listed or drawn else "")


def _events(members: QuerySet[Place]) -> Iterator[tuple[Any, ...]]:
    for row in _touching(members).values_list(
        "public_id",
        "on",
        "sequence",
        "kind",
        "document_number",
        "document_date",
        "note",
        "in_force",
        "reverses__public_id",
    ):
        yield (*row[:3], texts.event_text(row[3]), *row[4:7], _("yes") if row[7] else _("no"), row[8])


def _links(members: QuerySet[Place]) -> Iterator[tuple[Any, ...]]:
    links = LineageLink.objects.filter(event__in=_touching(members)).order_by(
        "event__on", "event__sequence", "event_id", "id"
    )
    for row in links.values_list(
        "event__public_id",
        "from_place__public_id",
        "to_place__public_id",
        "population_part",
        "population_of",
        "area_part",
        "area_of",
        "is_part",
        "note",
    ).iterator(chunk_size=5_000):
        yield (*row[:7], _("yes") if row[7] else _("no"), row[8])


def _facts(members: QuerySet[Place]) -> Iterator[tuple[Any, ...]]:
    facts = Fact.objects.filter(place__in=members, superseded_at__isnull=True).order_by("measure", "on", "place_id")
    for place, measure, on, value, source, sample in facts.values_list(
        "place__public_id", "measure", "on", "value", "source__title", "source__is_sample"
    ).iterator(chunk_size=5_000):
        known = measures().get(measure)
        shown = texts.amount(known, value) if known else value
        title = texts.measure_text(known) if known else measure
        unit = texts.unit_text(known.unit) if known else ""
        yield (place, title, on, shown, unit, source, SAMPLE if sample else "")


def _neighbours(members: QuerySet[Place]) -> Iterator[tuple[Any, ...]]:
    pairs = Neighbour.objects.filter(Q(a__in=members) & Q(b__in=members)).order_by("a_id", "b_id", "valid_from")
    for row in pairs.values_list(
        "a__public_id",
        "b__public_id",
        "border_m",
        "affinity",
        "is_barrier",
        "road_m",
        "valid_from",
        "valid_to",
        "origin",
    ):
        yield (*row[:4], _("yes") if row[4] else _("no"), *row[5:])


def _touching(members: QuerySet[Place]) -> QuerySet[LineageEvent]:
    keys = members.values("pk")
    links = LineageLink.objects.filter(Q(from_place__in=keys) | Q(to_place__in=keys))
    return LineageEvent.objects.filter(pk__in=links.values("event_id")).order_by("on", "sequence", "id")


WORKBOOK: Mapping[str, ExportSheet] = {
    "versions": ExportSheet(
        gettext_noop("Places"),
        (
            gettext_noop("Place"), gettext_noop("Code"), gettext_noop("Name"), gettext_noop("Kind"), gettext_noop("Belongs to"),
            gettext_noop("Legal parent"), gettext_noop("From"), gettext_noop("Until"), gettext_noop("Urban–rural class"),
            gettext_noop("Longitude"), gettext_noop("Latitude"), gettext_noop("Area (m²)"), gettext_noop("Source"),
            gettext_noop("Mark"),
        ),
        _versions,
        ids=(0, 4, 5),
    ),
    "events": ExportSheet(
        gettext_noop("Events"),
        (
            gettext_noop("Event"), gettext_noop("Day"), gettext_noop("No."), gettext_noop("Kind"), gettext_noop("Document number"),
            gettext_noop("Date of the document"), gettext_noop("Note"), gettext_noop("In force"), gettext_noop("Reverses"),
        ),
        _events,
        ids=(0, 8),
    ),
    "links": ExportSheet(
        gettext_noop("Lineage"),
        (
            gettext_noop("Event"), gettext_noop("Before"), gettext_noop("After"), gettext_noop("People: part"),
            gettext_noop("People: of"), gettext_noop("Area: part"), gettext_noop("Area: of"),
            gettext_noop("Part"), gettext_noop("Note"),
        ),
        _links,
        ids=(0, 1, 2),
    ),
    "facts": ExportSheet(
        gettext_noop("Figures"),
        (
            gettext_noop("Place"), gettext_noop("Figure"), gettext_noop("Counted on"), gettext_noop("Value"), gettext_noop("Unit"),
            gettext_noop("Source"), gettext_noop("Mark"),
        ),
        _facts,
        ids=(0,),
    ),
    "neighbours": ExportSheet(
        gettext_noop("Neighbours"),
        (
            gettext_noop("Place"), gettext_noop("Neighbour"), gettext_noop("Common border (m)"), gettext_noop("Affinity (0–1000)"),
            gettext_noop("Barrier"), gettext_noop("Distance by road (m)"), gettext_noop("From"), gettext_noop("Until"),
            gettext_noop("Origin"),
        ),
        _neighbours,
        ids=(0, 1),
    ),
}  # fmt: skip


def export_workbook(members: QuerySet[Place], name: str, note: SheetNote) -> HttpResponse:
    """Every table as a sheet of one workbook: names where the tables have ids, the ids in hidden columns at the end."""
    book, names = Workbook(name, sample=False, note=note), _names(members)
    for sheet in WORKBOOK.values():
        heads, ids = [_(head) for head in sheet.heads], sheet.ids
        book.sheet(
            _(sheet.title),
            [*heads, *(heads[at] for at in ids)],
            (_told(row, ids, names) for row in sheet.rows(members)),
            hidden=range(len(heads), len(heads) + len(ids)),
        )
    return download(book.content(), name=f"{name}.xlsx", content_type=XLSX)


def _told(row: tuple[Any, ...], ids: tuple[int, ...], names: Mapping[str, str]) -> list[Any]:
    """A row with names for its ids, and the ids after it."""
    shown = [names.get(value, "") if at in ids else value for at, value in enumerate(row)]
    return [*shown, *(row[at] for at in ids)]


def _names(members: QuerySet[Place]) -> dict[str, str]:
    """How places of the export, those above them, and events are called, by public id; a place by its newest name."""
    above = PlaceVersion.objects.filter(place__in=members).values("parent_id")
    versions = PlaceVersion.objects.filter(Q(place__in=members) | Q(place__in=above)).order_by("valid_from", "pk")
    names = dict(versions.values_list("place__public_id", "name"))
    for public_id, on, kind, number in _touching(members).values_list("public_id", "on", "kind", "document_number"):
        names[public_id] = f"{on} {texts.event_text(kind)} {number}".strip()
    return names


class _Echo:
    """A file that hands back what is written to it, line by line."""

    def write(self, text: str) -> str:
        return text


def export_table(members: QuerySet[Place], what: str, name: str) -> HttpResponse:
    """One table as CSV, streamed; UTF-8 with a mark, as Excel expects it."""
    sheet = WORKBOOK[what]
    writer = csv.writer(_Echo())
    lines = [[_(head) for head in sheet.heads]]

    def parts() -> Iterator[str]:
        yield "\ufeff"
        yield from (writer.writerow(line) for line in lines)
        for row in sheet.rows(members):
            yield writer.writerow([_harmless(value) for value in row])

    response = StreamingHttpResponse(parts(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = download(b"", name=f"{name} {what}.csv", content_type="")["Content-Disposition"]
    return response  # type: ignore[return-value]  # a streamed answer is as good


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return (
        f"'{value}"
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t")
        else ""
        if value is None
        else value
    )


def export_geojson(members: QuerySet[Place], on: date, name: str) -> HttpResponse:
    """Every place of the day that has an outline or a point."""
    keys = list(members.values_list("pk", flat=True))
    rows = list(queries.rows_of(keys, on, outlines=True).values())
    figures = presenting.figures_of(rows, (), on, None)
    collection = {"name": name, **presenting.features(rows, figures)}
    body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return download(body, name=f"{name}.geojson", content_type="application/geo+json")
