"""Posts and who holds them."""

from heli.posts.models.offices import (
    Establishment,
    Holding,
    HowHeld,
    OfficeMatter,
    OfficeWord,
    Post,
)

__all__ = ["Establishment", "Holding", "HowHeld", "OfficeMatter", "OfficeWord", "Post"]
