"""What the register offers to the trail: names, codes, parents and periods of places, their events, and figures."""

from heli.audit.types import Witness

WITNESSES = (
    Witness("places.PlaceVersion"),
    Witness("places.LineageEvent"),
    Witness("places.LineageLink"),
    Witness("places.Fact"),
)
