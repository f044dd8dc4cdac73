"""What every test shares: plain static files, fast passwords, and a reason when a part of the machine is missing."""

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import wraps
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from heli.accounts.testing import World

# The same examples on every run, and no verdict by the clock.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.load_profile("steady")

OnDay = Callable[[datetime], None]
BUILT_UNTIL = datetime(2026, 6, 1, 2, tzinfo=UTC)

IN_CI = os.environ.get("HELI_CI") == "1"
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()), None
)


def pytest_configure(config: pytest.Config) -> None:
    # Playwright keeps an event loop in the thread that the ORM is used from.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if connection.vendor == "postgresql":
        # What asks no database is the same on both: the run on SQLite has it.
        config.hook.pytest_deselected(items=[item for item in items if not asks_database(item)])
        items[:] = filter(asks_database, items)
    if CHROMIUM or IN_CI:
        return
    skip = pytest.mark.skip(reason="Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


def pytest_collection_finish(session: pytest.Session) -> None:
    # What is loaded by now stays: the collector need not walk through it again and again while tests run.
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def asks_database(item: pytest.Item) -> bool:
    """Whether a test, or a fixture of it, has the test database made."""
    asked = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session", autouse=True)
def _plain_settings() -> Iterator[None]:
    """No manifest of built files and no slow hashing: neither in tests nor in what they share."""
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=plain, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _every_docx_opens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every Word file that a test makes is opened: by python-docx at once, by LibreOffice, where it is installed, at the end."""
    from heli.files.documents import has_office
    from heli.files.documents.docx import _Writer
    from heli.files.documents.office import open_all
    from heli.files.templating.local_docx import LocalForm

    folder = tmp_path_factory.mktemp("docx")

    def opened(make: Callable[..., bytes]) -> Callable[..., bytes]:
        @wraps(make)
        def made(*args: Any, **given: Any) -> bytes:
            content = make(*args, **given)
            path = folder / f"{sha256(content).hexdigest()[:16]}.docx"
            if not path.exists():
                docx.Document(BytesIO(content))
                path.write_bytes(content)
            return content

        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Writer, "package", opened(_Writer.package))
        patch.setattr(LocalForm, "render", opened(LocalForm.render))
        yield
    if has_office():
        assert open_all(sorted(folder.glob("*.docx"))) == []


MAKING_S = 280
"""How long what is made once may take to be made; below the time one test may take."""


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first of the processes to need it makes; the others wait, and what went wrong says who made it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    made, end = folder.with_name(f"{name}.made"), time.monotonic() + MAKING_S
    try:
        folder.mkdir()
    except FileExistsError:
        while not made.exists():
            assert time.monotonic() < end, f"{name} was not made by the process that began it"
            time.sleep(0.5)
    else:
        make(folder)
        made.touch()
    return folder


def heli(folder: Path, *arguments: str) -> str:
    """Run a `heli` command on an installation's folder; what it says."""
    command = [sys.executable, "-m", "django", *arguments]
    ran = subprocess.run(command, env=environment(folder), check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def environment(folder: Path) -> dict[str, str]:
    """The environment of an installation in its own folder, always on SQLite."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "HELI_ANCHOR_KEY")}
    return {**kept, "HELI_VAR": str(folder), "HELI_DEMO": "1", "DJANGO_SETTINGS_MODULE": "heli.config.settings"}


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite with its tables, nothing in them, and the files of its pages: to be copied, for it is dear."""

    def make(folder: Path) -> None:
        heli(folder, "migrate", "--verbosity", "0")
        heli(folder, "shell", "--verbosity", "0", "-c", "from heli.web import serving; serving.collect_static()")

    return made_once(tmp_path_factory, "bare", make)


@pytest.fixture
def environs(bare: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of processes that work on a copy of it; on PostgreSQL, on the database of the tests."""
    shutil.copytree(bare, tmp_path / "var")
    its = connection.settings_dict
    on_server = f"postgresql://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT'] or 5432}/{its['NAME']}"
    url = {"DATABASE_URL": on_server} if connection.vendor == "postgresql" else {}
    return {**environment(tmp_path / "var"), **url}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """What a SQLite connection makes for its first act is made before any test begins, or each test would make it again.

    Made inside a test's transaction it also had SQLite read the whole schema again after every savepoint that is undone.
    """
    from heli.audit import capturing

    with django_db_blocker.unblock():
        capturing.begin()


@pytest.fixture(autouse=True)
def _after_the_days_of_the_builders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests and builders name days in spring 2026: a clock shifted to before them is moved behind them, and ticks on."""
    real, behind = timezone.now, BUILT_UNTIL - timezone.now()
    if behind > timedelta(0):
        monkeypatch.setattr(timezone, "now", lambda: real() + behind)


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> OnDay:
    """Lets the pages believe that it is a moment; whatever is not told it goes by the real clock."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def world(db: None) -> "World":
    """The small world, one per test: two districts with someone in every role."""
    from heli.accounts.testing import build_world

    return build_world()
