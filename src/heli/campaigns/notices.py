"""The kinds of notices that campaigns send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

RETURNED = "campaigns.returned"
KINDS = (MessageKind(RETURNED, gettext_noop("A step you submitted was returned")),)
