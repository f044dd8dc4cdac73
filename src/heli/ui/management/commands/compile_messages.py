"""`heli compile_messages`: make the translations readable for Django, without GNU gettext."""

from typing import Any

from django.core.management.base import BaseCommand

from heli.ui.messages import compile_all


class Command(BaseCommand):
    """Writes .mo beside every .po that changed."""

    help = "Compile the translations of all Heli apps (.po to .mo)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile and say how many files were written."""
        self.stdout.write(f"{len(compile_all())} catalogues compiled")
