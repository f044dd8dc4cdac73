"""Nothing changes Heli's tables outside `writing`; sessions and other people's tables are free."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from heli.accounts.models import User
from heli.audit.guard import UnauditedWrite, own_tables, refuse_unaudited
from heli.audit.models import Entry
from heli.audit.services import writing
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db

ADD = "INSERT INTO accounts_user (username, name, password, email, is_active) VALUES ('x', 'x', '', '', true)"


@pytest.fixture
def user() -> User:
    with unaudited():
        return User.objects.create(username="li", name="李")


def test_every_way_of_writing_is_refused_outside_a_service(user: User) -> None:
    def raw(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    ways: dict[str, Callable[[], object]] = {
        "save": user.save,
        "create": lambda: User.objects.create(username="b"),
        "bulk_create": lambda: User.objects.bulk_create([User(username="c")]),
        "bulk_update": lambda: User.objects.bulk_update([user], ["name"]),
        "update": lambda: User.objects.update(name="x"),
        "delete": lambda: User.objects.all().delete(),
        "raw delete": lambda: raw('DELETE FROM "accounts_user"'),
        "raw insert": lambda: raw(ADD),
        "lower case, comment first": lambda: raw("/* sly */ update accounts_user set name = 'x'"),
        "common table expression": lambda: raw("WITH q AS (SELECT 1 AS id) DELETE FROM accounts_user WHERE id IN q"),
        "many": lambda: connection.cursor().executemany("UPDATE accounts_user SET name = %s", [("a",), ("b",)]),
    }
    for name, way in ways.items():
        with pytest.raises(UnauditedWrite), transaction.atomic():
            way()
        assert list(User.objects.values_list("name", flat=True)) == ["李"], name
    assert not Entry.objects.exists()


def test_scripts_and_copy_are_refused_too(user: User) -> None:
    with connection.cursor() as cursor:
        way = cursor.copy if connection.vendor == "postgresql" else cursor.executescript
        with pytest.raises(UnauditedWrite):
            way("COPY accounts_user (name) FROM STDIN; DELETE FROM accounts_user")


def test_inside_a_service_all_of_them_work_and_leave_an_entry(user: User) -> None:
    with writing(SYSTEM, "accounts.test") as act:
        User.objects.bulk_create([User(username="b"), User(username="c")])
        User.objects.update(name="x")
        User.objects.filter(username="c").delete()
        act.after = {"rows": 2}
    assert [(entry.what, entry.after) for entry in Entry.objects.all()] == [("accounts.test", {"rows": 2})]


def test_the_trail_itself_is_not_written_by_hand() -> None:
    with pytest.raises(UnauditedWrite):
        Entry.objects.create(seq=1, at=datetime(2020, 1, 1, tzinfo=UTC), actor_name="x", what="x")


def test_sessions_and_reading_are_free(user: User) -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=datetime(2030, 1, 1, tzinfo=UTC))
    assert User.objects.select_for_update().filter(name="李").count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1; DELETE FROM accounts_user",
        "INSERT OR REPLACE INTO main.accounts_user VALUES (1)",
        "REPLACE INTO accounts_user VALUES (1)",
        'MERGE INTO "public"."accounts_user" USING x ON true WHEN MATCHED THEN DELETE',
        "TRUNCATE auth_group, accounts_user",
        "COPY accounts_user (name) FROM STDIN",
        "UPDATE ONLY accounts_user SET name = ''",
        "WITH gone AS (DELETE FROM accounts_user RETURNING *) SELECT * FROM gone",
    ],
)
def test_the_statement_is_recognised(sql: str) -> None:
    with pytest.raises(UnauditedWrite):
        refuse_unaudited(sql)


@pytest.mark.parametrize("sql", ["COPY accounts_user TO STDOUT", "DELETE FROM django_session", "SAVEPOINT a"])
def test_the_statement_is_harmless(sql: str) -> None:
    refuse_unaudited(sql)


def test_every_table_of_heli_is_watched() -> None:
    assert {"accounts_user", "audit_entry"} <= own_tables()
    assert not any(name.startswith(("django_", "account_", "mfa_")) for name in own_tables())
