"""One check of one import: the file, the register of the day, and what the two give. Reads only; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import shapely

from heli.files import apart
from heli.files.queries import read_content
from heli.files.services import sent_by
from heli.files.sheets import Choices
from heli.kernel.access import Actor
from heli.kernel.faults import Fault, Finding
from heli.places.imports import (
    changes,
    codelists,
    columns,
    facts,
    geofiles,
    mergerlist,
    outlines,
    parts,
    queries,
    readers,
    wordings,
)
from heli.places.imports.matching import Finder, Villages
from heli.places.imports.systems import check_system
from heli.places.imports.types import (
    PART_LEVELS,
    Change,
    CodeListDraft,
    FactDraft,
    ImportKind,
    KnownPlace,
    OutlineDraft,
    PartDraft,
    PlannedChange,
    ReadTable,
    Record,
)
from heli.places.models_imports import ImportRun
from heli.places.queries import register_mark, version_on, versions_of
from heli.places.services.events import check_events
from heli.places.types import Level

OFFERS = {
    "repair": "geometry_crosses_itself",
    "join": "village_in_parts",
    "join_spellings": "new_name_spellings",
    "blank_stays": "new_name_missing",
    "same_names": "name_in_town",
    "fill_codes": "code_proposed",
}
"""{what a person may confirm for the whole file: the finding that offers it}."""

TABLES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt")
"""How files of grids and buildings end that are tables; all others are geodata."""

MOST_FINDINGS = 500
MOST_LINES = 5_000


@dataclass(slots=True)
class Checked:
    """What a check found: drafts to be written, lines of the preview, findings, and the register's mark."""

    findings: list[Finding] = field(default_factory=list)
    lines: list[PlannedChange] = field(default_factory=list)
    district_id: int | None = None
    mark: str = ""
    founds: bool = False
    codes: CodeListDraft | None = None
    facts: list[FactDraft] = field(default_factory=list)
    outlines: list[OutlineDraft] = field(default_factory=list)
    parts: list[PartDraft] = field(default_factory=list)
    mergers: list[mergerlist.PlannedEvent] = field(default_factory=list)
    event_faults: list[Fault] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[Finding] = field(default_factory=list)
    bad_rows: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        """Whether anything stands against applying."""
        return any(one.severity == "error" for one in self.findings) or bool(self.event_faults)


def read_run_table(run: ImportRun, data: bytes | None = None) -> tuple[ReadTable, dict[int, Any], str]:
    """The table of a run, shapes by row number, and the coordinate system of its file. Raises `Unreadable`."""
    content = data if data is not None else read_content(run.file)
    with sent_by(actor=sender_of(run), name=run.file.name, place_id=run.district_id):
        return read_for(ImportKind(run.kind), content, run.file.name, run.sheet, run.options.get("reading", {}))


def sender_of(run: ImportRun) -> Actor:
    """Who sent the file of a run, as the trail names them."""
    return Actor(run.started_by_id, run.started_by_name)


def read_for(
    kind: ImportKind, content: bytes, name: str, sheet: str = "", reading: Mapping[str, Any] | None = None
) -> tuple[ReadTable, dict[int, Any], str]:
    """A file read as the kind of import needs it, `reading` being what a person chose. Raises `Unreadable`.

    Of geodata the chosen sheet is the layer.
    """
    if kind is ImportKind.OUTLINES or (kind in PART_LEVELS and not name.lower().endswith(TABLES)):
        given = reading or {}
        wanted = next(iter(given.get("sheets", ())), sheet)
        layer = apart.call(geofiles.read_layer, content, name, layer=wanted, encoding=str(given.get("encoding", "")))
        return layer.table, dict(enumerate(layer.shapes, 1)), layer.crs
    choices = Choices.from_json(reading or {})
    table = apart.call(
        readers.read_table, content, name, known=columns.header_words(kind), sheet=sheet, choices=choices
    )
    return table, {}, ""


