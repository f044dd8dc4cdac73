"""The bell in the top bar of every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from heli.kernel.access import PUBLIC, Actor
from heli.notices.queries import unread_count


class Bell:
    """How many messages the reader has not read; asked only when the bell is drawn, and once a request."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.url = reverse("notices:inbox")

    @cached_property
    def unread(self) -> int:
        """One query."""
        return unread_count(self.actor)

    @property
    def shown(self) -> str:
        """The number on the bell."""
        return str(self.unread) if self.unread < 100 else "99+"


def bell(request: HttpRequest) -> dict[str, Any]:
    """Template context: `bell`; none for strangers."""
    actor = getattr(request, "actor", PUBLIC)
    if actor.id is None:
        return {}
    kept: Bell | None = getattr(request, "_bell", None)
    if kept is None:
        kept = request._bell = Bell(actor)  # type: ignore[attr-defined]  # kept for this request
    return {"bell": kept}
