"""Writes of files: keeping what came, and taking in what arrives piece by piece."""

from heli.files.services.storing import TYPES, share_file, store_document, store_file, store_photo
from heli.files.services.uploads import (
    append_upload,
    begin_upload,
    drop_expired_uploads,
    take_given,
    take_upload,
)

__all__ = [
    "TYPES",
    "append_upload",
    "begin_upload",
    "drop_expired_uploads",
    "share_file",
    "store_document",
    "store_file",
    "store_photo",
    "take_given",
    "take_upload",
]
