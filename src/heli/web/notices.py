"""The kinds of notices that belong to the whole installation."""

from django.utils.translation import gettext_noop

from heli.notices.types import Cadence, MessageKind

TRAIL = "web.trail_head"
KINDS = (MessageKind(TRAIL, gettext_noop("The last entry of the audit trail, to keep"), Cadence.DIGEST),)
