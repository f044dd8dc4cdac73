"""`heli posts allot FILE.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from heli.kernel.faults import Refused, Unsound
from heli.posts.rules.allotting import ALLOT_FORM, allot, read_allotting
from heli.posts.texts import as_fault
from heli.records.reading import failed, read_file


class Command(BaseCommand):
    """Any order of places gives the same bytes; exit status 2 for a file that is no such form."""

    requires_system_checks = ()
    help = "Share a total of posts among places by people, position and difficulty, in whole numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        one = commands.add_parser("allot", help=f"share the posts of a file ({ALLOT_FORM})")
        one.add_argument("file", type=Path, metavar="FILE", help="a file in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the posts by place as JSON."""
        try:
            allotment = allot(read_allotting(read_file(options["file"])))
        except (Refused, Unsound) as wrong:
            raise failed(wrong, options["file"].name, as_fault) from wrong
        self.stdout.write(json.dumps({"form": ALLOT_FORM, **allotment.as_json()}, ensure_ascii=False, indent=1))
