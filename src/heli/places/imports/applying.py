"""Writing what a check found, inside the transaction of `services.apply_import`. Returns counts and links for the result."""

from datetime import datetime
from typing import Any

import shapely

from heli.kernel.access import Actor
from heli.kernel.ids import new_public_id
from heli.places import services as register
from heli.places.imports import changes, founding, progress
from heli.places.imports.checking import Checked
from heli.places.imports.types import PART_LEVELS, Change, CodeListDraft, ImportKind, OutlineDraft
from heli.places.models import PlaceVersion, Source
from heli.places.models_imports import ImportRun, OfficialList
from heli.places.proposals.services import compare_list
from heli.places.queries import valid_on
from heli.places.services.bulk import update_rows
from heli.places.types import EventKind, EventSpec, FactSpec, LinkSpec, PlaceKind, PlaceSpec

ACTION = "places.import"


def apply_checked(*, actor: Actor, run: ImportRun, checked: Checked, at: datetime) -> dict[str, Any]:
    """Write a checked run; the caller holds the transaction and has asked for permission."""
    source = register.add_source(
        title=run.title, sha256=run.file.sha256, attribution=run.attribution, is_sample=run.is_sample, at=at
    )
    kind = ImportKind(run.kind)
    if kind is ImportKind.CODES:
        return _apply_codes(actor, run, checked, source, at)
    if kind is ImportKind.FACTS:
        specs = [
            FactSpec(
                place_id=draft.place_id, measure=draft.measure, on=draft.on, value=draft.value, source_id=source.pk
            )
            for draft in checked.facts
        ]
        return dict(register.record_facts(actor=actor, facts=specs, sha256=run.file.sha256, at=at, action=ACTION))
    if kind is ImportKind.MERGERS:
        specs_ = [event.spec for event in checked.mergers]
        recorded = register.record_events(actor=actor, events=specs_, source_id=source.pk, at=at, action=ACTION)
        return {"events": len(recorded), "founded": sum(len(one.founded) for one in recorded)}
    if kind in PART_LEVELS:
        return _apply_parts(actor, run, checked, source, at)
    return _apply_outlines(run, checked, source)


def _apply_parts(actor: Actor, run: ImportRun, checked: Checked, source: Source, at: datetime) -> dict[str, Any]:
    """What is new is founded in one event of the day; what stands gets its drawing where that is another."""
    new = [one for one in checked.parts if one.place_id is None]
    kind = PlaceKind(PART_LEVELS[ImportKind(run.kind)])
    founds = {
        f"row-{one.number}": PlaceSpec(
            name=one.name, kind=kind, parent=one.parent_id, source_id=source.pk,
            outline_id=_outline(one.draft, run, source) if one.draft is not None else None,
        )
        for one in new
    }  # fmt: skip
    if founds:
        links = tuple(LinkSpec(source=None, target=name) for name in founds)
        event = EventSpec(kind=EventKind.FOUND, on=run.on, links=links, founds=founds)
        register.record_events(actor=actor, events=[event], source_id=source.pk, at=at, action=ACTION)
    result = _apply_outlines(run, checked, source)
    unchanged = sum(line.change is Change.UNCHANGED for line in checked.lines)
    return {**result, "founded": len(new), "unchanged": unchanged, "nothing_new": not (new or result["drawn"])}


def _apply_codes(actor: Actor, run: ImportRun, checked: Checked, source: Source, at: datetime) -> dict[str, Any]:
    assert checked.codes is not None
    draft = checked.codes
    result: dict[str, Any] = {"listed": len(draft.units), **changes.count_changes(checked.lines)}
    result["founded"] = 0
    if checked.founds:
        result["founded"] = _found(run, checked, draft, source)
    else:
        run.district_id = checked.district_id
    official, is_new = _keep_list(run, draft, source, at)
    result["list"] = official.public_id
    compared = not checked.founds and any(line.change is not Change.UNCHANGED for line in checked.lines)
    if compared:
        comparison = compare_list(
            actor=actor, official=official, district_id=run.district_id or 0, before_on=run.on, at=at
        )
        result["comparison"] = comparison.public_id
        result["proposals"] = comparison.counts
    result["nothing_new"] = not (result["founded"] or is_new or compared)
    return result


