"""The kinds of notices that planning sends."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

PROPOSED = "planning.proposed"
KINDS = (MessageKind(PROPOSED, gettext_noop("A merger plan is put forward, and waits for you to accept it")),)
