"""How numbers look on pages: each carries a mark that opens its meaning, its day or snapshot, and the rows behind it.

For other contexts: `number(value, where)` on pages, `text_of` (wording) and `address(where)` in documents.
"""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from heli.figures.types import Value, Where
from heli.figures.wording import text_of, title_of


def address(where: Where) -> str:
    """The page on which a number is opened: its definition, the place's value, history, parts and rows."""
    given = {"place": where.place, "snapshot": where.snapshot, "on": where.on.isoformat()}
    return f"{reverse('figures:figure', args=[where.figure_id])}?{urlencode({k: v for k, v in given.items() if v})}"


def number(value: Value | None, where: Where, *, decimals: int | None = None, with_unit: bool = True) -> SafeString:
    """The number as a link to where it is opened; a dash, unlinked, where there is none."""
    text = text_of(value, decimals)
    if value is None or not value.is_known:
        return format_html("{}", text)
    if not with_unit:
        text = value.number(decimals) or text
    hint = _("%(title)s: open the rows behind it") % {"title": title_of(value.figure)}
    return format_html('<a class="number" href="{}" title="{}">{}</a>', address(where), hint, text)


def where_of(value: Value, place_public_id: str, on: date, snapshot: str = "") -> Where:
    """Where a value of a place comes from."""
    return Where(value.figure.id, value.figure.version, place_public_id, on, snapshot)
