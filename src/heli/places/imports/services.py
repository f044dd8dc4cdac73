"""Writes of imports: take a file in, match its columns, mend or leave out rows, check, apply.

Checking happens before and outside the one transaction that applies; the register's mark tells whether it still holds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from heli.audit.services import writing
from heli.files.services import sent_by, store_file
from heli.files.sheets import Unreadable
from heli.kernel.access import Actor, require, scope
from heli.kernel.faults import Fault, Finding, Forbidden, Refused
from heli.kernel.ids import new_public_id
from heli.kernel.periods import FIRST_DAY, LAST_DAY, is_plausible
from heli.places.imports import checking, columns, progress, queries, texts
from heli.places.imports.applying import apply_checked
from heli.places.imports.changes import count_changes
from heli.places.imports.types import ImportKind, ImportStage
from heli.places.models import Place
from heli.places.models_imports import ColumnMapping, ImportRun
from heli.places.queries import register_mark

ACTION = "places.import"
OPEN = (ImportStage.UPLOADED, ImportStage.CHECKED, ImportStage.FAILED)
UNFINISHED = (*OPEN, ImportStage.CHECKING, ImportStage.APPLYING)
SETTLED = ("mapping", "options", "mended", "excluded", "sheet", "crs")
"""What decides what a file says: another person may have changed it since it was checked."""


def upload_file(
    *,
    actor: Actor,
    kind: ImportKind,
    district_id: int | None,
    on: date,
    data: bytes,
    name: str,
    title: str = "",
    attribution: str = "",
    district_name: str = "",
    crs: str = "",
    options: Mapping[str, Any] | None = None,
    is_sample: bool = False,
    at: datetime | None = None,
) -> ImportRun:
    """Take a file in and match its columns as last time, or as their headers say. Raises `Refused` when it cannot be read."""
    _require(actor, district_id)
    if not is_plausible(on):
        raise Refused(texts.fault(Finding("day_implausible", {"first": FIRST_DAY, "last": LAST_DAY}, "on")))
    try:
        with sent_by(actor=actor, name=name, place_id=district_id):
            table, _, _ = checking.read_for(kind, data, name, reading=(options or {}).get("reading"))
    except Unreadable as unreadable:
        raise Refused(texts.fault(texts.finding_of(unreadable))) from unreadable
    now = at or timezone.now()
    remembered = queries.remembered_mapping(kind, district_id, columns.signature(table.headers, table.units))
    mapping = dict(remembered.mapping) if remembered else columns.recognise(kind, table.headers)
    with writing(actor, ACTION, place_id=district_id, at=now) as act:
        stored = store_file(actor=actor, chunks=[data], name=name, action=ACTION, place_id=district_id, at=now)
        run = ImportRun.objects.create(
            public_id=new_public_id(),
            kind=kind,
            district_id=district_id,
            district_name=district_name.strip()[:100],
            on=on,
            title=(title.strip() or name)[:200],
            attribution=attribution.strip()[:300],
            is_sample=is_sample,
            file=stored,
            sheet=table.sheet[:100],
            crs=crs,
            options={**(remembered.options if remembered else {}), **(options or {})},
            mapping=mapping,
            started_by_id=actor.id,
            started_by_name=actor.name[:150],
            started_at=now,
        )
        act.subject = run.public_id
        act.after = {
            "file": stored.name,
            "sha256": stored.sha256,
            "size": stored.size,
            "kind": kind.value,
            "on": str(on),
            "read": _read(table.decisions),
        }
    return run


def is_mapped(run: ImportRun, *, headers: list[str] | tuple[str, ...]) -> bool:
    """Whether the columns that are needed are matched."""
    return not columns.check_mapping(ImportKind(run.kind), run.mapping, headers, run.options.get("left_out", ()))


def read_otherwise(*, actor: Actor, run: ImportRun, reading: Mapping[str, Any]) -> None:
    """Read the file as a person chose: sheets, header rows, letters, what is filled down and left out. Raises `Refused`.

    The columns are matched anew, for they may be others now.
    """
    _open(run)
    before = run.options.get("reading", {})
    run.options, run.sheet = {**run.options, "reading": dict(reading)}, ""
    try:
        table, _, _ = checking.read_run_table(run)
    except Unreadable as unreadable:
        raise Refused(texts.fault(texts.finding_of(unreadable))) from unreadable
    with writing(actor, ACTION, place_id=run.district_id) as act:
        held = _hold(run, OPEN)
        run.options = {**held.options, "reading": dict(reading), "left_out": []}
        run.mapping = columns.recognise(ImportKind(run.kind), table.headers)
        run.stage, run.register_mark, run.mended, run.excluded = ImportStage.UPLOADED, "", {}, {}
        run.save(update_fields=["options", "sheet", "mapping", "stage", "register_mark", "mended", "excluded"])
        act.subject, act.before = run.public_id, {"reading": before}
        act.after = {"reading": dict(reading), "read": _read(table.decisions)}


def map_columns(
    *,
    actor: Actor,
    run: ImportRun,
    mapping: Mapping[str, int],
    options: Mapping[str, Any],
    left_out: Collection[int] | None = None,
) -> None:
    """Match columns as a person chose, and remember it for the next file of this layout. Raises `Refused`.

    Columns `left_out` (all others, unless given) are not asked about again.
    """
    _open(run)
    table, _, _ = checking.read_run_table(run)
    if left_out is None:
        left_out = set(range(len(table.headers))) - set(mapping.values())
    left_out = sorted(left_out)
    options = {**options, "left_out": left_out}
    found = columns.check_mapping(ImportKind(run.kind), mapping, table.headers, left_out)
    if found:
        raise Refused(texts.faults(found))
    with writing(actor, ACTION, place_id=run.district_id) as act:
        _hold(run, OPEN)
        run.mapping, run.options = dict(mapping), {**run.options, **options}
        run.stage, run.register_mark = ImportStage.UPLOADED, ""
        run.save(update_fields=["mapping", "options", "stage", "register_mark"])
        ColumnMapping.objects.update_or_create(
            kind=run.kind,
            district_id=run.district_id,
            signature=columns.signature(table.headers, table.units),
            defaults={"mapping": run.mapping, "options": dict(options), "used_at": timezone.now()},
        )
        act.subject = run.public_id
        act.after = {"mapping": run.mapping, "options": run.options}


def check_import(*, actor: Actor, run: ImportRun) -> checking.Checked:
    """Check a run, keep findings and preview with it. Raises `Refused` when its file cannot be read."""
    _open(run, ImportStage.CHECKING)
    try:
        checked = checking.check_run(run)
    except Unreadable as unreadable:
        _keep(actor, run, ImportStage.FAILED, findings=[texts.stored(texts.finding_of(unreadable))])
        raise Refused(texts.fault(texts.finding_of(unreadable))) from unreadable
    _keep_checked(actor, run, checked)
    return checked


def mend_rows(*, actor: Actor, run: ImportRun, mended: Mapping[int, Mapping[str, str]]) -> checking.Checked:
    """Correct cells of bad rows as typed on the page; the file itself stays as it came."""
    _open(run)
    with writing(actor, ACTION, place_id=run.district_id) as act:
        run.mended = _hold(run, OPEN).mended
        before = {str(row): run.mended.get(str(row), {}) for row in mended}
        for row, cells in mended.items():
            run.mended[str(row)] = {
                **run.mended.get(str(row), {}),
                **{name: text.strip()[:200] for name, text in cells.items()},
            }
        run.save(update_fields=["mended"])
        act.subject, act.before = run.public_id, before
        act.after = {str(row): run.mended[str(row)] for row in mended}
    return check_import(actor=actor, run=run)


def exclude_rows(*, actor: Actor, run: ImportRun, rows: list[int], reason: str) -> checking.Checked:
    """Leave bad rows out by name; who did it and why stands in the trail. Raises `Refused` without a reason."""
    _open(run)
    if not reason.strip():
        raise Refused(texts.fault(Finding("reason_missing", {}, "reason")))
    bad = checking.check_run(run).bad_rows
    missing = [row for row in rows if row not in bad]
    if missing or not rows:
        raise Refused(texts.fault(Finding("row_not_there", {"row": missing[0] if missing else "?"})))
    with writing(actor, ACTION, place_id=run.district_id, reason=reason) as act:
        run.excluded = _hold(run, OPEN).excluded
        for row in rows:
            run.excluded[str(row)] = reason.strip()[:200]
        run.save(update_fields=["excluded"])
        act.subject = run.public_id
        act.after = {"excluded": {str(row): bad[row] for row in rows[:100]}, "count": len(rows)}
    return check_import(actor=actor, run=run)


def include_row(*, actor: Actor, run: ImportRun, row: int) -> checking.Checked:
    """Take an excluded row in again."""
    _open(run)
    with writing(actor, ACTION, place_id=run.district_id) as act:
        run.excluded = _hold(run, OPEN).excluded
        act.before = {"excluded": {str(row): run.excluded.pop(str(row), "")}}
        act.subject = run.public_id
        run.save(update_fields=["excluded"])
    return check_import(actor=actor, run=run)


def accept_offer(*, actor: Actor, run: ImportRun, offer: str, reason: str = "") -> checking.Checked:
    """Accept one of the `checking.OFFERS`, or a proposed coordinate system by its code. Raises `Refused` for anything else.

    Two villages of one name need a reason, which stands in the trail.
    """
    _open(run)
    proposed = {one["facts"].get("code") for one in run.findings if one.get("code") == "crs_proposed"}
    if offer not in checking.OFFERS and offer not in proposed:
        raise Refused(texts.fault(Finding("offer_unknown")))
    if offer == "same_names" and not reason.strip():
        raise Refused(texts.fault(Finding("reason_missing", {}, "reason")))
    with writing(actor, ACTION, place_id=run.district_id, reason=reason) as act:
        held = _hold(run, OPEN)
        if offer in checking.OFFERS:
            value = reason.strip()[:200] if offer == "same_names" else True
            run.options = {**held.options, offer: value}
            act.after = {offer: value}
        else:
            run.crs, act.before = offer, {"crs": held.crs}
            act.after = {"crs": offer}
        run.save(update_fields=["options", "crs"])
        act.subject = run.public_id
    return check_import(actor=actor, run=run)


def abandon_import(*, actor: Actor, run: ImportRun) -> None:
    """Give a run up; its file stays for the record."""
    _open(run)
    _keep(actor, run, ImportStage.ABANDONED, since=OPEN)


def apply_import(*, actor: Actor, run: ImportRun, at: datetime | None = None) -> dict[str, Any]:
    """Apply a checked run in one transaction; returns what was done.

    Raises `Refused` while a bad row is neither mended nor excluded, or when the register has changed since the preview
    (which is then computed anew); nothing is written in either case.
    """
    _require(actor, run.district_id)
    if run.stage not in (ImportStage.CHECKED, ImportStage.APPLYING):
        raise Refused(texts.fault(Finding("stage_wrong", {"stage": texts.STAGES[ImportStage(run.stage)]})))
    checked = checking.check_run(run)
    if checked.has_errors:
        _keep_checked(actor, run, checked)
        count = max(len(checked.bad_rows), 1)
        raise Refused(
            [
                texts.fault(Finding("problems_left", {"count": count})),
                *texts.faults(_errors(checked)),
                *checked.event_faults,
            ]
        )
    if checked.mark != run.register_mark:
        _keep_checked(actor, run, checked)
        raise Refused(texts.fault(Finding("preview_stale")))
    now = at or timezone.now()
    try:
        with writing(actor, ACTION, place_id=run.district_id, at=now) as act:
            held = _hold(run, (ImportStage.CHECKED, ImportStage.APPLYING))
            if any(getattr(held, name) != getattr(run, name) for name in SETTLED):
                raise Refused(texts.fault(Finding("preview_stale")))
            if checked.district_id is not None:
                Place.objects.select_for_update().get(pk=checked.district_id)
            if register_mark(checked.district_id, run.on) != checked.mark:
                raise Refused(texts.fault(Finding("preview_stale")))
            result = apply_checked(actor=actor, run=run, checked=checked, at=now)
            run.stage, run.applied_at, run.result = ImportStage.APPLIED, now, result
            run.save(update_fields=["stage", "applied_at", "result", "district"])
            act.subject, act.place_id = run.public_id, run.district_id
            act.after = {
                **result, "sha256": run.file.sha256, "excluded": len(run.excluded), "mended": len(run.mended),
                "read": _read(checked.decisions),
            }  # fmt: skip
    except Refused:
        run.refresh_from_db()
        if run.stage in (ImportStage.CHECKED, ImportStage.APPLYING):
            _keep_checked(actor, run, checking.check_run(run))
        raise
    finally:
        progress.forget(run.public_id)
    return result


def queue_import(*, actor: Actor, run: ImportRun, stage: ImportStage) -> None:
    """Say that a job works on the run now."""
    _keep(actor, run, stage, since=OPEN)


def fail_import(*, actor: Actor, run: ImportRun, faults: list[Fault]) -> None:
    """A job could not finish; what it met is kept with the run, which can be checked again."""
    run.refresh_from_db()
    if run.stage in (ImportStage.CHECKING, ImportStage.APPLYING):
        _keep(actor, run, ImportStage.FAILED, findings=[texts.stored(one) for one in faults])


def _read(decisions: Sequence[Finding]) -> list[dict[str, Any]]:
    """What the reader decided, for the trail."""
    return [{"code": one.code, **{key: str(value) for key, value in one.facts.items()}} for one in decisions]


# -- inside ----------------------------------------------------------------------------------------------------------


def _require(actor: Actor, district_id: int | None) -> None:
    """A list without a known district may found one anywhere: only those in reach of everything may bring it."""
    if district_id is None and not scope(actor, ACTION).everything:
        raise Forbidden(texts.fault(Finding("district_unknown", {}, "district")))
    require(actor, ACTION, district_id)


def _open(run: ImportRun, *more: ImportStage) -> None:
    if run.stage not in (*OPEN, *more):
        raise Refused(texts.fault(Finding("stage_wrong", {"stage": texts.STAGES[ImportStage(run.stage)]})))


def _hold(run: ImportRun, stages: Sequence[ImportStage]) -> ImportRun:
    """Wait for one's turn at the run; its row as it stands now. Inside `writing`. Raises `Refused` in another stage."""
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.stage not in stages:
        raise Refused(texts.fault(Finding("stage_wrong", {"stage": texts.STAGES[ImportStage(held.stage)]})))
    return held


