"""The kinds of notices that warnings send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

STATEMENT = "warnings.statement"
GIVEN = "warnings.statement_given"
CONTESTED = "warnings.contested"
KINDS = (
    MessageKind(STATEMENT, gettext_noop("A statement is demanded of your town, or the demand is withdrawn")),
    MessageKind(GIVEN, gettext_noop("A town has given the statement that was demanded")),
    MessageKind(CONTESTED, gettext_noop("A red is contested, or the contest is decided")),
)
