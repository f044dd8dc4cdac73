"""Files are read in a child process: what kills the child is a refusal with words, an entry of who sent it, and no more."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from heli.audit.models import Entry
from heli.audit.services import writing
from heli.files import apart
from heli.files.apart import Overtaxed
from heli.files.services import sent_by
from heli.files.tests import calls
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Refused


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    apart._pool.end()


def test_a_child_answers_call_after_call() -> None:
    first, second = apart.call(calls.process), apart.call(calls.process)
    assert first == second != os.getpid()


def test_arguments_and_results_of_any_size_come_through() -> None:
    assert apart.call(len, b"x" * 30_000_000) == 30_000_000
    assert apart.call(bytes, 3_000_000) == bytes(3_000_000)


@pytest.mark.parametrize("kill", [calls.greedy, calls.aborting], ids=lambda one: one.__name__)
def test_what_asks_for_too_much_is_refused_and_the_next_call_is_answered(kill: Any) -> None:
    with pytest.raises(Overtaxed) as refused:
        apart.call(kill)
    assert (refused.value.how, refused.value.faults[0].code) == ("memory", "file_overtaxes")
    assert apart.call(len, "ab") == 2


@pytest.mark.parametrize("kill", [calls.endless, calls.idle], ids=lambda one: one.__name__)
def test_what_takes_too_long_is_stopped(kill: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CPU_S", 1)
    monkeypatch.setattr(apart, "WALL_S", 4)
    with pytest.raises(Overtaxed) as refused:
        apart.call(kill)
    assert refused.value.how == "time"
    monkeypatch.undo()
    assert apart.call(len, "ab") == 2


def test_time_is_counted_anew_for_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CPU_S", 2)
    for _round in range(4):
        assert apart.call(sum, range(20_000_000)) == 199_999_990_000_000


def test_a_refusal_comes_back_with_its_problems_in_the_readers_language() -> None:
    with pytest.raises(Refused) as refused, override("zh-hans"):
        apart.call(calls.refusing)
    assert [(one.code, one.field) for one in refused.value.faults] == [("a", "file"), ("b", "")]
    assert refused.value.faults[0].message.startswith("文件")
    with pytest.raises(Refused) as refused, override("en"):
        apart.call(calls.refusing)
    assert refused.value.faults[0].message == "The file is empty. Choose another."


def test_an_error_that_cannot_be_sent_comes_back_in_words() -> None:
    with pytest.raises(RuntimeError, match="unsendable"):
        apart.call(calls.unsendable)


def test_what_a_library_prints_is_no_answer() -> None:
    assert apart.call(calls.chatting) == "answer"


def test_a_child_knows_neither_the_key_nor_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELI_SECRET_KEY", "s")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@127.0.0.1/x")
    seen = apart.call(calls.environment)
    assert not {"HELI_SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"} & set(seen)


def test_what_a_child_unpacked_goes_with_it() -> None:
    where = Path(apart.call(calls.folder))
    assert where.is_dir()
    with pytest.raises(Overtaxed):
        apart.call(calls.littering)
    assert not where.exists()


def test_a_child_that_grew_large_gives_its_memory_back() -> None:
    first = apart.call(calls.process)
    assert apart.call(calls.keep, 100_000_000) == 1
    assert apart.call(calls.process) == first
    assert apart.call(calls.keep, 350_000_000) == 2
    assert apart.call(calls.process) != first


def test_threads_take_turns_at_the_children() -> None:
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(apart.call(calls.process))) for _one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(answers) == 8
    assert len(set(answers)) <= apart.MOST_CHILDREN


def test_a_forked_process_has_children_of_its_own() -> None:
    mine = apart.call(calls.process)
    reading, writing_end = os.pipe()
    if os.fork() == 0:
        os.write(writing_end, str(apart.call(calls.process)).encode())
        os._exit(0)
    os.wait()
    os.close(writing_end)
    theirs = int(os.read(reading, 100))
    os.close(reading)
    assert theirs != mine
    assert apart.call(calls.process) == mine


def test_children_end_with_their_parent() -> None:
    code = "from heli.files import apart; import os; print(apart.call(os.getpid), flush=True); os.kill(os.getpid(), 9)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ})
    child = int(told.stdout)
    for _try in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


@pytest.mark.django_db
def test_who_sent_what_could_not_be_read_stands_in_the_trail_although_nothing_else_was_written() -> None:
    sender = Actor(7, "李娟", is_system=True)
    with pytest.raises(Overtaxed), writing(sender, "files.test"), sent_by(actor=sender, name="名单.xlsx"):
        apart.call(calls.aborting)
    entry = Entry.objects.get()
    assert (entry.what, entry.actor_id, entry.actor_name, entry.subject) == (
        "files.reading_stopped", 7, "李娟", "名单.xlsx",
    )  # fmt: skip
    assert entry.after == {"how": "memory"}


@pytest.mark.django_db
def test_an_ordinary_refusal_leaves_no_entry() -> None:
    with pytest.raises(Refused), sent_by(actor=SYSTEM, name="名单.xlsx"):
        apart.call(calls.refusing)
    assert not Entry.objects.exists()
