"""What must hold of the trail: it is unbroken, meets its anchor, and the rows it witnesses are what it last said of them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from heli.audit import capturing
from heli.audit.models import Entry
from heli.audit.types import Head
from heli.audit.verify import verify_trail
from heli.audit.witnessing import find_changed
from heli.kernel.db import snapshot
from heli.kernel.faults import Fault


def check_invariants() -> Iterator[Fault]:
    """The first broken entry, if any; then every witnessed row that was changed past Heli."""
    fault = verify_trail().fault
    if fault:
        yield fault
    with snapshot():
        last = Entry.objects.order_by("-seq").values_list("seq", "hash", "state").first()
        changed = list(find_changed(last[2], Head(*last[:2]))) if last else []
    yield from changed
    for trigger in capturing.missing():
        text = _("The trigger %(trigger)s is missing or switched off: run heli migrate, after looking into it.")
        yield Fault("trigger_missing", text % {"trigger": trigger}, source=trigger)
