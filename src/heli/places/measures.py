"""The catalogue of measures: what can be counted about a place (data/measures.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "measures.toml"
UNITS = ("people", "households", "groups", "posts", "votes", "dm2", "fen", "m", "ratio", "per_km2", "percent")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be counted; a ratio names its two integers and has no values of its own."""

    id: str
    zh: str
    en: str
    unit: str
    additive: bool = False
    carried_by: str = "population"
    numerator: str = ""
    denominator: str = ""
    factor: int = 1
    decimals: int = 0

    @property
    def is_ratio(self) -> bool:
        return bool(self.numerator)


@cache
def measures() -> dict[str, Measure]:
    """The catalogue by id, in the order of the file. Raises ValueError naming file and entry for a mistake in it."""
    found: dict[str, Measure] = {}
    for key, entry in tomllib.loads(FILE.read_text("utf-8")).items():
        try:
            found[key] = Measure(id=key, **entry)
        except TypeError as wrong:
            raise ValueError(f"{FILE}: [{key}]: {wrong}") from wrong
    for key, measure in found.items():
        if measure.unit not in UNITS or measure.carried_by not in ("population", "area"):
            raise ValueError(f"{FILE}: [{key}]: unknown unit or share")
        if measure.is_ratio and not all(
            part in found and found[part].additive for part in (measure.numerator, measure.denominator)
        ):
            raise ValueError(f"{FILE}: [{key}]: a ratio needs two additive measures")
    return found


def counted() -> list[Measure]:
    """Measures that have values of their own."""
    return [measure for measure in measures().values() if not measure.is_ratio]
