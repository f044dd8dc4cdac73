"""Keeping files: content by hash in a folder, a row that says what it was and who may fetch it."""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from heli.files import apart
from heli.files.images import prepare_photo
from heli.files.models import StoredFile
from heli.files.queries import content_path, thumbnail_path
from heli.files.rules import check_file, too_large
from heli.files.services.reading import sent_by
from heli.files.texts import as_fault
from heli.files.types import LARGEST, LIMITS, PHOTOS, FileKind
from heli.kernel.access import Actor
from heli.kernel.faults import Refused
from heli.kernel.ids import new_public_id

UNFINISHED = ".new-"
UNFINISHED_S = 3_600
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "csv": "text/csv",
    "txt": "text/plain",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "doc": "application/msword",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/msword",
    "et": "application/vnd.ms-excel",
    "dps": "application/vnd.ms-powerpoint",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "geojson": "application/geo+json",
    "json": "application/json",
    "gpkg": "application/geopackage+sqlite3",
    "zip": "application/zip",
}


def store_file(
    *,
    actor: Actor,
    chunks: Iterable[bytes],
    name: str,
    action: str,
    place_id: int | None = None,
    at: datetime | None = None,
) -> StoredFile:
    """Keep a file that its caller reads and checks itself; call inside an open `audit.services.writing` block.

    `action` and `place_id` say who may fetch it later. Content already there is not written twice. The content type follows
    the name; nothing is trusted from outside. What people give as evidence goes through `store_photo` or `store_document`.
    """
    giving = _Giving(actor, name, action, place_id, at)
    with _received(chunks) as came:
        return _keep(came, giving)


def store_photo(
    *,
    actor: Actor,
    chunks: Iterable[bytes] | bytes,
    name: str,
    action: str,
    place_id: int | None = None,
    at: datetime | None = None,
) -> StoredFile:
    """Keep a photo (JPEG, HEIC, PNG, WebP) as an upright JPEG without EXIF, with a small copy; inside a `writing` block.

    The original is not kept; the day it says it was taken comes back as `taken_on`, a suggestion kept nowhere. Raises
    `Refused` for what is no photo, is damaged, or is too large in bytes or pixels.
    """
    with _received(chunks, name=name, most=LIMITS[FileKind.JPEG]) as came:
        return _store_checked(came, _Giving(actor, name, action, place_id, at), photo=True)


def store_document(
    *,
    actor: Actor,
    chunks: Iterable[bytes] | bytes,
    name: str,
    action: str,
    place_id: int | None = None,
    at: datetime | None = None,
) -> StoredFile:
    """Keep a document as it came once its content is what it is called; inside a `writing` block.

    A picture given as a document (a scan) is treated as a photo is. Raises `Refused` for unknown or misnamed kinds, macros,
    archives that burst, and what is over its kind's limit.
    """
    with _received(chunks, name=name, most=LARGEST) as came:
        return _store_checked(came, _Giving(actor, name, action, place_id, at), photo=False)


def sweep_unfinished(*, at: datetime) -> int:
    """Remove what a killed process left half-written in the store (`.new-…`), an hour later; how many files."""
    left = [
        path
        for path in Path(settings.MEDIA_ROOT).rglob(f"{UNFINISHED}*")
        if path.is_file() and path.stat().st_mtime < at.timestamp() - UNFINISHED_S
    ]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


@dataclass(frozen=True, slots=True)
class _Came:
    """Content that lies in a temporary file of the store's own folder."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class _Giving:
    """Who gives a file under which name, and who may fetch it."""

    actor: Actor
    name: str
    action: str
    place_id: int | None
    at: datetime | None


@contextmanager
def _received(chunks: Iterable[bytes] | bytes, *, name: str = "", most: int | None = None) -> Iterator[_Came]:
    """Write the content beside its later place while hashing it; what is not taken from there is removed."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in [chunks] if isinstance(chunks, bytes) else chunks:
                digest.update(chunk)
                size += len(chunk)
                if most is not None and size > most:
                    raise Refused(as_fault(too_large(name, most)))
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        yield _Came(Path(temporary), digest.hexdigest(), size)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _store_checked(came: _Came, giving: _Giving, *, photo: bool) -> StoredFile:
    """Check what came and keep it: pictures written anew, everything else as it is."""
    with came.path.open("rb") as stream:
        kind, found = check_file(giving.name, came.size, stream, photo=photo)
    if found or kind is None:
        raise Refused(map(as_fault, found))
    if kind not in PHOTOS:
        return _keep(came, giving)
    with sent_by(actor=giving.actor, name=giving.name, place_id=giving.place_id):
        prepared = apart.call(prepare_photo, came.path.read_bytes(), kind, giving.name)
    stem = giving.name.rpartition(".")[0] if "." in giving.name else giving.name
    with _received(prepared.jpeg) as anew:
        stored = _keep(anew, replace(giving, name=f"{stem or 'photo'}.jpg"))
    with _received(prepared.thumbnail) as small:
        _move(small.path, thumbnail_path(stored))
    stored.taken_on = prepared.taken_on
    return stored


def _keep(came: _Came, giving: _Giving) -> StoredFile:
    """Move the content to its place and write its row."""
    _move(came.path, content_path(came.sha256))
    plain = plain_name(giving.name)
    return StoredFile.objects.create(
        public_id=new_public_id(),
        sha256=came.sha256,
        size=came.size,
        name=plain,
        content_type=TYPES.get(plain.rpartition(".")[2].lower(), "application/octet-stream"),
        action=giving.action,
        place_id=giving.place_id,
        stored_at=giving.at or timezone.now(),
        stored_by_id=giving.actor.id,
    )


def _move(temporary: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # The same content from two hands at once: the later replaces the earlier by the very same bytes.
    os.replace(temporary, target)


def plain_name(name: str) -> str:
    """A file's name without folders and control characters, at most 200 characters, its suffix kept."""
    return re.sub(r"[\x00-\x1f/\\]+", "_", name.strip())[-200:] or "file"


def share_file(stored: StoredFile, *, place_ids: Collection[int], at: datetime | None = None) -> dict[int, StoredFile]:
    """The same content for other places, {place: file}; inside a `writing` block. Nothing is written to the disk."""
    now = at or timezone.now()
    copies = [
        StoredFile(
            public_id=new_public_id(),
            sha256=stored.sha256,
            size=stored.size,
            name=stored.name,
            content_type=stored.content_type,
            action=stored.action,
            place_id=place,
            stored_at=now,
            stored_by_id=stored.stored_by_id,
        )
        for place in sorted(set(place_ids))
    ]
    return {one.place_id or 0: one for one in StoredFile.objects.bulk_create(copies)}
