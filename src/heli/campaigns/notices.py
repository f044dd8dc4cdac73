"""The kinds of notices that campaigns send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

RETURNED = "campaigns.returned"
TASKS = "campaigns.tasks.reminder"


KINDS = (
    MessageKind(RETURNED, gettext_noop("A step you submitted was returned")),
    MessageKind(TASKS, gettext_noop("What is due and what waits for your judgement")),
)
