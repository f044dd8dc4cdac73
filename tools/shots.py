"""Screenshots of every page a demo account can reach, wide, narrow and as printed, the wall at its own size, in both languages.

`python3 run.py shots [--user NAME] [--url http://…] [--lang zh-hans] [--width 390] [path …]`

Builds and serves the sample district itself unless `--url` names a running demo. Follows links from the first page and
takes one picture per view, so that a new page is found without being listed. Needs Chromium (`apt-get install chromium
fonts-noto-cjk`, or HELI_CHROMIUM); writes to var/shots and prints what is wrong: failed requests, script errors,
policy violations, pages wider than the screen, and what axe-core finds.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "var" / "shots"
WIDTHS = (1440, 390)
LANGUAGES = ("zh-hans", "en")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
SKIPPED = re.compile(r"(sign-out|/export|\.(xlsx|csv|geojson|json|docx|pdf|svg)$|[?&]export=)")
"""Addresses that are files or end the session."""
ABSOLUTE = "all => all.map((a) => new URL(a.getAttribute('href'), document.baseURI).href)"
"""Of links in drawings too, whose `href` is no text."""
MOST_PAGES = 200
PAPER = 794
"""A4 upright in pixels: the width that stands for print."""
WALL = {"width": 1920, "height": 1080}


@contextlib.contextmanager
def served(port: int, var: Path) -> Iterator[str]:
    """A demo built in `var` and served on `port` while the block runs."""
    heli = Path(sys.executable).parent / "heli"
    environment = {**os.environ, "HELI_DEMO": "1", "HELI_VAR": str(var)}
    server = subprocess.Popen([str(heli), "demo", "--port", str(port)], env=environment, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 600
        while not answers(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the demo did not start; run `python3 run.py demo` to see why")
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(address: str) -> bool:
    """Whether a server is there."""
    try:
        with urllib.request.urlopen(f"{address}/account/sign-in/", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def accounts_on(page: Any, address: str) -> dict[str, str]:
    """Name and password of every demo account, as the sign-in page shows them."""
    page.goto(f"{address}/account/sign-in/")
    found = {}
    for row in page.locator("main table tbody tr").all():
        cells = row.locator("code").all_inner_texts()
        if len(cells) >= 2:
            found[cells[0].strip()] = cells[-1].strip()
    if not found:
        raise SystemExit("the sign-in page shows no demo accounts: is this a demo?")
    return found


def sign_in(page: Any, address: str, user: str, password: str) -> None:
    """Through the form, as a person does."""
    page.goto(f"{address}/account/sign-in/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.locator("main form .button--main").first.click()
    page.wait_for_load_state()
    if "/sign-in/" in page.url:
        raise SystemExit(f"{user} could not sign in")


def view_of(path: str) -> str | None:
    """The name of the view behind a path, None when there is none."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def links(page: Any, address: str) -> list[str]:
    """The pages that a page links to, in the order of the page."""
    found = []
    for href in page.eval_on_selector_all("a[href]", ABSOLUTE):
        parts = urlsplit(href)
        if href.startswith(address) and not SKIPPED.search(parts.path + ("?" + parts.query if parts.query else "")):
            found.append(parts.path)
    return list(dict.fromkeys(found))


def discover(page: Any, address: str, start: list[str], most: int = MOST_PAGES) -> dict[str, str]:
    """View name -> the first path met of it, breadth first from `start`."""
    pages: dict[str, str] = {}
    queue = list(start)
    while queue and len(pages) < most:
        path = queue.pop(0)
        name = view_of(path)
        if name is None or name in pages:
            continue
        try:
            response = page.goto(address + path, wait_until="domcontentloaded")
        except Exception as error:  # a download is no page
            if "Download is starting" in str(error):
                continue
            raise
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        pages[name] = path
        queue.extend(links(page, address))
    return pages


def watch(page: Any, faults: list[str], where: list[str]) -> None:
    """Write down what the browser complains of."""
    page.on("pageerror", lambda error: faults.append(f"{where[0]}: {str(error)[:300]}"))
    page.on(
        "console",
        lambda m: faults.append(f"{where[0]}: {m.text[:300]}") if m.type == "error" else None,
    )


def shoot(browser: Any, address: str, user: tuple[str, str], options: argparse.Namespace) -> list[str]:
    """All pictures of one person; returns what was wrong."""
    faults: list[str] = []
    where = [""]
    context = browser.new_context(locale="zh-CN", viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    sign_in(page, address, *user)
    pages = {view_of(path) or path: path for path in options.paths} or discover(page, address, ["/", "/ui/patterns/"])
    if "figures:map" in pages:
        pages["wall"] = pages["figures:map"] + "?wall=1"
    watch(page, faults, where)
    for language in options.lang or LANGUAGES:
        context.add_cookies([{"name": "heli-language", "value": language, "url": address}])
        for width in options.width or (*WIDTHS, PAPER):
            page.emulate_media(media="print" if width == PAPER else "screen")
            for name, path in pages.items():
                is_wall = name == "wall"
                page.set_viewport_size(WALL if is_wall else {"width": width, "height": 900})
                where[0] = f"{path} {width} {language}"
                page.goto(address + path)
                settle(page)
                faults += [f"{where[0]}: {fault}" for fault in wrong_on(page, WALL["width"] if is_wall else width)]
                file = f"{user[0]}-{name.replace(':', '-')}-{'print' if width == PAPER else width}-{language}.png"
                page.screenshot(path=str(OUT / file), full_page=True)
    context.close()
    print(f"{user[0]}: {len(pages)} pages", file=sys.stderr)
    return faults


def wrong_on(page: Any, width: int) -> list[str]:
    """What may be said against a page without looking at it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"] if width != PAPER else []
    said = [f"{violation['id']}: {violation['nodes'][0]['html'][:200]}" for violation in found]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        said.append("the page is wider than the screen")
    return said


def settle(page: Any) -> None:
    """Wait until maps and charts have drawn."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """async () => {
            const drawn = [...document.querySelectorAll("heli-map, heli-chart")].map(async (element) => {
                await customElements.whenDefined(element.localName);
                await element.settled;
                await element.view?.map?.once("idle");
            });
            await Promise.race([Promise.all(drawn), new Promise((enough) => setTimeout(enough, 8000))]);
        }"""
    )
    page.wait_for_timeout(400)


def main() -> None:
    """Serve, sign in, look at everything, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", metavar="path", help="only these addresses (every page when none is given)")
    parser.add_argument("--url", help="a running demo, instead of one started here")
    parser.add_argument(
        "--user", action="append", help="a demo account; the first on the sign-in page when none is given"
    )
    parser.add_argument("--lang", action="append", choices=LANGUAGES)
    parser.add_argument("--width", action="append", type=int)
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()

    chromium = os.environ.get("HELI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        raise SystemExit("Chromium is missing: apt-get install chromium fonts-noto-cjk, or set HELI_CHROMIUM")
    if node := shutil.which("node"):
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", node)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    import django
    from playwright.sync_api import sync_playwright

    django.setup()
    OUT.mkdir(parents=True, exist_ok=True)
    server = (
        contextlib.nullcontext(options.url.rstrip("/")) if options.url else served(options.port, ROOT / "var" / "demo")
    )
    faults: list[str] = []
    with server as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        known = accounts_on(browser.new_page(), address)
        for name in options.user or list(known)[:1]:
            if name not in known:
                raise SystemExit(f"no demo account {name}; there are {', '.join(known)}")
            faults += shoot(browser, address, (name, known[name]), options)
        browser.close()
    print("\n".join(dict.fromkeys(faults)) or f"nothing wrong; pictures in {OUT}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
