"""The kinds of notices that notices itself sends."""

from django.utils.translation import gettext_noop

from heli.notices.types import NoticeKind

DIGEST = "notices.digest"
KINDS = (NoticeKind(DIGEST, gettext_noop("Digest of what gathered in the half-day")),)
