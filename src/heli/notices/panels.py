"""What notices offer to the page of a place: where its reports go, for those who keep that."""

from datetime import date
from typing import Any

from heli.kernel.access import Actor, may
from heli.kernel.panels import Panel, offer
from heli.notices.queries import channel_rows, place_channels
from heli.notices.texts import CHANNELS
from heli.places import queries as places
from heli.places.types import Level

PLACE = "notices.place"
WITH_CHANNELS = (Level.DISTRICT, Level.TOWNSHIP)
"""Reports go to districts and towns; a village reads its own in Heli."""


def fill(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The channels of a district or town by kind and name; nothing for those who may not keep them."""
    row = places.version_on(place_id, on)
    if row is None or row.level not in WITH_CHANNELS or not may(actor, PLACE, place_id):
        return None
    rows = channel_rows(place_channels(place_id))
    return {"public_id": row.public_id, "channels": [(CHANNELS[channel.kind], channel.name) for channel in rows]}


def offer_panels() -> None:
    """Called once at start-up."""
    offer(Panel("notices.channels", "notices/panel.html", fill, order=90))
