"""Kinds of posts as data, and how many members a committee has by the law of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from heli.kernel.catalogues import shipped
from heli.kernel.packs import Header, Key, Shape, find_files, load_pack
from heli.places.types import PlaceKind
from heli.records.words import Text, words_of

PAYERS = ("district", "town", "village", "sender", "nobody")
HOW = ("elected", "appointed", "hired", "seconded", "volunteer")
kinds = shipped(
    __file__,
    "kinds",
    more=(
        Key("exclusive", Shape.YES_NO, "whether a body has one at most"),
        Key("committee", Shape.YES_NO, "whether its holders are the committee whose size the law bounds"),
        Key("regular", Shape.YES_NO, "whether it counts as a regular cadre's post"),
        Key("how", Shape.TEXT, "how it is usually filled", choices=HOW),
        Key("pays", Shape.TEXT, "who pays for it", choices=PAYERS),
    ),
)
PACKAGES = ("pay", "security", "promotion", "honour")
incentives = shipped(
    __file__,
    "incentives",
    more=(
        Key("package", Shape.TEXT, "its package", choices=PACKAGES),
        Key("who", Shape.TEXT, "who qualifies", choices=("regular", "secretary", "former")),
        Key("posting", Shape.YES_NO, "whether it is posted before it is decided"),
        Key("basis", Shape.TEXT, "on what it rests"),
    ),
)
"""The ten measures in four packages."""
reserve = shipped(__file__, "reserve")
"""Where people in the reserve come from."""
SIZE_KEYS = (
    Key("unit", Shape.TEXT, "whose committee", choices=("village", "residents")),
    Key("article", Shape.TEXT, "the article of the law"),
    Key("least", Shape.WHOLE, "the fewest members", least=1),
    Key("most", Shape.WHOLE, "the most members", least=1),
)
UNITS: Mapping[PlaceKind, str] = {
    PlaceKind.VILLAGE: "village",
    PlaceKind.VILLAGE_LIKE: "village",
    PlaceKind.COMMUNITY: "residents",
    PlaceKind.COMMUNITY_LIKE: "residents",
}


@dataclass(frozen=True, slots=True)
class CommitteeSize:
    """The fewest and the most members of a committee, and the article that says so."""

    header: Header
    unit: str
    article: str
    least: int
    most: int


def kind_words() -> Mapping[str, Text]:
    """The kinds of posts in the reader's language."""
    return words_of(kinds())


def measure_words() -> Mapping[str, Text]:
    """The measures for people in office in the reader's language."""
    return words_of(incentives())


def reserve_sources() -> Mapping[str, Text]:
    """Where people in the reserve come from, in the reader's language."""
    return words_of(reserve())


def is_kind(kind: str, what: str) -> bool:
    """Whether a kind is "exclusive", "committee" or "regular"; one no longer in the file is nothing."""
    entry = kinds().entries.get(kind)
    return bool(entry and entry.more[what])


def kinds_that_are(what: str) -> list[str]:
    """The kinds that are "exclusive", "committee" or "regular", in the order of the file."""
    return [key for key in kinds().entries if is_kind(key, what)]


def paid_kinds() -> list[str]:
    """The kinds that the district, the town or the village pays for, in the order of the file."""
    return [key for key, entry in kinds().entries.items() if entry.more["pays"] in ("district", "town", "village")]


@cache
def sizes() -> tuple[CommitteeSize, ...]:
    """Every law of committees' sizes, whatever its day."""
    packs = [
        load_pack(path, SIZE_KEYS)
        for path in find_files(Path(__file__).parent / "data" / "sizes", "posts/sizes").values()
    ]
    return tuple(CommitteeSize(one.header, *(one.data[key.name] for key in SIZE_KEYS)) for one in packs)


def size_of(kind: PlaceKind | None, on: date) -> CommitteeSize | None:
    """How many members the committee of such a place has by the law of the day; None where no law says."""
    unit = UNITS.get(kind) if kind is not None else None
    return next((one for one in sizes() if one.unit == unit and one.header.holds_on(on)), None)
