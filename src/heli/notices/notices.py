"""The kinds of notices that notices itself sends; the digest is no kind of its own to choose."""

from django.utils.translation import gettext_noop as _

from heli.notices.types import NoticeKind

DIGEST = "notices.digest"
CHANNEL_REFUSES = "notices.channel_refuses"
KINDS: tuple[NoticeKind, ...] = (NoticeKind(CHANNEL_REFUSES, _("A channel of mine takes no messages")),)
