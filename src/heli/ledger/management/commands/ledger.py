"""`heli ledger carry FILE.json`, `heli ledger dividend FILE.json` and `heli ledger export HOLDER…`."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heli.kernel.access import Scope
from heli.kernel.faults import Refused, Unsound
from heli.kernel.forms import read_cases
from heli.ledger.catalogues import account_classes, dividend_laws, export_roots
from heli.ledger.queries import find_collective
from heli.ledger.queries.books import export_lines
from heli.ledger.rules.export import FORMATS, HLEDGER, write_journal
from heli.ledger.rules.forms import CARRY_FORM, DIVIDEND_FORM, carry_result, dividend_result
from heli.ledger.texts import as_fault
from heli.records.reading import failed, read_file

FORMS = {
    "carry": (CARRY_FORM, "carry books, property and contracts to their successors"),
    "dividend": (DIVIDEND_FORM, "set aside reserve and welfare, and share the rest to the fen"),
}


class Command(BaseCommand):
    """Exit status 2 for a file that is no such form; what is wrong with a case is in its result."""

    requires_system_checks = ()
    help = "The books of collectives in whole fen: carry them over in a merger or a division, and share a dividend."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        for name, (form, told) in FORMS.items():
            one = commands.add_parser(name, help=f"{told} ({form})")
            one.add_argument("file", type=Path, metavar="FILE", help="a file in JSON")
        export = commands.add_parser("export", help="print books as a journal that another program recounts")
        export.add_argument("holders", nargs="+", metavar="HOLDER", help="the public id of a holder, as in its address")
        export.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="of which program (default hledger)")
        export.add_argument("--to", type=date.fromisoformat, default=date.max, metavar="DAY", help="up to this day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the results as JSON, in the order of the file; of an export the journal."""
        if options["subcommand"] == "export":
            self._export(options["holders"], options["format"], options["to"])
            return
        form, _told = FORMS[options["subcommand"]]
        try:
            cases = read_cases(read_file(options["file"]), form, "cases")
        except (Refused, Unsound) as wrong:
            raise failed(wrong, options["file"].name, as_fault) from wrong
        if form == CARRY_FORM:
            results = [carry_result(case, as_fault) for case in cases]
        else:
            results = [dividend_result(case, dividend_laws(), as_fault) for case in cases]
        self.stdout.write(json.dumps({"form": form, "results": results}, ensure_ascii=False, indent=1))

    def _export(self, holders: list[str], form: str, until: date) -> None:
        """Exit status 2 for a holder that keeps no books."""
        known = {name: find_collective(name, Scope(everything=True)) for name in holders}
        if unknown := [name for name, one in known.items() if one is None]:
            raise CommandError(f"no holder has the public id {', '.join(unknown)}", returncode=2)
        lines = export_lines([one.pk for one in known.values() if one is not None], until)
        roots = export_roots("zh" if form == HLEDGER else "en")
        for line in write_journal(lines, form, account_classes(), roots):
            self.stdout.write(line)
