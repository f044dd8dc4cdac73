"""Reads of imports: runs in scope, the register as matching needs it, and its mark."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from heli.files import apart
from heli.files.sheets import Unreadable
from heli.files.sheets.headings import UNITS, read_heading
from heli.kernel.access import Scope
from heli.kernel.faults import Finding, Refused
from heli.places import queries as register
from heli.places.imports import texts
from heli.places.imports.cells import date_of, number_of, plain_header, text_of
from heli.places.imports.changes import point_mark
from heli.places.imports.parts import StandingPart
from heli.places.imports.readers import read_table
from heli.places.imports.types import KnownPlace
from heli.places.models import Fact, PlaceVersion
from heli.places.models_imports import ColumnMapping, ImportRun
from heli.places.types import KINDS_OF_LEVEL, Level, PlaceRow

LISTED = (Level.TOWNSHIP, Level.VILLAGE)


def runs_in_scope(scope: Scope) -> QuerySet[ImportRun]:
    """Imports an actor may see: those of districts in reach; those of no district only with everything in reach."""
    runs = ImportRun.objects.select_related("file", "district")
    if scope.everything:
        return runs
    return runs.filter(district__in=register.in_scope(scope).filter(level=Level.DISTRICT))


def remembered_mapping(kind: str, district_id: int | None, signature: str) -> ColumnMapping | None:
    """How this layout was matched last in the district, or else by anyone for no district."""
    return (
        ColumnMapping.objects.filter(kind=kind, signature=signature, district_id=district_id).first()
        or ColumnMapping.objects.filter(kind=kind, signature=signature, district__isnull=True).first()
    )


def known_on(district_id: int, on: date, levels: Sequence[Level] = (Level.VILLAGE,)) -> list[KnownPlace]:
    """Places of a district on a day, with their town."""
    kinds = [kind for level in levels for kind in KINDS_OF_LEVEL[level]]
    rows = register.places_on(district_id, on, kinds=kinds, levels=levels)
    parents = register.rows_of({row.parent_id for row in rows if row.parent_id}, on)
    outlines = dict(
        PlaceVersion.objects.filter(register.valid_on(on), district_id=district_id).values_list(
            "place_id", "outline_id"
        )
    )
    return [
        KnownPlace(
            row.id,
            row.code,
            row.listed_name,
            parents[row.parent_id].name if row.parent_id in parents else "",
            parents[row.parent_id].code if row.parent_id in parents else "",
            row.kind,
            row.parent_id,
            outlines.get(row.id),
            row.urban_rural_class,
        )
        for row in rows
    ]


def district_by_code(six: str, on: date) -> int | None:
    """The district whose code begins with six digits on a day."""
    return (
        PlaceVersion.objects.filter(register.valid_on(on), place__level=Level.DISTRICT, code=six.ljust(12, "0"))
        .values_list("place_id", flat=True)
        .first()
    )


def district_known_since(six: str) -> date | None:
    """The first day a district of this code is known."""
    return (
        PlaceVersion.objects.filter(place__level=Level.DISTRICT, code=six.ljust(12, "0"))
        .order_by("valid_from")
        .values_list("valid_from", flat=True)
        .first()
    )


def standing_facts(district_id: int, days: Sequence[date]) -> dict[tuple[int, str, date], int]:
    """Figures of a district on exactly these days."""
    rows = Fact.objects.filter(district_id=district_id, on__in=list(days), superseded_at__isnull=True)
    return {
        (place, measure, on): value
        for place, measure, on, value in rows.values_list("place_id", "measure", "on", "value")
    }


def drawn_on(district_id: int, on: date) -> dict[int, tuple[bytes | None, float, float]]:
    """Outlines and points of villages that have one on a day."""
    return {
        row.id: (row.outline, row.lon, row.lat)
        for row in register.villages_of(district_id, on)
        if row.lon is not None and row.lat is not None
    }


def standing_parts(district_id: int, on: date) -> list[StandingPart]:
    """Grids and buildings of a district on a day, each with its village, which may stand several places above."""
    levels = (Level.GROUP, Level.GRID, Level.BUILDING)
    rows = {row.id: row for row in register.places_on(district_id, on, levels=levels, outlines=True)}

    def village_of(row: PlaceRow) -> int:
        while row.parent_id in rows:
            row = rows[row.parent_id]
        return row.parent_id or 0

    return [
        StandingPart(row.id, row.level, row.listed_name, village_of(row), _mark(row))
        for row in rows.values()
        if row.level is not Level.GROUP
    ]


def _mark(row: PlaceRow) -> bytes | None:
    if row.outline is not None or row.lon is None or row.lat is None:
        return row.outline
    return point_mark(row.lon, row.lat)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list people typed: the number a spreadsheet shows, and its cells as text by plain heading."""

    number: int
    cells: Mapping[str, str]

    def text(self, heading: str) -> str:
        """The cell under a heading; empty when missing."""
        return self.cells.get(plain_header(heading), "")


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list people typed as it was read: its rows, and what the reader decided as {code, facts} for the trail.

    `units`: in what a column is counted, by its heading, where it says so itself; `units_above`: what a line above the header
    says for those that do not, by what is measured. `totals`: the rows that add others up.
    """

    rows: tuple[ListRow, ...]
    decisions: tuple[Finding, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    units_above: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[ListRow, ...] = ()

    def unit(self, heading: str, measures: str) -> Fraction | None:
        """How many yuan or m² ("money", "area") one in a column is; None where nothing is said of it."""
        unit = self.units.get(plain_header(heading)) or self.units_above.get(measures, "")
        return UNITS[unit][1] if unit and UNITS[unit][0] == measures else None

    def said(self) -> list[str]:
        """What was decided, in words."""
        return [texts.fault(one).message for one in self.decisions]

    def recorded(self) -> list[dict[str, str]]:
        """What was decided, as the trail keeps it."""
        return [{"code": one.code, **{key: str(value) for key, value in one.facts.items()}} for one in self.decisions]


def read_list(
    content: bytes, name: str, headings: Collection[str], also: Mapping[str, Collection[str]] | None = None
) -> ReadList:
    """The rows of an Excel or CSV list under some headings, for contexts above. Raises `Refused` for what is no list.

    `also`: other words that head a column, {heading: words}, alone or below an upper row (账面数 under 价值). Two columns under
    one heading are refused: nobody could tell which was meant.
    """
    known = {plain_header(heading) for heading in headings}
    named = {plain_header(word): plain_header(head) for head, words in (also or {}).items() for word in words}
    named = {word: head for word, head in named.items() if word not in known}
    try:
        table = apart.call(read_table, content, name, known=known | set(named))
    except Unreadable as unreadable:
        raise Refused(texts.fault(texts.finding_of(unreadable))) from unreadable
    heads = [_head_of(header, known, named) for header in table.headers]
    twice = next(
        (header for header, head in zip(table.headers, heads, strict=True) if heads.count(head) > 1 and head in known),
        "",
    )
    if twice:
        raise Refused(texts.fault(Finding("heading_twice", {"header": twice})))
    rows, totals = (
        tuple(
            ListRow(row.number, {head: text_of(cell) for head, cell in zip(heads, row.cells, strict=False) if head})
            for row in found
        )
        for found in (table.rows, table.totals)
    )
    not_read = [header for header, head in zip(table.headers, heads, strict=True) if head and head not in known]
    decisions = [*table.decisions]
    if not_read:
        decisions.append(Finding("read_not", {"headers": "、".join(not_read)[:200]}, severity="note"))
    units = {}
    for header, head in zip(table.headers, heads, strict=True):
        if head in known and (unit := read_heading(header).unit):
            units[head] = unit
            if plain_header(header) != head or header not in headings:
                decisions.append(
                    Finding("read_column_unit", {"header": header, "column": head, "unit": unit}, severity="note")
                )
    above = {UNITS[unit][0]: unit for unit in table.units}
    return ReadList(rows, tuple(decisions), units, above, totals)


def _head_of(header: str, known: Collection[str], named: Mapping[str, str]) -> str:
    """A header as the heading it stands for: by its own words, then by other words, then by its lowest row alone."""
    plain = plain_header(header)
    if plain in known:
        return plain
    told = map(plain_header, (header, *read_heading(header).phrases, *read_heading(header).words[::-1]))
    return next((named.get(one, one) for one in told if one in named or one in known), plain)


def number_in(text: str) -> Decimal | None:
    """A number as people type it in lists; None when it is none."""
    return number_of(text)


def day_in(text: str) -> date | None:
    """A day as people type it in lists; None when it is none."""
    return date_of(text)
