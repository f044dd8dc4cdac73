"""`heli demo`: the sample district, built once and served."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from heli.places.queries import districts
from heli.web import serving
from heli.web.demo import LISTED_ON, build_sample


class Command(BaseCommand):
    """Build the sample district Qianfeng (once) and serve it."""

    help = "Build the sample district Qianfeng (once) and serve it on http://127.0.0.1:8000."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to serve, or not to."""
        parser.add_argument("--build-only", action="store_true", help="build the sample and stop")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses to touch an installation that is not a demonstration."""
        if not settings.DEMO:
            raise CommandError(
                "set HELI_DEMO=1 (python3 run.py demo does): the sample does not belong in a real register"
            )
        call_command("migrate", verbosity=0)
        if not districts(LISTED_ON):
            build_sample(lambda text: self.stderr.write(f"· {text}"))
        serving.collect_static()
        if not options["build_only"]:
            call_command("serve", host=options["host"], port=options["port"])
