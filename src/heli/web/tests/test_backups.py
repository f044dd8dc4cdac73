"""Backup and restore: into an empty installation with equal totals; damaged archives and full databases are refused."""

import hashlib
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from heli.accounts.testing import build_world
from heli.audit.models import Entry
from heli.audit.testing import unaudited
from heli.audit.verify import verify_trail
from heli.kernel.db import AppendOnly, lifted
from heli.kernel.faults import Refused
from heli.kernel.ids import new_public_id
from heli.web.backups import make_backup, restore_backup, stored_models

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
GRANTS = "rows/accounts_rolegrant.jsonl"
FIXED = next(rule for rule in Entry._meta.constraints if isinstance(rule, AppendOnly))


@pytest.fixture
def installation(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TRAIL_ANCHOR = tmp_path / "anchor.log"
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
    before, rows = totals(), everything()
    archive = make_backup(installation / "backups", at=AT)
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
    assert {fault.code for fault in refused.value.faults} == {"database_not_empty", "files_not_empty"}


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
    for what, path in {**damaged, "cut off": cut, "not an archive": installation / "anchor.log"}.items():
        with pytest.raises(Refused) as refused:
            restore_backup(path, at=AT)
        assert refused.value.faults[0].code == "backup_damaged", what
        assert not any(totals().values()), what


def forge(archive: Path) -> Path:
    """The archive with a grant changed and every hash made to fit, as anybody can who has the file."""

    def change(name: str, body: bytes) -> tuple[str, bytes]:
        if name == GRANTS:
            body = body.replace(b"town_officer", b"administrator")
        if name == "manifest.json":
            with zipfile.ZipFile(archive) as source:
                changed = change(GRANTS, source.read(GRANTS))[1]
            manifest = json.loads(body)
            manifest["members"][GRANTS] = hashlib.sha256(changed).hexdigest()
            body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        if name == "manifest.sha256":
            with zipfile.ZipFile(archive) as source:
                whole = change("manifest.json", source.read("manifest.json"))[1]
            body = hashlib.sha256(whole).hexdigest().encode()
        return name, body

    return rewrite(archive, change)


@pytest.mark.django_db(transaction=True)
def test_a_changed_grant_with_recomputed_hashes_is_not_this_installations(installation: Path, settings: Any) -> None:
    build_world()
    archive = forge(make_backup(installation / "backups", at=AT))
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = installation / "restored"
    with pytest.raises(Refused) as refused:
        restore_backup(archive, at=AT)
    assert [fault.code for fault in refused.value.faults] == ["backup_foreign"]
    with pytest.raises(CommandError, match="--foreign"):
        call_command("restore", str(archive))
    assert not any(totals().values())


@pytest.mark.django_db(transaction=True)
def test_a_foreign_backup_is_taken_with_a_reason_that_the_trail_keeps(installation: Path, settings: Any) -> None:
    build_world()
    before = totals()
    archive = make_backup(installation / "backups", at=AT)
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT, settings.ANCHOR_KEY = installation / "restored", "the key of another installation"
    settings.TRAIL_ANCHOR = installation / "another" / "anchor.log"
    assert restore_backup(archive, at=AT, foreign="taken over from the old county") == before
    last = Entry.objects.order_by("-seq")[0]
    assert (last.what, last.reason, last.after["foreign"]) == (
        "installation.restored",
        "taken over from the old county",
        True,
    )
    assert verify_trail().is_sound
    call_command("check")
    with unaudited(), lifted(FIXED, Entry):
        Entry.objects.filter(seq=2).update(reason="another")
    assert not verify_trail().is_sound, "what came from elsewhere is sealed here"


@pytest.mark.django_db(transaction=True)
def test_a_backup_onto_a_full_disk_says_one_line_and_leaves_no_entry(installation: Path) -> None:
    build_world()
    entries = Entry.objects.count()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, hard))
    try:
        with pytest.raises(CommandError) as failed:
            call_command("backup", to=installation / "backups")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "no backup was written: File too large" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert list((installation / "backups").iterdir()) == []
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_a_backup_into_a_folder_that_cannot_be_made_says_one_line(installation: Path) -> None:
    with pytest.raises(CommandError, match=r"^no backup was written: "):
        call_command("backup", to=installation / "files" / "ab" / "方案.pdf" / "below-a-file")
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_what_a_killed_backup_left_is_swept_a_day_later(installation: Path) -> None:
    folder = installation / "backups"
    folder.mkdir()
    for name, ago in (("heli-old.unfinished", 86_401), ("heli-new.unfinished", 60)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (AT.timestamp() - ago,) * 2)
    archive = make_backup(folder, at=AT)
    assert sorted(path.name for path in folder.iterdir()) == sorted([archive.name, "heli-new.unfinished"])


@pytest.mark.migrations
@pytest.mark.django_db(transaction=True)
def test_the_commands_move_an_installation_to_a_fresh_sqlite_file(installation: Path) -> None:
    build_world()
    call_command("backup", to=installation / "backups", verbosity=0)
    [archive] = (installation / "backups").glob("heli-*.zip")
    target = installation / "fresh"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
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
