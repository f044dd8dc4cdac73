"""Journeys run against the real thing: the sample district, served by `heli serve`, in headless Chromium.

The sample is built once and served once in each process; when a journey wrote, the rows are put back, so that what one writes
no other sees. Which day it is a journey asks the server (`Site.today`): under `run.py test --on DAY` all of Heli lives on that
day, but not the browser, whose clock nobody shifts; cookies live by their age, not by a date, and no page asks the browser
for the day.
"""

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import CHROMIUM, environment, heli, made_once
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE_S = 60
CHINA = ZoneInfo("Asia/Shanghai")
WAIT_MS = 40_000
"""How long a journey waits for what must come to a page; it looks with `expect`, for a click does not wait for the next page."""
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, bare: Path) -> Path:
    """The sample district, built once."""

    def build(folder: Path) -> None:
        shutil.copytree(bare, folder, dirs_exist_ok=True)
        heli(folder, "demo", "--build-only")

    return made_once(tmp_path_factory, "prepared", build)


@dataclass(frozen=True)
class Site:
    """A served copy of the sample: its address, the password of each demo account, and the server's day."""

    url: str
    folder: Path
    passwords: dict[str, str]
    today: date


@pytest.fixture(scope="session")
def common_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the sample, served on a free port while this process has journeys: as it was built, for who only looks."""
    folder = tmp_path_factory.mktemp("common")
    shutil.copytree(prepared, folder / "var")
    with served(folder / "var", folder / "serve.log") as site:
        yield site


@pytest.fixture
def site(common_site: Site, prepared: Path) -> Iterator[Site]:
    """The served copy for a journey that writes: as it was built again when the journey ends."""
    yield common_site
    _restore(common_site.folder, prepared)


def _restore(folder: Path, prepared: Path) -> None:
    """Put the rows of the sample back under the running server, when its worker has done what it was given."""
    with closing(sqlite3.connect(folder / "heli.sqlite3", timeout=30)) as kept:
        end = time.monotonic() + PATIENCE_S
        while kept.execute("SELECT count(*) FROM django_q_ormq").fetchone()[0] and time.monotonic() < end:
            time.sleep(0.2)
        with closing(sqlite3.connect(prepared / "heli.sqlite3")) as built:
            built.backup(kept)
    shutil.copytree(prepared / "backups", folder / "backups", dirs_exist_ok=True)


@contextmanager
def served(folder: Path, log_file: Path) -> Iterator[Site]:
    """Serve an installation's folder on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with log_file.open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-m", "django", "serve", "--port", str(port), "--workers", "1"],
            env=environment(folder),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        today = _await(url, serving, log_file)
        accounts = json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))
        yield Site(url, folder, {account["username"]: account["password"] for account in accounts}, today)
    finally:
        serving.terminate()
        try:
            serving.wait(20)
        except subprocess.TimeoutExpired:
            serving.kill()


def _await(url: str, serving: subprocess.Popen[bytes], log: Path) -> date:
    """Wait until the server answers; the day on which it lives."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/health/live", timeout=2) as answer:
                return parsedate_to_datetime(answer.headers["Date"]).astimezone(CHINA).date()
        except (urllib.error.URLError, OSError):
            if serving.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"the server did not come up:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody at a browser: a page, and the complaints it made."""

    page: Page
    site: Site
    complaints: list[str]

    def open(self, path: str) -> Page:
        """Go to an address of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, username: str) -> Page:
        """Sign in as a demo account."""
        self.open("/account/sign-in/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", self.site.passwords[username])
        self.page.click("main form .button--main")
        self.page.wait_for_url(f"{self.site.url}/")
        return self.page


@dataclass
class Meet:
    """Opens browsers for visitors of the site."""

    browser: Browser
    site: Site
    contexts: list[BrowserContext]
    visitors: list[Visitor]

    def __call__(self, username: str = "", *, size: dict[str, int] | None = None, language: str = "zh-CN") -> Visitor:
        """A visitor with a window of that size; signed in when a name is given."""
        context = self.browser.new_context(viewport=size or DESK, locale=language)  # type: ignore[arg-type]  # a size as the browser takes it
        context.set_default_timeout(WAIT_MS)
        self.contexts.append(context)
        visitor = Visitor(context.new_page(), self.site, [])
        # A script error or a refusal by the content security policy is a defect, whatever the journey is about.
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on(
            "console",
            lambda said: (
                visitor.complaints.append(said.text)
                if said.type == "error" and "Content Security Policy" in said.text
                else None
            ),
        )
        self.visitors.append(visitor)
        if username:
            visitor.sign_in(username)
        return visitor


@pytest.fixture
def meet(chromium: Browser, site: Site) -> Iterator[Meet]:
    """Opens visitors of a copy of their own; at the end none of their pages may have complained."""
    yield from _meeting(chromium, site)


@pytest.fixture
def look(chromium: Browser, common_site: Site) -> Iterator[Meet]:
    """Opens visitors who only look, on the common copy."""
    yield from _meeting(chromium, common_site)


def _meeting(chromium: Browser, site: Site) -> Iterator[Meet]:
    meeting = Meet(chromium, site, [], [])
    yield meeting
    for context in meeting.contexts:
        context.close()
    assert [complaint for visitor in meeting.visitors for complaint in visitor.complaints] == []
