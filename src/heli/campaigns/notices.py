"""The kinds of notices that campaigns send."""

from django.utils.translation import gettext_noop

from heli.notices.types import NoticeKind

RETURNED = "campaigns.returned"
TASKS = "campaigns.tasks.reminder"


KINDS = (
    NoticeKind(RETURNED, gettext_noop("A step you submitted was returned")),
    NoticeKind(TASKS, gettext_noop("What is due and what waits for your judgement")),
)
