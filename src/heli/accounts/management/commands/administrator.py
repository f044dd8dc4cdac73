"""`heli administrator <sign-in name> <name>`: the first account of an installation, or one more when all are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from heli.accounts import services
from heli.accounts.types import RoleName
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused


class Command(BaseCommand):
    """Adds an administrator of the whole installation."""

    help = "Add an administrator of the whole installation; prints a temporary password, to be changed at sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="sign-in name")
        parser.add_argument("name", help="the person's name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, password = services.add_user_with_role(
                actor=SYSTEM,
                username=options["username"],
                name=options["name"],
                place_id=None,
                role=RoleName.ADMINISTRATOR,
                on=timezone.localdate(),
            )
        except Refused as refused:
            raise CommandError("; ".join(str(fault.message) for fault in refused.faults)) from refused
        self.stdout.write(f"{user.username}: {password}")
