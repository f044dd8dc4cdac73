"""`heli flush`: Django's command; empties the whole database, the append-only trail included."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from heli.audit.guard import allowed
from heli.audit.models import Entry
from heli.kernel.db import AppendOnly, lifted


class Command(flush.Command):
    """Empties every table of the database."""

    def handle(self, **options: Any) -> None:
        alias: str = options["database"]
        with connections[alias].cursor() as cursor:
            exists = Entry._meta.db_table in connections[alias].introspection.table_names(cursor)
        fixed = next(rule for rule in Entry._meta.constraints if isinstance(rule, AppendOnly))
        with allowed():
            if not exists:
                super().handle(**options)
            else:
                with lifted(fixed, Entry, alias):
                    super().handle(**options)
