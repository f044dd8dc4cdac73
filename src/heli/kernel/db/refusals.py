"""Tables whose rows the database itself refuses to change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from heli.kernel.db.schema import column_of, reading_editor, triggers_missing

POSTGRESQL_REFUSAL = """CREATE OR REPLACE FUNCTION heli_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'AppendOnly: rows of this table are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$"""


class AppendOnly(BaseConstraint):
    """Rows of the table are inserted and never changed or deleted: the database itself refuses.

    Lift it only with `lifted` (emptying a database; the trail's own tests of tampering).
    """

    default_violation_error_message = _("What is recorded here is never changed.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> None:  # type: ignore[override]  # the stubs say str, the editor takes a Statement
        """Nothing inside CREATE TABLE: the triggers are made after it."""
        assert model is not None
        assert schema_editor is not None
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(  # type: ignore[override]  # the stubs say str, the editor takes a Statement
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> None:
        """Add to an existing table."""
        assert model is not None
        assert schema_editor is not None
        for statement in self._statements(model, schema_editor):
            schema_editor.execute(statement, None)

    def remove_sql(  # type: ignore[override]  # the stubs say str, the editor takes a Statement
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> None:
        """Drop from an existing table."""
        assert model is not None
        assert schema_editor is not None
        for event in self._events(schema_editor):
            suffix = f" ON {schema_editor.quote_name(model._meta.db_table)}"
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{event.lower()}')}"
                + (suffix if schema_editor.connection.vendor == "postgresql" else "")
            )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Forms never change such rows; the database refuses whoever tries."""

    def missing(self, model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> list[str]:
        """Names of triggers that should refuse and do not: dropped, switched off or another."""
        editor = reading_editor(using)
        if editor.connection.vendor == "sqlite":
            return triggers_missing(
                [one for one in self._statements(model, editor) if isinstance(one, Statement)], using
            )
        wanted = {f"{self.name}_{event.lower()}" for event in self._events(editor)}
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = %s::regclass "
                "AND t.tgenabled = 'O' AND p.proname = 'heli_append_only' AND p.prosrc LIKE %s",
                [model._meta.db_table, "%RAISE EXCEPTION%"],
            )
            return sorted(wanted - {name for (name,) in cursor.fetchall()})

    def _events(self, schema_editor: BaseDatabaseSchemaEditor) -> dict[str, str]:
        """What is refused, and whether once per row or per statement."""
        events = {"UPDATE": "ROW", "DELETE": "ROW"}
        if schema_editor.connection.vendor == "postgresql":
            events["TRUNCATE"] = "STATEMENT"
        return events

    def _when(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        """The condition under which a row is refused; none: always."""
        return ""

    def _statements(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement | str]:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        if schema_editor.connection.vendor == "postgresql":
            template = (
                "CREATE TRIGGER %(trigger)s BEFORE %(event)s ON %(table)s "
                "FOR EACH %(each)s %(when)sEXECUTE FUNCTION heli_append_only()"
            )
            first: list[Statement | str] = [POSTGRESQL_REFUSAL]
        else:
            template = (
                "CREATE TRIGGER %(trigger)s BEFORE %(event)s ON %(table)s %(when)s"
                "BEGIN SELECT RAISE(ABORT, 'AppendOnly: %(name)s'); END"
            )
            first = []
        return first + [
            Statement(
                template,
                table=table,
                event=event,
                each=each,
                name=self.name,
                when=self._when(model, schema_editor),
                trigger=schema_editor.quote_name(f"{self.name}_{event.lower()}"),
            )
            for event, each in self._events(schema_editor).items()
        ]


class SealedOnce(AppendOnly):
    """A row may change until its `field` is filled (evidence of an accepted step); from then on the database refuses."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SealedOnce) and (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def _events(self, schema_editor: BaseDatabaseSchemaEditor) -> dict[str, str]:
        return {"UPDATE": "ROW", "DELETE": "ROW"}

    def _when(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        return f"WHEN (OLD.{schema_editor.quote_name(column_of(model, self.field))} IS NOT NULL) "


class NotInserted(AppendOnly):
    """No row comes into the table where `where` finds one in another `table`: what was settled there stays true.

    `where` is SQL that both databases read, with the new row as NEW and the other table as `settled`. On SQLite the other table
    is remade only while this constraint is taken off: the database says so itself.
    """

    def __init__(self, *, name: str, table: str, where: str) -> None:
        super().__init__(name=name)
        self.table, self.where = table, where

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NotInserted) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.table, self.where))

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "table": self.table, "where": self.where}

    def missing(self, model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> list[str]:
        """Names of triggers that should refuse and do not."""
        editor = reading_editor(using)
        if editor.connection.vendor == "sqlite":
            return super().missing(model, using)
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = %s::regclass "
                "AND t.tgenabled = 'O' AND t.tgname = %s AND p.prosrc LIKE %s",
                [model._meta.db_table, f"{self.name}_insert", f"%{self._found()}%RAISE EXCEPTION%"],
            )
            return [] if cursor.fetchone() == (1,) else [f"{self.name}_insert"]

    def _events(self, schema_editor: BaseDatabaseSchemaEditor) -> dict[str, str]:
        return {"INSERT": "ROW"}

    def _found(self) -> str:
        return f"EXISTS (SELECT 1 FROM {self.table} settled WHERE {self.where})"

    def _when(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        return "" if schema_editor.connection.vendor == "postgresql" else f"WHEN {self._found()} "

    def _statements(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement | str]:
        found = super()._statements(model, schema_editor)
        if schema_editor.connection.vendor != "postgresql":
            return found
        function = (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
            f"BEGIN\n  IF {self._found()} THEN RAISE EXCEPTION 'NotInserted: {self.name}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF;\n  RETURN NEW;\nEND $$"
        )
        trigger = Statement(
            "CREATE TRIGGER %(trigger)s BEFORE INSERT ON %(table)s FOR EACH ROW EXECUTE FUNCTION %(function)s()",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            trigger=schema_editor.quote_name(f"{self.name}_insert"),
            function=self.name,
        )
        return [function, trigger]


@contextmanager
def lifted(constraint: AppendOnly, model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """The table may be changed inside the block; the refusal is back after it, whatever happened."""
    connection = connections[using]
    with connection.schema_editor() as editor:
        constraint.remove_sql(model, editor)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            constraint.create_sql(model, editor)
