"""Reading files: only for those who may do at the place what the file was given for."""

from pathlib import Path

from django.conf import settings

from heli.files.models import StoredFile
from heli.kernel.access import Actor, may, scope


def content_path(sha256: str) -> Path:
    """Where the content of this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:]


def find_file(public_id: str, actor: Actor) -> StoredFile | None:
    """The file behind a public id, if the actor may fetch it."""
    stored = StoredFile.objects.filter(public_id=public_id).first()
    if stored is None or not may(actor, stored.action, stored.place_id):
        return None
    # A file of no place belongs to the whole installation.
    return stored if stored.place_id is not None or scope(actor, stored.action).everything else None


def path_of(stored: StoredFile) -> Path:
    """Where its content lies."""
    return content_path(stored.sha256)


def read_content(stored: StoredFile) -> bytes:
    """Its content. Raises FileNotFoundError."""
    return path_of(stored).read_bytes()
