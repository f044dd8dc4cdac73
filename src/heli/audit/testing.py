"""Builders and permissions for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from heli.audit.guard import allowed
from heli.audit.models import Entry
from heli.ui.testing import AccessCase


@contextmanager
def unaudited() -> Iterator[None]:
    """Rows may be written raw inside the block: for test builders and for tampering with the trail."""
    with allowed():
        yield


def last_entry_of(place_id: int) -> int:
    """The number of the last entry about a place."""
    seq = Entry.objects.filter(place_id=place_id).order_by("-seq").values_list("seq", flat=True).first()
    assert seq is not None
    return seq


AUDITORS = ("district_officer", "auditor", "administrator")
ACCESS = [
    AccessCase("audit:list", AUDITORS),
    AccessCase(
        "audit:entry",
        AUDITORS,
        own=lambda world: {"seq": last_entry_of(world.a.district.pk)},
        foreign=lambda world: {"seq": last_entry_of(world.b.district.pk)},
    ),
    AccessCase("audit:verify", AUDITORS, method="post"),
]
