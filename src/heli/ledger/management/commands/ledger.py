"""`heli ledger carry FILE.json` and `heli ledger dividend FILE.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from heli.kernel.faults import Refused, Unsound
from heli.kernel.forms import read_cases
from heli.ledger.catalogues import dividend_laws
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

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the results as JSON, in the order of the file."""
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
