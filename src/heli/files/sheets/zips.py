"""Archives that would unpack to more than anyone needs."""

import io
import zipfile
import zlib

from heli.files.sheets.types import Unreadable

ZIP_MAGIC = b"PK\x03\x04"
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 100
SMALL_ENOUGH = 8 * 1024 * 1024
"""Below this many unpacked bytes no ratio is dangerous."""

MAX_ENTRIES = 5_000


def check_zip(data: bytes, name: str) -> None:
    """Refuse an archive that would unpack to much more than it says or than anyone needs. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            declared = sum(entry.file_size for entry in entries)
            packed = max(sum(entry.compress_size for entry in entries), 1)
            # Entries that overlap in the file pack the same bytes many times over.
            if (
                declared > MAX_UNPACKED
                or len(entries) > MAX_ENTRIES
                or packed > 2 * len(data)
                or (declared > SMALL_ENOUGH and declared > MAX_RATIO * packed)
            ):
                raise Unreadable("zip_bomb", name=name, size=f"{declared / 1024 / 1024:.0f}")
            unpacked = 0
            for entry in entries:
                with archive.open(entry) as stream:
                    while chunk := stream.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED:
                            raise Unreadable("zip_bomb", name=name, size=f"{unpacked / 1024 / 1024:.0f}")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as wrong:
        raise Unreadable("zip_broken", name=name) from wrong