def _found(run: ImportRun, checked: Checked, draft: CodeListDraft, source: Source) -> int:
    first = (draft.units or draft.above)[0]
    six = first.code[:6]
    above = list(draft.above)
    standing = founding.standing_above(run.on, six)
    if checked.district_id is None:
        above = founding.with_district(above, six, run.district_name)
    whole = len(draft.units)
    count = founding.found_above(above, standing, on=run.on, source_id=source.pk)
    count += founding.found_villages(
        draft.units,
        standing,
        on=run.on,
        source_id=source.pk,
        tell=lambda done: progress.tell(run.public_id, progress.Progress("apply", done, whole)),
    )
    run.district_id = standing.district_of[six]
    return count


def _keep_list(run: ImportRun, draft: CodeListDraft, source: Source, at: datetime) -> tuple[OfficialList, bool]:
    known = OfficialList.objects.filter(district_id=run.district_id, on=run.on, sha256=run.file.sha256).first()
    if known and known.unit_count == len(draft.units):
        return known, False
    official = known or OfficialList.objects.create(
        public_id=new_public_id(), district_id=run.district_id, on=run.on, source=source, sha256=run.file.sha256,
        unit_count=len(draft.units), listed_at=at,
    )  # fmt: skip
    have = set(official.units.values_list("code_number", flat=True)) if known else set()
    founding.keep_list_units(official.pk, (unit for unit in (*draft.above, *draft.units) if int(unit.code) not in have))
    if known:
        official.unit_count = len(draft.units)
        official.save(update_fields=["unit_count"])
    return official, True


def _apply_outlines(run: ImportRun, checked: Checked, source: Source) -> dict[str, Any]:
    """Outlines of villages: what was unknown is filled in for the whole version, what differs begins on the day."""
    changed = {line.place_id: line.change for line in checked.lines}
    todo = [draft for draft in checked.outlines if changed.get(draft.place_id) is not Change.UNCHANGED]
    versions = {
        version.place_id: version
        for version in PlaceVersion.objects.filter(valid_on(run.on), place_id__in=[draft.place_id for draft in todo])
    }
    fill: list[tuple[object, ...]] = []
    close: list[tuple[object, ...]] = []
    fresh: list[PlaceVersion] = []
    for draft in todo:
        outline_id = _outline(draft, run, source)
        version = versions[draft.place_id]
        if version.outline_id is None or version.valid_from == run.on:
            fill.append((outline_id, version.pk))
            continue
        close.append((run.on, None, version.pk))
        fresh.append(_copy(version, run, outline_id, source))
    update_rows(PlaceVersion, columns=("outline_id",), rows=fill)
    update_rows(PlaceVersion, columns=("valid_to", "ended_by_id"), rows=close)
    PlaceVersion.objects.bulk_create(fresh)
    return {
        "drawn": len(todo),
        "filled": len(fill),
        "redrawn": len(close),
        "unchanged": len(checked.outlines) - len(todo),
        "converted": sum(draft.is_converted for draft in todo),
        "repaired": sum(draft.is_repaired for draft in todo),
    }


def _outline(draft: OutlineDraft, run: ImportRun, source: Source) -> int:
    shape = shapely.from_wkb(draft.wkb) if draft.wkb is not None else shapely.Point(draft.lon, draft.lat)
    outline = register.add_outline(
        shape=shape, source_id=source.pk, is_sample=run.is_sample, is_converted=draft.is_converted
    )
    return int(outline.pk)


def _copy(version: PlaceVersion, run: ImportRun, outline_id: int, source: Source) -> PlaceVersion:
    return PlaceVersion(
        place_id=version.place_id, valid_from=run.on, valid_to=version.valid_to, code=version.code,
        code_number=version.code_number, name=version.name, kind=version.kind, parent_id=version.parent_id,
        legal_parent_id=version.legal_parent_id, district_id=version.district_id,
        urban_rural_class=version.urban_rural_class, outline_id=outline_id, source_id=source.pk,
        ended_by_id=version.ended_by_id,
    )  # fmt: skip
