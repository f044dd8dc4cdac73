"""Pages of imports: what to import, the file, its columns, problems, preview, apply, result, history."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from heli.files import apart
from heli.files.services import sent_by
from heli.files.sheets import Unreadable
from heli.kernel.access import scope
from heli.kernel.problems import Problem, Refused
from heli.places import queries as register
from heli.places import texts as register_texts
from heli.places.imports import checking, columns, jobs, progress, queries, services, texts
from heli.places.imports.forms import ColumnsForm, ReadingForm, UploadForm
from heli.places.imports.neighbouring import compute_neighbours
from heli.places.imports.outlines import TOLERANCES_M, read_lines
from heli.places.imports.readers import MAX_BYTES, check_size
from heli.places.imports.template_file import facts_template
from heli.places.imports.types import Change, ImportKind, Stage
from heli.places.measures import measures
from heli.places.models import Place
from heli.places.models_imports import Comparison, ImportRun
from heli.places.proposals.queries import comparisons_in_scope
from heli.places.types import Level
from heli.ui.forms import add_problems
from heli.ui.http import download, plausible_day, see_other, whole_number
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table

IMPORT = "places.import"
TONES = {
    Stage.APPLIED: "good", Stage.FAILED: "bad", Stage.ABANDONED: "quiet", Stage.CHECKED: "warn", Stage.UPLOADED: "info",
    Stage.CHECKING: "info", Stage.APPLYING: "info",
}  # fmt: skip
CHANGE_TONES = {Change.NEW: "good", Change.CHANGED: "warn", Change.UNCHANGED: "quiet", Change.GONE: "bad"}
PREVIEW_FIRST = (Change.NEW, Change.CHANGED, Change.GONE, Change.UNCHANGED)


@page(IMPORT)
def home(request: ActorRequest) -> HttpResponse:
    """What can be imported, what was, and which lists wait for a decision about lineage."""
    runs = queries.runs_in_scope(scope(request.actor, IMPORT))
    table = Table(
        "imports",
        request,
        rows=runs,
        columns=[
            Column("title", gettext("Source"), link=lambda one: reverse("places:imports:run", args=[one.public_id])),
            Column(
                "kind",
                gettext("What it is"),
                labels={kind.value: gettext(text) for kind, (text, _) in texts.KINDS.items()},
                filter=True,
            ),
            Column("on", gettext("Of the day"), kind="date"),
            Column(
                "stage",
                gettext("State"),
                labels={stage.value: gettext(text) for stage, text in texts.STAGES.items()},
                badge=lambda one: TONES[Stage(one.stage)],
                filter=True,
            ),
            Column("started_by_name", gettext("By")),
            Column("started_at", gettext("Begun"), kind="datetime"),
        ],
        search=("title", "started_by_name"),
        empty=gettext("Nothing was imported yet. Begin with the official code list."),
        replaces=gettext("the register of received lists"),
    )
    if table.export:
        return table.export_response()
    context = {
        "kinds": [(kind.value, gettext(title), gettext(note)) for kind, (title, note) in texts.KINDS.items()],
        "table": table,
        "comparisons": _comparisons(request),
        "districts": [(row.public_id, row.name) for row in _districts(request, timezone.localdate())],
        "tolerances": TOLERANCES_M,
    }
    return render(request, "places/imports/home.html", context)


def _comparisons(request: ActorRequest) -> list[dict[str, Any]]:
    found = comparisons_in_scope(scope(request.actor, IMPORT)).order_by("-compared_at")[:20]
    names = register.rows_of([one.district_id for one in found], timezone.localdate())
    return [
        {
            "comparison": one,
            "district": names[one.district_id].name if one.district_id in names else "",
            "open": one.proposals.filter(decision="open").count(),
        }
        for one in found
    ]


def _districts(request: ActorRequest, on: date) -> list[Any]:
    """Districts the actor may import for."""
    reach = scope(request.actor, IMPORT)
    if reach.everything:
        return register.districts(on)
    return register.districts(
        on, list(register.in_scope(reach).filter(level=Level.DISTRICT).values_list("pk", flat=True))
    )


def _district(request: ActorRequest, public_id: str) -> Place:
    place = register.in_scope(scope(request.actor, IMPORT)).filter(public_id=public_id, level=Level.DISTRICT).first()
    if place is None:
        raise Http404
    return place


def _run(request: ActorRequest, public_id: str) -> ImportRun:
    found = queries.runs_in_scope(scope(request.actor, IMPORT)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@page(IMPORT)
def new(request: ActorRequest, kind: str) -> HttpResponse:
    """Give a file: it is read at once, and refused with its reason when it cannot be."""
    try:
        what = ImportKind(kind)
    except ValueError:
        raise Http404 from None
    districts = [
        (row.public_id, f"{row.name} {row.code[:6]}".strip()) for row in _districts(request, timezone.localdate())
    ]
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        kind=what,
        districts=districts,
        may_found=scope(request.actor, IMPORT).everything,
        initial={"district": districts[0][0] if len(districts) == 1 else "", "on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            file = given["file"]
            check_size(file.size or 0)
            run_ = services.upload_file(
                actor=request.actor,
                kind=what,
                district_id=_district(request, given["district"]).pk if given["district"] else None,
                on=given["on"],
                data=file.read(),
                name=file.name or "file",
                title=given["title"],
                attribution=given["attribution"],
                district_name=given.get("district_name", ""),
                crs=given.get("crs", ""),
                options={"document": given["document"]} if given.get("document") else {},
            )
        except Unreadable as unreadable:
            add_problems(form, [_at("file", texts.problem(texts.finding_of(unreadable)))])
        except Refused as refused:
            where = {"day_implausible": "on"}
            add_problems(form, [_at(where.get(one.code, "file"), one) for one in refused.problems])
        else:
            return _after_upload(request, run_)
    title, note = texts.KINDS[what]
    context = {
        "form": form, "kind": what.value, "title": gettext(title), "note": gettext(note), "limit": (MAX_BYTES + 1) >> 20,
        "fields": [texts.field_text(field.name) for field in columns.FIELDS[what]],
    }  # fmt: skip
    return render(request, "places/imports/new.html", context, status=422 if form.errors else 200)


def _at(field: str, problem: Problem) -> Problem:
    """The problem at the form's field."""
    return Problem(problem.code, problem.message, problem.severity, field, problem.source)


