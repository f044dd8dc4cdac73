"""Serving: health, the process group, and `heli check`."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from conftest import environment
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client

from heli import ui
from heli.audit.models import Entry
from heli.audit.services import record
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM
from heli.kernel.db import AppendOnly, lifted
from heli.web import folder, health, serving
from heli.web.checks import check_invariants as check_folder


@pytest.mark.django_db
def test_health_says_live_and_ready_without_sign_in() -> None:
    assert Client().get("/health/live").json() == {"status": "live"}
    ready = Client().get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert "no-store" in ready["Cache-Control"]


@pytest.mark.django_db
def test_health_is_not_ready_without_a_database_or_with_old_tables(monkeypatch: Any) -> None:
    class Behind:
        def __init__(self, connection: object) -> None:
            self.loader = self.graph = self

        def leaf_nodes(self) -> list[object]:
            return []

        def migration_plan(self, leaves: object) -> list[str]:
            return ["0002"]

    def broken(connection: object) -> None:
        raise DatabaseError

    for executor, status in ((Behind, "migrations outstanding"), (broken, "no database")):
        monkeypatch.setattr(health, "MigrationExecutor", executor)
        answer = Client().get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (503, status)


def group(*programs: str) -> int:
    commands = [[sys.executable, "-c", program] for program in programs]
    return serving.run_together(commands, environment=dict(os.environ))


def test_when_one_process_ends_the_others_are_stopped(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    patient = (
        f"import time, pathlib; pathlib.Path({str(mark)!r}).write_text(str(__import__('os').getpid())); time.sleep(60)"
    )
    waiting = f"import time, pathlib, sys\nwhile not pathlib.Path({str(mark)!r}).exists(): time.sleep(.05)\nsys.exit(3)"
    assert group(patient, waiting) == 3
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.django_db(transaction=True)
def test_check_reports_what_is_broken_in_the_data(settings: Any, tmp_path: Path) -> None:
    settings.VAR, settings.ANCHOR_KEY, settings.TRAIL_ANCHOR = tmp_path, "a key", tmp_path / "anchor.log"
    record(SYSTEM, "x.y")
    call_command("check")
    fixed = next(rule for rule in Entry._meta.constraints if isinstance(rule, AppendOnly))
    with lifted(fixed, Entry), unaudited():
        Entry.objects.update(reason="tampered")
    with pytest.raises(CommandError, match="1 problems"):
        call_command("check")
    call_command("check", tags=["models"])


def test_serve_refuses_to_start_without_the_files_of_its_pages(monkeypatch: Any, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    assert serving.missing_static() == []
    assert "vendor/echarts/echarts.esm.min.mjs" in serving.named_static()
    monkeypatch.setattr(serving, "missing_static", lambda: ["vendor/echarts/echarts.esm.min.mjs"])
    monkeypatch.setattr("heli.web.management.commands.serve.MigrationExecutor", UpToDate)
    with pytest.raises(CommandError, match=r"echarts.*python -m heli\.ui\.vendor"):
        call_command("serve")
    monkeypatch.setattr(serving, "missing_static", list)
    tmp_path.joinpath("static").write_text("a file where the folder should be")
    with pytest.raises(CommandError, match="cannot be gathered"):
        call_command("serve")


class UpToDate:
    """Tables that need no migration."""

    def __init__(self, connection: object) -> None:
        self.loader = self.graph = self

    def leaf_nodes(self) -> list[object]:
        return []

    def migration_plan(self, leaves: object) -> list[str]:
        return []


def test_gathered_files_that_were_lost_are_gathered_again(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    # The style sheets alone: all files, compressed, take half a minute.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [("ui/css", Path(ui.__file__).parent / "static" / "ui" / "css")]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "heli.ui.storage.StaticStorage"}}
    assert serving.lost_static() == ["staticfiles.json"]
    serving.collect_static()
    assert serving.lost_static() == []
    lost = next((tmp_path / "static" / "ui" / "css").glob("heli.*.css"))
    lost.unlink()
    assert len(serving.lost_static()) == 1
    serving.collect_static()
    assert lost.exists()


@pytest.mark.django_db
def test_the_folder_is_closed_to_other_accounts(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.ANCHOR_KEY_FILE, settings.TRAIL_ANCHOR = tmp_path / "anchor-key", tmp_path / "backups" / "anchor.json"
    for name in ("logs/2026-03-01.jsonl", "backups/heli.zip", "secret-key", "anchor-key", "files/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True, mode=0o755)
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o644)
    for name in ("", "logs", "backups", "files"):
        (tmp_path / name).chmod(0o755)
    assert {problem.source for problem in check_folder()} == {"folder"}
    closed = {str(path.relative_to(tmp_path)) for path in folder.close()}
    assert closed == {
        ".",
        "files",
        "logs",
        "logs/2026-03-01.jsonl",
        "backups",
        "backups/heli.zip",
        "secret-key",
        "anchor-key",
    }
    assert (tmp_path.stat().st_mode & 0o777, (tmp_path / "secret-key").stat().st_mode & 0o777) == (0o700, 0o600)
    assert list(check_folder()) == []


MAKES_ALL = """
import logging, os, pathlib
os.umask(0o022)
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
logging.getLogger("heli.web").info("x")
call_command("backup", verbosity=0)
for path in pathlib.Path(os.environ["HELI_VAR"]).rglob("*"):
    print(f"{path.stat().st_mode & 0o777:o} {path.name}")
"""


@pytest.mark.migrations
def test_what_an_installation_makes_is_its_own(tmp_path: Path) -> None:
    """A fresh folder: database, its journal, logs and keys, made by the commands themselves."""
    var = tmp_path / "var"
    done = subprocess.run(
        [sys.executable, "-c", MAKES_ALL], env=environment(var), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 1) for line in done.stdout.splitlines() if line[:3].isdigit()]
    names = {name for _mode, name in lines}
    assert {"heli.sqlite3", "heli.sqlite3-wal", "heli.sqlite3-shm", "secret-key"} <= names
    assert {mode for mode, _name in lines} == {"600", "700"}
    assert var.stat().st_mode & 0o777 == 0o700


def answers(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.migrations
def test_heli_serve_starts_everything_and_stops_it_together(bare: Path, tmp_path: Path) -> None:
    shutil.copytree(bare, tmp_path / "var")
    port = 18_000 + os.getpid() % 1000
    command = [sys.executable, "-m", "django", "serve", "--port", str(port), "--migrate"]
    server = subprocess.Popen(command, env=environment(tmp_path / "var"), stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 180
        while answers(f"http://127.0.0.1:{port}/health/ready") != 200:
            assert server.poll() is None, server.stderr and server.stderr.read().decode()
            assert time.monotonic() < deadline, "not ready within three minutes"
            time.sleep(0.3)
        second = subprocess.run(command, env=environment(tmp_path / "var"), capture_output=True, text=True, check=False)
        assert "cannot be used" in second.stderr, "the port is taken: said, not crashed"
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(40) == 0
    assert answers(f"http://127.0.0.1:{port}/health/live") == 0
