"""The one file of the kernel that knows Django: constraints that serve SQLite and PostgreSQL alike.

Periods are half-open, `[start, end)`, an empty end meaning "still valid" (as `kernel.periods.Period`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import F, Q, Value, Window
from django.db.models.constraints import BaseConstraint
from django.db.models.fields.related import ForeignKey
from django.db.models.functions import Coalesce, Lag
from django.utils.translation import gettext_lazy as _

EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"
"""PostgreSQL needs it to compare integers inside a GiST index; trusted, so the owner of the database may create it."""

# The row itself is asked through the table (AFTER triggers see it), so that a condition needs no NEW. prefixes and an
# upsert that ends as an update is judged as the update it is.
SQLITE_TRIGGER = """CREATE TRIGGER %(trigger)s AFTER %(event)s ON %(table)s
WHEN NEW.%(start)s < COALESCE(NEW.%(end)s, '9999-12-31')
BEGIN
  SELECT RAISE(ABORT, 'PeriodsDoNotOverlap: %(name)s')
  WHERE EXISTS (SELECT 1 FROM %(table)s WHERE %(pk)s = NEW.%(pk)s AND %(condition)s)
    AND EXISTS (
      SELECT 1 FROM %(table)s
      WHERE %(same)s AND %(pk)s <> NEW.%(pk)s AND %(condition)s
        AND %(start)s < COALESCE(%(end)s, '9999-12-31')
        AND %(start)s < COALESCE(NEW.%(end)s, '9999-12-31')
        AND NEW.%(start)s < COALESCE(%(end)s, '9999-12-31')
    );
END"""

# Touches exactly the rows that already overlap (neighbours by start do, if any do), so that the trigger names them
# when a constraint is added over existing rows; costs one sort and writes nothing when all is well.
SQLITE_CHECK_EXISTING = """UPDATE %(table)s SET %(start)s = %(start)s WHERE %(pk)s IN (
  SELECT %(pk)s FROM (
    SELECT %(pk)s, %(start)s AS begins,
      LAG(COALESCE(%(end)s, '9999-12-31')) OVER (PARTITION BY %(keys)s ORDER BY %(start)s) AS earlier_ends
    FROM %(table)s
    WHERE %(condition)s AND %(start)s < COALESCE(%(end)s, '9999-12-31') AND %(known)s
  ) WHERE begins < earlier_ends
)"""

POSTGRESQL_CONSTRAINT = (
    "ALTER TABLE %(table)s ADD CONSTRAINT %(constraint)s EXCLUDE USING gist "
    "(%(same)s, daterange(%(start)s, %(end)s, '[)') WITH &&)%(where)s"
)


POSTGRESQL_REFUSAL = """CREATE OR REPLACE FUNCTION heli_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'AppendOnly: rows of this table are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$"""


