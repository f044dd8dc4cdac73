"""Backup and restore of a whole installation: one archive, readable by either database, damaged ones refused.

The archive is a zip: `rows/<table>.jsonl` (one row a line, read in one snapshot), `files/…`, `manifest.json` (totals,
SHA-256 of every member, the head of the audit trail), `manifest.sha256` and `manifest.seal` (HMAC under the
installation's key, so that whoever changes a row cannot make the archive whole again). Sessions, rate limits and the
job queue are not part of it. Secrets stay as encrypted as they are in the database.
"""

import base64
import hashlib
import hmac
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from heli.audit import anchor
from heli.audit.guard import allowed
from heli.audit.keys import derived_key
from heli.audit.queries import head
from heli.audit.services import accept, record
from heli.audit.types import Head
from heli.kernel.access import SYSTEM
from heli.kernel.db import snapshot
from heli.kernel.faults import Fault, Refused

FORMAT = 2
RESTORED = "installation.restored"
DAY_S = 86_400
CHUNK = 2_000
LEFT_OUT = frozenset({"sessions", "contenttypes", "auth", "django_q"})
"""Apps whose tables are no part of an installation's content: made anew by `migrate`, or short-lived like `is_passing` models."""

Say = Callable[[str], None]


def stored_models() -> list[type[models.Model]]:
    """Every model whose rows are backed up, in a steady order."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    found = [model for model in found if not (model._meta.proxy or getattr(model, "is_passing", False))]
    kept = [model for model in found if model._meta.app_label not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.db_table)


def columns_of(model: type[models.Model]) -> list[Any]:
    """The fields with a column of their own that is not computed by the database."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


# -- backup --------------------------------------------------------------------------------------------------------------


