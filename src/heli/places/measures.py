"""The catalogue of measures: what can be counted about a place (data/measures.toml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from heli.kernel.faults import Refused
from heli.kernel.packs import Key, Shape, load_pack

FILE = Path(__file__).parent / "data" / "measures.toml"
UNITS = ("people", "households", "groups", "grids", "posts", "votes", "dm2", "fen", "m", "ratio", "per_km2", "percent")
SHARES = ("population", "area")
MEASURE_KEYS = (
    Key("zh", Shape.TEXT, "its name in Chinese"),
    Key("en", Shape.TEXT, "its name in English"),
    Key("unit", Shape.TEXT, "what its integers count", choices=UNITS),
    Key("additive", Shape.YES_NO, "whether values of several places may be added up", required=False),
    Key("carried_by", Shape.TEXT, "whose share carries it along the lineage", required=False, choices=SHARES),
    Key("numerator", Shape.TEXT, "of a ratio: the additive measure above", required=False),
    Key("denominator", Shape.TEXT, "of a ratio: the additive measure below", required=False),
    Key("factor", Shape.WHOLE, "of a ratio: by what its quotient is multiplied", required=False, least=1),
    Key("decimals", Shape.WHOLE, "of a ratio: how many decimals are shown", required=False, least=0),
)
KEYS = (Key("measures", Shape.NAMED, "what can be counted, in the order of lists", keys=MEASURE_KEYS, least=1),)


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
    """The catalogue by id, in the order of the file. Raises `Refused` naming file and line for a mistake in it."""
    pack = load_pack(FILE, KEYS)
    found = {key: Measure(id=key, **entry) for key, entry in pack.data["measures"].items()}
    for key, measure in found.items():
        parts = (measure.numerator, measure.denominator)
        if measure.is_ratio and not all(part in found and found[part].additive for part in parts):
            raise Refused(pack.fault(("measures", key), "ratio", "A ratio needs two additive measures."))
    return found


def counted() -> list[Measure]:
    """Measures that have values of their own."""
    return [measure for measure in measures().values() if not measure.is_ratio]