def _after_upload(request: ActorRequest, run_: ImportRun) -> HttpResponse:
    table, _, _ = checking.read_run_table(run_)
    remembered = queries.remembered_mapping(run_.kind, run_.district_id, columns.signature(table.headers, table.units))
    if remembered:
        messages.info(request, gettext(texts.TEXTS["mapping_reused"]))
    elif (
        run_.kind == ImportKind.FACTS
        or not services.is_mapped(run_, table.headers)
        or (run_.kind == ImportKind.OUTLINES and len(table.sheets) > 1)  # which layer is a person's to say
    ):
        return see_other("places:imports:columns", run_.public_id)
    _check(request, run_)
    return see_other("places:imports:run", run_.public_id)


def _check(request: ActorRequest, run_: ImportRun) -> None:
    try:
        jobs.start_check(actor=request.actor, run=run_, language=get_language() or "zh-hans")
    except Refused as refused:
        for one in refused.problems:
            messages.error(request, one.message)


@page(IMPORT)
def match_columns(request: ActorRequest, public_id: str) -> HttpResponse:
    """Say how the file is read and which column holds what; remembered for the next file of this layout."""
    run_ = _run(request, public_id)
    try:
        table, _, _ = checking.read_run_table(run_)
    except Unreadable as unreadable:
        raise Refused(texts.problem(texts.finding_of(unreadable))) from unreadable
    kind = ImportKind(run_.kind)
    otherwise = request.method == "POST" and "reread" in request.POST
    reading = ReadingForm(
        request.POST if otherwise else None, table=table, reading=run_.options.get("reading", {}), prefix="read"
    )
    initial: dict[str, Any] = {name: str(column) for name, column in run_.mapping.items()}
    initial |= {f"unit_{name}": columns.CHOSEN.get(str(unit), unit) for name, unit in run_.options.items()}
    form = ColumnsForm(
        request.POST if request.method == "POST" and not otherwise else None,
        kind=kind,
        headers=table.headers,
        initial=initial,
    )
    if otherwise and reading.is_valid():
        try:
            services.read_otherwise(actor=request.actor, run=run_, reading=reading.reading())
        except Refused as refused:
            add_problems(reading, [_at("header_row", one) for one in refused.problems])
        else:
            return see_other("places:imports:columns", public_id)
    if request.method == "POST" and not otherwise and form.is_valid():
        try:
            services.map_columns(actor=request.actor, run=run_, mapping=form.mapping(), options=form.options())
        except Refused as refused:
            add_problems(form, refused.problems)
        else:
            _check(request, run_)
            return see_other("places:imports:run", run_.public_id)
    asked = columns.check_mapping(kind, run_.mapping, table.headers, run_.options.get("left_out", ()))
    context = {
        "run": run_, "form": form, "headers": table.headers, "may_reread": bool(reading.fields), "reading": reading,
        "decisions": [texts.problem(one).message for one in table.decisions],
        "problems": [texts.problem(one) for one in asked if one.code.startswith("header_")],
        "samples": [[texts_of(cell) for cell in row.cells] for row in table.rows[:5]],
    }  # fmt: skip
    return render(request, "places/imports/columns.html", context, status=422 if form.errors or reading.errors else 200)


