"""Attacks on the trail by one who owns the database, the folder, or both: each is found, and no later act seals it again."""

import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from heli.audit import alarms, anchor
from heli.audit.chain import digest
from heli.audit.keys import KeyMissing, key
from heli.audit.models import Entry
from heli.audit.services import accept, record, writing
from heli.audit.testing import unaudited
from heli.audit.types import Head
from heli.audit.verify import verify_trail
from heli.kernel.access import SYSTEM
from heli.kernel.db import AppendOnly, lifted

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
FIXED = next(rule for rule in Entry._meta.constraints if isinstance(rule, AppendOnly))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(settings: Any, tmp_path: Path) -> Path:
    settings.TRAIL_ANCHOR = tmp_path / "anchor.log"
    settings.TRAIL_ANCHOR_DATABASE = str(connection.settings_dict["NAME"])
    settings.ANCHOR_KEY = "a key"
    write(8, "the true history")
    path: Path = settings.TRAIL_ANCHOR
    return path


def write(count: int = 1, reason: str = "another") -> None:
    for number in range(count):
        with writing(SYSTEM, "accounts.test", at=AT, reason=reason) as act:
            act.after = {"count": number}


def tamper(change: Callable[[], object]) -> None:
    """As one who owns the database would: lift the refusal, change, restore it."""
    with lifted(FIXED, Entry), unaudited():
        change()


def rehash(first: int, *, keyed: bool) -> None:
    """Make the chain sound again from an entry on, with the stolen key or without it."""
    previous = Entry.objects.filter(seq=first - 1).values_list("hash", flat=True).first() or "0" * 64
    fresh = []
    for entry in Entry.objects.filter(seq__gte=first).order_by("seq"):
        entry.previous_hash = previous
        entry.hash = previous = digest(entry, keyed=keyed)
        fresh.append(entry)
    Entry.objects.bulk_update([Entry(pk=one.pk, previous_hash=f"moving {one.pk}") for one in fresh], ["previous_hash"])
    Entry.objects.bulk_update(fresh, ["previous_hash", "hash"])


def edit(seq: int, *, keyed: bool) -> None:
    Entry.objects.filter(seq=seq).update(reason="另一个")
    rehash(seq, keyed=keyed)


def cut(seq: int) -> None:
    Entry.objects.filter(seq__gte=seq).delete()


def swap(*, keyed: bool) -> None:
    third, fifth = Entry.objects.get(seq=3), Entry.objects.get(seq=5)
    for entry, seq in ((third, 900), (fifth, 3), (third, 5)):
        Entry.objects.filter(pk=entry.pk).update(seq=seq)
    rehash(3, keyed=keyed)


def drop(seq: int, *, keyed: bool) -> None:
    Entry.objects.filter(seq=seq).delete()
    for entry in Entry.objects.filter(seq__gt=seq).order_by("seq"):
        Entry.objects.filter(pk=entry.pk).update(seq=entry.seq - 1)
    rehash(seq, keyed=keyed)


def insert(*, keyed: bool) -> None:
    last = Entry.objects.get(seq=8)
    forged = Entry(seq=9, at=AT, actor_name="x", what="x.y", previous_hash=last.hash)
    forged.hash = digest(forged, keyed=keyed)
    forged.save(force_insert=True)


def anew(*, keyed: bool) -> None:
    Entry.objects.all().update(actor_name="nobody")
    rehash(1, keyed=keyed)


def fault_now() -> tuple[str, str]:
    fault = verify_trail().fault
    assert fault is not None
    return fault.code, fault.source


ON_ROWS: dict[str, tuple[Callable[[], object], str, str]] = {
    "a row edited, hashes recomputed without the key": (lambda: edit(3, keyed=False), "entry_unkeyed", "entry 3"),
    "a row edited, hashes recomputed with the key": (lambda: edit(3, keyed=True), "history_rewritten", "entry 3"),
    "the tail cut": (lambda: cut(6), "tail_cut", "entry 6"),
    "rows swapped without the key": (lambda: swap(keyed=False), "entry_unkeyed", "entry 3"),
    "rows swapped with the key": (lambda: swap(keyed=True), "history_rewritten", "entry 3"),
    "a row taken out, the rest moved up, without the key": (lambda: drop(4, keyed=False), "entry_unkeyed", "entry 4"),
    "a row taken out, the rest moved up, with the key": (lambda: drop(4, keyed=True), "history_rewritten", "entry 4"),
    "the whole history anew without the key": (lambda: anew(keyed=False), "entry_unkeyed", "entry 1"),
    "the whole history anew with the key": (lambda: anew(keyed=True), "history_rewritten", "entry 1"),
    "the trail emptied": (lambda: cut(1), "tail_cut", "entry 1"),
}


