"""What names of places are made of (data/names.toml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from heli.kernel.packs import Key, Shape, load_pack

KEYS = (
    Key("suffixes", Shape.TEXTS, "what stands behind the name people use, longest first"),
    Key("community_words", Shape.TEXTS, "a name with one of these is a community's"),
    Key("village_words", Shape.TEXTS, "a name with one of these is a village's"),
    Key("township_suffixes", Shape.TEXTS, "what a township is called behind its name"),
    Key("telling", Shape.TEXT, "letters that tell neighbours apart"),
    Key("common", Shape.TEXT, "letters that many villages share"),
)


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words and letters; `common` holds `telling`, too."""

    suffixes: tuple[str, ...]
    community: tuple[str, ...]
    village: tuple[str, ...]
    township: tuple[str, ...]
    telling: frozenset[str]
    common: frozenset[str]


@cache
def name_words() -> NameWords:
    """Read once. Raises `Refused` naming file and line."""
    data = load_pack(Path(__file__).parent / "data" / "names.toml", KEYS).data
    suffixes, community, village, township = (tuple(data[key.name]) for key in KEYS[:4])
    telling = frozenset(data["telling"])
    return NameWords(suffixes, community, village, township, telling, telling | frozenset(data["common"]))
