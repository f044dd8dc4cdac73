"""The `heli` command: one door to every management command."""

import os
import sys


def main() -> None:
    """Run `heli <command>`; without a command, list them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["heli", *sys.argv[1:]] if len(sys.argv) > 1 else ["heli", "help"])
