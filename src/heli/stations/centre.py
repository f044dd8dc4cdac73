"""Reads of the command centre 1 + 9 + 40: one board by scope, the district, its towns, their stations; who sees what they cannot
handle.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from heli.bodies.queries import of_kind
from heli.bodies.types import BodyKind
from heli.kernel.access import Actor, scope
from heli.kernel.declare import Ask
from heli.matters.figures import seen_elsewhere
from heli.matters.ledger import MATTERS
from heli.matters.queries import Rates, rates_by
from heli.places import queries as places
from heli.places.types import Level, PlaceRow
from heli.records.abouts import About, whole
from heli.records.queries import targets
from heli.stations.ledger import READ
from heli.stations.models import Callout, CalloutState

Counted = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CentreRow:
    """A node of the board: a town, or a village or community with its station; what waits there, what is late, the rates."""

    place: PlaceRow
    stations: int
    open: int
    late: int
    called: int
    rates: Rates

    @property
    def three(self) -> tuple[Counted, Counted, Counted]:
        """The three rates in order."""
        return self.rates.response, self.rates.solution, self.rates.content


@dataclass(frozen=True, slots=True)
class ItemSight:
    """Of the matters of an item that officials found: for how many a department had to be whistled."""

    item: str
    pair: Counted


@dataclass(frozen=True, slots=True)
class Centre:
    """The board of a district, or of one of its towns (`at`); `keeping`: how many rows keep a station."""

    at: PlaceRow | None
    keeping: int
    stations: int
    rows: list[CentreRow]
    sights: list[ItemSight]

    @property
    def total(self) -> dict[str, int]:
        """Open ones, late ones, departments called and not there yet."""
        return {name: sum(getattr(one, name) for one in self.rows) for name in ("open", "late", "called")}

    @property
    def three(self) -> list[Counted]:
        """The three rates of all rows together: parts and bases are added, never percentages."""
        rates = zip(*(one.three for one in self.rows), strict=True)
        return [(sum(k for k, _n in one), sum(n for _k, n in one)) for one in rates]


def centre_of(actor: Actor, about: About, at: str, on: date) -> Centre | None:
    """The board over the actor's part; None for a town that is not in it. A constant number of queries."""
    mine = targets(actor, about, on, READ)
    towns = [row for row in mine if row.level is Level.TOWNSHIP]
    town = next((row for row in towns if row.public_id == at), None)
    if at and town is None:
        return None
    villages = [row for row in mine if row.level is Level.VILLAGE and (town is None or row.parent_id == town.id)]
    shown, column = (towns, "town_id") if town is None and towns else (villages, "place_id")
    stations: dict[int, list[int]] = {}
    for key, place, _name in of_kind(about.district_id, BodyKind.STATION, on):
        stations.setdefault(place, []).append(key)
    within: dict[str, Any] = {"about": about.id} | ({"town_id": town.id} if town else {})
    if not whole(actor, about, READ):
        within["place__in"] = places.in_scope(scope(actor, READ)).values("pk")
    rates, late = rates_by(within, column, on), _late(within, column, on)
    open_calls = Callout.objects.filter(**within, status=CalloutState.CALLED).order_by()
    called = dict(open_calls.values_list(column).annotate(n=Count("pk")))
    over: Counter[int] = Counter()
    for row in villages:
        over[(row.parent_id if column == "town_id" else row.id) or 0] += len(stations.get(row.id, ()))
    rows = [
        CentreRow(
            row, over[row.id], rates.get(row.id, Rates()).open, late.get(row.id, 0), called.get(row.id, 0),
            rates.get(row.id, Rates()),
        )
        for row in shown
    ]  # fmt: skip
    reached = {row.id for row in mine} if town is None else {town.id, *(row.id for row in villages)}
    return Centre(town, sum(one.stations > 0 for one in rows), sum(over.values()), rows, _sights(about, reached, on))


def _late(within: Mapping[str, Any], column: str, on: date) -> dict[int, int]:
    rows: Any = MATTERS.model._default_manager.filter(**within).order_by()
    late = Count("pk", filter=Q(due_on__lt=on) & ~Q(status__in=MATTERS.ended))
    return dict(rows.values_list(column).annotate(n=late))


def _sights(about: About, reached: set[int], on: date) -> list[ItemSight]:
    """By item, the most matters first: who sees it cannot handle it (看得见的管不了，管得了的看不见)."""
    sums: dict[str, Counted] = {}
    for row in seen_elsewhere(Ask(district_ids=(about.district_id,), on=on)):
        if row.place in reached:
            above, below = sums.get(row.cells[1], (0, 0))
            sums[row.cells[1]] = (above + row.above, below + row.below)
    found: Sequence[ItemSight] = [ItemSight(item, pair) for item, pair in sums.items()]
    return sorted(found, key=lambda one: (-one.pair[1], -one.pair[0], one.item))
