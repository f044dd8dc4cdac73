"""Checking grids and buildings: whose each row is, which ones stand already, and whether they lie where they should. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from heli.kernel.faults import Finding
from heli.places.imports.changes import mark_of
from heli.places.imports.matching import Villages
from heli.places.imports.types import Change, KnownPlace, OutlineDraft, PartDraft, PlannedChange, Record
from heli.places.rules import clean_name
from heli.places.types import Level

NEAR = 0.003
"""How far beyond the outlines of a district's villages a drawing may begin, in degrees: some 300 m, a border drawn twice."""

Key = tuple[int, str]
"""What a grid or building is known by: its village's key and its own name."""


@dataclass(frozen=True, slots=True)
class StandingPart:
    """A grid or building of the register."""

    id: int
    level: Level
    name: str
    village: int
    mark: bytes | None = None


class FoundParts:
    """The rows' places as the check of outlines asks for them: those that stand under their key, new ones below nothing."""

    def __init__(self, parts: Iterable[PartDraft]) -> None:
        self._places = {
            one.number: replace(one.village, id=one.place_id or -one.number, name=one.name) for one in parts
        }

    def find(self, record: Record) -> tuple[KnownPlace | None, Finding | None]:
        """The place of a row that was found sound before."""
        return self._places.get(record.number), None


def check_parts(
    records: Sequence[Record], villages: Villages, standing: Sequence[StandingPart], level: Level
) -> tuple[list[PartDraft], list[Finding]]:
    """Rows as grids or buildings of a village. One name is one place in its village, on every import."""
    by_key = {(one.village, clean_name(one.name)): one.id for one in standing if one.level is level}
    grids = {(one.village, clean_name(one.name)): one.id for one in standing if one.level is Level.GRID}
    findings: list[Finding] = []
    drafts: list[PartDraft] = []
    numbers: dict[str, int] = {}
    names: dict[Key, int] = {}
    for record in records:
        source, number = str(record.number), record.text("number").replace(" ", "")
        name = _name_of(record)
        if not record.text("name"):
            findings.append(Finding("part_name_missing", {}, "name", source))
            continue
        village, wrong = _village_of(record, number, villages)
        if village is None:
            findings += [wrong] if wrong else []
            continue
        if number and (first := numbers.setdefault(number, record.number)) != record.number:
            facts: dict[str, object] = {"number": number, "name": name, "first": first}
            findings.append(Finding("part_number_twice", facts, "number", source))
            continue
        key = (village.id, name)
        if (first := names.setdefault(key, record.number)) != record.number:
            facts = {"name": name, "village": village.name, "first": first}
            findings.append(Finding("part_twice", facts, "name", source))
            continue
        grid = clean_name(record.text("in_grid"))
        parent = grids.get((village.id, grid)) if grid else village.id
        if parent is None:
            facts = {"village": village.name, "grid": grid, "on": villages.on}
            findings.append(Finding("part_grid_unknown", facts, "in_grid", source))
            continue
        drafts.append(PartDraft(record.number, name, village, parent, by_key.get(key)))
    if numbers:
        findings.append(Finding("read_numbers", {"count": len(numbers)}, severity="note"))
    return drafts, findings


def _name_of(record: Record) -> str:
    """The own name, behind the estate's where the row gives one: 阳光小区1号楼, 小区1-10号楼."""
    estate, name = clean_name(record.text("estate")), clean_name(record.text("name"))
    between = "-" if estate[-1:].isdigit() and name[:1].isdigit() else ""
    return f"{estate}{between}{name}"


def _village_of(record: Record, number: str, villages: Villages) -> tuple[KnownPlace | None, Finding | None]:
    """The village by its code or name; else by the own number, which the standards begin with the village's code."""
    begins = villages.by_code.get(number[:12]) if number.isdecimal() and len(number) > 12 else None
    if begins is not None and not record.text("code") and not record.text("village"):
        return begins, None
    village, wrong = villages.find(record, name="village")
    if village is not None and begins is not None and begins.id != village.id:
        facts = {"number": number, "village": village.name, "code": village.code}
        return None, Finding("part_number_contradicts", facts, "number", str(record.number))
    return village, replace(wrong, field="village") if wrong and wrong.field == "name" else wrong


def placed(parts: Sequence[PartDraft], drafts: Iterable[OutlineDraft]) -> list[PartDraft]:
    """The parts with where each lies."""
    by_row = {one.number: one for one in drafts}
    return [replace(one, draft=by_row.get(one.number)) for one in parts]


def check_ground(
    parts: Sequence[PartDraft], outlines: Mapping[int, BaseGeometry], names: Mapping[int, str]
) -> list[Finding]:
    """Drawings outside the district are refused, those within another village than their own are noticed.

    `outlines` are those of the district's villages, by key; without any nothing can be said.
    """
    if not outlines:
        return []
    keys, shapes = list(outlines), list(outlines.values())
    tree = shapely.STRtree(shapes)
    found = []
    for one in parts:
        if one.draft is None:
            continue
        spot, source = shapely.Point(one.draft.lon, one.draft.lat), str(one.number)
        if not tree.query(spot, predicate="dwithin", distance=NEAR).size:
            facts = {"name": one.name, "where": f"{one.draft.lon:.4f}, {one.draft.lat:.4f}"}
            found.append(Finding("part_outside", facts, "geometry", source))
            continue
        inside = [keys[at] for at in tree.query(spot, predicate="intersects")]
        if inside and one.village.id in outlines and one.village.id not in inside:
            facts = {"name": one.name, "village": one.village.name, "other": names[inside[0]]}
            found.append(Finding("part_in_other_village", facts, "geometry", source, "warning"))
    return found


def undrawn(parts: Sequence[PartDraft]) -> list[Finding]:
    """A note about new ones that lie nowhere yet."""
    missing = [one.name for one in parts if one.draft is None and one.place_id is None]
    facts = {"count": len(missing), "names": "、".join(missing[:3])}
    return [Finding("parts_undrawn", facts, severity="note")] if missing else []


def compare_parts(parts: Sequence[PartDraft], standing: Sequence[StandingPart]) -> list[PlannedChange]:
    """Each row beside the register: new, drawn otherwise, or as it stands."""
    marks = {one.id: one.mark for one in standing}
    lines = []
    for one in parts:
        change = Change.UNCHANGED
        if one.place_id is None:
            change = Change.NEW
        elif one.draft is not None and mark_of(one.draft) != marks[one.place_id]:
            change = Change.CHANGED
        where = f"{one.village.town} {one.village.name}".strip()
        lines.append(PlannedChange(change, "", one.name, where, "", one.number, one.place_id))
    return lines
