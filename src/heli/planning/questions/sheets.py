"""Files with what a question is asked about: every wrong row is told by its number, nothing is guessed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from shapely.geometry import shape

from heli.files import apart
from heli.files.sheets import Choices, Laid, Unreadable, lay_out, open_table
from heli.kernel.faults import Fault, Refused

MOST_TOLD = 60
"""Faults of a file that are told at once."""


def _laid(data: bytes, name: str, words: list[str], sheet: str) -> Laid | None:
    """The table of a file, of one of its sheets where that is named; None where the file has no such sheet."""
    book = open_table(data, name)
    if sheet and sheet not in [one.name for one in book.sheets]:
        return None
    return lay_out(book, name, known=words, choices=Choices(sheets=(sheet,)) if sheet else None)


def _features(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The features of GeoJSON as rows: properties, and a point inside each as 经度, 纬度. Raises `ValueError`."""
    rows = []
    for number, feature in enumerate(json.loads(data)["features"], start=1):
        point = shape(feature["geometry"]).representative_point()
        given = {str(key): "" if value is None else str(value) for key, value in feature["properties"].items()}
        rows.append((number, {**given, "经度": str(point.x), "纬度": str(point.y)}))
    return rows


@dataclass
class SheetReader:
    """Rows of a sheet by the columns wanted: {column: its headings}; faults are gathered, `done` raises them."""

    columns: Mapping[str, Sequence[str]]
    faults: list[Fault] = field(default_factory=list)

    def rows(
        self,
        data: bytes,
        name: str,
        *,
        optional: Sequence[str] = (),
        sheet: str = "",
        is_needed: bool = False,
    ) -> list[tuple[int, dict[str, str]]]:
        """(row number, {column: text}) of every row; none where a named sheet is missing, unless it is needed.

        Raises `Refused` when the file, a needed sheet or a column cannot be read.
        """
        try:
            if name.lower().endswith(".geojson"):
                return [self._by_column(number, cells) for number, cells in _features(data)]
            words = [word for heads in self.columns.values() for word in heads]
            laid = apart.call(_laid, data, name, words, sheet)
        except (Unreadable, ValueError, KeyError, TypeError) as unreadable:
            text = _("The file cannot be read (%(why)s): give an Excel or CSV file.") % {"why": unreadable}
            raise Refused(Fault("planning.file_unreadable", text, field="file")) from unreadable
        if laid is None:
            if is_needed:
                text = _("The file has no sheet called %(sheet)s.") % {"sheet": sheet}
                raise Refused(Fault("planning.sheet_missing", text, field="file"))
            return []
        heads = [str(head).strip() for head in laid.headers]
        for column, called in self.columns.items():
            if column not in optional and not set(called) & set(heads):
                text = _("The column %(column)s is missing.") % {"column": called[0]}
                self.faults.append(Fault("planning.column_missing", text, field="file"))
        self.done()
        return [
            self._by_column(
                row.number,
                {
                    head: str(row.cells[i]).strip() if i < len(row.cells) and row.cells[i] is not None else ""
                    for i, head in enumerate(heads)
                },
            )
            for row in laid.rows
        ]

    def _by_column(self, number: int, cells: Mapping[str, str]) -> tuple[int, dict[str, str]]:
        found = {}
        for column, called in self.columns.items():
            found[column] = next((cells[word].strip() for word in called if word in cells), "")
        return number, found

    def wrong(self, row: int, text: str) -> None:
        """Something wrong with a row."""
        said = _("Row %(row)s: %(what)s") % {"row": row, "what": text}
        self.faults.append(Fault("planning.row_wrong", said, field="file", source=str(row)))

    def whole(self, row: int, cells: Mapping[str, str], column: str, *, low: int = 0) -> int:
        """A whole number of a cell; `low` where it is none, and told."""
        value = self.number(row, cells, column, low=low)
        if value != int(value):
            self.wrong(row, _("%(value)s is no whole number.") % {"value": cells.get(column, "")})
        return int(value)

    def number(self, row: int, cells: Mapping[str, str], column: str, *, low: float | None = None) -> float:
        """A number of a cell; 0 (or `low`) where it is none, and told."""
        text = cells.get(column, "").replace(",", "").replace("，", "")
        try:
            value = float(text)
        except ValueError:
            self.wrong(
                row,
                _("“%(value)s” under %(column)s is no number.") % {"value": text, "column": self.columns[column][0]},
            )
            return low or 0
        if not -1e9 < value < 1e9 or (low is not None and value < low):
            self.wrong(
                row,
                _("%(value)s under %(column)s is too small or too large.")
                % {"value": text, "column": self.columns[column][0]},
            )
            return low or 0
        return value

    def done(self) -> None:
        """Raises `Refused` with everything that is wrong."""
        if self.faults:
            raise Refused(self.faults[:MOST_TOLD])
