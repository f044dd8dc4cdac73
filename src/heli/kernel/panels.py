"""Panels: a piece of a lower context's page that a higher context offers, so that the lower one need not know it.

The page of a place shows who answers for it, although organisations stand above places. Sections are the same for the
archive of a place 一村一档, which every context fills with what it knows: rows, drawn on screen and on paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from heli.kernel.access import Actor
from heli.kernel.declare import Asking, Rows
from heli.kernel.offers import offered

Filler = Callable[[Actor, int, date], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and what fills it for (actor, place, day); None means nothing to show to this actor.

    `order`: where it stands, the smallest first.
    """

    id: str
    template: str
    fill: Filler
    order: int = 50


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
    """The panels offered for a place, in order."""
    ordered = sorted(_offered.values(), key=lambda panel: (panel.order, panel.id))
    filled = ((panel, panel.fill(actor, place_id, on)) for panel in ordered)
    return [Filled(panel.template, values) for panel, values in filled if values is not None]


RowFiller = Callable[[Actor, Sequence[int], date], Rows]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a place's archive: its title (a text that translates itself) and its rows.

    `fill(actor, place_ids, on)` gets the place first and behind it those that went into it, as far as the actor reaches
    them, and gives only what the actor may read; no lines, no section. `order`: where it stands, the smallest first.
    `is_brief`: its last lines stand on the page of the place too, which shows the rest in panels of their own.
    """

    id: str
    title: Any
    fill: RowFiller
    order: int = 50
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class FilledSection:
    """A section with something in it."""

    id: str
    title: str
    rows: Rows


_sections: dict[str, Section] = {}


def offer_section(section: Section) -> None:
    """Offer a section of archives; called once at start-up, a second offer of the same id replaces the first."""
    _sections[section.id] = section


def sections_of(actor: Actor, place_ids: Sequence[int], on: date, *, brief: bool = False) -> list[FilledSection]:
    """The sections that have something to say about the place and what went into it, in order; `brief`: only those."""
    found = []
    for section in sorted(_sections.values(), key=lambda section: (section.order, section.id)):
        if brief and not section.is_brief:
            continue
        rows = section.fill(actor, place_ids, on)
        if rows.lines:
            found.append(FilledSection(section.id, str(section.title), rows))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAsk(Asking):
    """Who opens the first page, and when; parts share what they read, and say under "told" what they show already."""

    actor: Actor
    on: date

    def told(self) -> set[str]:
        """Addresses of things that a part above has shown."""
        return self.shared("told", set)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePart:
    """A part of the first page, offered in a context's `home.py` as `HOME`: a template and what fills it.

    `fill(ask)` gives None where there is nothing to show to this reader. `order`: where it stands, the smallest first;
    `beside`: in the second column of a wide screen.
    """

    id: str
    template: str
    fill: Callable[[HomeAsk], dict[str, Any] | None]
    order: int = 50
    beside: bool = False


@dataclass(frozen=True, slots=True)
class HomeColumns:
    """The first page: what is to be done, and beside it how things stand."""

    first: Sequence[Filled]
    beside: Sequence[Filled]


def home_of(actor: Actor, on: date) -> HomeColumns:
    """The parts that have something to show to a reader, in order."""
    ask = HomeAsk(actor=actor, on=on)
    parts: list[HomePart] = sorted(offered("home", "HOME"), key=lambda part: (part.order, part.id))
    first: list[Filled] = []
    beside: list[Filled] = []
    for part in parts:
        values = part.fill(ask)
        if values is not None:
            (beside if part.beside else first).append(Filled(part.template, values))
    return HomeColumns(first, beside)
