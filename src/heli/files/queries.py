"""Reading files: only for those who may do at the place what the file was given for."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from heli.files.models import StoredFile, Upload
from heli.kernel.access import Actor, may, scope
from heli.kernel.offers import offered

ID_LENGTH = 24
"""Signs of an upload's public id."""
PARTIAL = ".partial"
"""The folder of what is still arriving; backups leave it out, as everything whose name begins with a dot."""
INLINE = frozenset({"image/jpeg", "application/pdf"})
"""What a browser may show in place; everything else is only handed out."""


def content_path(sha256: str) -> Path:
    """Where the content of this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:]


def find_file(public_id: str, actor: Actor) -> StoredFile | None:
    """The file behind a public id, if the actor may fetch it."""
    stored = StoredFile.objects.filter(public_id=public_id).first()
    if stored is None or not may(actor, stored.action, stored.place_id):
        return None
    # A file of no place belongs to the whole installation.
    if stored.place_id is None and not scope(actor, stored.action).everything:
        return None
    return stored if all(lets(actor, stored) for lets in _guards()) else None


@cache
def _guards() -> tuple[Callable[[Actor, StoredFile], bool], ...]:
    """What else must agree, offered in `fetching.py` as `FETCHING`: whose rows a file belongs to is known above."""
    return tuple(offered("fetching", "FETCHING"))


def path_of(stored: StoredFile) -> Path:
    """Where its content lies."""
    return content_path(stored.sha256)


def thumbnail_path(stored: StoredFile) -> Path:
    """Where the small copy of a photo lies: derived content, under the hash of the photo it was made from."""
    return Path(settings.MEDIA_ROOT) / "thumbnails" / stored.sha256[:2] / f"{stored.sha256[2:]}.jpg"


def is_photo(stored: StoredFile) -> bool:
    """Whether it was stored as a photo, with a small copy."""
    return stored.content_type == "image/jpeg"


def read_content(stored: StoredFile) -> bytes:
    """Its content. Raises FileNotFoundError."""
    return path_of(stored).read_bytes()


def partial_path(upload: Upload) -> Path:
    """Where what has arrived of an upload lies."""
    return Path(settings.MEDIA_ROOT) / PARTIAL / upload.public_id


def received_bytes(upload: Upload) -> int:
    """How much of an upload has arrived."""
    try:
        return partial_path(upload).stat().st_size
    except FileNotFoundError:
        return 0


def open_uploads(actor: Actor, at: datetime) -> QuerySet[Upload]:
    """The actor's own uploads that are neither taken nor dropped nor out of time; of strangers those of all of them."""
    own = Upload.objects.filter(actor_id=actor.id) if actor.id is not None else Upload.objects.filter(actor_id=None)
    return own.filter(taken_at__isnull=True, dropped_at__isnull=True, expires_at__gt=at)


def called(public_id: str, actor: Actor) -> Q:
    """The condition of the actor's upload of this id: a stranger's id carries its token behind the first `ID_LENGTH` signs."""
    if actor.id is not None:
        return Q(public_id=public_id, actor_id=actor.id)
    digest = sha256(public_id[ID_LENGTH:].encode()).hexdigest()
    return Q(public_id=public_id[:ID_LENGTH], actor_id=None, token=digest)


def find_upload(public_id: str, actor: Actor) -> Upload | None:
    """An upload of the actor's own, whatever became of it."""
    return Upload.objects.filter(called(public_id, actor)).first()
