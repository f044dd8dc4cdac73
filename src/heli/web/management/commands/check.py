"""`heli check`: Django's own checks, then every invariant of every context over the whole database."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import check
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from heli.kernel.faults import has_errors
from heli.web.invariants import find_broken


class Command(check.Command):
    """Checks the code and the data."""

    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        if app_labels or options.get("tags") or options.get("list_tags"):
            return
        try:
            executor = MigrationExecutor(connection)
            behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as error:
            raise CommandError(f"the database does not answer: {error}") from error
        if behind:
            self.stderr.write("The tables are not up to date (heli migrate): the data were not checked.")
            return
        found = []
        for fault in find_broken():
            found.append(fault)
            self.stderr.write(f"{fault.severity}: {fault.source}: {fault.message} [{fault.code}]")
        if has_errors(found):
            raise CommandError(f"{len(found)} problems in the data")
        self.stdout.write("The data keep every invariant.")
