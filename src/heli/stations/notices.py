"""The kinds of messages that stations send."""

from django.utils.translation import gettext_noop

from heli.notices.types import MessageKind

CALLED = "stations.called"
KINDS = (MessageKind(CALLED, gettext_noop("My department was called to a site")),)
