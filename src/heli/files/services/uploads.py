"""Uploads that survive a weak network: begun, continued where they broke off, taken once into a stored file."""

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.audit.services import writing
from heli.files.models import StoredFile, Upload
from heli.files.queries import ID_LENGTH, PARTIAL, called, open_uploads, partial_path, received_bytes
from heli.files.rules import check_name, promised_kind, too_large
from heli.files.services.storing import plain_name, store_document, store_photo
from heli.files.texts import as_fault
from heli.files.types import LARGEST, LIMITS
from heli.kernel.access import Actor, require
from heli.kernel.faults import Fault, Finding, Refused
from heli.kernel.ids import new_public_id
from heli.ui.uploads import Uploaded

KEPT = timedelta(days=3)
"""How long an upload may wait for its other half, and for its form."""
MOST_OPEN, MOST_OPEN_BYTES = 60, 1_000_000_000
"""What one person may have on the way at a time."""
MOST_OF_STRANGERS = 600
"""What all strangers together may have on the way, within the same bytes: the disk is nobody's to fill."""


class Multipart(Protocol):
    """A file of an ordinary form, as Django hands it over."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def begin_upload(
    *,
    actor: Actor,
    name: str,
    size: int,
    purpose: str,
    place_id: int | None,
    sha256: str = "",
    photo: bool = False,
    token: str = "",
    at: datetime | None = None,
) -> Upload:
    """Begin an upload for what the actor may do (`purpose`) at the place; its content follows by `append_upload`.

    A stranger gives a `token` of their own, which alone opens it again.

    Raises `Refused` for a name of a wrong kind, sizes over the limit of what it promises, or when too much is on the way
    already; `Forbidden`.
    """
    require(actor, purpose, place_id)
    now = at or timezone.now()
    promised = promised_kind(name)
    most = LIMITS[promised] if promised else LARGEST
    faults = [as_fault(finding) for finding in check_name(name, photo=photo)]
    if size <= 0:
        faults.append(as_fault(Finding("file_empty", field="size")))
    if size > most:
        faults.append(as_fault(too_large(name, most)))
    sizes = list(open_uploads(actor, now).values_list("size", flat=True))
    if len(sizes) >= (MOST_OPEN if actor.id is not None else MOST_OF_STRANGERS) or sum(sizes) + size > MOST_OPEN_BYTES:
        text = _(
            "Too many uploads are unfinished. Finish or send those first; unfinished ones end after %(days)s days."
        )
        faults.append(Fault("uploads_open", text % {"days": KEPT.days}))
    if faults:
        raise Refused(faults)
    if (actor.id is None) is not bool(token):
        raise ValueError("an upload is a person's or a token's")
    with writing(actor, "files.begin_upload", action=purpose, place_id=place_id, at=at) as act:
        upload = Upload(
            public_id=new_public_id(ID_LENGTH),
            actor_id=actor.id,
            token=hashlib.sha256(token.encode()).hexdigest() if token else "",
            action=purpose,
            place_id=place_id,
            name=plain_name(name),
            size=size,
            sha256=sha256.lower(),
            begun_at=act.at,
            expires_at=act.at + KEPT,
        )
        upload.save(force_insert=True)
        act.subject, act.after = f"upload:{upload.public_id}", {"size": size, "for": purpose}
    return upload


def append_upload(*, upload: Upload, offset: int, content: bytes) -> int | None:
    """Add content at the offset; the new offset, or None when it is not where the upload stands or would run over.

    Writes no row: the partial file is the state. Of two who append at once, one finds the offset gone.
    """
    path = partial_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stands = stream.seek(0, 2)
        if stands != offset or offset + len(content) > upload.size:
            return None
        stream.write(content)
        stream.flush()
        return stands + len(content)


def take_upload(
    *,
    actor: Actor,
    public_id: str,
    purpose: str,
    action: str,
    place_id: int | None = None,
    photo: bool = False,
    at: datetime | None = None,
) -> StoredFile:
    """Turn a finished upload of the actor's own into a stored file, once; call inside an open `writing` block.

    `purpose` is what it was uploaded for; `action` and `place_id` say who may fetch it, as in `store_file`. Raises
    `Refused` when it is another's, for another purpose or place, unfinished, taken, out of time, or not what it is called.
    """
    now = at or timezone.now()
    own = open_uploads(actor, now).filter(called(public_id, actor), action=purpose)
    upload = own.filter(Q(place_id=place_id) | Q(place_id__isnull=True)).select_for_update().first()
    if upload is None:
        text = _("This upload is no longer there. Choose the file again.")
        raise Refused(Fault("upload_gone", text, field="file"))
    if received_bytes(upload) != upload.size:
        text = _("%(name)s has not arrived completely. Wait until its bar is full.")
        raise Refused(Fault("upload_unfinished", text % {"name": upload.name}, field="file"))
    path = partial_path(upload)
    if upload.sha256 and upload.sha256 != _digest(path):
        text = _("%(name)s was damaged on its way. Choose it again.")
        raise Refused(Fault("upload_damaged", text % {"name": upload.name}, field="file"))
    store = store_photo if photo else store_document
    stored = store(actor=actor, chunks=_blocks(path), name=upload.name, action=action, place_id=place_id, at=at)
    upload.file, upload.taken_at = stored, now
    upload.save(update_fields=["file", "taken_at"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return stored


def take_given(
    *,
    actor: Actor,
    given: Uploaded | Multipart,
    purpose: str,
    action: str,
    place_id: int | None = None,
    photo: bool = False,
    at: datetime | None = None,
) -> StoredFile:
    """Keep one file of a `ui.forms.ResumableFileField`: a finished upload, or one that came with the form itself."""
    if isinstance(given, Uploaded):
        return take_upload(
            actor=actor,
            public_id=given.public_id,
            purpose=purpose,
            action=action,
            place_id=place_id,
            photo=photo,
            at=at,
        )
    store = store_photo if photo else store_document
    return store(actor=actor, chunks=given.chunks(), name=given.name or "", action=action, place_id=place_id, at=at)


def drop_expired_uploads(*, actor: Actor, at: datetime) -> int:
    """Remove what arrived of uploads whose time ended, and what no open upload owns; how many ended. The rows stay."""
    unfinished = Upload.objects.filter(taken_at__isnull=True, dropped_at__isnull=True)
    ended = unfinished.filter(expires_at__lte=at)
    dropped = 0
    if ended.exists():
        with writing(actor, "files.drop_uploads", at=at) as act:
            dropped = ended.update(dropped_at=at)
            act.after = {"uploads": dropped}
    folder = Path(settings.MEDIA_ROOT) / PARTIAL
    lying = sorted(folder.iterdir()) if folder.is_dir() else []
    # Asked after the folder was read: an upload's row is there before its first byte.
    owned = set(unfinished.values_list("public_id", flat=True))
    for path in lying:
        if path.name not in owned:
            path.unlink(missing_ok=True)
    return dropped


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            yield block


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()
