"""The kinds of messages that the registers send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

ENDS = "contracts.reminder"
KINDS = (MessageKind(ENDS, gettext_noop("Contracts of a collective come to their end")),)