def make_backup(folder: Path, *, at: datetime, say: Say = lambda text: None) -> Path:
    """Write `heli-<time>.zip` into the folder and return its path; complete, or not there at all and no entry of it.

    Raises `Refused` with the reason of the disk or the database.
    """
    target = folder / f"heli-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    unfinished = target.with_suffix(".unfinished")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, at)
        _write_archive(unfinished, at, say)
        unfinished.chmod(0o600)
        with transaction.atomic():
            record(SYSTEM, "installation.backed_up", subject=target.name, at=at)
            unfinished.replace(target)
    except (OSError, DatabaseError, ValueError) as error:
        text = f"no backup was written: {_cause(error)} ({folder})"
        raise Refused(Fault("backup_failed", text, source=target.name)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return target


def _cause(error: BaseException) -> str:
    """What went wrong first: closing the archive after a full disk fails once more, for another reason."""
    while isinstance(error.__context__, OSError | DatabaseError | ValueError):
        error = error.__context__
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _sweep(folder: Path, at: datetime) -> None:
    """Remove what a killed backup left more than a day ago."""
    for left in folder.glob("heli-*.unfinished"):
        if left.stat().st_mtime < at.timestamp() - DAY_S:
            left.unlink(missing_ok=True)


def _write_archive(path: Path, at: datetime, say: Say) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _fill_archive(archive, at, say)


def _fill_archive(archive: zipfile.ZipFile, at: datetime, say: Say) -> None:
    members: dict[str, str] = {}
    totals: dict[str, int] = {}
    with snapshot():
        for model in stored_models():
            table = model._meta.db_table
            say(table)
            with _member(archive, f"rows/{table}.jsonl", members) as write:
                totals[table] = 0
                for line in _lines(model):
                    write(line)
                    totals[table] += 1
        trail = head()
    root = Path(settings.MEDIA_ROOT)
    for path in _kept_files(root):
        with (
            _member(archive, f"files/{path.relative_to(root).as_posix()}", members) as write,
            path.open("rb") as stream,
        ):
            while block := stream.read(1 << 20):
                write(block)
    manifest = {
        "format": FORMAT,
        "made_at": at.astimezone(UTC).isoformat(),
        "database": connection.vendor,
        "migrations": _migrations(),
        "totals": totals,
        "members": members,
        "trail": {"seq": trail.seq, "hash": trail.hash},
    }
    body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    archive.writestr("manifest.json", body)
    archive.writestr("manifest.sha256", hashlib.sha256(body).hexdigest())
    archive.writestr("manifest.seal", _seal(body))


def _seal(manifest: bytes) -> str:
    """Only the holder of the installation's key can make it; by the hashes in the manifest it covers every member."""
    return hmac.digest(derived_key("backup"), manifest, "sha256").hex()


def _kept_files(root: Path) -> list[Path]:
    """The files of an installation; what is still arriving (names that begin with a dot) is no part of it."""
    paths = [path for path in root.rglob("*") if path.is_file()] if root.is_dir() else []
    return sorted(path for path in paths if not any(part.startswith(".") for part in path.relative_to(root).parts))


@contextmanager
def _member(archive: zipfile.ZipFile, name: str, members: dict[str, str]) -> Iterator[Callable[[bytes], None]]:
    """Open a member for writing; its hash is kept."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as stream:

        def write(block: bytes) -> None:
            digest.update(block)
            stream.write(block)

        yield write
    members[name] = digest.hexdigest()


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    names = [field.attname for field in columns_of(model)]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    """A column's value as JSON; the field's type turns it back."""
    if isinstance(value, datetime | date | Decimal):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _migrations() -> dict[str, str]:
    """The last applied migration of each app that is backed up."""
    applied = MigrationRecorder(connection).applied_migrations()
    latest: dict[str, str] = {}
    for app, name in sorted(applied):
        if app not in LEFT_OUT:
            latest[app] = name
    return latest


# -- restore -------------------------------------------------------------------------------------------------------------


def restore_backup(path: Path, *, at: datetime, foreign: str = "", say: Say = lambda text: None) -> dict[str, int]:
    """Fill an empty, migrated installation from an archive; the totals restored, per table.

    An archive that this installation's key did not seal is taken only with `foreign`, the reason why; the trail keeps it.
    Raises `Refused` for a damaged archive, one of another version or installation, or an installation that holds anything.
    All or nothing.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest, is_own = read_manifest(archive)
            _verify_members(archive, manifest, say)
            _refuse_unfit(manifest, is_own=is_own, foreign=foreign)
            with transaction.atomic(), allowed():
                _restore_rows(archive, manifest, say)
                _restore_files(archive, manifest)
                trail = Head(manifest["trail"]["seq"], manifest["trail"]["hash"])
                if trail != head():
                    raise _damaged("the audit trail does not end where the manifest says")
                _record_restored(path, manifest, trail, is_own=is_own, foreign=foreign, at=at)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError) as error:
        raise _damaged(str(error)) from error
    totals: dict[str, int] = manifest["totals"]
    return totals


def _record_restored(
    path: Path, manifest: dict[str, Any], trail: Head, *, is_own: bool, foreign: str, at: datetime
) -> None:
    """Say in the trail what was restored. What another key sealed is vouched for by this one from now on."""
    after = {"made_at": manifest["made_at"], "foreign": not is_own}
    if is_own:
        if anchor.is_kept():
            transaction.on_commit(lambda: anchor.reset(trail, anchor.RESTORED))
        record(SYSTEM, RESTORED, subject=path.name, after=after, reason=foreign, at=at)
    else:
        accept(actor=SYSTEM, what=RESTORED, subject=path.name, after=after, reason=foreign, at=at)


def read_manifest(archive: zipfile.ZipFile) -> tuple[dict[str, Any], bool]:
    """The manifest, when it is whole, and whether this installation sealed it."""
    try:
        body, digest = archive.read("manifest.json"), archive.read("manifest.sha256").decode("ascii")
        seal = archive.read("manifest.seal").decode("ascii")
    except KeyError as missing:
        raise _damaged(str(missing)) from missing
    if hashlib.sha256(body).hexdigest() != digest.strip():
        raise _damaged("manifest.json does not match manifest.sha256")
    manifest: dict[str, Any] = json.loads(body)
    return manifest, hmac.compare_digest(seal.strip(), _seal(body))


