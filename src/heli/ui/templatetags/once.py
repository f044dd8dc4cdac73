"""`{% csrf_token %}` as Heli draws it: Django's field against forged forms, and beside it the token that lets a form work once.

Registered as a builtin (settings, `TEMPLATES`), so that every form that posts carries both, also those of libraries.
"""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from heli.ui.once import FIELD, new_token

register = template.Library()


class FormTokensNode(CsrfTokenNode):
    """Both hidden fields; nothing where Django draws nothing."""

    def render(self, context: Context) -> SafeString:
        """Draw them; each form of a page has a token of its own."""
        forged = SafeString(super().render(context))
        if not forged:
            return forged
        return forged + format_html('<input type="hidden" name="{}" value="{}" data-once>', FIELD, new_token())


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormTokensNode:
    """Draw the tokens of a form."""
    return FormTokensNode()
