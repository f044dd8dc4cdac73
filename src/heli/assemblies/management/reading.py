"""What the commands of assemblies share: reading a file, and saying what is wrong with it."""

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from heli.assemblies.texts import as_fault
from heli.assemblies.types import Unsound
from heli.kernel.faults import Refused
from heli.kernel.packs import read_text

MAX_BYTES = 64 << 20


def read_file(path: Path) -> str:
    """The text of a file. Raises `CommandError` where it cannot be read and `Refused` where it is not UTF-8."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(_("The file is larger than 64 MB. Divide it."), returncode=2)
        return read_text(path)
    except OSError as wrong:
        raise CommandError(str(wrong), returncode=2) from wrong


def failed(wrong: Refused | Unsound, name: str) -> CommandError:
    """Every problem on a line, with file, case and field; exit status 2."""
    faults = wrong.faults if isinstance(wrong, Refused) else [as_fault(finding) for finding in wrong.findings]
    lines = [
        ": ".join(filter(None, (name, fault.source.removeprefix(f"{name}:"), fault.field, fault.message)))
        for fault in faults
    ]
    return CommandError("\n".join(lines), returncode=2)
