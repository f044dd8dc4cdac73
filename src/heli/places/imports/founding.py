"""Founding listed units set by set: the first list of a district (or of the country) becomes places and versions.

Call inside an open `audit.services.writing` block. Units come in any order of levels; parents are founded first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from heli.places import rules, services
from heli.places.imports.types import ListedUnit
from heli.places.models import Place, PlaceVersion
from heli.places.models_imports import OfficialUnit
from heli.places.queries import valid_on
from heli.places.services.bulk import insert_rows
from heli.places.types import Level, PlaceKind

ORDER = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.TOWNSHIP)
BATCH = 20_000
UNIT_COLUMNS = ("list_id", "code_number", "name", "urban_rural_class")


@dataclass(slots=True)
class StandingPlaces:
    """Places above villages by code, as they stand on the day: what new units are put under."""

    place_of: dict[str, int] = field(default_factory=dict)
    district_of: dict[str, int] = field(default_factory=dict)
    """Six digits → the district's key."""

    def parent(self, code: str) -> int | None:
        """The nearest place above a code."""
        town = self.place_of.get(f"{code[:9]}000") if code[9:] != "000" else None
        return town or next(
            (self.place_of[above] for above in rules.parent_codes(code) if above in self.place_of), None
        )


def standing_above(on: date, prefix: str = "") -> StandingPlaces:
    """Provinces to towns that stand on the day and whose code begins with the digits."""
    rows = PlaceVersion.objects.filter(
        valid_on(on), place__level__in=[level.value for level in ORDER], code__startswith=prefix[:2]
    )
    found = StandingPlaces()
    for place, code, level in rows.exclude(code="").values_list("place_id", "code", "place__level"):
        found.place_of[code] = place
        if level == Level.DISTRICT:
            found.district_of[code[:6]] = place
    return found


def found_above(units: Iterable[ListedUnit], standing: StandingPlaces, *, on: date, source_id: int) -> int:
    """Found provinces, cities, districts and towns that do not stand yet; returns how many."""
    fresh = [unit for unit in units if unit.code not in standing.place_of]
    for level in ORDER:
        of_level = sorted((unit for unit in fresh if unit.level is level), key=lambda unit: unit.code)
        keys = list(services.reserve_ids(Place, count=len(of_level))) if of_level else []
        for unit, key in zip(of_level, keys, strict=True):
            standing.place_of[unit.code] = key
            if level is Level.DISTRICT:
                standing.district_of[unit.code[:6]] = key
        _insert(of_level, keys, standing, on, source_id)
    return len(fresh)


def found_villages(
    units: Sequence[ListedUnit],
    standing: StandingPlaces,
    *,
    on: date,
    source_id: int,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """Found village-level units in batches; returns how many."""
    for start in range(0, len(units), BATCH):
        batch = units[start : start + BATCH]
        _insert(batch, services.reserve_ids(Place, count=len(batch)), standing, on, source_id)
        tell(start + len(batch))
    return len(units)


def _insert(
    units: Sequence[ListedUnit], keys: Sequence[int], standing: StandingPlaces, on: date, source_id: int
) -> None:
    if not units:
        return
    districts = [standing.district_of.get(unit.code[:6]) for unit in units]
    services.insert_place_rows(
        (key, public_id, unit.level.value, district)
        for unit, key, public_id, district in zip(
            units, keys, services.new_public_ids(len(units)), districts, strict=True
        )
    )
    services.insert_version_rows(
        (
            key, on, None, unit.code, int(unit.code), unit.name, unit.kind.value, standing.parent(unit.code), None, district,
            unit.urban_rural_class, None, source_id, None, None,
        )
        for unit, key, district in zip(units, keys, districts, strict=True)
    )  # fmt: skip


def keep_list_units(list_id: int, units: Iterable[ListedUnit]) -> int:
    """Keep a list as it was published."""
    return insert_rows(
        OfficialUnit,
        columns=UNIT_COLUMNS,
        rows=((list_id, int(unit.code), unit.name, unit.urban_rural_class) for unit in units),
    )


def district_unit(code6: str, name: str, number: int = 0) -> ListedUnit:
    """The district itself; a city without counties stands in its place."""
    kind = PlaceKind.CITY if code6[4:] == "00" else PlaceKind.DISTRICT
    return ListedUnit(number, code6.ljust(12, "0"), name, Level.DISTRICT, kind)


def with_district(above: Iterable[ListedUnit], code6: str, name: str) -> list[ListedUnit]:
    """The units above villages with the district among them, at the level of a district."""
    own = code6.ljust(12, "0")
    others = [unit for unit in above if unit.code != own]
    listed = next((unit for unit in above if unit.code == own), None)
    return [district_unit(code6, listed.name if listed else name), *others]
