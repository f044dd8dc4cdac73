"""Who may fetch a file."""

from typing import Any

from heli.audit.services import writing
from heli.files.services import store_file
from heli.kernel.access import SYSTEM
from heli.ui.testing import STAFF, AccessCase, Kwargs


def _file(half: Any) -> Kwargs:
    """A file of the half's district that those may fetch who may read there."""
    with writing(SYSTEM, "places.read", place_id=half.village.pk):
        stored = store_file(actor=SYSTEM, chunks=[b"x"], name="x.csv", action="places.read", place_id=half.village.pk)
    return {"public_id": stored.public_id}


ACCESS: list[AccessCase] = [
    AccessCase(
        "files:download",
        STAFF,
        own=lambda world: _file(world.a),
        foreign=lambda world: _file(world.b),
        refused=(404,),
    ),
]
