"""Figures made of rows that are listed one by one: each adds to a numerator and a denominator of its place."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from heli.kernel.declare import Ask, Direction, Figure, Pair, Rows
from heli.places import queries as places

READ = "campaigns.read"


@dataclass(frozen=True, slots=True)
class Counted:
    """A row: `place` stands on the asked day, `village` is the one it is about; what it adds, what a reader sees of it."""

    place: int
    village: int
    above: int
    below: int
    cells: tuple[Any, ...]
    url: str = ""


Reader = Callable[[Ask], list[Counted]]


def counted(ask: Ask, where: tuple[int, int | None, int], pair: Pair, cells: Sequence[Any], url: str = "") -> Counted:
    """A row about (place, town, district)."""
    return Counted(standing_place(ask, *where), where[0], *pair, tuple(cells), url)


def summed(ask: Ask, read: Reader, name: str) -> Mapping[int, Pair]:
    """The rows added up by place."""
    sums: dict[int, Pair] = {}
    for one in ask.shared(f"counted.{name}", lambda: read(ask)):
        above, below = sums.get(one.place, (0, 0))
        sums[one.place] = (above + one.above, below + one.below)
    return sums


def plain(ask: Ask, read: Reader, name: str) -> Mapping[int, Pair]:
    """Numerators alone, for a count."""
    return {place: (above, 1) for place, (above, _below) in summed(ask, read, name).items()}


def listed(ask: Ask, place_ids: Collection[int], read: Reader, heads: Sequence[str], name: str) -> Rows:
    """The rows of some places, the village first."""
    asked = set(place_ids)
    found = [one for one in ask.shared(f"counted.{name}", lambda: read(ask)) if one.place in asked]
    names = places.names_at({one.village for one in found}, ask.on)
    lines = [[names.get(one.village, ""), *one.cells] for one in found]
    return Rows([gettext("Place"), *(gettext(head) for head in heads)], lines, [one.url for one in found])


def figure(
    name: str, title: str, meaning: str, read: Reader, heads: Sequence[str], *, unit: str, source: str,
    direction: Direction = Direction.NEITHER, decimals: int = 0,
) -> Figure:  # fmt: skip
    """A figure over such rows; a percentage when its unit is "%"."""
    share = unit == "%"
    return Figure(
        id=f"campaigns.{name}", version=1, title=title, meaning=meaning, unit=unit, action=READ, source=source,
        is_ratio=share, decimals=decimals if share else 0, direction=direction,
        evaluate=partial(summed if share else plain, read=read, name=name),
        rows=partial(listed, read=read, heads=heads, name=name),
    )  # fmt: skip


READ = "campaigns.read"


def standing_place(ask: Ask, place: int, town: int | None, district: int | None) -> int:
    """The place, or where it has ended its town, or else the district."""
    structure = ask.shared("places.structure", lambda: places.structure_on(ask.district_ids, ask.on))
    standing = ask.shared("places.standing", lambda: frozenset(structure.places.tolist()))
    return next((key for key in (place, town) if key in standing and key is not None), district or 0)


def moment_of(ask: Ask) -> datetime:
    """The end of the asked day, or the earlier moment up to which rows count."""
    ends = timezone.make_aware(datetime.combine(ask.on + timedelta(days=1), time.min))
    return ends if ask.at is None else min(ends, ask.at)
