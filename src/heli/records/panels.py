"""What ledgers tell the page and the archive of a place, and the pieces that a higher room lays into the page of a lower one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from heli.kernel.access import Actor
from heli.kernel.declare import Rows
from heli.kernel.offers import offered
from heli.kernel.panels import Filled, Panel, Section, offer, offer_section
from heli.places import queries as places
from heli.records.abouts import About
from heli.records.ledgers import Ledger, ledgers
from heli.records.queries import rows_at
from heli.records.rules import days_late

MOST_ROWS = 5
"""So many open rows of a ledger stand on the page of a place."""


def fill_open(actor: Actor, place_id: int, on: date) -> dict[str, Any] | None:
    """The open rows of every ledger at a place and at what stands below it, what is due first on top; four queries a ledger."""
    named = {row.id: row.name for row in places.children_of(place_id, on)}
    found = []
    for ledger in ledgers().values():
        rows = [row for row in rows_at(ledger, actor, [place_id, *named]) if ledger.states(row.status) != ledger.done]
        if not rows:
            continue
        rows.sort(key=lambda row: (getattr(row, "due_on", None) or date.max, row.number))
        late = [days_late(getattr(row, "due_on", None), None, on) for row in rows]
        found.append(
            {
                "title": ledger.words.tab,
                "count": len(rows),
                "late": sum(days > 0 for days in late),
                "lines": [
                    {
                        "title": getattr(row, ledger.title),
                        "url": ledger.url("row", row.about, row.public_id),
                        "place": named.get(row.place_id, ""),
                        "state": ledger.states(row.status).label,
                        "due_on": getattr(row, "due_on", None),
                        "days": days,
                    }
                    for row, days in zip(rows[:MOST_ROWS], late, strict=False)
                ],
                "more": len(rows) - len(rows[:MOST_ROWS]),
            }
        )
    return {"ledgers": found} if found else None


def archive_rows(ledger: Ledger, actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """The rows of a ledger about some places: number, title, day, standing."""
    heads = (_("No."), str(ledger.words.one), _("Found"), _("Due"), _("Standing"), _("Closed"))
    known = sorted((row for row in rows_at(ledger, actor, place_ids) if _day(row) <= on), key=_day)
    lines = [
        (
            row.number, getattr(row, ledger.title), _day(row), getattr(row, "due_on", None) or "",
            str(ledger.states(row.status).label), getattr(row, f"{ledger.closed}_on", None) or "",
        )
        for row in known
    ]  # fmt: skip
    return Rows(heads, lines, [ledger.url("row", row.about, row.public_id) for row in known])


def _day(row: Any) -> date:
    found: date = getattr(row, "found_on", None) or localdate(row.opened_at)
    return found


def offer_sections() -> None:
    """Called once at start-up: what is open, and a section for each ledger."""
    offer(Panel("records.open", "records/panel.html", fill_open, order=20))
    for order, ledger in enumerate(ledgers().values(), start=55):
        offer_section(Section(ledger.name, ledger.words.tab, partial(archive_rows, ledger), order=order))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the page `page` ("meetings:list") of an about, offered in a room's `panels.py` as `PIECES`.

    `fill(actor, about, on)` gives what its template finds under `values`; None when there is nothing to show to this actor.
    """

    page: str
    template: str
    fill: Callable[[Actor, About, date], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class RowPart:
    """What the page of a row of the ledger of this name shows besides, offered in a room's `panels.py` as `ROW_PARTS`:
    `fill(row, on)` gives what the ledger's own template finds, or with `template` one that is laid into the page.
    """

    ledger: str
    fill: Callable[[Any, date], dict[str, Any]]
    template: str = ""


@cache
def row_parts() -> dict[str, RowPart]:
    """Everything on offer, by the name of the ledger."""
    return {one.ledger: one for one in offered("panels", "ROW_PARTS")}


def row_part_of(ledger: Ledger, row: Any, on: date) -> dict[str, Any]:
    """What a room shows besides the fields of a row."""
    part = row_parts().get(ledger.name)
    return {**part.fill(row, on), "laid_in": part.template} if part is not None else {}


@cache
def pieces() -> tuple[Piece, ...]:
    """Everything on offer."""
    return tuple(offered("panels", "PIECES"))


def pieces_of(page: str, actor: Actor, about: About, on: date) -> list[Filled]:
    """The pieces offered for a page, in the order of their rooms."""
    filled = ((piece, piece.fill(actor, about, on)) for piece in pieces() if piece.page == page)
    return [Filled(piece.template, values) for piece, values in filled if values is not None]