def check_run(run: ImportRun, data: bytes | None = None) -> Checked:
    """Check a run against the register as it stands. Raises `Unreadable` when the file cannot be read at all."""
    kind = ImportKind(run.kind)
    table, shapes, crs = read_run_table(run, data)
    mapping = {
        name: column for name, column in run.mapping.items() if column is not None and column < len(table.headers)
    }
    left_out = run.options.get("left_out", ())
    checked = Checked(findings=columns.check_mapping(kind, mapping, table.headers, left_out))
    checked.decisions = [*table.decisions, *_not_read(table, mapping)]
    if checked.findings:
        return checked
    written = columns.records(table, mapping, run.mended)
    rows, found = wordings.tidy(kind, written)
    checked.findings += found
    excluded = {int(row) for row in run.excluded}
    checked.findings += _formulas(table, mapping, run.mended, excluded)
    spoiled = {int(one.source) for one in checked.findings if one.source.isdigit()}
    kept = [record for record in rows if record.number not in excluded and record.number not in spoiled]
    if kind is ImportKind.CODES:
        _check_codes(run, kept, checked)
    else:
        checked.district_id = run.district_id
        checked.mark = register_mark(run.district_id, run.on)
        _check_known(run, kind, kept, shapes, crs, table, checked)
    checked.bad_rows = _bad_rows(written, checked.findings)
    checked.decisions += [one for one in checked.findings if one.code.startswith("read_")]
    checked.findings = [one for one in checked.findings if not one.code.startswith("read_")]
    return checked


def _not_read(table: ReadTable, mapping: Mapping[str, int]) -> list[Finding]:
    """A line that names the columns nothing is read from."""
    others = [header for column, header in enumerate(table.headers) if header and column not in mapping.values()]
    return [Finding("read_not", {"headers": "、".join(others)[:200]}, severity="note")] if others else []


def _formulas(
    table: ReadTable, mapping: Mapping[str, int], mended: Mapping[str, Mapping[str, str]], excluded: set[int]
) -> list[Finding]:
    """Broken formulas in columns that are read, unless mended or excluded."""
    fields = {columns.letters(column): name for name, column in mapping.items()}
    return [
        replace(one, field=fields[one.field])
        for one in table.findings
        if one.field in fields
        and int(one.source) not in excluded
        and fields[one.field] not in mended.get(one.source, {})
    ]


def _bad_rows(rows: Sequence[Record], findings: Sequence[Finding]) -> dict[int, dict[str, Any]]:
    """Rows with an error and what their cells say, to be mended on the page."""
    bad = {int(one.source) for one in findings if one.severity == "error" and one.source.isdigit()}
    return {
        record.number: {name: record.text(name) for name in record.values} for record in rows if record.number in bad
    }


# -- code lists ------------------------------------------------------------------------------------------------------


def _check_codes(run: ImportRun, records: list[Record], checked: Checked) -> None:
    district_id, within = run.district_id, ""
    if district_id is not None:
        version = version_on(district_id, run.on)
        within = version.code[:6] if version else ""
        if version is None:
            since = next((row.valid_from for row in versions_of(district_id)), "?")
            checked.findings.append(Finding("on_before_register", {"since": since, "on": run.on}, "on"))
            return
    else:
        sixes = sorted({code[:6] for record in records if (code := codelists.read_code(record.text("code"), "")[0])})
        sixes = [six for six in sixes if six[4:] != "00" or not any(o[:4] == six[:4] and o != six for o in sixes)]
        if len(sixes) > 1:
            checked.findings.append(Finding("several_districts", {"count": len(sixes)}, "file"))
            return
        within = sixes[0] if sixes else ""
        district_id = queries.district_by_code(within, run.on) if within else None
        if district_id is None and within and (first_known := queries.district_known_since(within)):
            checked.findings.append(Finding("on_before_register", {"since": first_known, "on": run.on}, "on"))
            return
    known = queries.known_on(district_id, run.on, queries.LISTED) if district_id else []
    records, found = _with_codes(run, records, known)
    checked.findings += found
    draft = codelists.check_codes(
        records, known_above=[one.code for one in known if one.code.endswith("000")], within=within
    )
    checked.findings += draft.findings
    checked.codes, checked.district_id = draft, district_id
    checked.founds = not any(one.code[9:] != "000" for one in known)
    own = {within.ljust(12, "0"), ""}
    named = next((unit.name for unit in draft.above if unit.code in own), run.district_name)
    if district_id is None and not named:
        checked.findings.append(Finding("district_name_needed", {"code": within}, "district_name"))
    checked.lines = [
        line
        for line in changes.compare_codes(known, draft)
        if line.change is not Change.GONE or not checked.founds or line.code[9:] == "000"
    ]
    if not checked.founds and any(line.change is not Change.UNCHANGED for line in checked.lines):
        checked.findings.append(Finding("list_is_later", severity="note"))
    checked.mark = register_mark(district_id, run.on)