def _errors(checked: checking.Checked) -> list[Finding]:
    return [one for one in checked.findings if one.severity == "error"][:20]


def _keep_checked(actor: Actor, run: ImportRun, checked: checking.Checked) -> None:
    findings = sorted(
        checked.findings,
        key=lambda one: (one.severity != "error", one.severity, int(one.source) if one.source.isdigit() else 0),
    )
    counts = count_changes(checked.lines)
    lines = [{**asdict(line), "change": line.change.value} for line in checked.lines[: checking.MOST_LINES]]
    for line, figure in zip(lines, checked.figures, strict=False):
        line.update(figure)
    run.preview = {
        "counts": counts,
        "lines": lines,
        "founds": checked.founds,
        "read": [texts.stored(one) for one in checked.decisions],
        "errors": sum(one.severity == "error" for one in findings) + len(checked.event_faults),
        "warnings": sum(one.severity == "warning" for one in findings),
        "bad_rows": {str(row): cells for row, cells in list(checked.bad_rows.items())[: checking.MOST_FINDINGS]},
        "events": [
            {"title": one.title, "kind": one.spec.kind.value, "members": list(one.members), "rows": list(one.rows),
             "on": str(one.spec.on), "document": one.spec.document_number}
            for one in checked.mergers
        ],
    }  # fmt: skip
    run.register_mark = checked.mark
    kept: list[Finding | Fault] = [*findings[: checking.MOST_FINDINGS], *checked.event_faults]
    _keep(actor, run, ImportStage.CHECKED, findings=[texts.stored(one) for one in kept])


def _keep(
    actor: Actor,
    run: ImportRun,
    stage: ImportStage,
    findings: list[dict[str, object]] | None = None,
    since: Sequence[ImportStage] = UNFINISHED,
) -> None:
    with writing(actor, ACTION, place_id=run.district_id) as act:
        _hold(run, since)
        run.stage = stage
        if findings is not None:
            run.findings = findings
        run.save(update_fields=["stage", "findings", "preview", "register_mark"])
        act.subject = run.public_id
        act.after = {
            "stage": stage.value,
            **{key: run.preview.get(key) for key in ("counts", "errors") if key in run.preview},
            "read": [{"code": one["code"], **one["facts"]} for one in run.preview.get("read", [])],
        }
