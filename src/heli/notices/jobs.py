"""What the worker does for messages."""

from django.utils import timezone

from heli.kernel.access import SYSTEM
from heli.notices import services


def send_waiting() -> int:
    """Send all that is due, batch by batch."""
    tried = 0
    while batch := services.send_waiting(actor=SYSTEM, at=timezone.now()):
        tried += batch
    return tried


def send_digests() -> int:
    """Make the digests of this half-day, for those who have none yet."""
    return services.send_digests(actor=SYSTEM, at=timezone.now())
