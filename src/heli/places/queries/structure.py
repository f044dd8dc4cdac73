"""The bare structure of districts on a day: which places stand under which, as columns for figures over many places."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from numpy.typing import NDArray

from heli.kernel.pairs import Ints
from heli.places.joint import GONE, Joint
from heli.places.models import Place, PlaceVersion
from heli.places.queries.asof import valid_on
from heli.places.queries.columns import read_columns
from heli.places.types import LEVEL_ORDER, Level, PlaceKind

SAMPLE = Q(source__is_sample=True) | Q(outline__is_sample=True)
KIND_ORDER: tuple[PlaceKind, ...] = tuple(PlaceKind)


@dataclass(frozen=True, slots=True)
class Structure:
    """Places of some districts on a day: parallel arrays by ascending key.

    `parents` and `districts` are keys (0: none), `kinds` indices in `KIND_ORDER`, `levels` indices in `LEVEL_ORDER`.
    """

    on: date
    places: Ints
    parents: Ints
    districts: Ints
    kinds: Ints
    levels: Ints

    def is_kind(self, *kinds: PlaceKind) -> NDArray[np.bool_]:
        """Which places are of one of these kinds."""
        return np.isin(self.kinds, [KIND_ORDER.index(kind) for kind in kinds])

    def is_level(self, *levels: Level) -> NDArray[np.bool_]:
        """Which places stand on one of these levels."""
        return np.isin(self.levels, [LEVEL_ORDER.index(level) for level in levels])

    def of_level(self, *levels: Level) -> Ints:
        """Keys of the places of these levels, ascending."""
        found: Ints = self.places[self.is_level(*levels)]
        return found

    def below(self, place_id: int) -> Ints:
        """The place and everything under it, ascending; nothing where it did not stand that day."""
        found = frontier = self.places[self.places == place_id]
        while len(frontier):
            frontier = self.places[np.isin(self.parents, frontier)]
            found = np.concatenate([found, frontier])
        return np.sort(found)

    def lowest(self, places: Ints, values: Ints) -> tuple[Ints, Ints]:
        """Places (ascending) with their values, without those that have another of them somewhere below."""
        at = np.searchsorted(self.places, places)
        known = at < len(self.places)
        known[known] = self.places[at[known]] == places[known]
        above = self.parents[at[known]]
        covered: list[Ints] = []
        while len(above := np.unique(above[above > 0])):
            covered.append(above)
            above = self.parents[np.isin(self.places, above)]
        keep = ~np.isin(places, np.concatenate(covered)) if covered else np.ones(len(places), bool)
        return places[keep], values[keep]

    def with_joint(self, places: Ints, values: Ints, joint: Sequence[Joint]) -> tuple[Ints, Ints]:
        """Values of places, and what is known of several places only together at the place they stand under.

        That is their common parent, or else the district: totals are kept, and no village is given what nobody counted.
        What stands under nothing of the structure is left out.
        """
        if not joint:
            return places, values
        held = dict(zip(places.tolist(), values.tolist(), strict=True))
        for one in joint:
            if holder := self._holder(one):
                held[holder] = held.get(holder, 0) + one.amount
        keys = sorted(held)
        return np.array(keys, np.int64), np.array([held[key] for key in keys], np.int64)

    def moved_to_holders(self, places: Ints, joint: Sequence[Joint]) -> Ints:
        """The places, those among `joint` replaced by what holds their joint value: to compare like with like."""
        holders = {key: holder for one in joint if (holder := self._holder(one)) for key in one.places}
        return np.array([holders.get(key, key) for key in places.tolist()], np.int64) if holders else places

    def _holder(self, joint: Joint) -> int:
        at = np.flatnonzero(np.isin(self.places, joint.places))
        parents, districts = set(self.parents[at].tolist()), set(self.districts[at].tolist())
        if len(parents) == 1 and GONE not in joint.places:
            return int(parents.pop())
        return int(districts.pop()) if len(districts) == 1 else 0

    def children(self, place_id: int) -> Ints:
        """What stands directly under the place."""
        found: Ints = self.places[self.parents == place_id]
        return found


def structure_on(district_ids: Collection[int], on: date) -> Structure:
    """Every place of the districts on a day, the districts included; one query."""
    return Structure(on, *_read(PlaceVersion.objects.filter(valid_on(on), district_id__in=sorted(district_ids))))


def structure_of_days(days: dict[int, date], kinds: Iterable[PlaceKind]) -> Structure:
    """Places of some kinds of each district on a day of its own, {district: day}; one query. `on` is the earliest day."""
    grouped: dict[date, list[int]] = {}
    for district, day in days.items():
        grouped.setdefault(day, []).append(district)
    wanted = Q(pk__in=())
    for day, districts in sorted(grouped.items()):
        wanted |= valid_on(day) & Q(district_id__in=sorted(districts))
    versions = PlaceVersion.objects.filter(wanted, kind__in=[kind.value for kind in kinds])
    return Structure(min(days.values(), default=date.min), *_read(versions))


def _read(versions: QuerySet[PlaceVersion]) -> list[Ints]:
    kind = Case(
        *(When(kind=kind.value, then=Value(i)) for i, kind in enumerate(KIND_ORDER)), output_field=IntegerField()
    )
    level = Case(
        *(When(place__level=level.value, then=Value(i)) for i, level in enumerate(LEVEL_ORDER)),
        output_field=IntegerField(),
    )
    rows = versions.annotate(kind_at=kind, level_at=level).order_by()
    columns = read_columns(rows, "place_id", "parent_id", "district_id", "kind_at", "level_at")
    order = np.argsort(columns[0], kind="stable")
    return [column[order] for column in columns]


def is_sample(district_ids: Collection[int], on: date) -> bool:
    """Whether any place of the districts stands in the register as a sample on the day."""
    versions = PlaceVersion.objects.filter(valid_on(on), district_id__in=sorted(district_ids))
    return versions.filter(SAMPLE).exists()


def sample_districts(district_ids: Collection[int], on: date, within: QuerySet[Place] | None = None) -> set[int]:
    """Districts of which a place (of those `within`, if given) stands in the register as a sample on the day."""
    versions = PlaceVersion.objects.filter(valid_on(on), SAMPLE, district_id__in=sorted(district_ids))
    if within is not None:
        versions = versions.filter(place__in=within)
    return {key for key in versions.values_list("district_id", flat=True).distinct() if key is not None}
