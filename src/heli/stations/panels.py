"""What stations show on the page of a body that is one."""

from datetime import date
from typing import Any

from heli.bodies.parts import BodyPart
from heli.bodies.types import BodyKind
from heli.kernel.access import Actor, may
from heli.places import queries as places
from heli.stations.ledger import KEEP
from heli.stations.queries import station_card


def fill(actor: Actor, body: Any, on: date) -> dict[str, Any] | None:
    """Members, powers, platforms, visits, who is on call; nothing for a body that is no station."""
    if body.kind != BodyKind.STATION:
        return None
    district = places.rows_of([body.place_id], on).get(body.place_id)
    if district is None:
        return None
    district_id = district.district_id or body.place_id
    card = station_card(actor, body.place_id, district_id, on)
    if card is None:
        return None
    about = places.rows_of([district_id], on)[district_id].public_id
    return {
        "card": card,
        "about_id": about,
        "place_id": district.public_id,
        "may_keep": may(actor, KEEP, body.place_id),
    }


BODY_PARTS = (BodyPart("stations/card.html", fill),)
