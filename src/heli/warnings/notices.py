"""The kinds of notices that warnings send."""

from django.utils.translation import gettext_noop

from heli.notices.types import NoticeKind

STATEMENT = "warnings.statement"
GIVEN = "warnings.statement_given"
CONTESTED = "warnings.contested"
KINDS = (
    NoticeKind(STATEMENT, gettext_noop("A statement is demanded of your town, or the demand is withdrawn")),
    NoticeKind(GIVEN, gettext_noop("A town has given the statement that was demanded")),
    NoticeKind(CONTESTED, gettext_noop("A red is contested, or the contest is decided")),
)
