"""Values of many places as integer columns: a mapping {place: (numerator, denominator)} without an object per place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from heli.kernel.declare import Pair

Ints = NDArray[np.int64]


class Pairs(Mapping[int, Pair]):
    """{place key: (numerator, denominator)} as parallel arrays by ascending key; what a figure of 20,000 places returns.

    Equal to a dict of the same content.
    """

    __slots__ = ("denominators", "numerators", "places")

    def __init__(self, places: Ints, numerators: Ints, denominators: Ints | None = None) -> None:
        """`places` ascending, no doubles; without denominators all are 1."""
        self.places = places
        self.numerators = numerators
        self.denominators = np.ones(len(places), np.int64) if denominators is None else denominators

    @classmethod
    def of(cls, values: Mapping[int, Pair]) -> Pairs:
        """Any mapping as columns; columns as they are."""
        if isinstance(values, Pairs):
            return values
        keys = sorted(values)
        both = np.array([values[key] for key in keys], np.int64).reshape(len(keys), 2)
        return cls(np.array(keys, np.int64), both[:, 0].copy(), both[:, 1].copy())

    @classmethod
    def summed(cls, places: Ints, numerators: Ints, denominators: Ints | None = None) -> Pairs:
        """Lines in any order, several of a place added up; without denominators all are 1."""
        keys, at = np.unique(places, return_inverse=True)
        above = np.zeros(len(keys), np.int64)
        np.add.at(above, at, numerators)
        if denominators is None:
            return cls(keys, above)
        below = np.zeros(len(keys), np.int64)
        np.add.at(below, at, denominators)
        return cls(keys, above, below)

    def only(self, places: Ints) -> Pairs:
        """Those of the given places."""
        keep = np.isin(self.places, places)
        return Pairs(self.places[keep], self.numerators[keep], self.denominators[keep])

    def __getitem__(self, place: int) -> Pair:
        at = int(np.searchsorted(self.places, place))
        if at == len(self.places) or self.places[at] != place:
            raise KeyError(place)
        return int(self.numerators[at]), int(self.denominators[at])

    def __iter__(self) -> Iterator[int]:
        return iter(self.places.tolist())

    def __len__(self) -> int:
        return len(self.places)

    def __repr__(self) -> str:
        return f"Pairs({dict(self)!r})"
