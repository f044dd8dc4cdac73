"""The folder of an installation is for its own account alone: folders 0700, files 0600.

What Heli makes is made so (the umask in settings); what an older version or a hand has left open is closed by `heli serve`
and named by `heli check`. Files of evidence lie in a folder that is closed itself.
"""

import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def kept_paths() -> Iterator[Path]:
    """The folder, and what in it tells something by itself: database, logs, backups, keys, seals."""
    var = Path(settings.VAR)
    yield var
    for name in ("files", "logs", "backups"):
        yield var / name
        if name != "files":
            yield from sorted((var / name).glob("*"))
    yield from (var / "secret-key", settings.ANCHOR_KEY_FILE, settings.TRAIL_ANCHOR)
    if connection.vendor == "sqlite":
        database = str(connection.settings_dict["NAME"])
        yield from (Path(database + suffix) for suffix in ("", "-wal", "-shm", "-journal"))


def find_open() -> list[Path]:
    """Those that other accounts of the machine may enter, read or write."""
    return [path for path in dict.fromkeys(kept_paths()) if path.exists() and path.stat().st_mode & OTHERS]


def close() -> list[Path]:
    """Close what is open and belongs to this account; which that were."""
    closed = []
    for path in find_open():
        try:
            path.chmod(path.stat().st_mode & ~OTHERS)
        except PermissionError:
            continue  # another account's: `heli check` names it
        closed.append(path)
    return closed
