"""Names in the order of their strokes, as lists of candidates are printed: surname first, then character by character."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from heli.kernel.packs import Key, Shape, load_pack

FILE = Path(__file__).parents[1] / "data" / "stroke-order.toml"
KEYS = (Key("characters", Shape.TEXTS, "all characters in their order, cut into lines"),)


@cache
def ranks() -> dict[str, int]:
    """The place of every character in the order of CLDR (collation zh-u-co-stroke)."""
    return {sign: place for place, sign in enumerate("".join(load_pack(FILE, KEYS).data["characters"]))}


def stroke_key(name: str) -> list[int]:
    """What a name is sorted by: of two that begin alike the shorter is first; signs of no rank come last, in Unicode's order."""
    order = ranks()
    return [order.get(sign, len(order) + ord(sign)) for sign in name]


def in_stroke_order(names: Iterable[str]) -> list[str]:
    """The names sorted."""
    return sorted(names, key=stroke_key)
