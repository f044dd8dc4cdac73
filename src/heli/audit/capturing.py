"""Which witnessed rows an act touches, told by the database itself, and what they were before.

SQLite: temporary triggers of Heli's own connections, so that a hand at the file neither fires nor finds them. PostgreSQL:
statement triggers made by `heli migrate`, whose rows are read back by their transaction alone.
"""

from collections.abc import Iterator
from sqlite3 import OperationalError
from typing import Any

from django.db import connection

from heli.audit.witnesses import TableShape, offered, run

FEW = 1_000
EVENTS = {"INSERT": "NEW TABLE AS fresh", "UPDATE": "OLD TABLE AS gone", "DELETE": "OLD TABLE AS gone"}
"""How a statement's rows are called in PostgreSQL's triggers."""
Touched = tuple[str, int, str | None]
"""Table, key, and the row's plain values before as JSON; None for a new row."""


def begin() -> None:
    """Before an act: rows changed outside of acts on this connection are not its own."""
    if connection.vendor == "sqlite":
        try:
            end()
        except OperationalError:  # the first act of this connection, or the transaction that made them was undone
            _make_temporary()
    else:
        end()


def few() -> list[Touched] | None:
    """What the act has touched so far, in order of time; None when it is much."""
    found = list(run(f"SELECT relation, pk, was FROM {_own()} ORDER BY {_clock()} LIMIT {FEW + 1}"))
    return found if len(found) <= FEW else None


def pages_of_new_rows(size: int) -> dict[str, list[tuple[int, int]] | None]:
    """By table the first and last key in each page of `size` keys, when all touched rows are new and lie without gaps."""
    found: dict[str, list[tuple[int, int]] | None] = {}
    summary = run(
        f"SELECT relation, MIN(pk), MAX(pk), COUNT(*), COUNT(was) FROM {_own()} GROUP BY relation, pk / {size} ORDER BY 1, 2"
    )
    for table, first, last, count, were in summary:
        pages = found.setdefault(table, [])
        if were or count != last - first + 1:
            found[table] = None
        elif pages is not None:
            pages.append((first, last))
    return found


def in_order(table: str) -> Iterator[tuple[int, str | None]]:
    """All touched rows of a table by key, the earliest of a row first; constant memory."""
    where = "AND" if connection.vendor == "postgresql" else "WHERE"
    select = f"SELECT pk, was FROM {_own()} {where} relation = %s ORDER BY pk, {_clock()}"
    if connection.vendor == "sqlite":
        yield from run(select, [table])
        return
    raw: Any = connection.connection
    with raw.cursor("heli_touched") as cursor:
        cursor.execute(select, [table])
        yield from cursor


def _own() -> str:
    if connection.vendor == "sqlite":
        return "temp.heli_touched"
    return "audit_touched WHERE tx = pg_current_xact_id()"


def _clock() -> str:
    return "rowid" if connection.vendor == "sqlite" else "id"


def end() -> None:
    """After an act was settled."""
    run(f"DELETE FROM {_own()}")


def _make_temporary() -> None:
    run("CREATE TEMP TABLE IF NOT EXISTS heli_touched (relation TEXT, pk INTEGER, was TEXT)")
    for shape in offered().values():
        key = shape.columns[0][0]
        columns = ", ".join(f'"{name}"' for name, _kind in shape.columns)
        was = f"json_array({shape.values('OLD')})"
        for event, of, row, kept in (
            ("INSERT", "", "NEW", "NULL"),
            ("UPDATE", f" OF {columns}", "OLD", was),
            ("DELETE", "", "OLD", was),
        ):
            run(
                f'CREATE TEMP TRIGGER IF NOT EXISTS "heli_{event.lower()}_{shape.table}" AFTER {event}{of} '
                f'ON main."{shape.table}" BEGIN INSERT INTO heli_touched '
                f"VALUES ('{shape.table}', {row}.\"{key}\", {kept}); END"
            )


def remove() -> None:
    """Before tables change: triggers name columns. Asked by `heli migrate`."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        triggers = run("SELECT name FROM temp.sqlite_master WHERE type = 'trigger' AND name LIKE 'heli~_%' ESCAPE '~'")
        for (name,) in list(triggers):
            run(f'DROP TRIGGER temp."{name}"')
        run("DROP TABLE IF EXISTS temp.heli_touched")
        return
    for (table,) in list(
        run("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'heli_touched_%%'")
    ):
        for event in EVENTS:
            run(f"DROP TRIGGER IF EXISTS heli_touched_{event.lower()} ON {table}")


def install() -> None:
    """After tables changed, on PostgreSQL: the table that is written to, a function and three triggers for each table."""
    if connection.vendor != "postgresql":
        return
    run(
        "CREATE UNLOGGED TABLE IF NOT EXISTS audit_touched (id bigint GENERATED ALWAYS AS IDENTITY, "
        "tx xid8 NOT NULL DEFAULT pg_current_xact_id(), relation text NOT NULL, pk bigint NOT NULL, was text)"
    )
    run("CREATE INDEX IF NOT EXISTS audit_touched_by_act ON audit_touched (tx)")
    present = set(connection.introspection.table_names())
    for shape in offered().values():
        if shape.table in present:
            run(_function(shape))
            for event, rows in EVENTS.items():
                run(f'DROP TRIGGER IF EXISTS heli_touched_{event.lower()} ON "{shape.table}"')
                run(
                    f'CREATE TRIGGER heli_touched_{event.lower()} AFTER {event} ON "{shape.table}" '
                    f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION heli_touched_{shape.table}()"
                )


def _function(shape: TableShape) -> str:
    key = shape.columns[0][0]
    into = f"INSERT INTO audit_touched (relation, pk, was) SELECT '{shape.table}'"
    return (
        f"CREATE OR REPLACE FUNCTION heli_touched_{shape.table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN {into}, fresh.\"{key}\", NULL FROM fresh; "
        f'ELSE {into}, gone."{key}", json_build_array({shape.values("gone")})::text FROM gone; END IF; '
        "RETURN NULL; END $$"
    )


def missing() -> list[str]:
    """Triggers that should stand in the database itself and do not."""
    if connection.vendor != "postgresql":
        return []
    standing = set(
        run(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'heli_touched_%%' AND tgenabled = 'O'"
        )
    )
    wanted = {(table, f"heli_touched_{event.lower()}") for table in offered() for event in EVENTS}
    return [f"{table}.{name}" for table, name in sorted(wanted - standing)]
