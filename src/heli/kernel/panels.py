"""Panels: a piece of a lower context's page that a higher context offers, so that the lower one need not know it.

The page of a place shows who answers for it, although organisations stand above places.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli.kernel.access import Actor

Filler = Callable[[Actor, int, date], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and what fills it for (actor, place, day); None means nothing to show to this actor."""

    id: str
    template: str
    fill: Filler


@dataclass(frozen=True, slots=True)
class Filled:
    """A panel ready to be included, its values under `values`."""

    template: str
    values: dict[str, Any]


_offered: dict[str, Panel] = {}


def offer(panel: Panel) -> None:
    """Offer a panel for the page of a place; called once at start-up, a second offer of the same id replaces the first."""
    _offered[panel.id] = panel


def panels_of(actor: Actor, place_id: int, on: date) -> list[Filled]:
    """The panels offered for a place, in the order of their ids."""
    filled = ((panel, panel.fill(actor, place_id, on)) for _, panel in sorted(_offered.items()))
    return [Filled(panel.template, values) for panel, values in filled if values is not None]
