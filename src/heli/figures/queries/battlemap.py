"""What the battle map shows: places of a day with a figure's values or a campaign's colours, and the moments to choose from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from heli.campaigns.types import COLOUR_ORDER
from heli.figures import catalogue
from heli.figures.classing import Scale, classes_of
from heli.figures.models import Snapshot, SnapshotFigure
from heli.figures.queries.evaluating import evaluate, visible_places
from heli.figures.queries.snapshots import snapshots_of, stored_values
from heli.figures.rules import parsed
from heli.figures.types import SnapshotKind, Value
from heli.kernel.access import Actor, may
from heli.kernel.declare import Figure
from heli.kernel.pairs import Pairs
from heli.places import queries as places
from heli.places.queries import Footprint
from heli.places.types import LEVEL_ORDER, Level
from heli.warnings.queries.onmap import MapCampaign, MapWeek, weeks_on_map
from heli.warnings.types import ColourStanding

READ = "figures.read"
COLOUR = "campaigns.colour"
"""The figure by which a colour is opened."""
DAILY_STOPS = 14
"""So many of the newest nightly snapshots stand on the slider beside the weekly ones."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment on the slider: now, a stored snapshot, or a frozen week."""

    key: str
    on: date
    snapshot: Snapshot | None = None
    week: MapWeek | None = None

    @property
    def is_now(self) -> bool:
        return self.snapshot is None and self.week is None


@dataclass(frozen=True, slots=True)
class Shade:
    """How one place of the map stands: its value, or its colour with the days behind it; `tint` is the index of its class."""

    tint: int
    value: Value | None = None
    days_late: int = 0
    open: int = 0
    late: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Painted:
    """The values of a map: the shade of every place that has one, and the words of the classes (empty for colours)."""

    shades: Mapping[int, Shade]
    labels: Sequence[str]


def choices(actor: Actor, on: date) -> list[Figure]:
    """The figures a reader may colour the map by; the colour itself is chosen with its campaign."""
    return [one for one in catalogue.in_force(on).values() if may(actor, one.action) and one.id != COLOUR]


def levels_known(district_ids: Collection[int]) -> Mapping[str, frozenset[Level]]:
    """The levels at which each figure has values, by the newest snapshot of a district; a figure left out is not known.

    Empty for several districts, which have no snapshot in common. One query, two more the first time.
    """
    if len(district_ids) != 1:
        return {}
    newest = (
        Snapshot.objects.filter(district_id__in=district_ids).values_list("pk", "sha256", "district_id", "on").first()
    )
    return _levels_in(*newest) if newest is not None else {}


@lru_cache(maxsize=64)
def _levels_in(snapshot_id: int, _sha256: str, district_id: int, on: date) -> Mapping[str, frozenset[Level]]:
    """Kept in memory under the hash of the snapshot, which never changes."""
    structure = places.structure_on([district_id], on)
    level_of = dict(zip(structure.places.tolist(), structure.levels.tolist(), strict=True))
    kept = SnapshotFigure.objects.filter(snapshot=snapshot_id).values_list("figure", "values__content")
    return {
        figure: frozenset(LEVEL_ORDER[level_of[place]] for place in parsed(content) if place in level_of)
        for figure, content in kept
    }


def value_of(actor: Actor, figure: Figure, place_id: int, district_id: int, stop: Stop) -> Value | None:
    """The value of one place at a stop."""
    if stop.snapshot is not None:
        return stored_values(actor, stop.snapshot, [figure.id]).get(figure.id, {}).get(place_id)
    return evaluate(actor, [figure], district_ids=[district_id], on=stop.on).of(figure.id, place_id)


def figure_stops(actor: Actor, district_ids: Collection[int], today: date) -> list[Stop]:
    """Now and the snapshots of a district: every weekly one, and the newest nightly ones, oldest first; one of a day.

    Several districts together have no snapshot in common: there is only now.
    """
    now = Stop("now", today)
    if len(district_ids) != 1 or not may(actor, READ):
        return [now]
    by_day: dict[date, Stop] = {}
    nightly = 0
    for one in snapshots_of(next(iter(district_ids))):
        is_nightly = one.kind == SnapshotKind.DAILY
        nightly += is_nightly
        if one.on not in by_day and (not is_nightly or nightly <= DAILY_STOPS):
            by_day[one.on] = Stop(one.public_id, one.on, snapshot=one)
    return [*(by_day[day] for day in sorted(by_day)), now]


def colour_stops(campaign: MapCampaign, today: date) -> list[Stop]:
    """Now and the frozen weeks of a campaign, oldest first."""
    return [*(Stop(f"w{one.number}", one.on, week=one) for one in weeks_on_map(campaign)), Stop("now", today)]


def ground(
    actor: Actor, district_ids: Collection[int], on: date, level: Level, parent_id: int | None = None
) -> list[Footprint]:
    """The places of a level as they stood on the day, as far as the reader reads figures of them."""
    seen = visible_places(actor, READ, district_ids, on)
    return places.footprints(district_ids, on, level, parent_id=parent_id, place_ids=seen)


def paint_by_figure(
    actor: Actor,
    figure: Figure,
    shown: Sequence[Footprint],
    *,
    district_ids: Collection[int],
    stop: Stop,
    scale: Scale,
    today: date,
) -> Painted:
    """Values of a figure at a stop in classes.

    Limits come from the values of today where the places shown have any, so that shades mean the same at every stop.
    """
    keys = np.array([row.place for row in shown], np.int64)
    now = evaluate(actor, [figure], district_ids=district_ids, on=today).values[figure.id].only(keys)
    pairs = now
    if stop.snapshot is not None:
        stored = stored_values(actor, stop.snapshot, [figure.id]).get(figure.id, {})
        pairs = Pairs.of({place: value.pair for place, value in stored.items()}).only(keys)
    basis = now if len(now) else pairs
    classes = classes_of(figure, basis, scale)
    tints = classes.of(pairs).tolist()
    rows = zip(pairs.places.tolist(), pairs.numerators.tolist(), pairs.denominators.tolist(), tints, strict=True)
    shades = {place: Shade(tint, Value(figure, above, below)) for place, above, below, tint in rows}
    return Painted(shades, classes.labels(basis))


def paint_by_colour(rows: Sequence[ColourStanding]) -> Painted:
    """The colours as shades; the class is the place in the order from in time to red."""
    shades = {
        row.place: Shade(
            COLOUR_ORDER.index(row.colour), None, days_late=row.days_late, open=row.open, late=row.late, done=row.done
        )
        for row in rows
    }
    return Painted(shades, ())
