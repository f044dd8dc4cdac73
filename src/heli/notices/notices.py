"""The kinds of messages that notices itself sends; the digest is no kind of its own to choose."""

from django.utils.translation import gettext_noop as _

from heli.notices.types import MessageKind

DIGEST = "notices.digest"
CHANNEL_REFUSES = "notices.channel_refuses"
KINDS: tuple[MessageKind, ...] = (MessageKind(CHANNEL_REFUSES, _("A channel of mine takes no messages")),)
