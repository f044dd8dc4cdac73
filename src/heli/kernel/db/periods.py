"""Periods that do not overlap, kept so by the database: an exclusion constraint on PostgreSQL, triggers on SQLite.

Periods are half-open, `[start, end)`, an empty end meaning "still valid" (as `kernel.periods.Period`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import F, Q, Value, Window
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Coalesce, Lag
from django.utils.translation import gettext_lazy as _

from heli.kernel.db.schema import column_of, reading_editor, stored_field, triggers_missing

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
            if not isinstance(stored_field(model, field), models.IntegerField)
        ]

    check = _check  # the public name from Django 6 on

    # -- schema ------------------------------------------------------------------------------------------------------

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> None:  # type: ignore[override]  # the stubs say str, the editor takes a Statement
        """Nothing inside CREATE TABLE: the statements run after it and follow the table when it is remade."""
        assert model is not None
        assert schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.deferred_sql.append(EXTENSION)
            schema_editor.deferred_sql.append(self._postgresql(model, schema_editor))
        else:
            schema_editor.deferred_sql.extend(self._sqlite(model, schema_editor))

    def create_sql(  # type: ignore[override]  # the stubs say str, the editor takes a Statement
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

    def remove_sql(  # type: ignore[override]  # the stubs say str, the editor takes a Statement
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
            return Columns(model._meta.db_table, [column_of(model, name)], schema_editor.quote_name)

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
        return [schema_editor.quote_name(column_of(model, field)) for field in self.fields]

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
        editor = reading_editor(using)
        if editor.connection.vendor == "sqlite":
            return triggers_missing(self._sqlite(model, editor)[:2], using)
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
        same = {name: getattr(instance, model._meta.get_field(name).attname) for name in self.fields}  # type: ignore[union-attr]  # never a relation backwards
        if start is None or None in same.values() or (end is not None and end <= start):
            return
        if self.condition is not None:
            against = instance._get_field_expression_map(meta=model._meta, exclude=exclude)  # type: ignore[attr-defined]  # as Django's own constraints do
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


def period_runs_forward(name: str, start: str = "valid_from", end: str = "valid_to") -> models.CheckConstraint:
    """The constraint that a period ends after it starts, or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": F(start)}),
        name=name,
        violation_error_code="period_backward",
        violation_error_message=_("The period must end after it starts."),
    )
