"""`heli serve`: the whole installation of a small office, stopped together."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from heli.audit import anchor
from heli.audit.keys import KeyMissing
from heli.audit.witnessing import is_as_offered
from heli.files.services import sweep_unfinished
from heli.web import folder, jobs, serving

FETCH = "python -m heli.ui.vendor"


class Command(BaseCommand):
    """Starts web, worker and clock."""

    help = "Serve Heli: web (gunicorn) and one worker for jobs and the clock; both stop together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web processes, four threads each")
        parser.add_argument("--migrate", action="store_true", help="bring the tables up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if options["migrate"]:
            call_command("migrate", verbosity=0)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("the tables are not up to date: run `heli migrate`, or `heli serve --migrate`")
        self._gather()
        for path in folder.close():
            self.stderr.write(f"· {path} was open to other accounts of this machine and is closed now")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(f"{host}:{port} cannot be used: {error.strerror}; choose another --port") from error
        jobs.keep_schedules()
        try:
            anchor.catch_up()
        except KeyMissing as missing:
            raise CommandError(str(missing)) from missing
        if not is_as_offered():
            raise CommandError("this version witnesses other columns than the last: run `heli migrate`")
        sweep_unfinished(at=timezone.now())
        connections.close_all()
        code = serving.run_together(
            [serving.web_command(host, port, options["workers"]), serving.worker_command()],
            environment=serving.environment(),
            on_started=lambda: self.stderr.write(f"Heli at http://{host}:{port}/ (stop with Ctrl-C)"),
        )
        if code:
            raise CommandError("a process ended by itself; see the lines above and the logs", returncode=code)

    def _gather(self) -> None:
        """Gather the files of the pages; without them pages would stand bare, so nothing is started."""
        if absent := serving.missing_static():
            raise CommandError(
                f"{len(absent)} files of the pages are missing ({', '.join(absent[:3])} …): run `{FETCH}` with a connection "
                "to the network (or install a release, which carries them), then start again"
            )
        if not settings.DEBUG:
            try:
                serving.collect_static()
            except OSError as error:
                raise CommandError(
                    f"the files of the pages cannot be gathered in {settings.STATIC_ROOT}: {error.strerror}; "
                    "make room there or make it writable, then start again"
                ) from error
            if lost := serving.lost_static():
                raise CommandError(
                    f"gathered files are missing again ({', '.join(lost[:3])} …): empty {settings.STATIC_ROOT}"
                )
