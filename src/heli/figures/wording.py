"""Words of figures: their own in the reader's language, and those of their pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from heli.figures.types import SnapshotKind, Value
from heli.kernel.declare import Additivity, Direction, Figure
from heli.kernel.problems import Problem
from heli.ui.tables import DASH

DIRECTION_LABELS: Mapping[str, Promise] = {
    Direction.UP: _("more is better"),
    Direction.DOWN: _("less is better"),
    Direction.NEITHER: _("neither is better"),
}
OVER_PLACES_LABELS: Mapping[str, Promise] = {
    Additivity.SUM: _("added up from the lowest places; a ratio from its two sums"),
    Additivity.NONE: _("worked out for each place by itself; never added up"),
}
OVER_TIME_LABELS: Mapping[str, Promise] = {
    Additivity.SUM: _("weeks may be added up"),
    Additivity.NONE: _("holds for its day; weeks are never added up"),
}
KIND_LABELS: Mapping[str, Promise] = {SnapshotKind.DAILY: _("daily"), SnapshotKind.WEEKLY: _("weekly")}


def title_of(figure: Figure) -> str:
    """The figure's name."""
    return gettext(figure.title)


def meaning_of(figure: Figure) -> str:
    """What it means and how it is computed."""
    return gettext(figure.meaning)


def unit_of(figure: Figure) -> str:
    """Its unit in words; "%" stays a sign."""
    return gettext(figure.unit) if figure.unit != "%" else "%"


def text_of(value: Value | None, decimals: int | None = None) -> str:
    """A number with its unit: "54.33 %", "13.38 percentage points", "2,502 people"; a dash where there is none."""
    number = value.number(decimals) if value is not None else None
    return DASH if value is None or number is None else f"{number} {unit_of(value.figure)}"


def counted_text(value: Value) -> str:
    """How a ratio was counted: "138 / 254"; empty for a plain count."""
    return f"{value.numerator:,} / {value.denominator:,}" if value.figure.is_ratio else ""


def problem(code: str, message: str, field: str = "") -> Problem:
    """A refusal of figures."""
    return Problem(f"figures.{code}", message, field=field)
