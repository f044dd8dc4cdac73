"""Migrations: rows that fitted before them are witnessed anew after them; what did not fit is not blessed on the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from heli.accounts import services as accounts
from heli.accounts.models import User
from heli.audit import capturing, following
from heli.audit.checks import check_invariants
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.audit.testing import unaudited
from heli.audit.witnesses import offered
from heli.audit.witnessing import WitnessesOutdated
from heli.kernel.access import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.migrations]


@pytest.fixture
def user() -> User:
    return accounts.add_user(actor=SYSTEM, username="wang.li", name="王丽")[0]


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The code witnesses one column less than the database knows of."""
    shapes = dict(offered())
    whole = shapes["accounts_user"]
    shapes["accounts_user"] = type(whole)(whole.table, whole.label, whole.columns[:-1])
    for module in ("capturing", "witnesses", "witnessing", "following"):
        monkeypatch.setattr(f"heli.audit.{module}.offered", lambda: shapes)
    yield
    capturing.remove()


def migrate_rows() -> None:
    """What a migration does to rows: past any act."""
    with unaudited():
        User.objects.update(name="迁移")
    MigrationRecorder(connection).record_applied("accounts", "0099_names")


def said() -> list[str]:
    return [fault.code for fault in check_invariants()]


def test_what_a_migration_did_to_rows_is_witnessed_with_an_entry_that_names_it(user: User) -> None:
    before = following.survey()
    migrate_rows()
    assert said() == ["row_changed"]
    following.follow(before, pytest.fail)
    assert said() == []
    last = Entry.objects.order_by("-seq")[0]
    assert (last.what, last.after["migrations"]) == ("audit.follow_migrations", ["accounts.0099_names"])


def test_what_was_changed_past_heli_before_is_not_blessed_by_a_migration(user: User) -> None:
    with unaudited():
        User.objects.update(password="x")
    told: list[str] = []
    before = following.survey()
    migrate_rows()
    following.follow(before, told.append)
    assert said() == ["row_changed"]
    assert "not witnessed anew" in told[0]


def test_other_columns_are_taken_over_by_migrate_and_refused_until_then(user: User, newer: None) -> None:
    assert said() == ["witness_outdated"]
    with pytest.raises(WitnessesOutdated, match="heli migrate"), writing(SYSTEM, "accounts.test"):
        User.objects.update(name="x")
    before = following.survey()
    capturing.remove()
    capturing.install()
    following.follow(before, pytest.fail)
    assert said() == []
    accounts.set_active(actor=SYSTEM, user=user, is_active=False)
    assert said() == []


def test_nothing_to_follow_writes_nothing(user: User) -> None:
    entries = Entry.objects.count()
    following.follow(following.survey(), pytest.fail)
    assert Entry.objects.count() == entries


@pytest.mark.django_db(transaction=True)
def test_migrate_leaves_capturing_in_order(user: User, capsys: Any) -> None:
    call_command("migrate", verbosity=0)
    accounts.set_active(actor=SYSTEM, user=user, is_active=False)
    assert said() == []
    assert capturing.missing() == []


@pytest.mark.django_db(transaction=True)
def test_postgresql_says_when_a_trigger_of_the_witness_is_off(user: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite the triggers live in Heli's own connections")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user DISABLE TRIGGER heli_touched_update")
    assert said() == ["trigger_missing"]
    call_command("migrate", verbosity=0)
    assert said() == []
