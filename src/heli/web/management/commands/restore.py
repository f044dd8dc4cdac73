"""`heli restore`: fill an empty installation from an archive, then check it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from heli.kernel.faults import Refused
from heli.web.backups import restore_backup


class Command(BaseCommand):
    """Restores a backup."""

    help = "Restore an archive made by `heli backup` into an empty installation; ends with `heli check`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--foreign",
            metavar="REASON",
            default="",
            help="take an archive that this installation did not seal, and why; the audit trail keeps the reason",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stderr.write if options["verbosity"] > 1 else (lambda text: None)
        call_command("migrate", verbosity=0)
        try:
            totals = restore_backup(options["archive"], at=timezone.now(), foreign=options["foreign"], say=say)
        except Refused as refused:
            raise CommandError("\n".join(f"{p.message} [{p.code}]" for p in refused.faults)) from refused
        self.stdout.write(f"{sum(totals.values()):,} rows in {len(totals)} tables restored")
        call_command("check", stdout=self.stdout, stderr=self.stderr)
