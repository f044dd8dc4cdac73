"""Columns of tables: where a value comes from, and how it is written on screen and in files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heli.kernel.quantities import Ratio

Text = str | Promise
Kind = Literal["text", "integer", "decimal", "ratio", "date", "datetime", "yesno", "code"]
NUMERIC: frozenset[str] = frozenset({"integer", "decimal", "ratio"})
DASH = "—"
NOT_GREEN = gettext_lazy("Only what is not green")
"""The button of lists whose rows have a colour."""


def read(row: Any, path: str) -> Any:
    """The value at a path ("town__name") of a dataclass, model or mapping; None where the path breaks off."""
    value = row
    for step in path.split("__"):
        if value is None:
            return None
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
        if callable(value):
            value = value()
    return value


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from, how it is written, and what can be done with it.

    `name` is an attribute, key or annotation ("town__name" follows relations); `value` computes it from the row instead.
    `labels` turns stored values into words. `link` gives the address of a cell's page, `badge` a tone ("good", "warn",
    "bad", "info", "quiet"), `template` a cell template that sees `row` and `value`. `sort` may name another field; `path` is
    where the database finds it in a queryset, where that is not its name. `filter` offers the distinct values as a choice, or
    those of `choices` by what stands for them in addresses; `total` sums all filtered rows in the foot. A column with
    `screen=False` appears in files only, one with `export=False` on screen only.
    """

    name: str
    label: Text
    kind: Kind = "text"
    value: Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    badge: Callable[[Any], str] | None = None
    labels: Mapping[Any, Text] | None = None
    template: str = ""
    sort: bool | str = True
    path: str = ""
    filter: bool = False
    choices: Mapping[str, Any] | None = None
    total: bool = False
    unit: Text = ""
    screen: bool = True
    export: bool = True

    @property
    def is_numeric(self) -> bool:
        """Whether cells stand flush right in tabular figures."""
        return self.kind in NUMERIC

    @property
    def is_technical(self) -> bool:
        """Whether it is a mark for machines, which people see nowhere."""
        return self.kind == "code" and not self.screen

    @property
    def css(self) -> str:
        """The class of its cells: how figures, codes and days stand; most columns have none."""
        return (
            "is-number"
            if self.is_numeric
            else {"code": "is-code", "date": "is-date", "datetime": "is-date"}.get(self.kind, "")
        )

    def of(self, row: Any) -> Any:
        """The bare value of this column in a row."""
        return self.value(row) if self.value else read(row, self.name)

    def word(self, value: Any) -> str:
        """The value as people read it on screen."""
        if value is None or value == "":
            return DASH
        if self.labels is not None:
            return str(self.labels.get(value, value))
        return written(value, self.kind)

    def plain(self, row: Any) -> Any:
        """The value for a file: numbers and dates stay numbers and dates, labels become words."""
        value = self.of(row)
        if value is None:
            return None
        if self.labels is not None:
            return str(self.labels.get(value, value))
        if isinstance(value, Ratio):
            return value.numerator / value.denominator if value.denominator else None
        if isinstance(value, bool) or self.kind == "yesno":
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        return value if isinstance(value, int | float | Decimal | date) else str(value)


def written(value: Any, kind: Kind) -> str:
    """A value in the reader's language: thousands apart, dates as 2026-11-22, ratios as percentages with two decimals."""
    if isinstance(value, Ratio):
        percent = value.percent_text()
        return f"{percent} %" if percent is not None else DASH
    if kind == "yesno":
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if kind in ("integer", "decimal") and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{value:,.2f}" if kind == "decimal" else f"{value:,.0f}"
    return str(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the template draws it."""

    column: Column
    row: Any
    value: Any
    text: str
    link: str | None
    tone: str

    @property
    def css(self) -> str:
        """The classes of the cell: those of its column, and whether it says nothing, which a card leaves out."""
        blank = self.value is None or self.value == ""
        return f"{self.column.css} is-blank".strip() if blank and not self.column.template else self.column.css


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """A column's heading: its label, how it is sorted now, and the address that sorts by it next."""

    column: Column
    order: Literal["", "ascending", "descending"]
    url: str


@dataclass(frozen=True, slots=True)
class ChoiceFilter:
    """The choices of one filterable column; `chosen` is the raw text from the query string."""

    column: Column
    parameter: str
    chosen: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Which rows are not as they should be, and the words of the button that shows no others.

    `rows` is a condition of the database for a queryset, a question about a row for a sequence.
    """

    label: Text
    rows: Q | Callable[[Any], bool]

    def has(self, row: Any) -> bool:
        """Whether a row of a sequence is one."""
        return not isinstance(self.rows, Q) and self.rows(row)
