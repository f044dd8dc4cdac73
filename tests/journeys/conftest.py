"""Journeys run against the real thing: the sample district, served by `heli serve`, in headless Chromium.

The sample is built once; each journey gets its own copy of the folder, so that what one writes no other sees. Which day it
is a journey asks the server (`Site.today`): under `run.py test --on DAY` all of Heli lives on that day, but not the browser,
whose clock nobody shifts; cookies live by their age, not by a date, and no page asks the browser for the day.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import CHROMIUM
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HELI = Path(sys.executable).with_name("heli")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE_S = 60
BUILDING_S = 280
"""How long the sample may take to be built; below the time one test may take."""
CHINA = ZoneInfo("Asia/Shanghai")


def heli(folder: Path, *arguments: str) -> str:
    """Run a `heli` command on an installation's folder; what it says."""
    ran = subprocess.run([HELI, *arguments], env=environment(folder), check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def environment(folder: Path) -> dict[str, str]:
    """The environment of an installation in its own folder, always on SQLite."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return {**kept, "HELI_VAR": str(folder), "HELI_DEMO": "1"}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The sample district, built once: by the first process that needs it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "prepared"
    try:
        folder.mkdir()
    except FileExistsError:
        _await_sample(folder)
        return folder
    (folder.parent / "prepared.said").write_text(heli(folder, "demo", "--build-only"))
    return folder


def _await_sample(folder: Path) -> None:
    """Wait until another process has built the sample; what that one says when it cannot, it says itself."""
    end = time.monotonic() + BUILDING_S
    while not (folder.parent / "prepared.said").exists():
        if time.monotonic() > end:
            pytest.fail("the sample was not built by the process that began it")
        time.sleep(0.5)


@dataclass(frozen=True)
class Site:
    """A served copy of the sample: its address, the password of each demo account, and the server's day."""

    url: str
    folder: Path
    passwords: dict[str, str]
    today: date


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """A copy of the sample, served on a free port until the journey ends."""
    shutil.copytree(prepared, tmp_path / "var")
    with served(tmp_path / "var", tmp_path / "serve.log") as site:
        yield site


@pytest.fixture(scope="session")
def common_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served copy for all journeys that write nothing."""
    folder = tmp_path_factory.mktemp("common")
    shutil.copytree(prepared, folder / "var")
    with served(folder / "var", folder / "serve.log") as site:
        yield site


@contextmanager
def served(folder: Path, log_file: Path) -> Iterator[Site]:
    """Serve an installation's folder on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with log_file.open("w") as log:
        serving = subprocess.Popen(
            [HELI, "serve", "--port", str(port), "--workers", "1"],
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
        context.set_default_timeout(20_000)
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
