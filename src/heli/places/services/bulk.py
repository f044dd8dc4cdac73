"""Set-based writes for lists of hundreds of thousands of rows.

Call inside an open `audit.services.writing` block only; nothing is checked here but what the database checks. Rows are
tuples in the order of the columns named by each function.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, models

from heli.kernel.ids import ALPHABET
from heli.places.models import Fact, LineageEvent, LineageLink, Place, PlaceVersion

BATCH = 20_000
PARAMETERS = 8_000
"""So many values of one statement SQLite takes gladly."""

# Bytes from 240 on are dropped, so that every letter is as likely as the others.
LETTERS = bytes(ord(ALPHABET[i % len(ALPHABET)]) for i in range(256))
DROPPED = bytes(range(256 - 256 % len(ALPHABET), 256))

PLACE_COLUMNS = ("id", "public_id", "level", "district_id")
VERSION_COLUMNS = (
    "place_id", "valid_from", "valid_to", "code", "code_number", "name", "kind", "parent_id", "legal_parent_id",
    "district_id", "urban_rural_class", "outline_id", "source_id", "begun_by_id", "ended_by_id",
)  # fmt: skip
FACT_COLUMNS = ("place_id", "district_id", "measure", "on", "value", "source_id", "superseded_at", "recorded_at")
EVENT_COLUMNS = (
    "id", "public_id", "kind", "on", "sequence", "district_id", "document_number", "document_date", "note", "reverses_id",
    "in_force", "source_id",
)  # fmt: skip
LINK_COLUMNS = (
    "event_id", "from_place_id", "to_place_id", "population_part", "population_of", "area_part", "area_of", "is_part", "note",
)  # fmt: skip

Row = Sequence[Any]


def new_public_ids(count: int, *, length: int = 12) -> list[str]:
    """Many random public ids at once, as `kernel.ids.new_public_id` makes one."""
    text = b""
    while len(text) < count * length:
        text += secrets.token_bytes(count * length + 64).translate(LETTERS, DROPPED)
    letters = text.decode("ascii")
    return [letters[i * length : (i + 1) * length] for i in range(count)]


def reserve_ids(model: type[models.Model], *, count: int) -> range | list[int]:
    """Keys for rows to be inserted with their keys given. On SQLite the open write transaction keeps others out."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {connection.ops.quote_name(table)}")
        top = cursor.fetchone()
        assert top is not None
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = max(top[0], last[0] if last else 0) + 1
        return range(first, first + count)


def insert_place_rows(rows: Iterable[Row]) -> int:
    """Insert places, `PLACE_COLUMNS` each."""
    return insert_rows(Place, columns=PLACE_COLUMNS, rows=rows)


def insert_version_rows(rows: Iterable[Row]) -> int:
    """Insert versions, `VERSION_COLUMNS` each."""
    return insert_rows(PlaceVersion, columns=VERSION_COLUMNS, rows=rows)


def insert_fact_rows(rows: Iterable[Row]) -> int:
    """Insert facts, `FACT_COLUMNS` each."""
    return insert_rows(Fact, columns=FACT_COLUMNS, rows=rows)


def insert_event_rows(events: Iterable[Row], *, links: Iterable[Row]) -> tuple[int, int]:
    """Insert events and their arrows, `EVENT_COLUMNS` and `LINK_COLUMNS` each."""
    return insert_rows(LineageEvent, columns=EVENT_COLUMNS, rows=events), insert_rows(
        LineageLink, columns=LINK_COLUMNS, rows=links
    )


def insert_rows(model: type[models.Model], *, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert tuples of plain values into the model's table: COPY on PostgreSQL, one prepared statement on SQLite."""
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    written = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The guard of the audit trail hears of the write through Django's cursor; COPY itself passes it by.
            cursor.execute(f"INSERT INTO {table} ({quoted}) SELECT {quoted} FROM {table} WHERE false")
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    written += 1
            return written
        # Many rows a statement: where triggers stand, each statement of its own costs SQLite a journal.
        marks = f"({', '.join(['%s'] * len(columns))})"
        for batch in batches(rows, size=PARAMETERS // len(columns)):
            values = [value for row in _plain(batch) for value in row]
            cursor.execute(f"INSERT INTO {table} ({quoted}) VALUES {', '.join([marks] * len(batch))}", values)
            written += len(batch)
    return written


def update_rows(model: type[models.Model], *, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set named columns of rows by key: each tuple gives the values and then the key."""
    table = connection.ops.quote_name(model._meta.db_table)
    assignments = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
    with connection.cursor() as cursor:
        for batch in batches(rows, size=BATCH):
            cursor.executemany(
                f"UPDATE {table} SET {assignments} WHERE id = %s",
                batch if connection.vendor == "postgresql" else _plain(batch),
            )


def _plain(batch: list[Row]) -> list[list[Any]]:
    """Days as text: SQLite knows no dates, and its adapter for them is slow."""
    return [[value.isoformat() if isinstance(value, date) else value for value in row] for row in batch]


def batches(rows: Iterable[Row], *, size: int) -> Iterator[list[Row]]:
    """Rows in lists of at most `size`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
