"""What every test shares: plain static files, fast passwords, and a reason when a part of the machine is missing."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

# The same examples on every run, and no verdict by the clock.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis_settings.load_profile("steady")

IN_CI = os.environ.get("HELI_CI") == "1"
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()), None
)


def pytest_configure(config: pytest.Config) -> None:
    # Playwright keeps an event loop in the thread that the ORM is used from.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    if CHROMIUM or IN_CI:
        return
    skip = pytest.mark.skip(reason="Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _plain_settings(settings: object) -> None:
    """No manifest of built files and no slow hashing in tests."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
