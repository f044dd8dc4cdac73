"""The kinds of notices that figures send."""

from django.utils.translation import gettext_noop

from heli.notices.types import NoticeKind

REPORT = "figures.report"
KINDS = (NoticeKind(REPORT, gettext_noop("A report for you or your place is ready")),)
