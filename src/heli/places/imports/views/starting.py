"""Pages before a check: what can be imported, giving a file, matching its columns."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from heli.files.sheets import Unreadable
from heli.kernel.access import scope
from heli.kernel.faults import Refused
from heli.places import queries as register
from heli.places.imports import checking, columns, queries, services, texts
from heli.places.imports.forms import ColumnsForm, ReadingForm, UploadForm
from heli.places.imports.outlines import TOLERANCES_M
from heli.places.imports.readers import MAX_BYTES, check_size
from heli.places.imports.types import ImportKind, ImportStage
from heli.places.imports.views.shared import (
    IMPORT,
    TONES,
    at_field,
    find_district,
    find_run,
    importable_districts,
    start_check,
)
from heli.places.models_imports import ImportRun
from heli.places.proposals.queries import comparisons_in_scope
from heli.ui.forms import add_faults
from heli.ui.http import see_other
from heli.ui.pages import ActorRequest, page
from heli.ui.tables import Column, Table


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
                badge=lambda one: TONES[ImportStage(one.stage)],
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
        "districts": [(row.public_id, row.name) for row in importable_districts(request, timezone.localdate())],
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


@page(IMPORT)
def new(request: ActorRequest, kind: str) -> HttpResponse:
    """Give a file: it is read at once, and refused with its reason when it cannot be."""
    try:
        what = ImportKind(kind)
    except ValueError:
        raise Http404 from None
    districts = [
        (row.public_id, f"{row.name} {row.code[:6]}".strip())
        for row in importable_districts(request, timezone.localdate())
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
                district_id=find_district(request, given["district"]).pk if given["district"] else None,
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
            add_faults(form, [at_field("file", texts.fault(texts.finding_of(unreadable)))])
        except Refused as refused:
            where = {"day_implausible": "on"}
            add_faults(form, [at_field(where.get(one.code, "file"), one) for one in refused.faults])
        else:
            return _after_upload(request, run_)
    title, note = texts.KINDS[what]
    context = {
        "form": form, "kind": what.value, "title": gettext(title), "note": gettext(note), "limit": (MAX_BYTES + 1) >> 20,
        "fields": [texts.field_text(field.name) for field in columns.FIELDS[what]],
    }  # fmt: skip
    return render(request, "places/imports/new.html", context, status=422 if form.errors else 200)


def _after_upload(request: ActorRequest, run_: ImportRun) -> HttpResponse:
    table, _, _ = checking.read_run_table(run_)
    remembered = queries.remembered_mapping(run_.kind, run_.district_id, columns.signature(table.headers, table.units))
    if remembered:
        messages.info(request, gettext(texts.TEXTS["mapping_reused"]))
    elif (
        run_.kind == ImportKind.FACTS
        or not services.is_mapped(run_, headers=table.headers)
        or (run_.kind == ImportKind.OUTLINES and len(table.sheets) > 1)  # which layer is a person's to say
    ):
        return see_other("places:imports:columns", run_.public_id)
    start_check(request, run_)
    return see_other("places:imports:run", run_.public_id)


@page(IMPORT)
def match_columns(request: ActorRequest, public_id: str) -> HttpResponse:
    """Say how the file is read and which column holds what; remembered for the next file of this layout."""
    run_ = find_run(request, public_id)
    try:
        table, _, _ = checking.read_run_table(run_)
    except Unreadable as unreadable:
        raise Refused(texts.fault(texts.finding_of(unreadable))) from unreadable
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
            add_faults(reading, [at_field("header_row", one) for one in refused.faults])
        else:
            return see_other("places:imports:columns", public_id)
    if request.method == "POST" and not otherwise and form.is_valid():
        try:
            services.map_columns(actor=request.actor, run=run_, mapping=form.mapping(), options=form.options())
        except Refused as refused:
            add_faults(form, refused.faults)
        else:
            start_check(request, run_)
            return see_other("places:imports:run", run_.public_id)
    asked = columns.check_mapping(kind, run_.mapping, table.headers, run_.options.get("left_out", ()))
    context = {
        "run": run_, "form": form, "headers": table.headers, "may_reread": bool(reading.fields), "reading": reading,
        "decisions": [texts.fault(one).message for one in table.decisions],
        "faults": [texts.fault(one) for one in asked if one.code.startswith("header_")],
        "samples": [[texts_of(cell) for cell in row.cells] for row in table.rows[:5]],
    }  # fmt: skip
    return render(request, "places/imports/columns.html", context, status=422 if form.errors or reading.errors else 200)


def texts_of(cell: Any) -> str:
    """A cell as the page shows it."""
    return "" if cell is None else str(cell)[:60]