def _verify_members(archive: zipfile.ZipFile, manifest: dict[str, Any], say: Say) -> None:
    names = [name for name in archive.namelist() if not name.startswith("manifest.")]
    if sorted(names) != sorted(manifest["members"]):
        odd = sorted(set(names) ^ set(manifest["members"])) or ["a member twice"]
        raise _damaged(f"members do not match the manifest: {', '.join(odd[:5])}")
    for name, expected in manifest["members"].items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in ("rows", "files"):
            raise _damaged(f"{name} points outside the archive")
        digest = hashlib.sha256()
        with archive.open(name) as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        if digest.hexdigest() != expected:
            raise _damaged(f"{name} does not match its hash")
    say(f"{len(names)} members are whole")


def _refuse_unfit(manifest: dict[str, Any], *, is_own: bool, foreign: str) -> None:
    faults = []
    if not is_own and not foreign.strip():
        text = (
            "this installation's key did not seal the archive: it comes from another one, was changed, or the key is not "
            'here. Bring the key, or restore it as foreign and say why: --foreign "reason"; the audit trail keeps the reason'
        )
        faults.append(Fault("backup_foreign", text))
    if manifest["format"] != FORMAT:
        faults.append(Fault("backup_format", f"the archive has format {manifest['format']}, this Heli reads {FORMAT}"))
    here = _migrations()
    if manifest["migrations"] != here:
        differing = sorted(
            f"{app}: {manifest['migrations'].get(app, 'none')} in the archive, {here.get(app, 'none')} here"
            for app in manifest["migrations"].keys() | here.keys()
            if manifest["migrations"].get(app) != here.get(app)
        )
        text = (
            f"the archive was made by another version; restore it with that one, then migrate ({'; '.join(differing)})"
        )
        faults.append(Fault("backup_version", text))
    full = [model._meta.db_table for model in stored_models() if model._base_manager.exists()]
    if full:
        text = f"the database is not empty ({', '.join(full[:5])}); restore into a new one"
        faults.append(Fault("database_not_empty", text))
    root = Path(settings.MEDIA_ROOT)
    if _kept_files(root):
        faults.append(Fault("files_not_empty", f"{root} holds files; restore into an empty folder"))
    if faults:
        raise Refused(faults)


def _restore_rows(archive: zipfile.ZipFile, manifest: dict[str, Any], say: Say) -> None:
    by_table = {model._meta.db_table: model for model in stored_models()}
    for table, total in manifest["totals"].items():
        say(table)
        with archive.open(f"rows/{table}.jsonl") as stream:
            written = _insert(by_table[table], stream)
        if written != total or by_table[table]._base_manager.count() != total:
            raise _damaged(f"{table} has {written} rows, the manifest says {total}")
    restored = list(by_table.values())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), restored):
            cursor.execute(statement)


def _insert(model: type[models.Model], stream: IO[bytes]) -> int:
    fields = columns_of(model)
    written = 0
    while lines := list(islice(stream, CHUNK)):
        rows = []
        for line in lines:
            values = zip(fields, json.loads(line), strict=True)
            rows.append(model(**{field.attname: _read(field, value) for field, value in values}))
        model._base_manager.bulk_create(rows)
        written += len(rows)
    return written


def _read(field: Any, value: Any) -> Any:
    """A column's value back from JSON."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.to_python(value) if not field.is_relation else field.target_field.to_python(value)


def _restore_files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    root = Path(settings.MEDIA_ROOT)
    for name in manifest["members"]:
        if name.startswith("files/"):
            target = root / name.removeprefix("files/")
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as stream, target.open("wb") as copy:
                while block := stream.read(1 << 20):
                    copy.write(block)


def _damaged(what: str) -> Refused:
    return Refused(Fault("backup_damaged", f"the archive is damaged and was not restored: {what}", source="archive"))
