"""The guard of the write path: SQL that changes Heli's own tables outside `services.writing` is refused.

It stands on every connection, so that bulk operations, raw SQL and whatever a library does are seen as well as `save()`.
Exempt are tables of others (sessions, the job queue, sign-in's own), models that say `is_passing` (what the kit remembers for
a while, `ui.models`), and the emptying and migrating of a database.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from heli.kernel.offers import is_context

TARGET = re.compile(
    r"\b(?:(?:INSERT|REPLACE|MERGE)\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|COPY)"
    r"\s+(?:ONLY\s+)?((?:[\"\w.]+\s*,\s*)*[\"\w.]+)",
    re.IGNORECASE,
)
"""The tables named as targets of a change, anywhere in a statement: CTEs write too."""

_open: ContextVar[int] = ContextVar("writes_allowed", default=0)


class UnauditedWrite(Exception):
    """A change of Heli's own tables outside `audit.services.writing`: a mistake in the code, never of the user."""


@contextmanager
def allowed() -> Iterator[None]:
    """Changes are allowed inside the block. For `writing`, `counting`, migrations and emptying; nothing else has a reason."""
    token = _open.set(_open.get() + 1)
    try:
        yield
    finally:
        _open.reset(token)


def refuse_unaudited(sql: object) -> None:
    """Raise `UnauditedWrite` when the statement changes one of Heli's tables and nothing is open."""
    if _open.get():
        return
    text = str(sql)
    if text.startswith("SELECT ") and ";" not in text:
        return
    for match in TARGET.finditer(text):
        if match[0][:4].upper() == "COPY" and re.match(r"\s*(\([^)]*\)\s*)?TO\b", text[match.end() :], re.IGNORECASE):
            continue
        for name in match[1].split(","):
            table = name.strip().rpartition(".")[2].strip('"')
            if table.lower() in own_tables():
                raise UnauditedWrite(
                    f"{table} is changed outside audit.services.writing(); call the service that does it: {text[:200]}"
                )


@cache
def own_tables() -> frozenset[str]:
    """The tables of Heli's own models that belong to the record, in lower case."""
    models = apps.get_models(include_auto_created=True)
    kept = (model for model in models if is_context(model._meta.app_config) and not getattr(model, "is_passing", False))
    return frozenset(model._meta.db_table.lower() for model in kept)


def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's execute wrapper."""
    refuse_unaudited(sql)
    return execute(sql, params, many, context)


def install(*, connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """Stand on a connection that was just opened, also where Django's wrapper does not look: COPY and scripts."""
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(watch)
    raw: Any = connection.connection
    if connection.vendor == "postgresql":
        raw.cursor_factory = _guarded(raw.cursor_factory, "copy")
    elif connection.vendor == "sqlite" and "create_cursor" not in vars(connection):
        factory = _guarded(SQLiteCursorWrapper, "executescript")

        def create_cursor(name: str | None = None) -> Any:
            return connection.connection.cursor(factory=factory)

        connection.create_cursor = create_cursor  # type: ignore[method-assign]  # the way in that sqlite3 leaves


@cache
def _guarded(cursor_class: type[Any], method: str) -> type[Any]:
    """The cursor class whose `method` asks first."""

    def asked(self: Any, statement: object, *args: Any, **kwargs: Any) -> Any:
        refuse_unaudited(statement)
        return getattr(super(guarded, self), method)(statement, *args, **kwargs)

    guarded = type(cursor_class.__name__, (cursor_class,), {method: asked})
    return guarded
