"""What was counted and declared is kept: never changed by Heli, and found where it was changed past it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from heli.accounts.testing import World
from heli.assemblies.models import CountSheet, Declaration, Nominee, UnitContest
from heli.assemblies.testing.elections import declared
from heli.audit.testing import unaudited

pytestmark = pytest.mark.django_db


def test_a_declaration_is_never_changed_and_stands_once(world: World) -> None:
    kept = declared(world.a).declaration
    with unaudited(), pytest.raises(Exception, match=r"never changed|append"), transaction.atomic():
        Declaration.objects.filter(pk=kept.pk).update(status="void_box")
    kept.pk = None
    with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
        kept.save(force_insert=True)


def test_a_tally_edited_by_sql_is_found_by_the_trail_whatever_its_table(world: World) -> None:
    """Each column of a sheet, a keying, a declared result and who stands; one row after the other, each put back."""
    contest = declared(world.a)
    text, no = "'{}'", "NULL"
    edits = {
        CountSheet: {"numbers": text, "first": text, "second": text, "third": text, "boxes": text, "word": text,
                     "first_on": no, "poured_on": "'2026-05-20'"},
        Declaration: {"status": "'revote'", "\"case\"": text, "result": text, "sha256": text, "keyed_by": text,
                      "declared_by_name": text, "pack_version": "99"},
        UnitContest: {"registered": "999", "seats": text, "number": "7", "handed_over_on": "'2026-05-21'"},
        Nominee: {"number": "77", "post": "'vice'", "person_id": no},
    }  # fmt: skip
    call_command("audit", "verify")
    connection.check_constraints()
    with unaudited(), connection.cursor() as cursor:
        on = f" ON {Declaration._meta.db_table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER declaration_append_only_update{on}")
        for model, columns in edits.items():
            asked = {"pk": contest.pk} if model is UnitContest else {"contest": contest.pk}
            row = model._base_manager.filter(**asked).earliest("pk")
            for column, value in columns.items():
                with transaction.atomic():
                    cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {value} WHERE id = {row.pk}")
                    with pytest.raises(CommandError, match=f"^{model._meta.label} {row.pk}: "):
                        call_command("audit", "verify")
                    transaction.set_rollback(True)
    call_command("audit", "verify")