def _with_codes(
    run: ImportRun, records: list[Record], known: Sequence[KnownPlace]
) -> tuple[list[Record], list[Finding]]:
    """Rows without a code whose name the register knows in the township: its code is proposed, and taken once confirmed."""
    villages = Villages([one for one in known if not one.code.endswith("000")], run.on)
    kept: list[Record] = []
    found: list[Finding] = []
    filled: list[str] = []
    for record in records:
        village = None if record.text("code") or not record.text("name") else villages.find(record)[0]
        if village is None or not village.code:
            kept.append(record)
        elif run.options.get("fill_codes"):
            kept.append(Record(record.number, {**record.values, "code": village.code}))
            filled.append(f"{village.name} {village.code}")
        else:
            facts = {"name": village.name, "town": village.town, "code": village.code}
            found.append(Finding("code_proposed", facts, "code", str(record.number)))
    if filled:
        found.append(Finding("read_codes_filled", {"count": len(filled), "example": filled[0]}, severity="note"))
    return kept, found


# -- what is about known villages ------------------------------------------------------------------------------------


def _check_known(  # noqa: PLR0917 - what was checked so far
    run: ImportRun,
    kind: ImportKind,
    records: list[Record],
    shapes: Mapping[int, Any],
    crs: str,
    table: ReadTable,
    checked: Checked,
) -> None:
    if run.district_id is None:
        checked.findings.append(Finding("district_unknown", {}, "district"))
        return
    # A merger list speaks of the villages of the day before.
    day = run.on - timedelta(days=1) if kind is ImportKind.MERGERS else run.on
    known = queries.known_on(run.district_id, day)
    villages = Villages(known, day)
    by_id = {one.id: one for one in known}
    if kind is ImportKind.FACTS:
        headers = {name: table.headers[column] for name, column in run.mapping.items() if column is not None}
        checked.facts, found = facts.check_facts(
            records,
            villages,
            on=run.on,
            headers=headers,
            units=run.options,
            line=(*table.units, *run.options.get("units", ())),
        )
        checked.findings += found
        days = sorted({draft.on for draft in checked.facts})
        lines = changes.compare_facts(checked.facts, queries.standing_facts(run.district_id, days), by_id)
        checked.lines = [line for line, _, _ in lines]
        checked.figures = [
            {"measure": draft.measure, "value": draft.value, "old": old, "said": draft.said} for _, draft, old in lines
        ]
    elif kind in PART_LEVELS:
        _check_parts(run, records, shapes, crs, villages, checked)
    elif kind in (ImportKind.OUTLINES, ImportKind.POINTS):
        _check_drawn(run, kind, records, shapes, crs, villages, checked)
    else:
        towns = queries.known_on(run.district_id, run.on, (Level.TOWNSHIP,))
        rules = mergerlist.ListTerms(
            on=run.on,
            document=str(run.options.get("document", "")),
            blank_stays=bool(run.options.get("blank_stays")),
            join_spellings=bool(run.options.get("join_spellings")),
            same_names=str(run.options.get("same_names", "")),
        )
        checked.mergers, found = mergerlist.check_mergers(records, villages, towns, rules)
        checked.findings += found
        if not any(one.severity == "error" for one in checked.findings):
            checked.event_faults = check_events([event.spec for event in checked.mergers])
        checked.lines = _merger_lines(checked.mergers, by_id)


