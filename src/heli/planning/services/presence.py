"""Who else has a scenario open just now. Not a record of people: it lives in the session table and expires by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

from heli.kernel.access import Actor

PRESENT_FOR = timedelta(seconds=75)
"""Somebody counts as editing this long after the last sign of life; pages give one every half minute."""


def note_presence(*, actor: Actor, public_id: str, now: datetime) -> list[str]:
    """Say that the actor has the scenario open; returns the names of the others who have."""
    # The key is derived from the secret, so that nobody can name it in a cookie.
    key = salted_hmac("heli.planning.presence", public_id, algorithm="sha256").hexdigest()[:32]
    stored = Session.objects.filter(session_key=key, expire_date__gt=now).first()
    seen: dict[str, Any] = stored.get_decoded().get("seen", {}) if stored else {}
    current = {who: row for who, row in seen.items() if now - datetime.fromisoformat(row[1]) < PRESENT_FOR}
    own = str(actor.id)
    if own not in current or now - datetime.fromisoformat(current[own][1]) > PRESENT_FOR / 4:
        current[own] = [actor.name, now.isoformat()]
        Session.objects.save(key, {"seen": current}, now + 2 * PRESENT_FOR)
    return sorted(row[0] for who, row in current.items() if who != own)
