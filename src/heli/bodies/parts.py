"""Pieces that a higher room lays into the page of a body, which need not know it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from heli.bodies.models import Body
from heli.kernel.access import Actor
from heli.kernel.offers import offered
from heli.kernel.panels import Filled


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A piece of the page of a body, offered in a room's `panels.py` as `BODY_PARTS`.

    `fill(actor, body, on)` gives what its template finds under `values`; None when there is nothing to show to this actor.
    """

    template: str
    fill: Callable[[Actor, Body, date], dict[str, Any] | None]


@cache
def _parts() -> tuple[BodyPart, ...]:
    return tuple(offered("panels", "BODY_PARTS"))


def parts_of(actor: Actor, body: Body, on: date) -> list[Filled]:
    """The pieces of a body's page, in the order of their rooms."""
    filled = ((part, part.fill(actor, body, on)) for part in _parts())
    return [Filled(part.template, values) for part, values in filled if values is not None]
