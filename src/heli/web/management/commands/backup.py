"""`heli backup`: one archive of the whole installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from heli.kernel.faults import Refused
from heli.web.backups import make_backup


class Command(BaseCommand):
    """Writes a backup."""

    help = "Write one archive: a consistent snapshot of the database, all files, and their hashes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=Path(settings.VAR) / "backups", help="folder for the archive")

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stderr.write if options["verbosity"] > 1 else (lambda text: None)
        try:
            path = make_backup(options["to"], at=timezone.now(), say=say)
        except Refused as refused:
            raise CommandError("; ".join(f"{p.message} [{p.code}]" for p in refused.faults)) from refused
        self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")
