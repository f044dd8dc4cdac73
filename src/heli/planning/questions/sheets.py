"""Files with what a question is asked about: every wrong row is told by its number, nothing is guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from heli.files import apart
from heli.files.sheets import Laid, Unreadable, lay_out, open_table
from heli.kernel.faults import Fault, Refused

MOST_TOLD = 60
"""Faults of a file that are told at once."""


def _laid(data: bytes, name: str, words: list[str]) -> Laid:
    return lay_out(open_table(data, name), name, known=words)


@dataclass
class SheetReader:
    """Rows of a sheet by the columns wanted: {column: its headings}; faults are gathered, `done` raises them."""

    columns: Mapping[str, Sequence[str]]
    faults: list[Fault] = field(default_factory=list)

    def rows(self, data: bytes, name: str, *, optional: Sequence[str] = ()) -> list[tuple[int, dict[str, str]]]:
        """(row number, {column: text}) of every row. Raises `Refused` when the file or a column cannot be read."""
        words = [word for heads in self.columns.values() for word in heads]
        try:
            laid = apart.call(_laid, data, name, words)
        except Unreadable as unreadable:
            text = _("The file cannot be read (%(why)s): give an Excel or CSV file.") % {"why": unreadable}
            raise Refused(Fault("planning.file_unreadable", text, field="file")) from unreadable
        heads = [str(head).strip() for head in laid.headers]
        at: dict[str, int] = {}
        for column, called in self.columns.items():
            found = next((heads.index(word) for word in called if word in heads), None)
            if found is not None:
                at[column] = found
            elif column not in optional:
                text = _("The column %(column)s is missing.") % {"column": called[0]}
                self.faults.append(Fault("planning.column_missing", text, field="file"))
        self.done()
        return [
            (
                row.number,
                {
                    column: str(row.cells[i]).strip() if i < len(row.cells) and row.cells[i] is not None else ""
                    for column, i in at.items()
                },
            )
            for row in laid.rows
        ]

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
