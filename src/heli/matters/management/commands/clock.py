"""`heli clock due FILE`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from heli.kernel.faults import Refused, Unsound
from heli.kernel.forms import read_cases
from heli.kernel.workdays import calendar
from heli.matters.catalogues import office_hours
from heli.matters.rules.forms import CLOCK_FORM, clock_result
from heli.matters.texts import as_fault
from heli.records.reading import failed, read_file


class Command(BaseCommand):
    """Exit status 2 for a file that is no such form; what is wrong with a case is in its result."""

    requires_system_checks = ()
    help = "When something is due: working days, calendar days or office hours, without pauses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        due = commands.add_parser("due", help=f"compute the due days of a file ({CLOCK_FORM})")
        due.add_argument("file", type=Path, metavar="FILE", help="a file in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the results as JSON, in the order of the file."""
        try:
            cases = read_cases(read_file(options["file"]), CLOCK_FORM, "cases")
        except (Refused, Unsound) as wrong:
            raise failed(wrong, options["file"].name, as_fault) from wrong
        results = [clock_result(case, calendar(), office_hours(), as_fault) for case in cases]
        self.stdout.write(json.dumps({"form": CLOCK_FORM, "results": results}, ensure_ascii=False, indent=1))
