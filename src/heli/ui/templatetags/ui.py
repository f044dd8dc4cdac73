"""Template tags of the page shell and the components."""

from datetime import date
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from heli.kernel.access import PUBLIC, SYSTEM
from heli.kernel.quantities import Ratio
from heli.ui.columns import DASH, written

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from the sprite `ui/icons.svg`; without a label it is decoration and hidden from screen readers."""
    address = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', address)


@register.filter
def integer(value: Any) -> str:
    """12345 as "12,345"; an empty value as a dash."""
    return DASH if value is None or value == "" else written(value, "integer")


@register.filter
def percent(value: Ratio | None) -> str:
    """A `Ratio` as "54.33 %"; an empty base as a dash."""
    return DASH if value is None else written(value, "ratio")


@register.filter
def day(value: date | None) -> str:
    """A date as 2026-11-22; an open end as a dash."""
    return DASH if value is None else written(value, "date")


@register.filter
def who(name: str) -> str:
    """The name of whoever did something; Heli itself and people without an account in words."""
    return {SYSTEM.name: gettext("Heli"), PUBLIC.name: gettext("public page")}.get(name, name)


class CaptureNode(template.Node):
    """Keeps what it encloses as a variable, so that a block's text can be shown twice."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Render the enclosed once and remember it."""
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """`{% capture name %}…{% endcapture %}`."""
    parts = token.split_contents()
    if len(parts) != 2:
        raise template.TemplateSyntaxError("capture takes one name")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, parts[1])
