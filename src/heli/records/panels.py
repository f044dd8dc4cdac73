"""What ledgers tell the archive of a place, and the pieces that a higher room lays into the page of a lower one."""

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
from heli.kernel.panels import Filled, Section, offer_section
from heli.records.abouts import About
from heli.records.ledgers import Ledger, ledgers
from heli.records.queries import rows_at


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
    """Called once at start-up: a section for each ledger."""
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


@cache
def pieces() -> tuple[Piece, ...]:
    """Everything on offer."""
    return tuple(offered("panels", "PIECES"))


def pieces_of(page: str, actor: Actor, about: About, on: date) -> list[Filled]:
    """The pieces offered for a page, in the order of their rooms."""
    filled = ((piece, piece.fill(actor, about, on)) for piece in pieces() if piece.page == page)
    return [Filled(piece.template, values) for piece, values in filled if values is not None]
