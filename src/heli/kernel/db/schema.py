"""What constraints ask of the schema: columns of fields, and triggers that should stand."""

from collections.abc import Iterable
from typing import Any

from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models.fields.related import ForeignKey


def reading_editor(using: str) -> BaseDatabaseSchemaEditor:
    """An editor that only says how statements read; nothing is begun with it."""
    connection = connections[using]
    return connection.SchemaEditorClass(connection, collect_sql=True)


def triggers_missing(wanted: Iterable[Statement], using: str) -> list[str]:
    """On SQLite: those of the triggers that do not stand in the database word by word."""

    def words(sql: object) -> str:
        return " ".join(str(sql).replace('"', "").split())

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        standing = {words(sql) for (sql,) in cursor.fetchall()}
    return [words(one).split()[2] for one in wanted if words(one) not in standing]


def column_of(model: type[models.Model], name: str) -> str:
    """The name of the field's column."""
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # a relation backwards has none, nor is asked for


def stored_field(model: type[models.Model], name: str) -> Any:
    """The field whose type the column has: behind a foreign key, its target's."""
    field: Any = model._meta.get_field(name)
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field
