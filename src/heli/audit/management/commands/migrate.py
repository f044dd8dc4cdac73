"""`heli migrate`: Django's command; migrations change rows without an actor and leave no entries."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate

from heli.audit.guard import allowed


class Command(migrate.Command):
    """Brings the tables up to date."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with allowed():
            super().handle(*args, **options)
            if not options["plan"] and not options["check_unapplied"]:
                call_command("createcachetable", database=options["database"], verbosity=0)
        return None
