"""What commands share that read a file of a fixed form in JSON: its text, and what is wrong with it in sentences."""

from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from heli.kernel.faults import Fault, Finding, Refused, Unsound
from heli.kernel.packs import read_text

MAX_BYTES = 64 << 20

FORM_SENTENCES: Mapping[str, Promise] = {
    "json": _("This is not JSON: %(what)s. Save the file anew from where it was made."),
    "form": _("This is no file of the form %(form)s. Write {“form”: “%(form)s”, …}."),
    "unknown_key": _("The key “%(key)s” is unknown here. Remove it."),
    "no_list": _("“%(key)s” must be a list."),
    "no_id": _("Number %(number)s of “%(key)s” has no id. Write a text that no other has."),
    "id_twice": _("This id is there twice. Give one of the two another."),
    "missing_key": _("“%(key)s” is missing: %(meaning)s."),
    "shape": _("“%(key)s” must be %(meaning)s."),
    "too_small": _("“%(key)s” must not be less than %(least)s."),
    "day": _("“%(key)s” must be a day such as 2026-05-20."),
}
"""What `kernel.forms` finds; a context adds the sentences of its own rules."""


def read_file(path: Path) -> str:
    """The text of a file. Raises `CommandError` where it cannot be read and `Refused` where it is not UTF-8."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(now("The file is larger than 64 MB. Divide it."), returncode=2)
        return read_text(path)
    except OSError as wrong:
        raise CommandError(str(wrong), returncode=2) from wrong


def failed(wrong: Refused | Unsound, name: str, as_fault: Callable[[Finding], Fault]) -> CommandError:
    """Every problem on a line, with file, case and field; exit status 2."""
    faults = wrong.faults if isinstance(wrong, Refused) else [as_fault(finding) for finding in wrong.findings]
    lines = [
        ": ".join(filter(None, (name, fault.source.removeprefix(f"{name}:"), fault.field, fault.message)))
        for fault in faults
    ]
    return CommandError("\n".join(lines), returncode=2)
