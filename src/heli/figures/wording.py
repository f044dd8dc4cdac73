"""Words of figures: their own in the reader's language, and those of their pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from heli.figures.types import SnapshotKind, Value
from heli.kernel.declare import Additivity, Direction, Figure
from heli.kernel.faults import Fault, Severity
from heli.kernel.lint import Flag
from heli.ui.columns import DASH

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
KIND_LABELS: Mapping[str, Promise] = {
    SnapshotKind.DAILY: _("daily"),
    SnapshotKind.WEEKLY: _("weekly"),
    SnapshotKind.INTERIM: _("between weeks"),
    SnapshotKind.YEARBOOK: _("for the yearbook"),
}


def title_of(figure: Figure) -> str:
    """The figure's name."""
    return gettext(figure.title)


def meaning_of(figure: Figure) -> str:
    """What it means and how it is computed."""
    return gettext(figure.meaning)


def source_of(figure: Figure) -> str:
    """Where its rows come from."""
    return gettext(figure.source)


def validity_of(figure: Figure) -> str:
    """Its version and from when to when it holds: "v1 · 2019-01-01 –"."""
    until = f" {figure.valid_to}" if figure.valid_to else ""
    return f"v{figure.version} · {figure.valid_from} –{until}"


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


def fault(code: str, message: str, field: str = "") -> Fault:
    """A refusal of figures."""
    return Fault(f"figures.{code}", message, field=field)


FLAG_TEXTS: Mapping[str, str] = {
    "unreadable": gettext_noop("“%(text)s” holds no number."),
    "typo_full_width": gettext_noop("“%(text)s” is written with full-width digits; read as %(read)s."),
    "typo_full_stop": gettext_noop("“%(text)s” has a Chinese full stop as its decimal point; read as %(read)s."),
    "above_whole": gettext_noop(
        "%(text)s %% of a whole is more than the whole. Check the base, or mark it as a growth."
    ),
    "not_its_fraction": gettext_noop("%(numerator)s of %(base)s is %(given)s %%, not %(text)s %%."),
    "no_whole_number": gettext_noop(
        "No whole number of %(base)s gives %(text)s %%: it lies between %(low)s and %(high)s. The base is probably another one."
    ),
    "base_missing": gettext_noop("%(text)s %% of what? Without its base nobody can check it."),
    "points_as_percent": gettext_noop("The difference of two percentages is %(text)s percentage points, not percent."),
    "wrong_difference": gettext_noop("The two percentages differ by %(given)s percentage points, not by %(text)s."),
    "parts_differ": gettext_noop("The parts add up to %(sum)s, not to %(text)s."),
    "mean_differs": gettext_noop("%(total)s over %(units)s is %(given)s, not %(text)s."),
    "no_known_base": gettext_noop("None of the known bases (%(bases)s) gives %(text)s %%."),
    "other_base": gettext_noop("%(base)s is none of the counts that the scope has (%(bases)s): say what was counted."),
    "too_few_each": gettext_noop(
        "%(numerator)s over %(base)s is %(each)s each, fewer than the %(low)s there must be: two scopes."
    ),
    "too_many_each": gettext_noop(
        "%(numerator)s over %(base)s is %(each)s each, more than the %(high)s there can be: two scopes."
    ),
}


def flag_text(flag: Flag) -> str:
    """What the lint found, as a sentence."""
    facts = {
        key: "、".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in flag.facts.items()
    }
    return gettext(FLAG_TEXTS[flag.code]) % facts


def flag_fault(flag: Flag) -> Fault:
    """A flag as a page shows it."""
    severity = Severity.WARNING if flag.is_warning else Severity.ERROR
    return Fault(f"figures.lint.{flag.code}", flag_text(flag), severity=severity)
