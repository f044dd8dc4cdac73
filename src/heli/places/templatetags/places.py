"""How events and shares are written in a line."""

from django import template
from django.utils.translation import gettext as _

from heli.places import texts
from heli.places.types import EventRow, Share

register = template.Library()
MOST = 6


@register.filter
def event_line(event: EventRow) -> str:
    """ "Merger: A, B → N"; a place that goes on under the same name is named once."""
    before = list(dict.fromkeys(link.source_name for link in event.links if link.source_name))
    after = list(dict.fromkeys(link.target_name for link in event.links if link.target_name))
    parts = [_short(before), _short(after)] if before != after else [_short(before)]
    if not after:
        parts[-1] = _("without successor")
    return f"{texts.event_text(event.kind)}{_(': ')}{' → '.join(part for part in parts if part)}"


def _short(names: list[str]) -> str:
    more = f" … ({len(names)})" if len(names) > MOST else ""
    return _(", ").join(names[:MOST]) + more


@register.filter
def share(given: Share) -> str:
    """ "16,107 / 48,321 (33.33 %)", "100 %", or that it is not known."""
    return texts.share_text(given)
