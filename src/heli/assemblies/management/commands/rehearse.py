"""`heli rehearse FILE.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from heli.assemblies.rules.rehearsing import REHEARSE_FORM, read_setup, rehearse
from heli.assemblies.texts import as_fault
from heli.kernel.faults import Refused, Unsound
from heli.records.reading import failed, read_file


class Command(BaseCommand):
    """Same file, same bytes; exit status 2 for a file that is no such form."""

    requires_system_checks = ()
    help = "Rehearse a polling day written in JSON (heli.rehearse/1): waits, longest queues, when the last one leaves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path, metavar="FILE", help="voters, arrivals and stages")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the results as JSON."""
        try:
            results = rehearse(read_setup(read_file(options["file"])))
        except (Refused, Unsound) as wrong:
            raise failed(wrong, options["file"].name, as_fault) from wrong
        self.stdout.write(json.dumps({"form": REHEARSE_FORM, "results": results}, ensure_ascii=False, indent=1))
