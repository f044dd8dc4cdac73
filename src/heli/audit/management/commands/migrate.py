"""`heli migrate`: Django's command; migrations change rows without an actor, and one entry says which were applied."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from heli.audit import capturing, following
from heli.audit.guard import allowed
from heli.kernel.db.states import added_alone


class Command(migrate.Command):
    """Brings the tables up to date."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with allowed():
            if options["plan"] or options["check_unapplied"] or options["database"] != DEFAULT_DB_ALIAS:
                return super().handle(*args, **options)
            before = following.survey()
            capturing.remove()
            try:
                with added_alone():
                    super().handle(*args, **options)
            finally:
                capturing.install()
            call_command("createcachetable", database=options["database"], verbosity=0)
        following.follow(before, self.stderr.write)
        return None
