"""`heli appraise FILE.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from heli.kernel.faults import Refused, Unsound
from heli.posts.rules.appraising import appraise
from heli.posts.rules.forms import APPRAISE_FORM, read_appraisal
from heli.posts.texts import as_fault
from heli.records.reading import failed, read_file


class Command(BaseCommand):
    """Any order of subjects and indicators gives the same bytes; exit status 2 for a file that is no such form."""

    requires_system_checks = ()
    help = "Add up an appraisal from facts (heli.appraise/1): every part, the total, the grade, and what people must decide."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file."""
        parser.add_argument("file", type=Path, metavar="FILE", help="indicators, grades and subjects with their facts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the results as JSON, by id."""
        try:
            results = [result.as_json() for result in appraise(*read_appraisal(read_file(options["file"])))]
        except (Refused, Unsound) as wrong:
            raise failed(wrong, options["file"].name, as_fault) from wrong
        self.stdout.write(json.dumps({"form": APPRAISE_FORM, "results": results}, ensure_ascii=False, indent=1))