class PeriodsDoNotOverlap(BaseConstraint):
    """No two rows with the same `fields` are valid on the same day.

    `fields` are integers or foreign keys to integer keys (an exclusion over text measured ten times slower); rows with
    a NULL among them never conflict; `condition` restricts the constraint to some rows. An empty or backward period
    conflicts with nothing: forbid it with `period_runs_forward`. Use in `Model.Meta.constraints`; migrations add, keep
    and remove it like any other constraint. Violations raise `IntegrityError` naming the constraint, forms get
    `ValidationError` from `validate`.
    """

    default_violation_error_message = _("The period overlaps another one that is already recorded.")

    def __init__(
        self,
        *,
        fields: Iterable[str],
        name: str,
        start: str = "valid_from",
        end: str = "valid_to",
        condition: Q | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | None = None,
    ) -> None:
        self.fields = tuple(fields)
        if not self.fields:
            raise ValueError("PeriodsDoNotOverlap needs at least one field whose periods must not overlap")
        self.start, self.end, self.condition = start, end, condition
        super().__init__(
            name=name,
            violation_error_code=violation_error_code or "periods_overlap",
            violation_error_message=violation_error_message,
        )

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "start": self.start, "end": self.end}
        if self.condition is not None:
            kwargs["condition"] = self.condition
        if kwargs.get("violation_error_code") == "periods_overlap":
            del kwargs["violation_error_code"]
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PeriodsDoNotOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.fields, self.start, self.end))

    def __repr__(self) -> str:
        return f"<PeriodsDoNotOverlap: {self.name} over {', '.join(self.fields)}>"

    def _check(self, model: type[models.Model], connection: Any) -> list[checks.CheckMessage]:
        """Only integer keys: asked by `manage check` for every model that carries the constraint."""
        return [
            checks.Error(f"{self.name}: {field!r} is not an integer key", obj=model, id="heli.E001")
            for field in self.fields
            if not isinstance(_stored_field(model, field), models.IntegerField)
        ]

    check = _check  # the public name from Django 6 on

    # -- schema ------------------------------------------------------------------------------------------------------

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> None:  # type: ignore[override]
        """Nothing inside CREATE TABLE: the statements run after it and follow the table when it is remade."""
        assert model is not None
        assert schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.deferred_sql.append(EXTENSION)
            schema_editor.deferred_sql.append(self._postgresql(model, schema_editor))
        else:
            schema_editor.deferred_sql.extend(self._sqlite(model, schema_editor))

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement | None:
        """Add to an existing table. SQLite comes through a remake of the table, hence through `constraint_sql`."""
        assert model is not None
        assert schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(EXTENSION)
            return self._postgresql(model, schema_editor)
        for statement in self._sqlite(model, schema_editor):
            schema_editor.execute(statement)
        return None

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement | None:
        """Drop from an existing table. SQLite remakes the table instead; its triggers go with the old one."""
        assert model is not None
        assert schema_editor is not None
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(constraint)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            constraint=schema_editor.quote_name(self.name),
        )

    def _columns(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> dict[str, Any]:
        def column(name: str) -> Columns:
            return Columns(model._meta.db_table, [_column(model, name)], schema_editor.quote_name)

        return {
            "table": Table(model._meta.db_table, schema_editor.quote_name),
            "start": column(self.start),
            "end": column(self.end),
            "pk": column(model._meta.pk.name),
        }

    def _condition_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        if self.condition is None:
            return ""
        query = models.sql.Query(model=model, alias_cols=False)
        where = query.build_where(self.condition)
        sql, params = where.as_sql(query.get_compiler(connection=schema_editor.connection), schema_editor.connection)
        return sql % tuple(schema_editor.quote_value(param) for param in params)

    def _keys(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        return [schema_editor.quote_name(_column(model, field)) for field in self.fields]

    def _postgresql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        condition = self._condition_sql(model, schema_editor)
        return Statement(
            POSTGRESQL_CONSTRAINT,
            **self._columns(model, schema_editor),
            constraint=schema_editor.quote_name(self.name),
            same=", ".join(f"{key} WITH =" for key in self._keys(model, schema_editor)),
            where=f" WHERE ({condition})" if condition else "",
        )

    def _sqlite(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        keys = self._keys(model, schema_editor)
        parts = {
            **self._columns(model, schema_editor),
            "name": self.name,
            "same": " AND ".join(f"{key} = NEW.{key}" for key in keys),
            "keys": ", ".join(keys),
            "known": " AND ".join(f"{key} IS NOT NULL" for key in keys),
            "condition": self._condition_sql(model, schema_editor) or "1",
        }
        triggers = [
            Statement(
                SQLITE_TRIGGER, **parts, event=event, trigger=schema_editor.quote_name(f"{self.name}_{event.lower()}")
            )
            for event in ("INSERT", "UPDATE")
        ]
        return [*triggers, Statement(SQLITE_CHECK_EXISTING, **parts)]

    def violating(self, model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> list[Any]:
        """Keys of rows whose period overlaps an earlier one's: for re-running the rule over a whole table."""
        far = Value(date.max, output_field=models.DateField())
        rows = model._default_manager.using(using).filter(**{f"{field}__isnull": False for field in self.fields})
        if self.condition is not None:
            rows = rows.filter(self.condition)
        rows = rows.filter(**{f"{self.start}__lt": Coalesce(F(self.end), far)})
        before = Window(
            Lag(Coalesce(F(self.end), far)),
            partition_by=[F(field) for field in self.fields],
            order_by=F(self.start).asc(),
        )
        overlapping = rows.annotate(earlier_ends=before).filter(earlier_ends__gt=F(self.start))
        return list(overlapping.order_by("pk").values_list("pk", flat=True))

    def missing(self, model: type[models.Model], using: str = DEFAULT_DB_ALIAS) -> list[str]:
        """Names of what should hold the rule in the database and does not: dropped, switched off or another."""
        editor = _reading_editor(using)
        if editor.connection.vendor == "sqlite":
            return _triggers_missing(self._sqlite(model, editor)[:2], using)
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_constraint WHERE conname = %s AND contype = 'x' AND conrelid = %s::regclass",
                [self.name, model._meta.db_table],
            )
            return [] if cursor.fetchone() else [self.name]

    # -- forms -------------------------------------------------------------------------------------------------------

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise `ValidationError` when the period overlaps a recorded one; skipped while its fields are excluded."""
        if exclude and {*self.fields, self.start, self.end} & set(exclude):
            return
        start, end = getattr(instance, self.start), getattr(instance, self.end)
        same = {name: getattr(instance, model._meta.get_field(name).attname) for name in self.fields}  # type: ignore[union-attr]
        if start is None or None in same.values() or (end is not None and end <= start):
            return
        if self.condition is not None:
            against = instance._get_field_expression_map(meta=model._meta, exclude=exclude)  # type: ignore[attr-defined]
            if not self.condition.check(against, using=using):
                return
        others = model._default_manager.using(using).filter(
            Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__gt": F(self.start)}), **same
        )
        others = others.filter(Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__gt": start}))
        if end is not None:
            others = others.filter(**{f"{self.start}__lt": end})
        if self.condition is not None:
            others = others.filter(self.condition)
        if not instance._state.adding and instance.pk is not None:
            others = others.exclude(pk=instance.pk)
        if others.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


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

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> None:  # type: ignore[override]
        """Nothing inside CREATE TABLE: the triggers are made after it."""
        assert model is not None
        assert schema_editor is not None
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> None:
        """Add to an existing table."""
        assert model is not None
        assert schema_editor is not None
        for statement in self._statements(model, schema_editor):
            schema_editor.execute(statement, None)

    def remove_sql(  # type: ignore[override]
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
        editor = _reading_editor(using)
        if editor.connection.vendor == "sqlite":
            return _triggers_missing(
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
        return f"WHEN (OLD.{schema_editor.quote_name(_column(model, self.field))} IS NOT NULL) "


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


@contextmanager
def snapshot(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """One moment of the database for the reads inside, while others go on writing. Inside a transaction: that one's."""
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def period_runs_forward(name: str, start: str = "valid_from", end: str = "valid_to") -> models.CheckConstraint:
    """The constraint that a period ends after it starts, or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": F(start)}),
        name=name,
        violation_error_code="period_backward",
        violation_error_message=_("The period must end after it starts."),
    )


def _reading_editor(using: str) -> BaseDatabaseSchemaEditor:
    """An editor that only says how statements read; nothing is begun with it."""
    connection = connections[using]
    return connection.SchemaEditorClass(connection, collect_sql=True)


def _triggers_missing(wanted: Iterable[Statement], using: str) -> list[str]:
    """On SQLite: those of the triggers that do not stand in the database word by word."""

    def words(sql: object) -> str:
        return " ".join(str(sql).replace('"', "").split())

    with connections[using].cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
        standing = {words(sql) for (sql,) in cursor.fetchall()}
    return [words(one).split()[2] for one in wanted if words(one) not in standing]


def _column(model: type[models.Model], name: str) -> str:
    """The name of the field's column."""
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _stored_field(model: type[models.Model], name: str) -> Any:
    """The field whose type the column has: behind a foreign key, its target's."""
    field: Any = model._meta.get_field(name)
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field
