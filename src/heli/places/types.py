"""Values of the register: levels, kinds, events, and what its reads and writes exchange. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

Ref = int | str
"""A place named by its key, or by the name it was given in this batch before it has a key."""


class Level(StrEnum):
    """How high a place stands; a place keeps its level for life."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"
    GRID = "grid"
    BUILDING = "building"


LEVEL_ORDER: tuple[Level, ...] = tuple(Level)
"""From the highest to the lowest; a parent stands higher than its child."""


class PlaceKind(StrEnum):
    """What a place is at a time; a village that turns into a community changes its kind, not its identity."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    TOWN = "town"
    TOWNSHIP = "township"
    TOWNSHIP_LIKE = "township_like"
    COMMUNITY = "community"
    VILLAGE = "village"
    COMMUNITY_LIKE = "community_like"
    VILLAGE_LIKE = "village_like"
    GROUP = "group"
    GRID = "grid"
    BUILDING = "building"


KINDS_OF_LEVEL: Mapping[Level, tuple[PlaceKind, ...]] = {
    Level.PROVINCE: (PlaceKind.PROVINCE,),
    Level.CITY: (PlaceKind.CITY,),
    # A city without counties stands in the place of a district (441900 Dongguan).
    Level.DISTRICT: (PlaceKind.DISTRICT, PlaceKind.CITY),
    Level.TOWNSHIP: (PlaceKind.STREET, PlaceKind.TOWN, PlaceKind.TOWNSHIP, PlaceKind.TOWNSHIP_LIKE),
    Level.VILLAGE: (PlaceKind.VILLAGE, PlaceKind.COMMUNITY, PlaceKind.VILLAGE_LIKE, PlaceKind.COMMUNITY_LIKE),
    Level.GROUP: (PlaceKind.GROUP,),
    Level.GRID: (PlaceKind.GRID,),
    Level.BUILDING: (PlaceKind.BUILDING,),
}


class EventKind(StrEnum):
    """What happened to places on a day."""

    FOUND = "found"
    MERGE = "merge"
    ABSORB = "absorb"
    SPLIT = "split"
    CONVERT = "convert"
    RENAME = "rename"
    RECODE = "recode"
    MOVE = "move"
    DISSOLVE = "dissolve"


IN_PLACE: frozenset[EventKind] = frozenset({EventKind.CONVERT, EventKind.RENAME, EventKind.RECODE, EventKind.MOVE})
"""Events after which the very same place goes on with other attributes."""


class Origin(StrEnum):
    """Where a neighbour row comes from."""

    COMPUTED = "computed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a place goes somewhere: `part` of `of`, integers counted in one unit (people; any unit of area).

    Where nobody counted both are None: unknown, which is neither nothing nor everything.
    """

    part: int | None = None
    of: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether somebody counted."""
        return self.part is not None and self.of is not None

    @property
    def fraction(self) -> Fraction | None:
        """The share as an exact fraction; None when unknown."""
        return Fraction(self.part, self.of) if self.part is not None and self.of else None

    @property
    def is_whole(self) -> bool:
        """Whether everything goes."""
        return self.fraction == 1


WHOLE = Share(1, 1)
UNKNOWN = Share()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSpec:
    """The attributes a place has from a day on.

    `parent` and `legal_parent` may name a place founded earlier in the same batch. `level` is needed only for a new place
    whose kind does not tell it (a city that stands as a district).
    """

    name: str
    kind: PlaceKind
    code: str = ""
    parent: Ref | None = None
    legal_parent: Ref | None = None
    urban_rural_class: str = ""
    outline_id: int | None = None
    level: Level | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSpec:
    """One arrow of an event: which part of `source` goes on in `target`.

    `source is None`: the target is founded out of nothing; `target is None`: the source ends without a successor. Shares
    may be left out only where the whole source goes to one target; where nobody counted they are `UNKNOWN`. The shares
    of one source have one base each for people and for area. A place that keeps a part of itself has an arrow to itself.
    """

    source: Ref | None
    target: Ref | None
    population: Share | None = None
    area: Share | None = None
    is_part: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """An event to record: n sources, m targets.

    `founds` names the places that begin with this event and gives their first version; `becomes` gives the new version of
    places that go on (or come back) with other attributes. `children_follow`: the children of every source that ends go
    to its one target on the same day, by a move event of their own.
    """

    kind: EventKind
    on: date
    links: tuple[LinkSpec, ...]
    founds: Mapping[str, PlaceSpec] = field(default_factory=dict)
    becomes: Mapping[Ref, PlaceSpec] = field(default_factory=dict)
    document_number: str = ""
    document_date: date | None = None
    note: str = ""
    children_follow: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it was written; `founded` maps the names of its new places to their keys."""

    id: int
    public_id: str
    founded: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """A figure of one place on one day, an integer in the unit of its measure."""

    place_id: int
    measure: str
    on: date
    value: int
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place as it stood on a day: the row that lists, maps and the planner read.

    `name` is the short one that people use (石桥村), `listed_name` the one the register was given (石桥村委会).
    `lon`, `lat` in degrees (EPSG:4490), `outline` as WKB, `area_dm2` in 0.01 m², `perimeter_m` in metres; None where the
    register does not know.
    """

    id: int
    public_id: str
    level: Level
    code: str
    name: str
    kind: PlaceKind
    parent_id: int | None
    parent_name: str
    legal_parent_id: int | None
    district_id: int | None
    urban_rural_class: str
    valid_from: date
    valid_to: date | None
    lon: float | None = None
    lat: float | None = None
    outline: bytes | None = None
    area_dm2: int | None = None
    perimeter_m: int | None = None
    is_sample: bool = False
    outline_id: int | None = None
    listed_name: str = ""


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """Two places that touch on a day: `border_m` metres of common border, `affinity` 0–1000."""

    id: int
    a_id: int
    b_id: int
    border_m: int
    affinity: int
    is_barrier: bool
    road_m: int | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class FactRow:
    """The newest figure of a place on or before a day; `source`: the title of what it was taken from, where that was read."""

    place_id: int
    measure: str
    on: date
    value: int
    is_sample: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class ArrowRow:
    """One arrow of an event with the names its ends had around that day."""

    source_id: int | None
    source_public_id: str
    source_name: str
    target_id: int | None
    target_public_id: str
    target_name: str
    population: Share
    area: Share
    is_part: bool
    note: str

    @property
    def size(self) -> tuple[Fraction, Fraction]:
        """How large the part is, by people and then by area, to find the largest; unknown counts as nothing."""
        return self.population.fraction or Fraction(0), self.area.fraction or Fraction(0)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with its arrows, as history pages show it."""

    id: int
    public_id: str
    kind: EventKind
    on: date
    sequence: int
    document_number: str
    document_date: date | None
    note: str
    in_force: bool
    links: tuple[ArrowRow, ...]
