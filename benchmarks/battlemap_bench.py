"""Measure the battle map of a province: shapes and values of 20,000 places on the server, the first paint in a browser.

    python benchmarks/battlemap_bench.py [--villages 20000] [--districts 40] [--repeat 3] [--no-browser]

Builds the register of `figures_bench.py` with an outline for every village: cells of a grid with wavy borders that neighbours
share, some fifty points each. Times are wall clock; of the server's work medians of `--repeat` warm runs. The browser is
headless Chromium without a graphics card, which draws WebGL in software.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import figures_bench as base

POINTS = 12
"""Points along each side of a cell."""
LONGEST_S = 240
WEST, SOUTH, CELL = 103.0, 27.0, 0.03


def give_outlines(villages: int) -> int:
    """A cell for every village that stands today, neighbours sharing their borders; how many points there are."""
    import numpy as np
    import shapely

    from heli.audit.services import writing
    from heli.kernel.access import SYSTEM
    from heli.places.models import Outline, PlaceVersion

    standing = list(
        PlaceVersion.objects.filter(place__level="village", valid_to=None).order_by("parent_id", "place_id")
    )
    across = int(np.ceil(np.sqrt(len(standing))))
    rng = np.random.default_rng(base.SEED)
    noise = rng.normal(0, CELL / 40, (2, across + 1, across + 1, POINTS + 1, 2))

    def side(which: int, x: int, y: int) -> Any:
        """A wavy border between two corners, the same from both sides: 0 eastwards, 1 northwards."""
        steps = np.linspace(0, 1, POINTS + 1)
        line = np.column_stack([steps, steps * 0] if which == 0 else [steps * 0, steps])
        wave = noise[which, x, y].copy()
        wave[[0, -1]] = 0
        return (line + np.array([x, y])) * CELL + np.array([WEST, SOUTH]) + wave

    shapes = []
    for at in range(len(standing)):
        x, y = at % across, at // across
        ring = [side(0, x, y)[:-1], side(1, x + 1, y)[:-1], side(0, x, y + 1)[::-1][:-1], side(1, x, y)[::-1]]
        shapes.append(shapely.Polygon(np.vstack(ring)))
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    with writing(SYSTEM, "places.import") as act:
        act.after = {"outlines": len(shapes)}
        rows = [
            Outline(wkb=shapely.to_wkb(shape), lon=lon, lat=lat, area_dm2=1, perimeter_m=1)
            for shape, (lon, lat) in zip(shapes, middles.tolist(), strict=True)
        ]
        made = Outline.objects.bulk_create(rows, batch_size=2_000)
        for version, outline in zip(standing, made, strict=True):
            version.outline_id = outline.pk
        PlaceVersion.objects.bulk_update(standing, ["outline"], batch_size=500)
    return int(shapely.get_num_coordinates(shapes).sum())


def reader(districts: list[int]) -> Any:
    """Somebody who reads every district."""
    from heli.accounts import services
    from heli.kernel.access import SYSTEM

    user, _password = services.add_user(
        actor=SYSTEM, username="bench", name="bench", place_id=districts[0], password="a long one"
    )
    for district in districts:
        services.grant_role(actor=SYSTEM, user=user, role="auditor", on=base.BEGIN, place_id=district)
    return user


def busy(pids: set[int]) -> float:
    """Processor seconds that these processes have used so far."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def browsers() -> set[int]:
    """The processes of the browser that this process started, its children's children included."""
    above = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            above[int(path.parent.name)] = int(path.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, frontier = set(), {os.getpid()}
    while frontier:
        frontier = {pid for pid, parent in above.items() if parent in frontier}
        found |= frontier
    return found


def first_paint(user: Any, path: str) -> dict[str, float]:
    """Seconds from opening the page until the table is there, the map has its shapes, and it is drawn; a live question after."""
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.test import Client
    from playwright.sync_api import sync_playwright

    class Silent(WSGIRequestHandler):
        def log_message(self, *_args: Any) -> None:
            """Nothing."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    visitor = Client()
    visitor.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    url = f"http://127.0.0.1:{server.server_port}"
    name = settings.SESSION_COOKIE_NAME
    found = {}
    with sync_playwright() as playwright:
        path_of = next((p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if os.path.exists(p)), None)
        browser = playwright.chromium.launch(
            executable_path=path_of, args=["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": visitor.cookies[name].value, "url": url}])
        page = context.new_page()
        for turn in ("first visit", "second visit, shapes kept"):
            start, spent = time.perf_counter(), time.process_time() + busy(browsers())
            page.goto(url + path, timeout=120_000)
            found[f"{turn}: page and table"] = time.perf_counter() - start
            wait = "() => document.querySelector('[data-battlemap]').dataset.shown && document.getElementById('battlemap').loaded"
            while not page.evaluate(wait):
                if time.perf_counter() - start > LONGEST_S:
                    raise SystemExit(f"the map was not drawn within {LONGEST_S} s")
                time.sleep(0.05)
            page.evaluate(
                "() => new Promise((done) => { const map = document.getElementById('battlemap').view.map;"
                " const look = () => (!map || (map.loaded() && !map.isMoving()) ? done() : setTimeout(look, 20)); look(); })"
            )
            found[f"{turn}: map drawn"] = time.perf_counter() - start
            # On a machine shared with others this says more than the clock; two cores draw it in half of it at best.
            found[f"{turn}: processor seconds, server and browser"] = time.process_time() + busy(browsers()) - spent
        browser.close()
    server.shutdown()
    return found


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=20_000)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    os.environ["HELI_DEMO"] = "1"
    # A quarter of the villages is founded by the reform in place of half of them: so many stand in the end.
    base.prepare()
    districts = base.build(options.villages * 4 // 3, options.districts)
    points = give_outlines(options.villages)
    user = reader(districts)
    from django.conf import settings
    from django.utils import timezone
    from rich.console import Console
    from rich.table import Table

    from heli.accounts.queries import actor_of
    from heli.figures import shapes
    from heli.figures.views import mapdata
    from heli.figures.views.mapstate import read_state

    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR = ["*"], False
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # Playwright keeps an event loop in the thread that asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    query = {"district": "all", "by": "places.registered_population"}
    request: Any = SimpleNamespace(actor=actor_of(user), GET=query)
    path = "/figures/map/?" + "&".join(f"{key}={value}" for key, value in query.items())

    def state() -> Any:
        found = read_state(request, timezone.localdate())
        assert found is not None
        return found

    def values() -> str:
        return json.dumps(mapdata.values_of(state()), ensure_ascii=False, separators=(",", ":"))

    def drawn() -> str:
        here = state()
        return shapes.geojson_text(mapdata.shapes_of(here), here.feet)

    def outlines() -> str:
        around = read_state(
            SimpleNamespace(actor=request.actor, GET={**query, "show": "districts"}), timezone.localdate()
        )
        return shapes.geojson_text(mapdata.shapes_of(around), around.feet)

    shown = len(state().feet)
    console = Console(width=120, highlight=False)
    table = Table("what", "processor seconds", "", title=f"{shown:,} places, {points:,} points of outlines")
    for what, work in (
        ("values: classes, numbers, legend", values),
        ("shapes simplified and written", drawn),
        ("outlines of the districts around them", outlines),
        ("shapes asked for again: their digest", lambda: state().digest),
    ):
        _seconds, cpu, answer = base.timed(work, options.repeat)
        size = f"{len(answer.encode()) / 1e6:.2f} MB, {len(gzip.compress(answer.encode(), 6)) / 1e6:.2f} MB packed"
        table.add_row(what, f"{cpu:.2f}", size)
    console.print(table)
    if not options.no_browser:
        table = Table("in the browser", "seconds")
        for what, seconds in first_paint(user, path).items():
            table.add_row(what, f"{seconds:.2f}")
        console.print(table)


if __name__ == "__main__":
    main()
