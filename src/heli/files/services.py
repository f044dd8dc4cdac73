"""Keeping files: content by hash in a folder, a row that says what it was and who may fetch it."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from heli.files.models import StoredFile
from heli.files.queries import content_path
from heli.kernel.access import Actor
from heli.kernel.ids import new_public_id

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
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
    """Keep a file; call inside an open `audit.services.writing` block. Content already there is not written twice.

    `action` and `place_id` say who may fetch it later. The content type follows the name; nothing is trusted from outside.
    """
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        target = content_path(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        # The same content from two hands at once: the later replaces the earlier by the very same bytes.
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    plain = re.sub(r"[\x00-\x1f/\\]+", "_", name.strip())[-200:] or "file"
    return StoredFile.objects.create(
        public_id=new_public_id(),
        sha256=digest.hexdigest(),
        size=size,
        name=plain,
        content_type=TYPES.get(plain.rpartition(".")[2].lower(), "application/octet-stream"),
        action=action,
        place_id=place_id,
        stored_at=at or datetime.now(UTC),
        stored_by_id=actor.id,
    )
