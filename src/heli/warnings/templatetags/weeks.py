"""A colour as it is drawn everywhere, shape and word; a week as offices write it."""

from typing import Any

from django import template

from heli.campaigns.texts import COLOURS
from heli.campaigns.types import Colour
from heli.warnings.texts import GLYPHS, week_words

register = template.Library()


@register.simple_tag
def mark(value: str) -> dict[str, Any]:
    """Colour, shape and word of a colour, for `warnings/mark.html`."""
    colour = Colour(value)
    return {"colour": colour, "glyph": GLYPHS[colour], "word": COLOURS[colour]}


register.filter("week", week_words)
