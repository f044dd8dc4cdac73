"""The trail: what a write leaves, and how every tampering is found."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from heli.accounts.models import User
from heli.audit import alarms, anchor
from heli.audit.models import Entry
from heli.audit.rules import GENESIS, canonical
from heli.audit.services import record, record_afterwards, writing
from heli.audit.testing import unaudited
from heli.audit.types import Head
from heli.audit.verify import verify_trail
from heli.kernel.access import PUBLIC, SYSTEM
from heli.kernel.db import AppendOnly, lifted
from heli.kernel.faults import Forbidden

AT = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
FIXED = next(rule for rule in Entry._meta.constraints if isinstance(rule, AppendOnly))


@pytest.fixture
def anchored(settings: Any, tmp_path: Path) -> Path:
    settings.TRAIL_ANCHOR = tmp_path / "anchor.log"
    settings.TRAIL_ANCHOR_DATABASE = str(connection.settings_dict["NAME"])
    settings.ANCHOR_KEY = "a key"
    path: Path = settings.TRAIL_ANCHOR
    return path


def write(count: int = 5) -> None:
    for number in range(count):
        with writing(SYSTEM, "accounts.test", at=AT, place_id=7, reason="为何") as act:
            act.subject, act.after = f"user {number}", {"on": date(2026, 3, 1), "count": number, "名": "前锋区"}


def fail_after_writing() -> None:
    User.objects.create(username="x")
    raise RuntimeError


def read_and_fail() -> None:
    with writing(SYSTEM, "accounts.test", at=AT):
        record_afterwards(SYSTEM, "files.reading_stopped", subject="x.xlsx")
    assert not Entry.objects.exists()
    raise RuntimeError


def write_and_fail() -> None:
    write(1)
    raise RuntimeError


def tamper(sql: str) -> None:
    """As one who owns the database would: lift the refusal, change, restore it."""
    with lifted(FIXED, Entry), unaudited(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_a_write_leaves_who_what_where_when_and_why() -> None:
    write(1)
    entry = Entry.objects.get()
    assert (entry.seq, entry.actor_name, entry.what, entry.place_id, entry.at) == (1, "system", "accounts.test", 7, AT)
    assert (entry.reason, entry.after) == ("为何", {"on": "2026-03-01", "count": 0, "名": "前锋区"})
    assert entry.previous_hash == GENESIS


@pytest.mark.django_db
def test_who_may_not_is_refused_before_anything_is_written() -> None:
    with pytest.raises(Forbidden), writing(PUBLIC, "accounts.test"):
        pytest.fail("the block must not run")
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_failed_write_leaves_neither_row_nor_entry() -> None:
    with pytest.raises(RuntimeError), writing(SYSTEM, "accounts.test"):
        fail_after_writing()
    assert not Entry.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_nested_writes_follow_the_outer_one_and_a_caught_failure_leaves_no_entry() -> None:
    with writing(SYSTEM, "outer"):
        with writing(SYSTEM, "inner.first"), writing(SYSTEM, "innermost"):
            pass
        with pytest.raises(RuntimeError), writing(SYSTEM, "inner.failed"), writing(SYSTEM, "lost with it"):
            fail_after_writing()
        with writing(SYSTEM, "inner.second"):
            User.objects.create(username="y")
    assert list(Entry.objects.values_list("what", flat=True)) == ["outer", "inner.first", "innermost", "inner.second"]
    assert [user.username for user in User.objects.all()] == ["y"]
    assert verify_trail().is_sound


@pytest.mark.django_db
def test_what_needs_no_permission_is_recorded_without_asking() -> None:
    record(PUBLIC, "accounts.sign_in_failed", subject="li")
    assert Entry.objects.get().actor_name == "public"


@pytest.mark.django_db
def test_what_stays_true_is_recorded_although_the_write_around_it_fails() -> None:
    with pytest.raises(RuntimeError), writing(SYSTEM, "accounts.test", at=AT):
        read_and_fail()
    assert list(Entry.objects.values_list("what", "subject")) == [("files.reading_stopped", "x.xlsx")]
    record_afterwards(SYSTEM, "files.reading_stopped", subject="y.xlsx")
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_values_are_written_so_that_they_read_back_the_same() -> None:
    assert canonical({"when": AT, "ids": {3, 1}, "pair": (1, True), 5: None, "nul": "a\x00b\ud800"}) == {
        "when": "2026-03-01T08:30:00.123456+00:00",
        "ids": [1, 3],
        "pair": [1, True],
        "5": None,
        "nul": "a?b?",
    }
    with pytest.raises(TypeError, match="float"):
        canonical({"rate": 0.5})
    with pytest.raises(TypeError, match="no plain form"):
        canonical({"user": object()})


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_an_entry() -> None:
    write(2)
    for change in ("UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry WHERE seq = 2"):
        with unaudited(), pytest.raises(IntegrityError, match="AppendOnly"), transaction.atomic():
            connection.cursor().execute(change)


FORGED = (
    "INSERT INTO audit_entry (seq, at, actor_name, what, subject, before, after, reason, state, previous_hash, hash) "
    "SELECT 6, at, 'x', 'x', '', '{}', '{}', '', '', hash, 'f' FROM audit_entry WHERE seq = 5"
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sql", "code", "source"),
    [
        ("UPDATE audit_entry SET reason = '另' WHERE seq = 3", "entry_edited", "entry 3"),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 1", "entry_edited", "entry 1"),
        ("UPDATE audit_entry SET before = '{\"a\": 1}' WHERE seq = 2", "entry_edited", "entry 2"),
        ("DELETE FROM audit_entry WHERE seq = 3", "entry_missing", "entry 3"),
        ("DELETE FROM audit_entry WHERE seq = 1", "entry_missing", "entry 1"),
        ("DELETE FROM audit_entry WHERE seq >= 4", "tail_cut", "entry 4"),
        ("DELETE FROM audit_entry", "tail_cut", "entry 1"),
        ("UPDATE audit_entry SET previous_hash = 'x' WHERE seq = 4", "entry_unchained", "entry 4"),
        (FORGED, "entry_edited", "entry 6"),
    ],
)
def test_the_first_broken_row_is_named(anchored: Path, sql: str, code: str, source: str) -> None:
    write(5)
    assert verify_trail().is_sound
    tamper(sql)
    fault = verify_trail().fault
    assert fault is not None
    assert (fault.code, fault.source) == (code, source)
    with pytest.raises(CommandError, match=source):
        call_command("audit", "verify")


@pytest.mark.django_db(transaction=True)
def test_the_anchor_never_goes_back(anchored: Path) -> None:
    write(2)
    before = anchored.read_bytes()
    first = Entry.objects.get(seq=1)
    anchor.move(Head(0, GENESIS), Head(1, first.hash))
    assert anchored.read_bytes() == before
    assert alarms.raised() is None


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_write_does_not_move_the_anchor(anchored: Path) -> None:
    write(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        write_and_fail()
    mark = anchor.read()
    assert mark is not None
    assert mark.head == Head(1, Entry.objects.get().hash)


def test_the_generated_key_is_readable_by_its_owner_only(settings: Any, tmp_path: Path) -> None:
    settings.ANCHOR_KEY, settings.ANCHOR_KEY_FILE = "", tmp_path / "key"
    settings.TRAIL_ANCHOR = tmp_path / "anchor.log"
    first = anchor.keyed_digest("x")
    assert anchor.keyed_digest("x") == first
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_threads_that_write_at_once_make_one_chain(anchored: Path) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the in-memory database of the tests has one connection; processes are tried in test_processes")
    run_together(4, lambda: write(10))
    assert Entry.objects.count() == 40
    assert verify_trail().is_sound


def run_together(count: int, work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