@pytest.mark.parametrize("attack", ON_ROWS)
def test_a_rewritten_chain_is_found_and_never_sealed_again(log: Path, attack: str) -> None:
    change, code, source = ON_ROWS[attack]
    tamper(change)
    assert fault_now() == (code, source)
    before = log.read_bytes()
    write(1)
    alarm = alarms.raised()
    assert alarm is not None, "the next ordinary act notices"
    write(12)
    assert log.read_bytes() == before, "the anchor is not moved over a trail that does not fit"
    assert alarms.raised() == alarm, "what was met first stays"
    found = verify_trail().fault
    assert found is not None
    assert found.source in (source, "entry 8"), "also when later acts have grown past the anchor"
    with pytest.raises(CommandError):
        call_command("audit", "verify")


def test_a_row_forged_at_the_end_is_found_though_an_act_follows(log: Path) -> None:
    tamper(lambda: insert(keyed=False))
    before = log.read_bytes()
    write(1)
    assert alarms.raised() is not None
    assert log.read_bytes() == before
    assert fault_now() == ("entry_unkeyed", "entry 9")


def test_a_removed_log_is_an_alarm_not_a_beginning(log: Path) -> None:
    log.unlink()
    assert fault_now()[0] == "anchor_missing"
    write(1)
    assert not log.exists()
    alarm = alarms.raised()
    assert alarm is not None
    assert alarm.code == "anchor_missing"


LINES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "the last line changed": lambda lines: [*lines[:-1], lines[-1].replace(b'"seq":8', b'"seq":7')],
    "a line of another day put last": lambda lines: [*lines, lines[2]],
    "a line taken out": lambda lines: [*lines[:4], *lines[5:]],
    "the time of a line changed": lambda lines: [*lines[:4], lines[4].replace(b'"at":"20', b'"at":"19'), *lines[5:]],
    "all lines gone": lambda lines: [],
    "what is no line at all": lambda lines: [b"nonsense\n"],
}


@pytest.mark.parametrize("how", LINES)
def test_the_log_itself_is_sealed(log: Path, how: str) -> None:
    log.write_bytes(b"".join(LINES[how](log.read_bytes().splitlines(keepends=True))))
    assert fault_now()[0] == "anchor_forged"


def test_a_line_torn_by_a_power_cut_is_no_alarm(log: Path) -> None:
    log.write_bytes(log.read_bytes() + b'{"at":"2026-')
    assert verify_trail().is_sound
    write(2)
    assert alarms.raised() is None
    assert verify_trail().is_sound
    mark = anchor.read()
    assert mark is not None
    assert mark.head.seq == 10


def test_yesterdays_database_with_yesterdays_log_is_found_by_the_witness_and_by_a_kept_head(
    log: Path, settings: Any, tmp_path: Path
) -> None:
    settings.TRAIL_WITNESS = str(tmp_path / "elsewhere.log")
    write(1)
    yesterday = log.read_bytes()
    write(3, "of today")
    kept = Entry.objects.get(seq=12)
    tamper(lambda: cut(10))
    log.write_bytes(yesterday)
    assert fault_now() == ("tail_cut", "entry 10")
    write(3)
    assert fault_now() == ("history_rewritten", "entry 10"), "also after as many other acts"
    settings.TRAIL_WITNESS = ""
    assert verify_trail().is_sound, "without a witness this is what it cannot see"
    found = verify_trail(expected=[Head(12, kept.hash[:16])]).fault
    assert found is not None
    assert (found.code, found.source) == ("history_rewritten", "entry 12")
    with pytest.raises(CommandError, match="entry 12"):
        call_command("audit", "verify", "--expect", f"12:{kept.hash[:16]}")
    call_command("audit", "verify", "--expect", f"9:{Entry.objects.get(seq=9).hash}")


