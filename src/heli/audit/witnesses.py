"""Which rows the trail stands for: contexts offer models in their `witnesses.py` (`WITNESSES`), collected here by name.

A row is reduced to one line of plain values (`read_rows`), the same from SQLite, PostgreSQL and a restored backup, whatever
its columns are, and the line to a keyed tag of eight bytes. Personal values leave nothing else behind.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.db import connection, models

from heli.audit.keys import derived_key
from heli.audit.types import Witness
from heli.kernel import offers

TAG = 8
ABSENT = b"\0" * TAG
KINDS = (
    (models.BooleanField, "bool"),
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.JSONField, "json"),
    (models.IntegerField, "plain"),
    (models.CharField, "plain"),
    (models.TextField, "plain"),
)


@dataclass(frozen=True)
class TableShape:
    """A witnessed table: the label of its model, and its columns with their kinds, the key first."""

    table: str
    label: str
    columns: tuple[tuple[str, str], ...]

    @cached_property
    def jsons(self) -> tuple[int, ...]:
        """Where columns of JSON stand."""
        return tuple(number for number, (_name, kind) in enumerate(self.columns) if kind == "json")

    @cached_property
    def kept(self) -> str:
        """As JSON, as it is kept beside the tags, so that a change of the model is noticed."""
        return json.dumps([self.label, [list(column) for column in self.columns]], separators=(",", ":"))

    @classmethod
    def of(cls, table: str, kept: str) -> "TableShape":
        """The shape that was kept, as a rule the one that is offered."""
        if table in offered() and offered()[table].kept == kept:
            return offered()[table]
        label, columns = json.loads(kept)
        return cls(table, label, tuple((name, kind) for name, kind in columns))

    def values(self, of: str = "") -> str:
        """The columns in SQL as plain values; `of` names the row ("OLD", "gone")."""
        return ", ".join(_plain(f'{of}."{name}"' if of else f'"{name}"', kind) for name, kind in self.columns)


def _plain(column: str, kind: str) -> str:
    """A column as integer or text. On SQLite a bare expression, which the driver does not convert."""
    if connection.vendor == "sqlite":
        return f"+{column}"
    return {
        "bool": f"{column}::int",
        "day": f"to_char({column}, 'YYYY-MM-DD')",
        "moment": f"replace(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')",
        "json": f"{column}::text",
    }.get(kind, column)


@cache
def offered() -> dict[str, TableShape]:
    """What every context offers, by table."""
    shapes = {}
    for witness in offers.offered("witnesses", "WITNESSES"):
        shape = _shape(witness)
        shapes[shape.table] = shape
    return dict(sorted(shapes.items()))


def _shape(witness: Witness) -> TableShape:
    meta = apps.get_model(witness.model)._meta
    fields = [field for field in meta.local_concrete_fields if field.name not in witness.leaving_out]
    return TableShape(meta.db_table, meta.label, tuple((str(field.column), _kind(field)) for field in fields))


def _kind(field: Any) -> str:
    stored = field
    while isinstance(stored, models.ForeignKey):
        stored = stored.target_field
    for known, kind in KINDS:
        if isinstance(stored, known):
            return kind
    raise TypeError(f"{field} cannot be witnessed: {type(stored).__name__} reads differently from each database")


class Tagger:
    """Makes the tags of one table's rows."""

    def __init__(self, shape: TableShape) -> None:
        self._jsons = shape.jsons
        self._keyed = hashlib.blake2b(key=derived_key(f"row:{shape.table}"), digest_size=TAG)

    def tag(self, row: Sequence[Any]) -> bytes:
        """The tag of a row of plain values."""
        if self._jsons:
            row = [_canonical(value) if number in self._jsons else value for number, value in enumerate(row)]
        running = self._keyed.copy()
        running.update(ascii(tuple(row)).encode("ascii"))
        return running.digest()


def _canonical(value: str | None) -> str | None:
    """JSON in one form: keys in order, whole numbers as integers."""
    if value is None:
        return None
    return json.dumps(json.loads(value, parse_float=_number), sort_keys=True, separators=(",", ":"))


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number


def read_range(shape: TableShape, first: int, last: int) -> Iterable[tuple[Any, ...]]:
    """The rows between two keys, both included, in their order, as plain values, the key first."""
    key = shape.columns[0][0]
    return run(
        f'SELECT {shape.values()} FROM "{shape.table}" WHERE "{key}" BETWEEN %s AND %s ORDER BY "{key}"', [first, last]
    )


def read_rows(shape: TableShape, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The rows with these keys, as plain values, the key first."""
    select = f'SELECT {shape.values()} FROM "{shape.table}" WHERE "{shape.columns[0][0]}"'
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        yield from run(f"{select} IN ({', '.join(['%s'] * len(some))})", some)


def run(sql: str, values: Sequence[Any] = ()) -> Iterable[tuple[Any, ...]]:
    """Run a statement on the driver itself: what the trail does for itself is neither guarded nor converted."""
    connection.ensure_connection()
    raw: Any = connection.connection
    if connection.vendor == "sqlite":
        found: Iterable[tuple[Any, ...]] = raw.execute(sql.replace("%s", "?"), tuple(values))
        return found
    cursor = raw.execute(sql, tuple(values) or None)
    return cursor if cursor.description else ()


def run_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement for many rows."""
    raw: Any = connection.connection
    if connection.vendor == "sqlite":
        raw.executemany(sql.replace("%s", "?"), rows)
        return
    with raw.cursor() as cursor:
        cursor.executemany(sql, rows)
