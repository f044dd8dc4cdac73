"""The towns of a campaign in order, this week against last, and the one that stands worst."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from heli.campaigns.types import COLOUR_ORDER, Colour, SeatLevel
from heli.warnings.types import ColourStanding


@dataclass(frozen=True, slots=True)
class TownRank:
    """A town with its villages: steps done of all, villages and red ones, its place in the order now and a week before.

    `before` is None where it was not ranked then.
    """

    town: int
    colour: Colour
    done: int
    every: int
    villages: int
    red: int
    red_before: int | None
    rank: int
    before: int | None

    @property
    def climbed(self) -> int:
        """Places won since the week before; below nought: lost."""
        return 0 if self.before is None else self.before - self.rank


def rank_towns(now: Sequence[ColourStanding], before: Iterable[ColourStanding] = ()) -> list[TownRank]:
    """The towns by the share of steps done in them, the largest first; equal shares have the same rank."""
    today, then = _towns(now), _towns(before)
    ranks, ranks_then = _ranks(today), _ranks(then)
    colours = {one.place: one.colour for one in now}
    found = [
        TownRank(
            town, colours.get(town, Colour.GREEN), tally.done, tally.every, tally.villages, tally.red,
            then[town].red if town in then else None, ranks[town], ranks_then.get(town),
        )
        for town, tally in today.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.rank, one.red, one.town))


def worst_town(found: Sequence[TownRank]) -> TownRank | None:
    """The town with the worst colour; of several the one with the larger share of red villages, then the one ranked last."""
    return max(
        found,
        key=lambda one: (COLOUR_ORDER.index(one.colour), Fraction(one.red, one.villages or 1), one.rank, -one.town),
        default=None,
    )


@dataclass(slots=True)
class _Tally:
    done: int = 0
    every: int = 0
    villages: int = 0
    red: int = 0


def _towns(rows: Iterable[ColourStanding]) -> dict[int, _Tally]:
    found: dict[int, _Tally] = {}
    for row in rows:
        if row.level == SeatLevel.DISTRICT:
            continue
        is_village = row.level == SeatLevel.VILLAGE
        tally = found.setdefault(row.above if is_village else row.place, _Tally())
        tally.done += row.done
        tally.every += row.done + row.open
        tally.villages += is_village
        tally.red += is_village and row.colour is Colour.RED
    return {town: tally for town, tally in found.items() if tally.every}


def _ranks(towns: Mapping[int, _Tally]) -> dict[int, int]:
    shares = {town: Fraction(tally.done, tally.every) for town, tally in towns.items()}
    return {town: 1 + sum(other > share for other in shares.values()) for town, share in shares.items()}
