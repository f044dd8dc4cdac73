"""Builders of files and imports for tests, and who may open which page of imports."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from heli.kernel.access import SYSTEM
from heli.places.imports import services
from heli.places.imports.types import ImportKind
from heli.places.models import Place
from heli.places.models_imports import Comparison, ImportRun
from heli.ui.testing import AccessCase, Build, Kwargs

IMPORTERS = ("district_officer",)
ON = date(2019, 10, 31)
LATER = date(2020, 6, 30)


def csv_file(*rows: str, encoding: str = "utf-8") -> bytes:
    """A CSV file from its lines."""
    return ("\r\n".join(rows) + "\r\n").encode(encoding)


def excel_file(*rows: Sequence[Any], formulas: Sequence[tuple[int, int, str, Any]] = ()) -> bytes:
    """An .xlsx from rows; formulas as (row, column, formula, computed value), counted from 0."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("表1")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for row_number, column, formula, value in formulas:
        sheet.write_formula(row_number, column, formula, None, value)
    book.close()
    return buffer.getvalue()


def upload(
    kind: ImportKind, data: bytes, *, district: int | None, on: date = ON, name: str = "list.csv", **more: Any
) -> ImportRun:
    """Take a file in and check it."""
    run = services.upload_file(actor=SYSTEM, kind=kind, district_id=district, on=on, data=data, name=name, **more)
    services.check_import(actor=SYSTEM, run=run)
    return run


def _run(half: Any) -> Kwargs:
    """A checked list of the half's district that changes one name."""
    district: Place = half.district
    run = ImportRun.objects.filter(district=district, stage="checked").first()
    if run is None:
        run = upload(ImportKind.CODES, _later(half), district=district.pk, on=LATER)
    return {"public_id": run.public_id}


def _later(half: Any) -> bytes:
    six = "511603" if half.register.keys.get("岩门村") else "330302"
    town = half.towns[0]
    return csv_file("code,name,town_name", f"{six}100200,新名村委会,{town}")


def _comparison(half: Any) -> Kwargs:
    found = Comparison.objects.filter(district=half.district).first()
    if found is None:
        run = upload(ImportKind.CODES, _later(half), district=half.district.pk, on=LATER)
        services.apply_import(actor=SYSTEM, run=run)
        found = Comparison.objects.get(district=half.district)
    return {"public_id": found.public_id}


def _case(name: str, build: Any, **more: Any) -> AccessCase:
    return AccessCase(
        f"places:imports:{name}",
        IMPORTERS,
        own=lambda world: build(world.a),
        foreign=lambda world: build(world.b),
        **more,
    )


def _of_kind(kind: ImportKind) -> Build:
    """An address of a kind of import."""
    return lambda world: {"kind": kind.value}


def _district(half: Any) -> Kwargs:
    return {"district": half.district.public_id}


ACCESS: list[AccessCase] = [
    AccessCase("places:imports:home", IMPORTERS),
    *(AccessCase("places:imports:new", IMPORTERS, own=_of_kind(kind)) for kind in ImportKind),
    AccessCase("places:imports:new", IMPORTERS, own=lambda world: {"kind": "codes"}, method="post", success=(422,)),
    _case("template", _district),
    _case("neighbours", _district, method="post", success=(303,)),
    _case("run", _run),
    _case("columns", _run),
    _case("columns", _run, method="post", success=(422,)),
    _case("mend", _run, method="post", success=(303,)),
    _case("check", _run, method="post", success=(303,)),
    _case("apply", _run, method="post", success=(303,)),
    _case("abandon", _run, method="post", success=(303,)),
    _case("comparison", _comparison),
    _case("comparison_again", _comparison, method="post", success=(303,)),
    _case("group", lambda half: {**_comparison(half), "group": "new"}),
    _case("group", lambda half: {**_comparison(half), "group": "new"}, method="post", success=(200, 303)),
]
