"""The kinds of messages that matters send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

WHISTLED = "matters.whistled"
KINDS = (MessageKind(WHISTLED, gettext_noop("My department was whistled for")),)
