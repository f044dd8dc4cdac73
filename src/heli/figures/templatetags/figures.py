"""Template tags of figures."""

from datetime import date

from django import template
from django.utils.safestring import SafeString

from heli.figures import presenting
from heli.figures.types import Value
from heli.ui.columns import DASH

register = template.Library()


@register.simple_tag
def figure_mark(
    value: Value | None, place: str, on: date, snapshot: str = "", decimals: int | None = None
) -> SafeString | str:
    """A number of a place (public id) on a day or in a snapshot, linked to the page that opens it."""
    if value is None:
        return DASH
    where = presenting.where_of(value, place, on, snapshot)
    return presenting.number(value, where, decimals=decimals)
