"""`{% url … as name %}` as Heli means it: an address that does not exist is an error there too, not an empty link.

Registered as a builtin (settings, `TEMPLATES`); without `as` it is Django's own, which complains by itself.
"""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as djangos
from django.utils.safestring import SafeString

register = template.Library()


class KeptURLNode(Node):
    """An address kept as a variable."""

    def __init__(self, address: URLNode, name: str) -> None:
        self.address = address
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Keep it and draw nothing. Raises NoReverseMatch."""
        context[self.name] = self.address.render(context)
        return SafeString("")


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """`{% url "name" … %}`, `{% url "name" … as variable %}`."""
    address = djangos(parser, token)
    if not address.asvar:
        return address
    name, address.asvar = address.asvar, None
    return KeptURLNode(address, name)
