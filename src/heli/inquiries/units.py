"""How figures of the register are typed by villages: areas in mu, money in yuan, the rest as counted."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from heli.kernel.quantities import round_half_up
from heli.places.measures import measures

MU = (200_000, 3)
"""A mu in 0.01 m²: 2000/3 m²."""
FEN = (100, 1)
SHOWN: dict[str, tuple[int, int]] = {"dm2": MU, "fen": FEN}
UNITS: dict[str, str | Promise] = {
    "dm2": _("mu"),
    "fen": _("yuan"),
    "people": _("people"),
    "households": _("households"),
    "groups": _("groups"),
    "m": "m",
}


def _unit(measure: str) -> str:
    known = measures().get(measure)
    return known.unit if known is not None else ""


def shown_unit(measure: str) -> str:
    """The unit people type in."""
    return str(UNITS.get(_unit(measure), ""))


def shown_decimals(measure: str) -> int:
    """Decimals people type."""
    return 2 if _unit(measure) in SHOWN else 0


def to_shown(measure: str, value: int) -> Decimal:
    """A value of the register as people type it: 100000 dm² as 1.50 mu."""
    factor, over = SHOWN.get(_unit(measure), (1, 1))
    exact = Decimal(value) * over / factor
    return exact.quantize(Decimal(1).scaleb(-shown_decimals(measure)), rounding=ROUND_HALF_UP)


def from_shown(measure: str, shown: Decimal) -> int:
    """What people typed as a value of the register."""
    factor, over = SHOWN.get(_unit(measure), (1, 1))
    return round_half_up(int(shown.scaleb(2)) * factor, over * 100)
