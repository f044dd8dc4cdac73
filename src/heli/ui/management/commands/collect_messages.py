"""`heli collect_messages [app …]`: add texts that still lack a Chinese translation to the apps' .po files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from heli.ui.messages import app_folders, collect, known_translations


class Command(BaseCommand):
    """Reads Python and templates, adds what is missing, drops what is no longer used."""

    help = "Collect the texts to translate of the given Heli apps (all when none is named)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """App labels."""
        parser.add_argument("apps", nargs="*", metavar="app")

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect app by app."""
        folders = app_folders()
        if unknown := sorted(set(options["apps"]) - set(folders)):
            raise CommandError(f"no such app: {', '.join(unknown)}; there are {', '.join(folders)}")
        known = known_translations()
        for label in options["apps"] or folders:
            added, empty = collect(folders[label], known=known)
            self.stdout.write(f"{label}: {added} added, {empty} to translate")
