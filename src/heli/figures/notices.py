"""The kinds of notices that figures send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

REPORT = "figures.report"
KINDS = (MessageKind(REPORT, gettext_noop("A report for you or your place is ready")),)
