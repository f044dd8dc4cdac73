"""The kinds of messages that matters send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

WHISTLED, URGED = "matters.whistled", "matters.urged"
KINDS = (
    MessageKind(WHISTLED, gettext_noop("My department was whistled for")),
    MessageKind(URGED, gettext_noop("My department was urged, or answered to it")),
)