def _check_drawn(  # noqa: PLR0917 - what was checked so far
    run: ImportRun,
    kind: ImportKind,
    records: list[Record],
    shapes: Mapping[int, Any],
    crs: str,
    villages: Villages,
    checked: Checked,
) -> None:
    assert run.district_id is not None
    drawn = queries.drawn_on(run.district_id, run.on)
    declared = crs or ("EPSG:4490" if kind is ImportKind.POINTS else "")
    system = _system(run, declared, shapes, drawn, checked)
    if system is None:
        return
    if kind is ImportKind.POINTS:
        checked.outlines, found = outlines.check_points(records, villages, crs=system)
    else:
        checked.outlines, found = _check_shapes(run, records, shapes, villages, system)
    checked.findings += [*found, *outlines.undrawn(villages.known, drawn, checked.outlines)]
    marks = {key: wkb if wkb is not None else changes.point_mark(lon, lat) for key, (wkb, lon, lat) in drawn.items()}
    checked.lines = changes.compare_outlines(checked.outlines, marks, {one.id: one for one in villages.known})


def _system(
    run: ImportRun,
    declared: str,
    shapes: Mapping[int, Any],
    drawn: Mapping[int, tuple[bytes | None, float, float]],
    checked: Checked,
) -> str | None:
    """The coordinate system of a file; None where it is unclear, which is then a finding."""
    near = outlines.middle_of(drawn.values())
    system, unclear = check_system(run.crs, declared, outlines.bounds_of(shapes.values()), near, run.file.name)
    if unclear is not None:
        checked.findings.append(unclear)
        return None
    return system


def _check_shapes(
    run: ImportRun, records: Sequence[Record], shapes: Mapping[int, Any], places: Finder, system: str
) -> tuple[list[OutlineDraft], list[Finding]]:
    repair, join = bool(run.options.get("repair")), bool(run.options.get("join"))
    with sent_by(actor=sender_of(run), name=run.file.name, place_id=run.district_id):
        checked: tuple[list[OutlineDraft], list[Finding]] = apart.call(
            outlines.check_outlines, records, shapes, places, crs=system, repair=repair, join=join
        )
    return checked


def _check_parts(  # noqa: PLR0917 - what was checked so far
    run: ImportRun, records: list[Record], shapes: Mapping[int, Any], crs: str, villages: Villages, checked: Checked
) -> None:
    """Grids and buildings, drawn in geodata; of a table a row may give a point."""
    assert run.district_id is not None
    standing = queries.standing_parts(run.district_id, run.on)
    found, faults = parts.check_parts(records, villages, standing, PART_LEVELS[ImportKind(run.kind)])
    sound = {one.number for one in found}
    drawn = [record for record in records if record.number in sound]
    if not shapes:
        shapes, unreadable = outlines.points_of([one for one in drawn if one.text("lon") or one.text("lat")])
        drawn, crs, faults = [one for one in drawn if one.number in shapes], "EPSG:4490", [*faults, *unreadable]
    around = queries.drawn_on(run.district_id, run.on)
    system = _system(run, crs, shapes, around, checked)
    if system is None:
        return
    drafts, wrong = _check_shapes(run, drawn, shapes, parts.FoundParts(found), system)
    checked.parts = parts.placed(found, drafts)
    checked.outlines = [one for one in drafts if one.place_id > 0]
    areas = {key: shapely.from_wkb(wkb) for key, (wkb, _, _) in around.items() if wkb is not None}
    names = {one.id: one.name for one in villages.known}
    checked.findings += [*faults, *(one for one in wrong if one.code != "neighbours_by_gap")]
    checked.findings += [*parts.check_ground(checked.parts, areas, names), *parts.undrawn(checked.parts)]
    checked.lines = parts.compare_parts(checked.parts, standing)


def _merger_lines(events: Sequence[mergerlist.PlannedEvent], known: Mapping[int, KnownPlace]) -> list[PlannedChange]:
    lines = []
    for event in events:
        for link in event.spec.links:
            old = known.get(link.source) if isinstance(link.source, int) else None
            if old is None or link.source == link.target:
                continue
            host = known.get(link.target) if isinstance(link.target, int) else None
            name = host.name if host else str(link.target).partition(":")[2]
            lines.append(PlannedChange(Change.CHANGED, old.code, name, old.town, old.name, event.rows[0], old.id))
        for key, spec in event.spec.becomes.items():
            if isinstance(key, int) and key in known and spec.name != known[key].name:
                old = known[key]
                lines.append(
                    PlannedChange(Change.CHANGED, old.code, spec.name, old.town, old.name, event.rows[0], old.id)
                )
    return lines
