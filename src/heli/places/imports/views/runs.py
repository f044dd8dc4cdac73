"""Pages of a run: problems, preview, mending, applying, giving up."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from heli.kernel.faults import Refused
from heli.places import queries as register
from heli.places import texts as register_texts
from heli.places.imports import checking, jobs, progress, services, texts
from heli.places.imports.types import Change, ImportKind, ImportStage
from heli.places.imports.views.shared import CHANGE_TONES, IMPORT, PREVIEW_FIRST, TONES, find_run, start_check
from heli.places.measures import measures
from heli.places.models_imports import ImportRun
from heli.places.proposals.queries import find_comparison
from heli.ui.http import see_other, whole_number
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table


@page(IMPORT)
def run(request: ActorRequest, public_id: str) -> HttpResponse:
    """One import: progress, problems to be mended, the preview, or the result."""
    run_ = find_run(request, public_id)
    lines = run_.preview.get("lines", [])
    table = _preview_table(request, run_, lines)
    if table.export:
        return table.export_response()
    told = progress.heard(run_.public_id)
    names = register.rows_of([run_.district_id], run_.on) if run_.district_id else {}
    district = names.get(run_.district_id or 0)
    counts = run_.preview.get("counts", {})
    comparison = find_comparison(run_.result.get("comparison", ""))
    context = {
        "run": run_,
        "kind": gettext(texts.KINDS[ImportKind(run_.kind)][0]),
        "stage": gettext(texts.STAGES[ImportStage(run_.stage)]),
        "tone": TONES[ImportStage(run_.stage)],
        "district": district,
        "faults": [texts.restored(one) for one in run_.findings],
        "decisions": [texts.restored(one).message for one in run_.preview.get("read", [])],
        "errors": run_.preview.get("errors", 0),
        "bad": _bad_rows(run_),
        "excluded": [
            (row, texts.row_text(int(row)), reason)
            for row, reason in sorted(run_.excluded.items(), key=lambda one: int(one[0]))
        ],
        "counts": [
            (change.value, gettext(texts.CHANGES[change]), counts.get(change.value, 0), CHANGE_TONES[change])
            for change in Change
        ],
        "table": table,
        "is_open": run_.stage in services.OPEN,
        "may_apply": run_.stage == ImportStage.CHECKED and not run_.preview.get("errors"),
        "is_working": run_.stage in (ImportStage.CHECKING, ImportStage.APPLYING),
        "progress": told,
        "comparison": comparison,
        "result": _result(run_),
        "offers": _offers(run_),
    }
    return render(request, "places/imports/run.html", context)


def _offers(run_: ImportRun) -> list[tuple[str, str]]:
    """What can be accepted for all rows at once: (offer, its words)."""
    found = {one["code"]: one.get("facts", {}) for one in run_.findings}
    offers = [(offer, gettext(texts.OFFERS[offer])) for offer, code in checking.OFFERS.items() if code in found]
    if proposed := found.get("crs_proposed"):
        text = gettext("Read it as %(system)s (%(code)s)")
        offers.append((proposed["code"], text % {"system": proposed["system"], "code": proposed["code"]}))
    return offers


def _preview_table(request: ActorRequest, run_: ImportRun, lines: list[dict[str, Any]]) -> Table:
    order = {change.value: i for i, change in enumerate(PREVIEW_FIRST)}
    rows = sorted(lines, key=lambda line: (order[line["change"]], line["code"], line["name"]))
    shown = [
        Column(
            "change", gettext("What changes"), labels={change.value: gettext(text) for change, text in texts.CHANGES.items()},
            badge=lambda one: CHANGE_TONES[Change(one["change"])], filter=True,
        ),
        Column("code", gettext("Code"), kind="code"),
        Column("name", gettext("Name")),
        Column("before", gettext("Before")),
        Column("town", gettext("Township or subdistrict"), filter=True),
        Column("row", gettext("Row"), value=lambda one: texts.row_text(one["row"]) if one["row"] else ""),
    ]  # fmt: skip
    if run_.kind == ImportKind.FACTS:
        shown.insert(
            3,
            Column(
                "measure", gettext("Figure"), value=lambda one: texts.field_text(one.get("measure", "")), filter=True
            ),
        )
        shown.insert(4, Column("said", gettext("In the file"), value=lambda one: one.get("said", "")))
        shown.insert(5, Column("value", gettext("Stored as"), value=lambda one: _stored(one, "value")))
        shown[6] = Column("before", gettext("Before"), value=lambda one: _stored(one, "old"))
    return Table(
        "preview", request, rows=rows, columns=shown, search=("code", "name", "before", "town"), page_size=100,
        empty=gettext("Nothing would change."), sample=run_.is_sample,
    )  # fmt: skip


def _stored(line: dict[str, Any], which: str) -> str:
    """A figure of the preview in words, in the unit it is kept in."""
    value = line.get(which)
    return "" if value is None else register_texts.stored_text(measures()[line["measure"]], value)


def _bad_rows(run_: ImportRun) -> list[dict[str, Any]]:
    """Bad rows with their cells and what is wrong, as the mending form shows them."""
    by_row: dict[str, list[str]] = {}
    for kept in run_.findings:
        if kept["severity"] == "error" and kept["source"].isdigit():
            one = texts.restored(kept)
            by_row.setdefault(kept["source"], []).append(f"{one.field}：{one.message}" if one.field else one.message)
    return [
        {
            "row": row,
            "place": texts.row_text(int(row)),
            "cells": [(name, texts.field_text(name), text) for name, text in cells.items()],
            "faults": by_row.get(row, []),
        }
        for row, cells in sorted(run_.preview.get("bad_rows", {}).items(), key=lambda one: int(one[0]))
    ]


def _result(run_: ImportRun) -> list[tuple[str, int]]:
    words = {
        "founded": gettext("Founded"), "listed": gettext("Units in the list"), "new": gettext("New"),
        "changed": gettext("Different"),
        "corrected": gettext("Corrected"), "unchanged": gettext("Unchanged"), "gone": gettext("Not in the list"),
        "events": gettext("Events recorded"), "drawn": gettext("Outlines and points"), "filled": gettext("Filled in"),
        "redrawn": gettext("Drawn anew"), "converted": gettext("Converted coordinates"), "repaired": gettext("Repaired outlines"),
    }  # fmt: skip
    return [(words[key], value) for key, value in run_.result.items() if key in words and isinstance(value, int)]


@page(IMPORT)
@require_POST
def mend(request: ActorRequest, public_id: str) -> HttpResponse:
    """Correct cells of bad rows, leave some out with a reason, take one in again, or accept repairs."""
    run_ = find_run(request, public_id)
    given = request.POST
    try:
        if given.get("include"):
            services.include_row(actor=request.actor, run=run_, row=_number(given["include"]))
        elif given.get("accept"):
            services.accept_offer(actor=request.actor, run=run_, offer=given["accept"], reason=given.get("reason", ""))
        else:
            chosen = [_number(row) for row in given.getlist("exclude")]
            if chosen:
                services.exclude_rows(actor=request.actor, run=run_, rows=chosen, reason=given.get("reason", ""))
            mended = _mended(run_, given, set(chosen))
            if mended:
                services.mend_rows(actor=request.actor, run=run_, mended=mended)
            if not chosen and not mended:
                messages.info(request, gettext("Nothing was changed. Correct a cell, or tick the rows to leave out."))
    except Refused as refused:
        for one in refused.faults:
            messages.error(request, one.message)
    return see_other("places:imports:run", public_id)


def _number(text: str) -> int:
    return whole_number(text) or 0


def _mended(run_: ImportRun, given: Any, left_out: set[int]) -> dict[int, dict[str, str]]:
    """Cells that differ from what the page showed."""
    mended: dict[int, dict[str, str]] = {}
    for row, cells in run_.preview.get("bad_rows", {}).items():
        if int(row) in left_out:
            continue
        typed = {name: given.get(f"cell-{row}-{name}", text) for name, text in cells.items()}
        changed = {name: text for name, text in typed.items() if text.strip() != cells[name]}
        if changed:
            mended[int(row)] = changed
    return mended


@page(IMPORT)
@require_POST
def check(request: ActorRequest, public_id: str) -> HttpResponse:
    """Check again, against the register as it stands now."""
    start_check(request, find_run(request, public_id))
    return see_other("places:imports:run", public_id)


@page(IMPORT)
@require_POST
def apply(request: ActorRequest, public_id: str) -> HttpResponse:
    """Apply what the preview shows, all or nothing."""
    try:
        jobs.start_apply(actor=request.actor, run=find_run(request, public_id), language=get_language() or "zh-hans")
    except Refused as refused:
        for one in refused.faults:
            messages.error(request, one.message)
    return see_other("places:imports:run", public_id)


@page(IMPORT)
@require_POST
def abandon(request: ActorRequest, public_id: str) -> HttpResponse:
    """Give an import up."""
    try:
        services.abandon_import(actor=request.actor, run=find_run(request, public_id))
    except Refused as refused:
        for one in refused.faults:
            messages.error(request, one.message)
    return see_other("places:imports:home")
