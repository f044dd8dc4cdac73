"""The newest unread messages on the first page."""

from typing import Any

from heli.kernel.panels import HomeAsk, HomePart
from heli.notices.queries import inbox

MOST = 4


def fill(ask: HomeAsk) -> dict[str, Any] | None:
    """The newest messages, unread ones if there are any; one query more where all are read."""
    if ask.actor.id is None:
        return None
    unread = list(inbox(ask.actor, unread=True)[:MOST])
    messages = unread or list(inbox(ask.actor)[:MOST])
    return {"messages": messages, "is_unread": bool(unread)} if messages else None


HOME = (HomePart(id="notices.messages", template="notices/home.html", fill=fill, order=60),)
