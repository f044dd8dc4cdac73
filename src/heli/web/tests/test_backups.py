"""Backup and restore: into an empty installation with equal totals; damaged archives and full databases are refused."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from heli.accounts.testing import build_world
from heli.audit.verify import verify_trail
from heli.kernel.ids import new_public_id
from heli.kernel.problems import Refused
from heli.web.backups import make_backup, restore_backup, stored_models

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def installation(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TRAIL_ANCHOR = tmp_path / "anchor.json"
    settings.TRAIL_ANCHOR_DATABASE = str(connection.settings_dict["NAME"])
    settings.ANCHOR_KEY = "a key"
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "方案.pdf").write_bytes(b"%PDF" + bytes(range(256)) * 99)
    return tmp_path


def totals() -> dict[str, int]:
    return {model._meta.db_table: model._base_manager.count() for model in stored_models()}


def everything() -> dict[str, list[Any]]:
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values_list()) for model in stored_models()}


@pytest.mark.django_db(transaction=True)
def test_a_restored_installation_has_equal_rows_files_and_trail(installation: Path, settings: Any) -> None:
    build_world()
    archive = make_backup(installation / "backups", at=AT)
    before, rows = totals(), everything()
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = installation / "restored"
    assert restore_backup(archive, at=AT) == before
    after = everything()
    assert after.pop("audit_entry")[: before["audit_entry"]] == rows.pop("audit_entry")
    assert after == rows
    kept, restored = installation / "files/ab/方案.pdf", installation / "restored/ab/方案.pdf"
    assert restored.read_bytes() == kept.read_bytes()
    assert verify_trail().is_sound
    call_command("check")


@pytest.mark.django_db
def test_what_is_still_arriving_is_no_part_of_a_backup(installation: Path) -> None:
    (installation / "files" / ".partial").mkdir()
    (installation / "files" / ".partial" / "upload").write_bytes(b"half")
    with zipfile.ZipFile(make_backup(installation / "backups", at=AT)) as archive:
        assert [name for name in archive.namelist() if name.startswith("files/")] == ["files/ab/方案.pdf"]


@pytest.mark.django_db
def test_a_database_that_holds_anything_is_refused(installation: Path) -> None:
    build_world()
    archive = make_backup(installation / "backups", at=AT)
    with pytest.raises(Refused) as refused:
        restore_backup(archive, at=AT)
    assert {problem.code for problem in refused.value.problems} == {"database_not_empty", "files_not_empty"}


def rewrite(path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """A copy of the archive with members changed, renamed or left out."""
    copy = path.with_name(f"{new_public_id()}.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            kept = change(name, source.read(name))
            if kept:
                target.writestr(*kept)
    return copy


@pytest.mark.django_db(transaction=True)
def test_a_damaged_archive_is_refused_and_nothing_is_written(installation: Path, settings: Any) -> None:
    build_world()
    archive = make_backup(installation / "backups", at=AT)
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = installation / "restored"
    users = "rows/accounts_user.jsonl"

    def lie(name: str, body: bytes) -> tuple[str, bytes]:
        if name != "manifest.json":
            return name, body
        manifest = json.loads(body)
        manifest["totals"]["accounts_user"] += 1
        return name, json.dumps(manifest).encode()

    damaged = {
        "a row changed": rewrite(
            archive, lambda n, b: (n, b.replace(b"auditor", b"Auditor")) if n == users else (n, b)
        ),
        "a member missing": rewrite(archive, lambda n, b: None if n == users else (n, b)),
        "a member more": rewrite(archive, lambda n, b: (n + "x", b) if n == users else (n, b)),
        "the manifest changed": rewrite(archive, lie),
        "no manifest": rewrite(archive, lambda n, b: None if n == "manifest.sha256" else (n, b)),
    }
    cut = archive.with_name("cut.zip")
    cut.write_bytes(archive.read_bytes()[:-2000])
    for what, path in {**damaged, "cut off": cut, "not an archive": installation / "anchor.json"}.items():
        with pytest.raises(Refused) as refused:
            restore_backup(path, at=AT)
        assert refused.value.problems[0].code == "backup_damaged", what
        assert not any(totals().values()), what


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_commands_move_an_installation_to_a_fresh_sqlite_file(installation: Path) -> None:
    build_world()
    call_command("backup", to=installation / "backups", verbosity=0)
    [archive] = (installation / "backups").glob("heli-*.zip")
    target = installation / "fresh"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "heli.config.settings",
        "HELI_VAR": str(target),
        "DATABASE_URL": f"sqlite:///{target}/heli.sqlite3",
        "HELI_ANCHOR_KEY": "a key",
    }
    target.mkdir()
    command = [sys.executable, "-m", "django", "restore", str(archive)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "The data keep every invariant." in done.stdout
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode != 0
    assert "database_not_empty" in again.stderr
