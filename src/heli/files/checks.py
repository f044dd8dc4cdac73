"""What no constraint can hold: every stored file's content is there, as long as its row says."""

from collections.abc import Iterator

from heli.files.models import StoredFile
from heli.files.queries import path_of
from heli.kernel.faults import Fault


def check_invariants() -> Iterator[Fault]:
    """A problem for each file whose content is missing or of another length."""
    for stored in StoredFile.objects.order_by("pk").iterator():
        path = path_of(stored)
        length = path.stat().st_size if path.is_file() else None
        if length != stored.size:
            said = "missing" if length is None else f"{length} bytes long, not {stored.size}"
            yield Fault("file_content", f"the content of file {stored.public_id} is {said}", source="files")
