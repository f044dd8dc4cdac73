"""Figures of the register as documents write them."""

from collections.abc import Mapping

from heli.kernel.quantities import decimal_text

SQUARE_DM_PER_HA = 1_000_000
MEASURES: Mapping[str, tuple[str, int, int]] = {
    "population": ("registered_population", 1, 0),
    "residents": ("resident_population", 1, 0),
    "households": ("households", 1, 0),
    "groups": ("villager_groups", 1, 0),
    "party_members": ("party_members", 1, 0),
    "collective_members": ("members", 1, 0),
    "cadre_posts": ("cadre_posts", 1, 0),
    "area": ("area", SQUARE_DM_PER_HA, 2),
    "farmland": ("farmland", SQUARE_DM_PER_HA, 2),
    "collective_income": ("collective_income", 100, 2),
}
"""Fields of a village that are figures of the register: measure, what one unit on paper is, and decimals."""
SEPARATOR = "\u3001"
"""Parts names in a Chinese list."""


def number(value: int, unit: int = 1, decimals: int = 0) -> str:
    """A figure as documents write it, thousands apart: 2_502_000 dm² in hectares is "2.50"."""
    whole, _point, rest = decimal_text(value, unit, decimals).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")
