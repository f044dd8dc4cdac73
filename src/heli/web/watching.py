"""The nightly watch over the trail: verified whole, its head told to the auditors, who so become its witnesses."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.accounts.queries import people_with_role
from heli.audit import alarms, anchor
from heli.audit.checks import check_invariants
from heli.audit.queries import head
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.notices.services import notify
from heli.web.notices import TRAIL

SHOWN = 16
"""Letters of the hash that a message shows; `heli audit verify --expect` takes as many."""


def watch_trail() -> int:
    """Verify the trail and what it witnesses; the alarm is raised for what is found first. How many problems there are.

    Each auditor of the whole installation gets the head of that night with the digest: kept in a mailbox, it shows later
    whether somebody put an older database in place.
    """
    faults = list(check_invariants())
    if faults and anchor.is_kept():
        alarms.sound(faults[0])
    now = timezone.now()
    last = head()
    with writing(SYSTEM, "audit.watch", at=now) as act:
        act.before = {"entry": last.seq}
        act.after = {"faults": len(faults), "first": faults[0].code if faults else ""}
        if faults:
            title = _("The audit trail does not fit: %(source)s") % {"source": faults[0].source}
        else:
            title = _("Audit trail in order up to entry %(entry)s: %(hash)s") % {
                "entry": last.seq,
                "hash": last.hash[:SHOWN],
            }
        notify(
            actor=SYSTEM,
            recipients=people_with_role("auditor", now.date()),
            kind=TRAIL,
            title=title,
            link=reverse("audit:entry", args=[last.seq]) if last.seq else reverse("audit:list"),
            about=f"trail:{last.seq}",
            at=now,
        )
    return len(faults)
