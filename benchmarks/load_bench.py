"""Measure `heli serve` under load: 20 people of a province opening pages, by locust, on this machine alone.

    python benchmarks/load_bench.py [--people 20] [--seconds 60] [--villages 20000] [--districts 40] [--port 8765]

Builds the register of `province_bench.py` with a campaign in its first district and an account for each person (auditors of the
province, officers of districts and towns), serves it with two web processes as `heli serve` does, and lets locust open the mix
of `load/locustfile.py`: each person a page every one to three seconds. Count and time are bounded, only 127.0.0.1 is used;
sign-in is no part of it. Goal: p95 of all pages at most 1.5 s on two cores.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MOST_PEOPLE, MOST_SECONDS = 100, 600
GOAL_MS = 1_500
STARTS_WITHIN_S = 120


def people(auditor: Any, districts: list[int], count: int) -> list[dict[str, Any]]:
    """As many people as they open pages: a session each, and the places, districts and the campaign within their reach.

    One in five audits the province, two are officers of a district, two of a town; every second of them in the first district,
    where the campaign runs.
    """
    import figures_bench as base
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from heli.accounts import services as accounts
    from heli.campaigns.models import Campaign
    from heli.kernel.access import SYSTEM
    from heli.places import queries
    from heli.places.models import PlaceVersion
    from heli.places.types import Level

    campaign = Campaign.objects.get()
    standing = PlaceVersion.objects.filter(valid_to=None)
    chance = random.Random(base.SEED)
    found = []
    for number in range(count):
        user, own = auditor, districts
        if number % 5:
            own = [districts[0] if number % 2 else districts[number % len(districts)]]
            role, place = "district_officer", own[0]
            if number % 5 > 2:
                role, place = "town_officer", queries.towns_of(own[0], base.RUN_ON)[0].id
            user, _password = accounts.add_user(
                actor=SYSTEM,
                username=f"bench{number}",
                name=f"bench{number}",
                place_id=own[0],
                password="a long one of benches",
            )
            accounts.grant_role(actor=SYSTEM, user=user, role=role, on=base.BEGIN, place_id=place)
        visitor = Client()
        visitor.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        reached = standing.filter(district_id__in=own)
        if number % 5 > 2:
            reached = standing.filter(parent_id=place)
        villages = reached.filter(place__level=Level.VILLAGE).values_list("place__public_id", flat=True)
        opened = standing.filter(place_id__in=own).values_list("place__public_id", flat=True)
        found.append(
            {
                "session": visitor.cookies[settings.SESSION_COOKIE_NAME].value,
                "places": chance.sample(sorted(villages), min(200, len(villages))),
                "districts": [] if number % 5 > 2 else sorted(opened),
                "board": reverse("campaigns:campaign", args=[campaign.public_id])
                if campaign.district_id in own
                else "",
            }
        )
    return found


def serve(port: int) -> subprocess.Popen[bytes]:
    """`heli serve`, answering."""
    code = "from heli.config.cli import main; main()"
    server = subprocess.Popen([sys.executable, "-c", code, "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    begun = time.monotonic()
    while server.poll() is None and time.monotonic() - begun < STARTS_WITHIN_S:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2):
                return server
        except OSError:
            time.sleep(0.3)
    server.terminate()
    raise SystemExit("heli serve did not start")


def measured(
    given: dict[str, Any], *, port: int, people_count: int, seconds: int, folder: Path
) -> list[dict[str, str]]:
    """Locust's own statistics, a row a page and one for all."""
    found = [shutil.which("locust"), str(Path(sys.executable).with_name("locust"))]
    locust = next((path for path in found if path and Path(path).exists()), None)
    if locust is None:
        raise SystemExit("locust is not installed (dependency group bench)")
    command = [
        locust, "-f", str(HERE / "load" / "locustfile.py"), "--headless", "--only-summary", "--users", str(people_count),
        "--spawn-rate", "5", "--run-time", f"{seconds}s", "--host", f"http://127.0.0.1:{port}", "--csv", str(folder / "load"),
        "--reset-stats", "--stop-timeout", "5",
    ]  # fmt: skip
    environment = {**os.environ, "HELI_LOAD": json.dumps(given)}
    subprocess.run(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=seconds + 60,
        check=False,
    )
    with (folder / "load_failures.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            print(f"{row['Occurrences']} × {row['Name']}: {row['Error']}")
    with (folder / "load_stats.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def main() -> None:
    """Build, serve, measure, stop, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--villages", type=int, default=20_000)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    count, seconds = min(options.people, MOST_PEOPLE), min(options.seconds, MOST_SECONDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(
            HELI_VAR=name,
            HELI_SECOND_FACTOR="0",
            HELI_HOSTS="127.0.0.1,testserver",
            HELI_SECRET_KEY="of this bench alone",
        )
        import figures_bench as base
        import province_bench as province

        base.prepare()
        from django.conf import settings
        from django.db import connections

        auditor, districts = province.build(options.villages, options.districts)
        given = {"cookie": settings.SESSION_COOKIE_NAME, "people": people(auditor, districts, count)}
        connections.close_all()
        load = os.getloadavg()[0]
        os.environ["PYTHONPATH"] = str(base.ROOT / "src")
        server = serve(options.port)
        try:
            rows = measured(given, port=options.port, people_count=count, seconds=seconds, folder=folder)
        finally:
            server.terminate()
            server.wait(60)
    from rich.console import Console
    from rich.table import Table

    title = f"{count} people, {seconds} s, {os.cpu_count()} cores, load {load:.1f} before the run; goal: p95 of all ≤ {GOAL_MS} ms"
    table = Table("page", "opened", "failed", "a second", "p50 ms", "p95 ms", "p99 ms", title=title)
    for row in rows:
        table.add_row(
            row["Name"],
            row["Request Count"],
            row["Failure Count"],
            f"{float(row['Requests/s']):.1f}",
            row["50%"],
            row["95%"],
            row["99%"],
        )
    Console(width=120, highlight=False).print(table)


if __name__ == "__main__":
    main()
