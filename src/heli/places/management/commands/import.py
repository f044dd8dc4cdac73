# ruff: noqa: N999 — the command is called import
"""`heli import codes|facts|outlines|points|mergers|grids|buildings|national FILE`: imports from the command line."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from heli.files.sheets import ENCODINGS, Unreadable
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Fault, Finding, Refused
from heli.places.imports import checking, columns, national, queries, services, texts
from heli.places.imports.national_services import import_national
from heli.places.imports.types import ImportKind
from heli.places.models_imports import ImportRun


class Command(BaseCommand):
    """Imports a file; every problem is said on stderr with its row, field and remedy, and nothing is written then."""

    requires_system_checks = ()
    help = "Import official code lists, figures, outlines, points, merger lists, grids, buildings; national lists only here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to import, and for which day."""
        parser.add_argument("what", choices=[*(kind.value for kind in ImportKind), "national"])
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--on", type=date.fromisoformat, required=True, help="the day the file speaks of, 2019-10-31"
        )
        parser.add_argument("--source", default="", help="title of the source; the file's name if left out")
        parser.add_argument("--attribution", default="", help="who published it, under which licence")
        parser.add_argument("--district", default="", help="six-digit code of the district")
        parser.add_argument("--district-name", default="", help="its name, when its first list founds it")
        parser.add_argument("--crs", default="", help="coordinate system: EPSG:4490, EPSG:4326, gcj02, bd09, …")
        parser.add_argument("--document", default="", help="document number of a merger list without such a column")
        parser.add_argument("--unit", default="", choices=["", "km2", "ha", "mu", "m2"], help="unit of area columns")
        parser.add_argument(
            "--money", default="", choices=["", "元", "千元", "万元", "亿元"], help="unit of columns of money"
        )
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=HEADER", help="which column holds a field"
        )
        parser.add_argument("--not-read", action="append", default=[], metavar="HEADER", help="a column to be left out")
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            help="a sheet to be read, several are read together; of geodata the layer",
        )
        parser.add_argument("--header-row", type=int, default=0, help="first row of the header, where it is not found")
        parser.add_argument("--header-rows", type=int, default=0, choices=[0, 1, 2, 3], help="rows of the header")
        parser.add_argument(
            "--encoding", default="", choices=["", *ENCODINGS], help="letters of a CSV file or Shapefile"
        )
        parser.add_argument("--join", action="store_true", help="several rows of one village are parts of its outline")
        parser.add_argument("--repair", action="store_true", help="accept the repair of outlines that cross themselves")
        parser.add_argument(
            "--exclude", type=int, action="append", default=[], metavar="ROW", help="leave a bad row out"
        )
        parser.add_argument("--reason", default="", help="why rows are left out")
        parser.add_argument("--check-only", action="store_true", help="say what would change and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one import."""
        try:
            if options["what"] == "national":
                self.national(options)
            else:
                self.one(options)
        except Unreadable as unreadable:
            self.refuse([texts.fault(texts.finding_of(unreadable))])
        except Refused as refused:
            self.refuse(list(refused.faults))
        except OSError as wrong:
            raise CommandError(str(wrong)) from wrong

    def one(self, options: dict[str, Any]) -> None:
        """A file of one district."""
        path: Path = options["file"]
        district_id = None
        if options["district"]:
            district_id = queries.district_by_code(options["district"], options["on"])
        kind = ImportKind(options["what"])
        run = services.upload_file(
            actor=SYSTEM, kind=kind, district_id=district_id, on=options["on"], data=path.read_bytes(), name=path.name,
            title=options["source"], attribution=options["attribution"], district_name=options["district_name"],
            crs=options["crs"],
            options={
                "document": options["document"],
                "repair": options["repair"],
                "join": options["join"],
                "units": [
                    columns.CHOSEN.get(unit, unit) for unit in (options["unit"], options["money"]) if unit
                ],
                "reading": {
                    name: value
                    for name, value in (
                        ("sheets", options["sheet"]), ("header_row", options["header_row"]),
                        ("header_rows", options["header_rows"]), ("encoding", options["encoding"]),
                    )
                    if value
                },
            },
        )  # fmt: skip
        if options["column"] or options["not_read"]:
            self.match(run, options["column"], options["not_read"])
        services.check_import(actor=SYSTEM, run=run)
        if options["exclude"]:
            services.exclude_rows(actor=SYSTEM, run=run, rows=options["exclude"], reason=options["reason"])
        self.say_findings(run)
        if options["check_only"]:
            services.abandon_import(actor=SYSTEM, run=run)
            return
        result = services.apply_import(actor=SYSTEM, run=run)
        self.stdout.write(", ".join(f"{key}: {value}" for key, value in result.items()))

    def match(self, run: ImportRun, given: list[str], not_read: list[str]) -> None:
        """Columns as named on the command line, beside those that their headers tell."""
        table, _, _ = checking.read_run_table(run)

        def column(header: str) -> int:
            if header not in table.headers:
                shown = "、".join(one for one in table.headers if one)
                self.refuse([texts.fault(Finding("header_unknown", {"header": header, "headers": shown}))])
            return table.headers.index(header)

        known = {field.name for field in columns.FIELDS[ImportKind(run.kind)]}
        chosen = {}
        for one in given:
            name, _, header = one.partition("=")
            if name not in known:
                self.refuse(
                    [texts.fault(Finding("field_unknown", {"field": name, "fields": ", ".join(sorted(known))}))]
                )
            chosen[name] = column(header)
        taken = {**{name: at for name, at in run.mapping.items() if at not in chosen.values()}, **chosen}
        left_out = [column(header) for header in not_read]
        mapping = {name: at for name, at in taken.items() if at not in left_out}
        services.map_columns(actor=SYSTEM, run=run, mapping=mapping, options={}, left_out=left_out)

    def national(self, options: dict[str, Any]) -> None:
        """A list of the whole country."""
        listed = national.open_national(options["file"])
        check = national.check_national(listed, excluded=frozenset(options["exclude"]), say=self.say_progress)
        for code, count in sorted(check.warnings.items()):
            example = next(texts.fault(one) for one in check.shown if one.code == code)
            self.stderr.write(f"{code} × {count}: {self.line(example)}")
        if options["check_only"]:
            if check.errors:
                self.refuse(texts.faults(check.errors))
            return
        result = import_national(
            actor=SYSTEM, listed=listed, check=check, on=options["on"], title=options["source"] or listed.name,
            attribution=options["attribution"], reason=options["reason"], say=self.say_progress,
        )  # fmt: skip
        if result.nothing_new:
            self.stdout.write(gettext("This very list is in the register already. Nothing changed."))
            return
        if result.districts_unknown:
            self.stderr.write(
                gettext("Districts of the list that the register does not know under this code: %(names)s")
                % {"names": "、".join(result.districts_unknown)}
            )
        self.stdout.write(
            f"rows: {check.rows}, listed: {result.listed}, founded: {result.founded}, compared: {result.compared}, "
            f"proposals: {result.proposals}"
        )

    def say_findings(self, run: ImportRun) -> None:
        """Findings on stderr, counts on stdout."""
        for one in run.preview.get("read", []):
            self.stdout.write(texts.restored(one).message)
        for one in run.findings:
            self.stderr.write(self.line(texts.restored(one)))
        self.stdout.write(", ".join(f"{key}: {value}" for key, value in run.preview.get("counts", {}).items()))

    def refuse(self, faults: list[Fault]) -> None:
        """Say what is wrong and end with status 1."""
        for one in faults[:200]:
            self.stderr.write(self.line(one))
        raise CommandError(gettext("Nothing was written."))

    def say_progress(self, step: str, done: int, whole: int) -> None:
        """A line that overwrites itself, where somebody watches."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r{step} {done:,} / {whole:,}", ending="")

    @staticmethod
    def line(fault: Fault) -> str:
        """One problem on one line."""
        where = " · ".join(part for part in (fault.source, fault.field) if part)
        return f"{fault.severity}: {where + ': ' if where else ''}{fault.message}"
