"""`heli hotline connect|exchange|send|end`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.matters.open311 import services
from heli.matters.open311.queries import district_by_code, hotline_named, matter_in, place_by_id


class Command(BaseCommand):
    """A city's hotline by GeoReport v2: what is reported there is taken here, answers go back, matters are sent on."""

    help = "Connect a city's hotline (GeoReport v2), take what is new there and tell it answers, send matters on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        commands = parser.add_subparsers(dest="subcommand", required=True)
        connect = commands.add_parser("connect", help="connect a hotline; its host must be named by HELI_OPEN311_HOSTS")
        connect.add_argument("name", metavar="NAME", help="what it is called")
        connect.add_argument(
            "--address", required=True, help="its endpoint, such as https://hotline.example.cn/open311/v2"
        )
        connect.add_argument("--district", required=True, help="the district's code of twelve digits")
        connect.add_argument(
            "--fallback", required=True, help="the code of the town or village for what names no place"
        )
        connect.add_argument("--jurisdiction", default="", help="its jurisdiction_id, where it asks for one")
        connect.add_argument("--key-file", type=Path, help="a file with the key that it gave us")
        commands.add_parser("exchange", help="take and tell now; the worker does it every hour")
        send = commands.add_parser("send", help="send a matter on to a hotline")
        send.add_argument("name", metavar="NAME", help="which hotline")
        send.add_argument("number", type=int, metavar="NUMBER", help="the matter's number in its district")
        end = commands.add_parser("end", help="end a connection")
        end.add_argument("name", metavar="NAME", help="which hotline")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        try:
            getattr(self, f"do_{options['subcommand']}")(options)
        except Refused as refused:
            raise CommandError("; ".join(str(fault.message) for fault in refused.faults)) from refused

    def do_connect(self, options: dict[str, Any]) -> None:
        """Connect one."""
        today, now = timezone.localdate(), timezone.now()
        district = district_by_code(options["district"], today)
        fallback = place_by_id(district, options["fallback"], today) if district else None
        if district is None or fallback is None:
            raise CommandError("no district or no town or village of it has this code")
        key = options["key_file"].read_text(encoding="utf-8") if options["key_file"] else ""
        services.connect_hotline(
            actor=SYSTEM, name=options["name"], district_id=district, fallback_id=fallback, address=options["address"],
            key=key, jurisdiction=options["jurisdiction"], on=today, at=now,
        )  # fmt: skip
        self.stdout.write(f"{options['name']} is connected")

    def do_exchange(self, _options: dict[str, Any]) -> None:
        """Take and tell at every one."""
        for name, done in services.exchange_all(actor=SYSTEM, at=timezone.now(), on=timezone.localdate()).items():
            self.stdout.write(
                f"{name}: {done.taken} taken, {done.told} told, {done.heard} heard{'; ' if done.said else ''}{done.said}"
            )

    def do_send(self, options: dict[str, Any]) -> None:
        """Send a matter on."""
        hotline = _found(hotline_named(options["name"]))
        matter = matter_in(hotline.district_id, options["number"])
        if matter is None:
            raise CommandError(f"no matter has the number {options['number']}")
        link = services.send_on(actor=SYSTEM, hotline=hotline, matter=matter, at=timezone.now())
        self.stdout.write(f"#{matter.number} is {link.foreign} there")

    def do_end(self, options: dict[str, Any]) -> None:
        """End a connection."""
        services.end_hotline(actor=SYSTEM, hotline=_found(hotline_named(options["name"])), on=timezone.localdate())
        self.stdout.write(f"{options['name']} is no longer connected")


def _found(hotline: Any) -> Any:
    if hotline is None:
        raise CommandError("no connected hotline has this name")
    return hotline
