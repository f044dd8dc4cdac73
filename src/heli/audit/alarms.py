"""The alarm of the trail: a small file beside the anchor that says what was met. It stays until a person has looked.

Kept outside the database, for whoever changes rows past Heli could also remove a row that says so.
"""

import json
import logging
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from heli.audit.types import Alarm
from heli.kernel.faults import Fault

logger = logging.getLogger("heli.audit")


def _path() -> Path:
    return Path(settings.TRAIL_ANCHOR).with_suffix(".alarm")


def sound(fault: Fault) -> None:
    """Raise the alarm; the first stays, for it names what was met first."""
    logger.error("the audit trail does not fit", extra={"code": fault.code, "entry": fault.source})
    path = _path()
    if path.exists():
        return
    at = timezone.now().isoformat(timespec="seconds")
    alarm = Alarm(at, fault.code, str(fault.message), fault.source)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(alarm), ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as failed:
        logger.error("the alarm could not be written", extra={"fault": repr(failed)})


def raised() -> Alarm | None:
    """The alarm that stands, if any; asked on every page, so it costs one look at a file."""
    try:
        return Alarm(**json.loads(_path().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as fault:
        return Alarm("", "alarm_unreadable", f"the alarm file cannot be read: {fault!r}", "anchor")


def clear() -> None:
    """A person has looked."""
    _path().unlink(missing_ok=True)