def texts_of(cell: Any) -> str:
    """A cell as the page shows it."""
    return "" if cell is None else str(cell)[:60]


@page(IMPORT)
def run(request: ActorRequest, public_id: str) -> HttpResponse:
    """One import: progress, problems to be mended, the preview, or the result."""
    run_ = _run(request, public_id)
    lines = run_.preview.get("lines", [])
    table = _preview_table(request, run_, lines)
    if table.export:
        return table.export_response()
    told = progress.heard(run_.public_id)
    names = register.rows_of([run_.district_id], run_.on) if run_.district_id else {}
    district = names.get(run_.district_id or 0)
    counts = run_.preview.get("counts", {})
    comparison = Comparison.objects.filter(public_id=run_.result.get("comparison", "")).first()
    context = {
        "run": run_,
        "kind": gettext(texts.KINDS[ImportKind(run_.kind)][0]),
        "stage": gettext(texts.STAGES[Stage(run_.stage)]),
        "tone": TONES[Stage(run_.stage)],
        "district": district,
        "problems": [texts.restored(one) for one in run_.findings],
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
        "may_apply": run_.stage == Stage.CHECKED and not run_.preview.get("errors"),
        "is_working": run_.stage in (Stage.CHECKING, Stage.APPLYING),
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
            "problems": by_row.get(row, []),
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
    run_ = _run(request, public_id)
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
        for one in refused.problems:
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
    _check(request, _run(request, public_id))
    return see_other("places:imports:run", public_id)


@page(IMPORT)
@require_POST
def apply(request: ActorRequest, public_id: str) -> HttpResponse:
    """Apply what the preview shows, all or nothing."""
    try:
        jobs.start_apply(actor=request.actor, run=_run(request, public_id), language=get_language() or "zh-hans")
    except Refused as refused:
        for one in refused.problems:
            messages.error(request, one.message)
    return see_other("places:imports:run", public_id)


@page(IMPORT)
@require_POST
def abandon(request: ActorRequest, public_id: str) -> HttpResponse:
    """Give an import up."""
    try:
        services.abandon_import(actor=request.actor, run=_run(request, public_id))
    except Refused as refused:
        for one in refused.problems:
            messages.error(request, one.message)
    return see_other("places:imports:home")


@page(IMPORT)
def template(request: ActorRequest, district: str) -> HttpResponse:
    """The Excel template for figures with the district's villages filled in."""
    place = _district(request, district)
    on = plausible_day(request.GET.get("on")) or timezone.localdate()
    version = register.version_on(place.pk, on)
    name = version.name if version else district
    standing = {
        (place_id, measure): value for (place_id, measure, _), value in queries.standing_facts(place.pk, [on]).items()
    }
    content = facts_template(name, queries.known_on(place.pk, on), on, standing)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(content, name=f"{name} {gettext('figures')} {on}.xlsx", content_type=kind)


@page(IMPORT)
@require_POST
def neighbours(request: ActorRequest, district: str) -> HttpResponse:
    """Compute a district's neighbours from its outlines or points."""
    place = _district(request, district)
    given = request.FILES.get("barriers")
    try:
        with sent_by(request.actor, given.name or "" if given else "", place_id=place.pk):
            barriers = apart.call(read_lines, given.read(), given.name or "") if given else []
        counts, noticed = compute_neighbours(
            actor=request.actor,
            district_id=place.pk,
            on=timezone.localdate(),
            barriers=barriers,
            tolerance_m=next(
                (one for one in TOLERANCES_M if str(one) == request.POST.get("tolerance")), TOLERANCES_M[0]
            ),
        )
    except Unreadable as unreadable:
        messages.error(request, texts.problem(texts.finding_of(unreadable)).message)
        return see_other("places:imports:home")
    except Refused as refused:
        for one in refused.problems:
            messages.error(request, one.message)
        return see_other("places:imports:home")
    messages.success(
        request,
        gettext("%(new)s pairs of neighbours computed, %(parted)s of them parted; %(kept)s edited by hand stay.")
        % counts,
    )
    for one in noticed[:10]:
        messages.warning(request, f"{one.source} {one.message}".strip())
    return see_other("places:neighbours", place.public_id)
