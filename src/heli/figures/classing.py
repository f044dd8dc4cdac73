"""Classes of a map: where one shade ends and the next begins. Pure.

Limits are values that were counted, or fifths of a hundred per cent; a place belongs to the class whose lower limit it reaches.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from heli.figures.types import number_text
from heli.kernel.declare import Figure, Pair
from heli.kernel.pairs import Pairs

MOST_CLASSES = 5
NO_CLASS = -1
"""The class of a place without a value."""


class Scale(StrEnum):
    """How limits are found: about as many places in each class, or fifths of a hundred per cent whatever the values are."""

    QUANTILES = "quantiles"
    FIFTHS = "fifths"


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a figure by ascending value: `limits` are the lower limits of all but the first."""

    figure: Figure
    limits: tuple[Pair, ...]

    def of(self, pairs: Pairs) -> NDArray[np.int64]:
        """The class of each place, `NO_CLASS` where a ratio stands over nothing."""
        values, known = sizes(self.figure, pairs)
        edges = np.array([_size(self.figure, limit) for limit in self.limits], np.float64)
        found = np.searchsorted(edges, values, side="right").astype(np.int64)
        found[~known] = NO_CLASS
        return found

    def labels(self, pairs: Pairs) -> list[str]:
        """What the legend says: "< 20", "20 – < 40", "≥ 80"; a single class names its ends."""
        texts = [number_text(self.figure, limit) or "" for limit in self.limits]
        if texts:
            middle = [f"{low} – < {high}" for low, high in pairwise(texts)]
            return [f"< {texts[0]}", *middle, f"≥ {texts[-1]}"]
        values, known = sizes(self.figure, pairs)
        if not known.any():
            return []
        order = np.flatnonzero(known)[np.argsort(values[known], kind="stable")]
        ends = [_text(self.figure, pairs, int(at)) for at in (order[0], order[-1])]
        return [" – ".join(dict.fromkeys(ends))]


def scale_for(figure: Figure, asked: str) -> Scale:
    """The asked scale; fifths, which only percentages have, are theirs unless quantiles are asked for."""
    if figure.unit != "%":
        return Scale.QUANTILES
    return Scale.QUANTILES if asked == Scale.QUANTILES else Scale.FIFTHS


def classes_of(figure: Figure, pairs: Pairs, scale: Scale) -> Classes:
    """At most five classes; equal limits fall together."""
    if scale is Scale.FIFTHS:
        return Classes(figure, tuple((step, MOST_CLASSES) for step in range(1, MOST_CLASSES)))
    values, known = sizes(figure, pairs)
    order = np.flatnonzero(known)[np.argsort(values[known], kind="stable")]
    limits: dict[float, Pair] = {}
    for step in range(1, MOST_CLASSES):
        if len(order):
            at = int(order[step * len(order) // MOST_CLASSES])
            if values[at] > values[order[0]]:
                limits.setdefault(float(values[at]), (int(pairs.numerators[at]), int(pairs.denominators[at])))
    return Classes(figure, tuple(limits.values()))


def sizes(figure: Figure, pairs: Pairs) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Values for putting places in order (equal fractions are equal), and which places have one; never shown."""
    if not figure.is_ratio:
        return pairs.numerators.astype(np.float64), np.ones(len(pairs), bool)
    known = pairs.denominators != 0
    return pairs.numerators / np.where(known, pairs.denominators, 1), known


def _size(figure: Figure, pair: Pair) -> float:
    return pair[0] / pair[1] if figure.is_ratio else float(pair[0])


def _text(figure: Figure, pairs: Pairs, at: int) -> str:
    return number_text(figure, (int(pairs.numerators[at]), int(pairs.denominators[at]))) or ""
