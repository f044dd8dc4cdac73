"""`heli swap solve FILE.json`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heli.kernel.faults import Refused, Unsound
from heli.kernel.forms import read_form
from heli.ledger.texts import as_fault
from heli.records.reading import failed, read_file
from mergeplan.questions.swap import SECONDS, SWAP_FORM, SWAP_KEYS, read_swap, solve_swap
from mergeplan.types import InstanceError


class Command(BaseCommand):
    """Exit status 2 for a file that is no such form, with every flaw on a line."""

    requires_system_checks = ()
    help = "Swap scattered plots of collective land into core blocks so that no village loses, exactly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        solve = commands.add_parser(
            "solve", help=f"the best least gain, then the most in all, then the fewest pairs ({SWAP_FORM})"
        )
        solve.add_argument("file", type=Path, metavar="FILE", help="a file in JSON")
        told = f"how long to look for a proof; the best found with its bounds afterwards (default {SECONDS:g})"
        solve.add_argument("--seconds", type=float, default=SECONDS, metavar="SECONDS", help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer as JSON."""
        name = options["file"].name
        try:
            asked = read_swap(read_form(read_file(options["file"]), SWAP_FORM, SWAP_KEYS))
        except (Refused, Unsound) as wrong:
            raise failed(wrong, name, as_fault) from wrong
        except InstanceError as wrong:
            raise CommandError("\n".join(f"{name}: {flaw}" for flaw in wrong.flaws), returncode=2) from wrong
        self.stdout.write(json.dumps(solve_swap(asked, seconds=options["seconds"]).as_json(), ensure_ascii=False))
