"""What every test shares: plain static files, fast passwords, and a reason when a part of the machine is missing."""

import os
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