def test_history_with_log_written_anew_by_who_stole_the_key_is_found_by_the_witness(
    log: Path, settings: Any, tmp_path: Path
) -> None:
    settings.TRAIL_WITNESS = str(tmp_path / "elsewhere.log")
    write(4)
    tamper(lambda: edit(10, keyed=True))
    last = Entry.objects.get(seq=12)
    settings.TRAIL_WITNESS, elsewhere = "", settings.TRAIL_WITNESS
    log.unlink()
    anchor.reset(Head(12, last.hash), anchor.MOVED)
    assert verify_trail().is_sound, "whoever holds the key and both files writes what is true here"
    settings.TRAIL_WITNESS = elsewhere
    assert fault_now() == ("history_rewritten", "entry 10")


def test_a_witness_that_cannot_be_read_is_said(log: Path, settings: Any, tmp_path: Path) -> None:
    settings.TRAIL_WITNESS = str(tmp_path / "gone" / "elsewhere.log")
    write(1)
    assert fault_now() == ("witness_unreadable", "witness")
    assert alarms.raised() is None


def test_the_tail_of_a_killed_process_is_anchored_at_start_up(log: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-3]))
    assert verify_trail().is_sound, "sealed with the key, so written by Heli"
    assert anchor.catch_up() is not None
    assert alarms.raised() is None
    mark = anchor.read()
    assert mark is not None
    assert mark.head.seq == 8
    assert anchor.catch_up() is None


def test_start_up_does_not_anchor_what_was_written_past_heli(log: Path) -> None:
    tamper(lambda: insert(keyed=False))
    anchor.catch_up()
    alarm = alarms.raised()
    assert alarm is not None
    assert (alarm.code, alarm.source) == ("entry_unkeyed", "entry 9")


def test_a_person_accepts_what_was_found_and_the_trail_says_so(log: Path) -> None:
    tamper(lambda: edit(3, keyed=False))
    write(1)
    call_command("audit", "accept", "--reason", "looked into on 2 March")
    last = Entry.objects.get(what="audit.accept")
    assert last.reason == "looked into on 2 March"
    assert last.before == {"found": {"code": "entry_unkeyed", "source": "entry 3"}}
    verdict = verify_trail()
    assert (verdict.fault, verdict.accepted) == (None, 9)
    assert alarms.raised() is None
    write(2)
    assert verify_trail().is_sound
    tamper(lambda: Entry.objects.filter(seq=2).update(reason="nach dem Akzeptieren"))
    assert fault_now() == ("entry_edited", "entry 2"), "what was accepted is sealed again"


def test_an_acceptance_without_the_key_accepts_nothing(log: Path) -> None:
    tamper(lambda: edit(3, keyed=False))
    accept(actor=SYSTEM, reason="x")
    write(1)
    tamper(lambda: edit(9, keyed=False))
    assert fault_now()[0] == "entry_unkeyed"


def test_a_log_set_by_hand_needs_an_entry_of_a_person(log: Path) -> None:
    tamper(lambda: cut(8))
    last = Entry.objects.get(seq=7)
    anchor.reset(Head(7, last.hash), anchor.ACCEPTED)
    write(1)
    assert fault_now() == ("anchor_set", "entry 7")


def test_entries_before_the_key_are_taken_over_once(log: Path) -> None:
    tamper(lambda: rehash(1, keyed=False))
    log.unlink()
    assert fault_now() == ("entry_unkeyed", "entry 1")
    accept(actor=SYSTEM, reason="upgrade")
    assert verify_trail().is_sound


def test_another_key_is_never_made_beside_a_sealed_trail(log: Path, settings: Any, tmp_path: Path) -> None:
    settings.ANCHOR_KEY, settings.ANCHOR_KEY_FILE = "", tmp_path / "gone" / "key"
    with pytest.raises(KeyMissing, match="is sealed with a key that is not here"):
        key()
    with pytest.raises(KeyMissing):
        record(SYSTEM, "x.y")
    with pytest.raises(CommandError, match="LoadCredential"):
        call_command("audit", "verify")
    assert not (tmp_path / "gone").exists()


def test_the_key_comes_from_a_file_kept_apart(log: Path, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "apart").write_text("a key\n")
    settings.ANCHOR_KEY, settings.ANCHOR_KEY_FILE = "", tmp_path / "apart"
    assert verify_trail().is_sound, "the line break at the end of the file is no part of the key"


def test_a_full_disk_keeps_the_rows_and_is_no_alarm(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, line: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(anchor, "_add_line", full)
        write(2)
    assert alarms.raised() is None
    assert Entry.objects.count() == 10
    write(1)
    assert verify_trail().is_sound
    mark = anchor.read()
    assert mark is not None
    assert mark.head.seq == 11
