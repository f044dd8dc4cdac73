"""Who sent a file that could not be read to its end stands in the trail, whatever becomes of the write around it."""

from collections.abc import Iterator
from contextlib import contextmanager

from heli.audit.services import record_afterwards
from heli.files.apart import Overtaxed
from heli.kernel.access import Actor

STOPPED = "files.reading_stopped"


@contextmanager
def sent_by(*, actor: Actor, name: str, place_id: int | None = None) -> Iterator[None]:
    """Read inside this block what the actor sent under this name; where reading is stopped, the entry names them.

    The refusal (`Overtaxed`) goes on to the caller.
    """
    try:
        yield
    except Overtaxed as overtaxed:
        record_afterwards(actor, STOPPED, place_id=place_id, subject=name, after={"how": overtaxed.how})
        raise
