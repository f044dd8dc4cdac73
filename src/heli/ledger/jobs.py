"""What the clock does for the registers."""

from datetime import timedelta

from django.utils import timezone

from heli.kernel.access import SYSTEM
from heli.ledger.reminders import tell_ends
from heli.ledger.services.transfers import open_transfers
from heli.places import queries as places

LOOKS_BACK = 366
"""Days: events of the register entered so late still open their transfers."""


def tell_all_ends() -> int:
    """Once a day, in every district that stands; transfers that events of the last year ask for are opened too. Returns how many
    contracts were told of.
    """
    now = timezone.now()
    on = timezone.localdate(now)
    for one in places.districts(on):
        open_transfers(actor=SYSTEM, district_id=one.id, since=on - timedelta(days=LOOKS_BACK), on=on, at=now)
    return sum(tell_ends(district_id=one.id, at=now) for one in places.districts(timezone.localdate(now)))
