"""For auditors: whether the trail holds, how far it goes, what was written since yesterday."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from heli.audit import alarms
from heli.audit.queries import head, in_scope
from heli.kernel.access import scope
from heli.kernel.panels import HomeAsk, HomePart

KEEPERS = ("auditor", "administrator")
READ = "audit.read"


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """Two queries."""
    if not any(grant.role in KEEPERS for grant in ask.actor.grants):
        return None
    since = timezone.make_aware(datetime.combine(ask.on - timedelta(days=1), time.min))
    written = in_scope(scope(ask.actor, READ)).filter(at__gte=since).count()
    return {"alarm": alarms.raised(), "head": head(), "written": written}


HOME = (HomePart(id="audit.trail", template="audit/home.html", fill=fill, order=5),)
