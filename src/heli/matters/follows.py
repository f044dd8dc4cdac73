"""What follows moves of a whistle: the other department is whistled for, who is urged or answered hears of it."""

from datetime import date, datetime
from typing import Any

from heli.kernel.access import Actor
from heli.matters.ledger import WHISTLES
from heli.matters.models import UrgeColour
from heli.matters.whistle_services import hand_on, tell_replied, tell_urged
from heli.records.ledgers import Follow, Values


def handed_on(actor: Actor, row: Any, _values: Values, on: date, at: datetime) -> Values:
    """The other department is whistled for."""
    hand_on(actor=actor, row=row, on=on, at=at)
    return {}


def urged(colour: UrgeColour) -> Follow:
    """The department hears in which colour it is urged."""

    def run(actor: Actor, row: Any, _values: Values, on: date, at: datetime) -> Values:
        tell_urged(actor=actor, row=row, colour=colour, on=on, at=at)
        return {}

    return Follow(WHISTLES.name, f"urge_{colour.value}", run)


def replied(actor: Actor, row: Any, _values: Values, _on: date, at: datetime) -> Values:
    """Whoever urged hears that it was answered."""
    tell_replied(actor=actor, row=row, at=at)
    return {}


FOLLOWS = (
    Follow(WHISTLES.name, "transfer", handed_on),
    *(urged(colour) for colour in UrgeColour),
    Follow(WHISTLES.name, "reply", replied),
)
