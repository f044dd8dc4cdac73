"""PeriodsDoNotOverlap and AppendOnly on whichever database the tests run on.

Rows are drawn as (key, from, to); a table is made for the test and dropped after it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.db.models import Q
from django.test.utils import isolate_apps

from heli.kernel.db import AppendOnly, NotInserted, PeriodsDoNotOverlap, lifted, period_runs_forward

pytestmark = pytest.mark.django_db(transaction=True)

CONSTRAINT = PeriodsDoNotOverlap(fields=("place",), name="stay_once")


def day(text: str) -> date:
    return date.fromisoformat(f"2020-{text}")


def fields(**more: "models.Field[Any, Any]") -> list[tuple[str, "models.Field[Any, Any]"]]:
    return [
        ("id", models.BigAutoField(primary_key=True)),
        ("place", models.BigIntegerField(null=True)),
        ("valid_from", models.DateField()),
        ("valid_to", models.DateField(null=True)),
        ("kind", models.CharField(max_length=10, default="a")),
        *more.items(),
    ]


class Schema:
    """A database that migrates one operation at a time, as `migrate` does."""

    def __init__(self) -> None:
        self.state = ProjectState()

    def apply(self, *operations: migrations.operations.base.Operation) -> type[models.Model]:
        with connection.schema_editor(atomic=True) as editor:
            for operation in operations:
                before = self.state.clone()
                operation.state_forwards("kernel_test", self.state)
                operation.database_forwards("kernel_test", editor, before, self.state)
        return self.model

    @property
    def model(self) -> type[models.Model]:
        return self.state.apps.get_model("kernel_test", "Stay")

    def drop(self) -> None:
        with connection.schema_editor() as editor:
            editor.delete_model(self.model)


@contextmanager
def a_table(constraint: models.BaseConstraint | None = CONSTRAINT) -> Iterator[Schema]:
    schema = Schema()
    options = {"constraints": [constraint]} if constraint else {}
    schema.apply(migrations.CreateModel("Stay", fields(), options=options))
    try:
        yield schema
    finally:
        schema.drop()


def add(
    model: type[models.Model], place: int | None, start: str, end: str | None = None, **more: object
) -> models.Model:
    return model._default_manager.create(place=place, valid_from=day(start), valid_to=day(end) if end else None, **more)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert "stay_once" in str(caught.value), "the constraint is named"


def test_periods_that_meet_are_accepted_and_periods_that_share_a_day_are_refused() -> None:
    with a_table() as schema:
        add(schema.model, 1, "01-01", "03-01")
        add(schema.model, 1, "03-01", "05-01")
        add(schema.model, 1, "05-01")
        for start, end in (("02-28", "03-01"), ("01-01", None), ("06-01", "07-01"), ("12-01", None)):
            with refused():
                add(schema.model, 1, start, end)


def test_other_keys_and_unknown_keys_never_conflict() -> None:
    with a_table() as schema:
        add(schema.model, 1, "01-01")
        add(schema.model, 2, "01-01")
        add(schema.model, None, "01-01")
        add(schema.model, None, "01-01")
        assert schema.model._default_manager.count() == 4


def test_updates_bulk_inserts_and_raw_sql_are_refused_as_well() -> None:
    with a_table() as schema:
        model = schema.model
        first, second = add(model, 1, "01-01", "03-01"), add(model, 1, "03-01", "05-01")
        with refused():
            model._default_manager.filter(pk=first.pk).update(valid_to=day("03-02"))
        with refused():
            model._default_manager.bulk_create([model(place=1, valid_from=day("04-01"))])
        with refused(), connection.cursor() as cursor:
            cursor.execute("UPDATE kernel_test_stay SET valid_to = NULL WHERE id = %s", [first.pk])
        model._default_manager.filter(pk=second.pk).update(valid_to=None)
        model._default_manager.filter(pk=second.pk).update(place=2)
        model._default_manager.filter(pk=first.pk).update(valid_to=None)


def test_a_condition_restricts_the_constraint_to_its_rows() -> None:
    exclusive = PeriodsDoNotOverlap(fields=("place",), name="stay_once", condition=Q(kind="sole"))
    with a_table(exclusive) as schema:
        add(schema.model, 1, "01-01", kind="many")
        add(schema.model, 1, "01-01", kind="sole")
        add(schema.model, 1, "01-01", kind="many")
        with refused():
            add(schema.model, 1, "02-01", kind="sole")
        with refused():
            schema.model._default_manager.update(kind="sole")


def test_the_constraint_survives_a_table_remake_a_rename_and_another_constraint() -> None:
    with a_table() as schema:
        add(schema.model, 1, "01-01", "02-01")
        schema.apply(migrations.AddField("Stay", "weight", models.IntegerField(default=1)))
        schema.apply(migrations.AlterField("Stay", "kind", models.CharField(max_length=99, null=True)))
        schema.apply(migrations.AlterModelTable("Stay", "kernel_test_other_name"))
        schema.apply(migrations.RenameField("Stay", "weight", "mass"))
        schema.apply(migrations.AddConstraint("Stay", period_runs_forward("stay_forward")))
        with refused():
            add(schema.model, 1, "01-31")
        with pytest.raises(IntegrityError, match="stay_forward"), transaction.atomic():
            add(schema.model, 2, "02-01", "02-01")


def test_a_migration_removes_the_constraint() -> None:
    with a_table() as schema:
        add(schema.model, 1, "01-01")
        schema.apply(migrations.RemoveConstraint("Stay", "stay_once"))
        add(schema.model, 1, "01-01")


def test_a_migration_adds_the_constraint_to_a_clean_table_and_refuses_a_dirty_one() -> None:
    with a_table(None) as schema:
        add(schema.model, 1, "01-01", "04-01")
        add(schema.model, 1, "04-01")
        schema.apply(migrations.AddConstraint("Stay", CONSTRAINT))
        with refused():
            add(schema.model, 1, "02-01")
    with a_table(None) as schema:
        add(schema.model, 1, "01-01", "04-01")
        add(schema.model, 1, "03-01", "03-02")
        before = schema.state.clone()
        with pytest.raises(IntegrityError, match="stay_once"):
            schema.apply(migrations.AddConstraint("Stay", CONSTRAINT))
        schema.state = before


def test_forms_learn_of_the_overlap_before_the_database_does() -> None:
    with a_table() as schema:
        kept = add(schema.model, 1, "01-01", "03-01")
        CONSTRAINT.validate(schema.model, kept)
        CONSTRAINT.validate(schema.model, schema.model(place=1, valid_from=day("03-01")))
        CONSTRAINT.validate(schema.model, schema.model(place=1, valid_from=day("02-01")), exclude={"valid_to"})
        with pytest.raises(ValidationError) as caught:
            CONSTRAINT.validate(schema.model, schema.model(place=1, valid_from=day("02-01")))
        assert caught.value.code == "periods_overlap"


def test_rows_that_overlap_are_found_when_the_rule_is_run_again() -> None:
    with a_table(None) as schema:
        add(schema.model, 1, "01-01", "03-01")
        late = add(schema.model, 1, "02-01", "04-01")
        add(schema.model, 1, "04-01")
        add(schema.model, 2, "02-01")
        add(schema.model, None, "02-01")
        assert CONSTRAINT.violating(schema.model) == [late.pk]


@isolate_apps("heli.accounts")
def test_a_text_key_is_reported_by_check() -> None:
    class Wrong(models.Model):
        code = models.CharField(max_length=12)
        valid_from = models.DateField()
        valid_to = models.DateField(null=True)

        class Meta:
            app_label = "accounts"

    constraint = PeriodsDoNotOverlap(fields=("code",), name="wrong")
    assert [error.id for error in constraint._check(Wrong, connection)] == ["heli.E001"]


def test_the_constraint_reads_back_from_a_migration_as_it_was() -> None:
    constraint = PeriodsDoNotOverlap(fields=["place"], name="x", start="a", end="b", condition=Q(kind="sole"))
    _path, args, kwargs = constraint.deconstruct()
    assert PeriodsDoNotOverlap(*args, **kwargs) == constraint
    assert constraint != CONSTRAINT


def test_append_only_rows_are_added_and_never_changed_or_deleted() -> None:
    constraint = AppendOnly(name="stay_fixed")
    with a_table(constraint) as schema:
        row = add(schema.model, 1, "01-01")
        schema.apply(migrations.AddField("Stay", "weight", models.IntegerField(default=1)))
        for change in ("UPDATE kernel_test_stay SET place = 2", "DELETE FROM kernel_test_stay"):
            with pytest.raises(IntegrityError, match="AppendOnly"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
        with lifted(constraint, schema.model):
            schema.model._default_manager.filter(pk=row.pk).update(place=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            schema.model._default_manager.all().delete()


def test_what_another_table_has_settled_takes_no_new_row() -> None:
    where = "settled.place = NEW.place AND settled.valid_from >= NEW.valid_from AND settled.kind = 'b'"
    constraint = NotInserted(name="stay_not_settled", table="kernel_test_stay", where=where)
    with a_table(constraint) as schema:
        add(schema.model, 1, "01-01")
        schema.model._default_manager.create(place=1, valid_from=day("02-01"), kind="b")
        with pytest.raises(IntegrityError, match="stay_not_settled"), transaction.atomic():
            add(schema.model, 1, "01-31")
        add(schema.model, 1, "02-02")
        add(schema.model, 2, "01-31")
        assert constraint.missing(schema.model) == []
        with lifted(constraint, schema.model):
            add(schema.model, 1, "01-31")
            assert constraint.missing(schema.model) == ["stay_not_settled_insert"]
    _path, args, kwargs = constraint.deconstruct()
    assert NotInserted(*args, **kwargs) == constraint
    assert hash(constraint) != hash(AppendOnly(name="stay_not_settled"))
