"""What names of places are made of (data/names.toml), and the two names of a village: its short one and its committee's."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from heli.kernel.packs import Key, Shape, load_pack

_SHORT = (Key("ends", Shape.TEXTS, "how a list ends the name", least=1), Key("becomes", Shape.TEXT, "its short end"))
_COMMITTEE = (Key("ends", Shape.TEXT, "how a short name ends"), Key("adds", Shape.TEXT, "what its committee adds"))
KEYS = (
    Key("suffixes", Shape.TEXTS, "what stands behind the name people use, longest first"),
    Key("community_words", Shape.TEXTS, "a name with one of these is a community's"),
    Key("village_words", Shape.TEXTS, "a name with one of these is a village's"),
    Key("township_suffixes", Shape.TEXTS, "what a township is called behind its name"),
    Key("telling", Shape.TEXT, "letters that tell neighbours apart"),
    Key("common", Shape.TEXT, "letters that many villages share"),
    Key("short", Shape.TABLES, "short names, the first that fits counts", keys=_SHORT),
    Key("committee", Shape.TABLES, "names of committees, the first that fits counts", keys=_COMMITTEE),
)


@dataclass(frozen=True, slots=True)
class NameWords:
    """The words and letters; `common` holds `telling`, too. `short`: (end of a listed name, of the short one); `committee`:
    (end of a short name, what the committee's adds)."""

    suffixes: tuple[str, ...]
    community: tuple[str, ...]
    village: tuple[str, ...]
    township: tuple[str, ...]
    telling: frozenset[str]
    common: frozenset[str]
    short: tuple[tuple[str, str], ...]
    committee: tuple[tuple[str, str], ...]


@cache
def name_words() -> NameWords:
    """Read once. Raises `Refused` naming file and line."""
    data = load_pack(Path(__file__).parent / "data" / "names.toml", KEYS).data
    suffixes, community, village, township = (tuple(data[key.name]) for key in KEYS[:4])
    telling = frozenset(data["telling"])
    short = tuple((end, rule["becomes"]) for rule in data["short"] for end in rule["ends"])
    committee = tuple((rule["ends"], rule["adds"]) for rule in data["committee"])
    common = telling | frozenset(data["common"])
    return NameWords(suffixes, community, village, township, telling, common, short, committee)


def short_name(listed: str) -> str:
    """What a place is called in sentences and on screens: 石桥村 for 石桥村委会, 阳光社区 for 阳光社区居民委员会."""
    for end, becomes in name_words().short:
        if listed.endswith(end) and len(listed) > len(end):
            return listed.removesuffix(end) + becomes
    return listed


def committee_name(listed: str) -> str:
    """What the committee is called in full on formal papers: 石桥村村民委员会 of 石桥村; others have but one name."""
    short = short_name(listed)
    for end, adds in name_words().committee:
        if short.endswith(end):
            return short + adds
    return short
