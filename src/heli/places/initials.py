"""How names are found by the first letters of their reading (pinyin): jxc finds 建新村."""

from functools import cache
from itertools import product
from pathlib import Path
from string import ascii_lowercase

from heli.kernel.packs import Key, Shape, load_pack

KEYS = (
    Key(
        "letters", Shape.TABLE, "what is read with each first letter",
        keys=tuple(Key(letter, Shape.TEXT, "characters") for letter in ascii_lowercase if letter not in "iuv"),
    ),
)  # fmt: skip
MOST = 4
"""So many readings of a name are told; names with more characters of two readings are rare."""


@cache
def _readings() -> dict[str, str]:
    """The letters of each character."""
    found: dict[str, str] = {}
    for letter, characters in load_pack(Path(__file__).parent / "data" / "initials.toml", KEYS).data["letters"].items():
        for one in characters:
            found[one] = found.get(one, "") + letter
    return found


def initials_of(name: str) -> list[str]:
    """The first letters of a name in each of its readings (at most `MOST`); a character that is not listed stands for itself."""
    readings = _readings()
    ways = product(*(readings.get(one, one.lower()) for one in name))
    return ["".join(way) for way, _number in zip(ways, range(MOST), strict=False)]
