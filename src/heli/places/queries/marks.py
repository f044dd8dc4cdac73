"""What tells one state of the register from another."""

import hashlib
from datetime import date

from heli.places.models import Fact, PlaceVersion


def register_mark(district_id: int | None, on: date) -> str:
    """What tells one state of a district's register from another: its versions and how they end, its newest figure."""
    if district_id is None:
        return "none"
    versions = (
        PlaceVersion.objects.filter(district_id=district_id).order_by("id").values_list("id", "valid_to", "outline_id")
    )
    newest = Fact.objects.filter(district_id=district_id).order_by("-id").values_list("id", flat=True).first()
    digest = hashlib.sha256(f"{district_id} {on} {newest}".encode())
    for row in versions.iterator(chunk_size=5_000):
        digest.update(repr(row).encode())
    return digest.hexdigest()
