"""Writes of files: keeping what came, and taking in what arrives piece by piece."""

from heli.files.services.reading import sent_by
from heli.files.services.storing import (
    TYPES,
    UNFINISHED,
    share_file,
    store_document,
    store_file,
    store_photo,
    sweep_unfinished,
)
from heli.files.services.uploads import append_upload, begin_upload, drop_expired_uploads, take_given, take_upload

__all__ = [
    "TYPES",
    "UNFINISHED",
    "append_upload",
    "begin_upload",
    "drop_expired_uploads",
    "sent_by",
    "share_file",
    "store_document",
    "store_file",
    "store_photo",
    "sweep_unfinished",
    "take_given",
    "take_upload",
]
