"""`heli snapshots`: verify every stored snapshot, and say which figures are known better now."""

import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from heli.figures import queries, services
from heli.figures.models import Snapshot
from heli.figures.types import SnapshotKind
from heli.figures.wording import text_of, title_of
from heli.kernel.access import SYSTEM
from heli.places import queries as places


class Command(BaseCommand):
    """Regenerate snapshots from what is stored; exit code 1 where one does not fit its hash."""

    help = "Verify all snapshots; with --differences also name the figures that are known better now; with --take, take one."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("--differences", action="store_true", help="name figures that come out differently now")
        parser.add_argument("--take", metavar="CODE", help="take a snapshot of the district with this code first")
        parser.add_argument("--on", type=date.fromisoformat, help="the day of the snapshot to take (YYYY-MM-DD)")
        parser.add_argument("--kind", choices=[kind.value for kind in SnapshotKind], default=SnapshotKind.DAILY.value)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take, verify, compare."""
        if options["take"]:
            self._take(options)
        broken = 0
        for snapshot in Snapshot.objects.select_related("district").order_by("district_id", "kind", "on"):
            verdict = queries.verify(snapshot)
            broken += not verdict.is_whole
            word = "whole" if verdict.is_whole else "BROKEN " + " ".join(verdict.broken)
            self.stdout.write(f"{snapshot.on} {snapshot.kind:7} {snapshot.sha256[:16]} {word}")
            if options["differences"]:
                for line in queries.differences(SYSTEM, snapshot):
                    then, now = text_of(line.reported), text_of(line.known_now)
                    self.stdout.write(f"  {title_of(line.figure)}: {then} -> {now} ({len(line.places)})")
        if broken:
            sys.exit(1)

    def _take(self, options: dict[str, Any]) -> None:
        on = options["on"]
        if on is None:
            self.stderr.write("--take needs --on")
            sys.exit(2)
        district = next((row for row in places.districts(on) if row.code.startswith(options["take"])), None)
        if district is None:
            self.stderr.write(f"no district {options['take']} on {on}")
            sys.exit(2)
        services.take_snapshot(actor=SYSTEM, district_id=district.id, kind=SnapshotKind(options["kind"]), on=on)
