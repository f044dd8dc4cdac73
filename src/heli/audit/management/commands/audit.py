"""`heli audit verify` and `heli audit accept`."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heli.audit import alarms
from heli.audit.keys import KeyMissing
from heli.audit.services import accept
from heli.audit.types import Head
from heli.audit.verify import verify_rows, verify_trail
from heli.kernel.access import SYSTEM

SHORTEST = 16


class Command(BaseCommand):
    """Checks the audit trail."""

    help = "Check the audit trail from its first entry to the head anchored outside the database, and every row it witnesses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        verify = commands.add_parser(
            "verify",
            help="name the first broken entry, else each row changed past Heli; exit status 1 then",
        )
        verify.add_argument(
            "--expect",
            action="append",
            default=[],
            type=_head,
            metavar="ENTRY:HASH",
            help="a head kept elsewhere, as in the nightly message; the hash may be shortened to 16 letters",
        )
        accept_ = commands.add_parser(
            "accept",
            help="after a person looked into what was found: go on from the trail and the rows as they stand, and say so",
        )
        accept_.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["subcommand"] == "accept":
                accept(actor=SYSTEM, reason=options["reason"])
            verdict = verify_trail(
                self._progress if sys.stderr.isatty() else lambda checked: None, options.get("expect", ())
            )
            found = [verdict.fault] if verdict.fault else verify_rows()
        except KeyMissing as missing:
            raise CommandError(str(missing)) from missing
        if found:
            raise CommandError("\n".join(f"{fault.source}: {fault.message} [{fault.code}]" for fault in found))
        if alarm := alarms.raised():
            raise CommandError(
                f"the trail is in order now, but the alarm of {alarm.at} stands: {alarm.source}: {alarm.message} "
                f"[{alarm.code}]; heli audit accept ends it"
            )
        anchored = f"anchored at {verdict.anchored.seq}" if verdict.anchored else "not anchored"
        accepted = f", the first {verdict.accepted} as accepted by a person" if verdict.accepted else ""
        self.stdout.write(f"{verdict.checked} entries in order{accepted}, {anchored}, head {verdict.head.hash}")

    def _progress(self, checked: int) -> None:
        self.stderr.write(f"\r{checked} entries", ending="")


def _head(given: str) -> Head:
    """ "1234:3fa9…" as a head."""
    seq, _, digest = given.partition(":")
    if not seq.isdigit() or len(digest) < SHORTEST:
        raise ArgumentTypeError(f"{given!r} is not ENTRY:HASH with at least {SHORTEST} letters of the hash")
    return Head(int(seq), digest.lower())
