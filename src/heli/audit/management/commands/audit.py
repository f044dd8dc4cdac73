"""`heli audit verify` and `heli audit accept-anchor`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heli.audit.services import accept_anchor
from heli.audit.verify import verify_trail
from heli.kernel.access import SYSTEM


class Command(BaseCommand):
    """Checks the audit trail."""

    help = "Check the audit trail from its first entry to the head anchored outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        commands.add_parser("verify", help="name the first broken row; exit status 1 when there is one")
        accept = commands.add_parser(
            "accept-anchor", help="after a person looked into it: anchor the trail as it stands, and say so in it"
        )
        accept.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["subcommand"] == "accept-anchor":
            accept_anchor(SYSTEM, reason=options["reason"])
        verdict = verify_trail(self._progress if sys.stderr.isatty() else lambda checked: None)
        if verdict.problem:
            raise CommandError(f"{verdict.problem.source}: {verdict.problem.message} [{verdict.problem.code}]")
        anchored = f"anchored at {verdict.anchored.seq}" if verdict.anchored else "not anchored"
        self.stdout.write(f"{verdict.checked} entries in order, {anchored}, head {verdict.head.hash}")

    def _progress(self, checked: int) -> None:
        self.stderr.write(f"\r{checked} entries", ending="")
