"""How far long work has come, told beside the database: an open transaction is invisible to pages, a small file is not."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `whole` rows in a step ("check", "apply")."""

    step: str
    done: int
    whole: int


def _path(public_id: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "progress" / f"{public_id}.json"


def tell(public_id: str, progress: Progress) -> None:
    """Say how far a run has come; readers never see half a file."""
    path = _path(public_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(asdict(progress)))
    os.replace(fresh, path)


def heard(public_id: str) -> Progress | None:
    """What was said last; None when nothing was."""
    try:
        return Progress(**json.loads(_path(public_id).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def forget(public_id: str) -> None:
    """The work is over."""
    _path(public_id).unlink(missing_ok=True)
