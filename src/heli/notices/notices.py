"""The kinds of notices that notices itself sends: none but the digest, which is no kind of its own to choose."""

from heli.notices.types import NoticeKind

DIGEST = "notices.digest"
KINDS: tuple[NoticeKind, ...] = ()
