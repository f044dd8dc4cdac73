"""What the clock does for the registers."""

from django.utils import timezone

from heli.ledger.reminders import tell_ends
from heli.places import queries as places


def tell_all_ends() -> int:
    """Once a day, in every district that stands. Returns how many contracts were told of."""
    now = timezone.now()
    return sum(tell_ends(district_id=one.id, at=now) for one in places.districts(timezone.localdate(now)))
