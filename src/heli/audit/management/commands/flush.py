"""`heli flush`: Django's command; empties the whole database, its append-only tables included."""

from contextlib import ExitStack
from typing import Any

from django.apps import apps
from django.core.management.commands import flush
from django.db import connections

from heli.audit.guard import allowed
from heli.kernel.db import AppendOnly, lifted


class Command(flush.Command):
    """Empties every table of the database."""

    def handle(self, **options: Any) -> None:
        alias: str = options["database"]
        with connections[alias].cursor() as cursor:
            tables = set(connections[alias].introspection.table_names(cursor))
        with allowed(), ExitStack() as opened:
            for model in apps.get_models():
                if model._meta.db_table in tables:
                    for rule in model._meta.constraints:
                        if isinstance(rule, AppendOnly):
                            opened.enter_context(lifted(rule, model, alias))
            super().handle(**options)
