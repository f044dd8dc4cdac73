"""The kinds of notices that ledgers send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

REMINDER = "records.reminder"
KINDS = (MessageKind(REMINDER, gettext_noop("What is due, and what waits for your judgement")),)
