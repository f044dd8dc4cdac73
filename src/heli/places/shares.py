"""Shares as people write them: "16107/48321", "33.33 %", "16107" of what the parts add up to, "?" where nobody counted. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from heli.places.types import UNKNOWN, Share

PERCENT_BASE = 1_000_000
"""A percentage is a part of this: at most four decimals."""

UNKNOWN_WORDS = frozenset({"?", "不详", "未知", "不清", "不明", "unknown"})
NUMBER = r"(\d{1,15}(?:\.\d{1,8})?)"
PERCENT = re.compile(rf"{NUMBER}%")
FRACTION = re.compile(rf"{NUMBER}/{NUMBER}")
COUNT = re.compile(NUMBER)


def read_share(text: str) -> Share | Decimal | None:
    """The share a text says; a bare count as a number, whose base is still to be found; None for an empty text.

    Raises ValueError with `unreadable`, or `decimals` for more of them than four in a percentage.
    """
    plain = re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", text)).lower().rstrip("人")
    if not plain:
        return None
    if plain in UNKNOWN_WORDS:
        return UNKNOWN
    if found := PERCENT.fullmatch(plain):
        part = Decimal(found[1]) * (PERCENT_BASE // 100)
        if part != int(part):
            raise ValueError("decimals")
        return Share(int(part), PERCENT_BASE)
    if found := FRACTION.fullmatch(plain):
        return Share(*to_integers([Decimal(found[1]), Decimal(found[2])]))
    if found := COUNT.fullmatch(plain):
        return Decimal(found[1])
    raise ValueError("unreadable")


def to_integers(values: Sequence[Decimal]) -> list[int]:
    """Decimals in the smallest unit that makes all of them whole."""
    scale = 10 ** max((-int(value.as_tuple().exponent) for value in values), default=0)
    scale = max(scale, 1)
    return [int(value * scale) for value in values]


def complete(parts: Sequence[Share | Decimal | None], *, with_rest: bool) -> list[Share | None]:
    """The shares of all parts of one place, a rest that stays behind them where asked for.

    Bare counts are parts of their sum where nothing stays and nothing else is said; the rest is what the others leave,
    unknown where one of them is. Raises ValueError with `base_missing` for bare counts whose base nobody told.
    """
    counts = [part for part in parts if isinstance(part, Decimal)]
    shares: list[Share | None]
    if counts and (with_rest or len(counts) < len(parts) or not any(counts)):
        raise ValueError("base_missing")
    if counts:
        whole = to_integers(counts)
        shares = [Share(part, sum(whole)) for part in whole]
    else:
        shares = [part for part in parts if not isinstance(part, Decimal)]
    if not with_rest:
        return shares
    if any(share is None for share in shares):
        return [*shares, None]
    known = [share for share in shares if share is not None and share.is_known]
    if len(known) < len(shares) or not known:
        return [*shares, UNKNOWN]
    base = known[0].of or 0
    return [*shares, Share(base - sum(share.part or 0 for share in known), base)]
