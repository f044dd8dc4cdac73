"""What must hold of the trail: it is unbroken, meets its anchor, and the rows it witnesses are what it last said of them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from heli.audit import capturing
from heli.audit.verify import verify_rows, verify_trail
from heli.kernel.faults import Fault


def check_invariants() -> Iterator[Fault]:
    """The first broken entry, if any; then every witnessed row that was changed past Heli."""
    fault = verify_trail().fault
    if fault:
        yield fault
    yield from verify_rows()
    for trigger in capturing.missing():
        text = _("The trigger %(trigger)s is missing or switched off: run heli migrate, after looking into it.")
        yield Fault("trigger_missing", text % {"trigger": trigger}, source=trigger)
