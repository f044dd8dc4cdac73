"""What ledgers tell the archive of a place: their rows there, as far as the actor may read them."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from heli.kernel.access import Actor, scope
from heli.kernel.declare import Rows
from heli.kernel.panels import Section, offer_section
from heli.places import queries as places
from heli.records.ledgers import Ledger, ledgers


def archive_rows(ledger: Ledger, actor: Actor, place_ids: Sequence[int], on: date) -> Rows:
    """The rows of a ledger about some places: number, title, day, standing."""
    heads = (_("No."), str(ledger.words.one), _("Found"), _("Due"), _("Standing"), _("Closed"))
    readable = places.reached_among(scope(actor, ledger.reads), place_ids)
    rows = ledger.model._default_manager.filter(place__in=readable).order_by("opened_at", "number")
    known = [row for row in rows if _day(row) <= on]
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
    for order, ledger in enumerate(ledgers().values(), start=60):
        offer_section(Section(ledger.name, ledger.words.tab, partial(archive_rows, ledger), order=order))
