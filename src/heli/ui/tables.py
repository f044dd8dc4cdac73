"""Tables of rows that people sort, filter, page through, print and take away as Excel or CSV.

A view builds a `Table` from a queryset or a list, answers `table.export_response()` when `table.export` is set, and
includes `ui/table.html`. All state is in the query string, so every view of a table has an address and works without
JavaScript. How cells are written into files is `heli.ui.exports`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from heli.kernel.quantities import Ratio
from heli.ui.columns import NOT_GREEN, Cell, ChoiceFilter, Column, ColumnHeading, Exceptions, Text, read
from heli.ui.exports import SheetNote, csv_response, note_of, xlsx_response
from heli.ui.paging import searched_page

__all__ = ["NOT_GREEN", "Column", "Exceptions", "Table"]

PAGE_SIZE, CARDS = 40, 15
"""Rows on a page, and rows that become cards on phones: some five screens of one. All of them are one link away."""
MOST_ROWS = 2_000
"""Rows on the page that shows all, for the printer."""
CHUNK = 2_000
MOST_CHOICES = 200
"""A column with more distinct values than this offers no choice filter; search serves better."""


@dataclass
class Table:
    """A list of rows with its state read from the request.

    `rows` is a queryset (sorted, searched and paged by the database) or any sequence of dataclasses, models or mappings.
    `search` names the fields that the search box looks in, or makes a condition of the database from a word. `present` makes
    of a page of a queryset's rows what columns read; `known` is how many rows there are, where that was counted already.
    Two tables on one page need different `prefix`es.
    `exceptions` offers to show only what is not as it should be.
    `replaces` says which paper form this list replaces; `sample` marks screen and files as sample data.
    `rows` must already be within the actor's scope.
    """

    name: str
    request: HttpRequest
    rows: QuerySet[Any] | Sequence[Any]
    columns: Sequence[Column]
    search: Sequence[str | Callable[[str], Q]] = ()
    present: Callable[[list[Any]], Sequence[Any]] = list
    known: int | None = None
    replaces: Text = ""
    caption: Text = ""
    empty: Text = ""
    order: str = ""
    prefix: str = ""
    page_size: int = 0
    sample: bool = False
    exportable: bool = True
    row_id: Callable[[Any], Any] | None = None
    cards: bool = False
    exceptions: Exceptions | None = None
    _distinct: dict[str, dict[str, Any]] = field(default_factory=dict, init=False, repr=False)

    # --- state -------------------------------------------------------------------------------------------------------

    def parameter(self, key: str) -> str:
        """The query-string name of one of this table's settings."""
        return f"{self.prefix}{key}"

    def asked(self, key: str) -> str:
        """What the request asks for under a setting, trimmed; empty when nothing."""
        return self.request.GET.get(self.parameter(key), "").strip()

    @property
    def element(self) -> str:
        """The id of the table's element, which htmx swaps."""
        return f"table-{self.prefix}{self.name}"

    @property
    def q(self) -> str:
        """What is searched for."""
        return self.asked("q")

    @property
    def export(self) -> str:
        """ "xlsx" or "csv" when the request asks for a file, else empty."""
        asked = self.asked("export")
        return asked if asked in ("xlsx", "csv") and self.exportable else ""

    @property
    def is_only(self) -> bool:
        """Whether only the exceptions are asked for."""
        return self.exceptions is not None and self.asked("only") == "1"

    @property
    def is_whole(self) -> bool:
        """Whether all rows are asked for on one page."""
        return self.asked("rows") == "all"

    @cached_property
    def sorting(self) -> tuple[Column | None, bool]:
        """The column sorted by, and whether downwards; unknown or unsortable names are ignored."""
        asked = self.asked("sort") or self.order
        by_name = {column.name: column for column in self.columns}
        column = by_name.get(asked.removeprefix("-"))
        if column is None or not self.sortable(column):
            return None, False
        return column, asked.startswith("-")

    def sortable(self, column: Column) -> bool:
        """Whether rows can be ordered by the column; a queryset needs a field or an annotation for it."""
        if not column.sort:
            return False
        if not isinstance(self.rows, QuerySet):
            return True
        return self.sort_path(column) != ""

    def sort_path(self, column: Column) -> str:
        """The database path a queryset is ordered by; empty when there is none."""
        assert isinstance(self.rows, QuerySet)
        path = column.path or (column.sort if isinstance(column.sort, str) else ("" if column.value else column.name))
        first = path.split("__")[0]
        if not first or first in self.rows.query.annotations:
            return path
        try:
            self.rows.model._meta.get_field(first)
        except FieldDoesNotExist:
            return ""
        return path

    # --- rows --------------------------------------------------------------------------------------------------------

    @cached_property
    def filters(self) -> list[ChoiceFilter]:
        """The choice filters, with the distinct values of all rows (not only those now shown)."""
        found = []
        for column in self.columns:
            if not column.filter:
                continue
            values = self.distinct(column)
            if len(values) > MOST_CHOICES:
                continue
            choices = [(key, column.word(value)) for key, value in values.items()]
            parameter = self.parameter(f"f_{column.name}")
            found.append(ChoiceFilter(column, parameter, self.request.GET.get(parameter, ""), choices))
        return found

    def distinct(self, column: Column) -> dict[str, Any]:
        """The column's distinct values by their text, in order, empties left out."""
        if column.choices is not None:
            return dict(column.choices)
        if column.name not in self._distinct:
            values: Iterable[Any]
            if isinstance(self.rows, QuerySet):
                path = self.filter_path(column)
                values = self.rows.order_by(path).values_list(path, flat=True).distinct()[: MOST_CHOICES + 1]
            else:
                values = sorted({column.of(row) for row in self.rows} - {None}, key=_order_key)
            self._distinct[column.name] = {str(value): value for value in values if value not in (None, "")}
        return self._distinct[column.name]

    @staticmethod
    def filter_path(column: Column) -> str:
        """The database path a queryset is filtered by."""
        return column.path or (column.sort if isinstance(column.sort, str) else column.name)

    @cached_property
    def chosen(self) -> list[tuple[Column, Any]]:
        """The filters in force: column and value. An unknown value matches nothing rather than everything."""
        return [(f.column, self.distinct(f.column).get(f.chosen, _NOTHING)) for f in self.filters if f.chosen]

    @cached_property
    def found(self) -> QuerySet[Any] | list[Any]:
        """All rows that pass search and filters, in order."""
        return self._found_in(self.rows) if isinstance(self.rows, QuerySet) else self._found_among(self.rows)

    def _found_in(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for word in self.q.split():
            matches = Q()
            for one in self.search:
                matches |= Q(**{f"{one}__icontains": word}) if isinstance(one, str) else one(word)
            rows = rows.filter(matches)
        for column, value in self.chosen:
            path = self.filter_path(column)
            rows = rows.none() if value is _NOTHING else rows.filter(**{path: value})
        if self.exceptions and self.is_only:
            rows = rows.filter(self.exceptions.rows)
        column_sorted, down = self.sorting
        if column_sorted is not None:
            rows = rows.order_by(f"{'-' if down else ''}{self.sort_path(column_sorted)}", *self.tie_break(rows))
        elif not rows.ordered:
            rows = rows.order_by(*self.tie_break(rows))
        return rows

    @staticmethod
    def tie_break(rows: QuerySet[Any]) -> list[str]:
        """The key that makes an order total, so that pages never repeat or skip a row."""
        return [] if rows.query.group_by else ["pk"]

    def _found_among(self, rows: Sequence[Any]) -> list[Any]:
        words, paths = self.q.casefold().split(), [path for path in self.search if isinstance(path, str)]
        kept = [
            row
            for row in rows
            if all(any(word in str(read(row, path) or "").casefold() for path in paths) for word in words)
            and all(value is not _NOTHING and column.of(row) == value for column, value in self.chosen)
            and (not self.exceptions or not self.is_only or self.exceptions.has(row))
        ]
        column, down = self.sorting
        if column is not None:
            path = column.sort if isinstance(column.sort, str) else ""
            keyed = [(read(row, path) if path else column.of(row), row) for row in kept]
            known = sorted(
                (pair for pair in keyed if pair[0] is not None), key=lambda p: _order_key(p[0]), reverse=down
            )
            kept = [row for _value, row in known] + [row for value, row in keyed if value is None]
        return kept

    @cached_property
    def page(self) -> Page[Any]:
        """The page of rows asked for; a page beyond the last is the last."""
        size = MOST_ROWS if self.is_whole else self.page_size or (CARDS if self.cards else PAGE_SIZE)
        found = Paginator(self.found, size)
        if self.known is not None and not self.is_narrowed:
            found.count = self.known
        if isinstance(self.found, QuerySet) and self.q and not self.found.query.group_by:
            return searched_page(self.found, found, self.asked("page"))
        return found.get_page(self.asked("page") or 1)

    @cached_property
    def count(self) -> int:
        """How many rows pass search and filters."""
        return self.page.paginator.count

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether search or filters leave something out of sight."""
        return bool(self.q or self.chosen or self.is_only)

    # --- what the template draws -------------------------------------------------------------------------------------

    @property
    def shown(self) -> list[Column]:
        """The columns on screen."""
        return [column for column in self.columns if column.screen]

    @property
    def headings(self) -> list[ColumnHeading]:
        """The heading row."""
        sorted_by, down = self.sorting
        result = []
        for column in self.shown:
            is_current = column is sorted_by
            turn = is_current and not down
            url = self.url(sort=f"-{column.name}" if turn else column.name, page="") if self.sortable(column) else ""
            result.append(ColumnHeading(column, ("descending" if down else "ascending") if is_current else "", url))
        return result

    @property
    def body(self) -> Iterator[tuple[Any, list[Cell]]]:
        """The rows of this page: the row's id (or None) and its cells."""
        for row in self.present(list(self.page)):
            yield (self.row_id(row) if self.row_id else None), [self.cell(column, row) for column in self.shown]

    @staticmethod
    def cell(column: Column, row: Any) -> Cell:
        """One cell."""
        value = column.of(row)
        link = column.link(row) if column.link else None
        tone = column.badge(row) if column.badge else ""
        return Cell(column, row, value, column.word(value), link, tone)

    @cached_property
    def totals(self) -> list[tuple[Column, str]] | None:
        """The foot: the sum of every `total` column over all filtered rows; None when no column asks for it."""
        if not any(column.total for column in self.shown):
            return None
        return [(column, column.word(self.total(column)) if column.total else "") for column in self.shown]

    def total(self, column: Column) -> Any:
        """The sum of a column over the filtered rows; missing values count nothing."""
        if isinstance(self.found, QuerySet) and not column.value:
            return self.found.aggregate(total=Sum(column.name))["total"]
        values = [column.of(row) for row in self.found]
        return sum(value for value in values if value is not None)

    def url(self, **changes: str) -> str:
        """The address of this table with settings changed; an empty value drops the setting. Other tables keep theirs."""
        query = self.request.GET.copy()
        query.pop(self.parameter("export"), None)
        for key, value in changes.items():
            query.pop(self.parameter(key), None)
            if value:
                query[self.parameter(key)] = value
        return f"?{query.urlencode()}" if query else self.request.path

    @property
    def reset_url(self) -> str:
        """The address without this table's search and filters."""
        return self.url(q="", page="", only="", **{f"f_{f.column.name}": "" for f in self.filters})

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """What the filter form must carry along: every parameter that it has no field for itself."""
        own = {self.parameter("q"), self.parameter("page"), self.parameter("export")} | {
            f.parameter for f in self.filters
        }
        return [(key, value) for key, values in self.request.GET.lists() if key not in own for value in values]

    @property
    def pages(self) -> list[tuple[int | str, str, bool]]:
        """The page links: number or gap, address, whether current."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(n, self.url(page=str(n)) if isinstance(n, int) else "", n == self.page.number) for n in numbers]

    @property
    def previous_url(self) -> str:
        """The page before, or empty."""
        return self.url(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or empty."""
        return self.url(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    @property
    def only_url(self) -> str:
        """The address that shows only the exceptions, or all rows again."""
        return self.url(only="" if self.is_only else "1", page="")

    @property
    def whole_url(self) -> str:
        """The address of all found rows on one page; empty where they are on it."""
        return self.url(rows="all", page="") if self.page.has_other_pages() else ""

    @property
    def xlsx_url(self) -> str:
        """The address of the Excel file of all filtered rows."""
        return self.url(export="xlsx", page="")

    @property
    def csv_url(self) -> str:
        """The address of the CSV file of all filtered rows."""
        return self.url(export="csv", page="")

    def export_response(self) -> HttpResponse:
        """All filtered rows as the file asked for by `export`; what is for machines only is hidden in Excel."""
        columns = [column for column in self.columns if column.export]
        heads = [f"{column.label}（{column.unit}）" if column.unit else str(column.label) for column in columns]
        found = self.found
        rows = self.in_chunks(found) if isinstance(found, QuerySet) else found
        lines = ([column.plain(row) for column in columns] for row in rows)
        title = str(self.caption or self.name)
        if self.export == "csv":
            return csv_response(title, heads, lines, sample=self.sample)
        return xlsx_response(
            title, heads, lines, kinds=[column.kind for column in columns], sample=self.sample, note=self.note(columns),
            hidden=[at for at, column in enumerate(columns) if column.is_technical],
        )  # fmt: skip

    def in_chunks(self, found: QuerySet[Any]) -> Iterator[Any]:
        """The rows of a queryset as columns read them, so many at a time."""
        rows = found.iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            yield from self.present(chunk)

    def note(self, columns: Sequence[Column]) -> SheetNote:
        """Day, unit and source of the list as a file; a list that was narrowed says by what."""
        units = list(dict.fromkeys(str(column.unit) for column in columns if column.unit))
        counted = any(column.kind in ("integer", "decimal") for column in columns)
        parts = [f"{column.label}: {column.word(value)}" for column, value in self.chosen if value is not _NOTHING]
        parts += [_("found by “%(words)s”") % {"words": self.q}] if self.q else []
        parts += [str(self.exceptions.label)] if self.exceptions and self.is_only else []
        unit = units[0] if len(units) == 1 else _("as headed") if counted or units else ""
        return note_of(self.request, *parts, unit=unit)


class _Nothing:
    """Stands for a filter value that no row has."""


_NOTHING = _Nothing()


def _order_key(value: Any) -> tuple[int, Any]:
    """Numbers among numbers, dates among dates, the rest by text: mixed columns still have an order."""
    if isinstance(value, Ratio):
        return (0, value.numerator / value.denominator if value.denominator else -1)
    if isinstance(value, int | float):
        return (0, value)
    if isinstance(value, datetime):
        return (1, value.isoformat())
    return (1, value.isoformat()) if isinstance(value, date) else (2, str(value))
