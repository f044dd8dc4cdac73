"""What the clock does for ledgers."""

from django.utils import timezone

from heli.records.abouts import kinds
from heli.records.reminders import remind


def remind_all() -> int:
    """Once a day: everybody is told what waits for them, in everything that is open. Returns how many were told."""
    now = timezone.now()
    return sum(remind(about=about, at=now) for kind in kinds() for about in kind.open())
