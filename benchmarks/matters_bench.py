"""Measure matters over long lists: list, filters, search, detail, board, a report; beside django-helpdesk 2.6 doing the same.

    DATABASE_URL=postgres://…/matters_bench python benchmarks/matters_bench.py [--matters 100000] [--repeat 15]
        [--peer PYTHON --peer-database URL]

Builds its own database (PostgreSQL; its name ends in _bench): the small world's district, so many matters with twice as many
events and a whistle for every third, nine of ten closed. `--peer` is the Python of an environment that has django-helpdesk 2.6
and psycopg, which is no requirement of Heli; it fills a database of its own with as many tickets and follow-ups and answers the
same questions in the same run. Processor time of a request is that of the process and of its database session together,
medians of `--repeat` warm requests, without parallel workers of the database.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
ITEMS = ("street_lamp", "road_surface", "drainage", "street_trade", "waste_dumping", "manhole", "noise", "elevator")
WORDS = ("路灯不亮", "路面破损", "下水道堵塞", "占道经营", "乱倒垃圾", "井盖破损", "夜间施工", "电梯停运")
SEARCHED = "桂花"
"""One title in fifty has it."""


def prepare() -> None:
    """Point Django at the benchmark's own database, empty."""
    if not os.environ.get("DATABASE_URL", "").endswith("_bench"):
        print("Left out: DATABASE_URL must name a PostgreSQL database whose name ends in _bench.")
        sys.exit(0)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.SECOND_FACTOR = False
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)


def build(matters: int) -> tuple[Any, Any]:
    """The matters; the home half of the small world, and the district officer's client."""
    from django.test import Client

    from heli.accounts.testing import build_world
    from heli.audit.services import writing
    from heli.kernel.access import SYSTEM
    from heli.kernel.ids import new_public_id
    from heli.matters.models import Matter, MatterState, Whistle
    from heli.places.models import Place
    from heli.records.models import Event

    dice = random.Random(1)
    half = build_world().a
    villages = (["岩门村", "大石村", "代市社区"], ["光明村", "水口村"])
    towns = [half.place(name).pk for name in half.towns]
    seats = [(half.place(name).pk, town) for town, names in zip(towns, villages, strict=True) for name in names]
    district: Place = half.district
    today = date.today()
    department = half.bodies["department"].pk
    with writing(SYSTEM, "matters.bench", place_id=district.pk):
        for first in range(0, matters, 5_000):
            rows, events, whistles = [], [], []
            for number in range(first + 1, min(first + 5_000, matters) + 1):
                place, town = dice.choice(seats)
                at = datetime.now(UTC) - timedelta(days=dice.randint(1, 700))
                is_closed = dice.random() < 0.9
                status = MatterState.CLOSED if is_closed else dice.choice(["filed", "whistled", "collected"])
                kind = dice.randrange(len(ITEMS))
                row = Matter(
                    public_id=new_public_id(), about=district.public_id, district_id=district.pk, number=number, place_id=place,
                    town_id=town, status=status, opened_by="x", opened_at=at, item=ITEMS[kind], channel="online", voices=1,
                    title=WORDS[kind] + (SEARCHED if number % 50 == 0 else ""), spot=f"{number % 90}号楼前", text=WORDS[kind] * 8,
                    due_on=None if is_closed else today + timedelta(days=dice.randint(-20, 10)),
                    closed_on=at.date() + timedelta(days=5) if is_closed else None,
                )  # fmt: skip
                rows.append(row)
                stands: dict[str, Any] = {"ledger": "matters", "row": row.public_id, "about": row.about, "at": at}
                stands |= {"district_id": district.pk, "by_name": "x"}
                events += [
                    Event(**stands, did="opened", status="collected"),
                    Event(**stands, did="filed", status=status),
                ]
            Matter.objects.bulk_create(rows, 1_000)
            Event.objects.bulk_create(events, 1_000)
            whistles = [
                Whistle(
                    public_id=new_public_id(), about=row.about, district_id=district.pk, number=row.number // 3 + 1,
                    place_id=row.place_id, town_id=row.town_id, opened_by="x", opened_at=row.opened_at,
                    status="sent" if row.status == "whistled" else "handled", matter=row, title=row.title,
                    body_body_id=department, duty="lead", whistled_on=row.opened_at.date(), days=3,
                    counted="working", due_on=row.due_on or today, answer_due_on=today,
                    handled_on=None if row.status == "whistled" else row.opened_at.date(),
                )
                for row in rows if row.number % 3 == 0
            ]  # fmt: skip
            Whistle.objects.bulk_create(whistles, 1_000)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(half.users["district_officer"])
    return half, client


def spent_by(pid: int) -> float:
    """Seconds of processor time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(work: Callable[[], Any], repeat: int) -> dict[str, float]:
    """Milliseconds of processor time of one call: of the process (median) and of its database session (mean)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    work()
    own, begun = [], spent_by(pid)
    for _time in range(repeat):
        before = time.process_time()
        work()
        own.append(time.process_time() - before)
    database = (spent_by(pid) - begun) / repeat
    with CaptureQueriesContext(connection) as asked:
        work()
    return {"ms": 1000 * (statistics.median(own) + database), "database_ms": 1000 * database, "statements": len(asked)}


def answers(half: Any, client: Any, repeat: int) -> dict[str, dict[str, float]]:
    """Heli's figures by question."""
    from django.urls import reverse

    from heli.matters import services
    from heli.matters.models import Matter
    from heli.matters.testing import LAMP, resident
    from heli.records.testing import district_of

    about = half.district.public_id
    home, matter = reverse("matters:list", args=[about]), Matter.objects.order_by("pk")[1_000]

    def get(address: str) -> Callable[[], Any]:
        def ask() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return ask

    def report() -> None:
        said = services.MatterReport(half.village.pk, LAMP, "street_lamp", "", "")
        services.report(actor=resident(half), about=district_of(half), said=said)

    questions = {
        "list": home, "list, open ones": f"{home}?only=1", "list, one item": f"{home}?f_item=drainage",
        "list, one status": f"{home}?f_status=whistled", "list, searched": f"{home}?q={SEARCHED}",
        "list, searched for nothing": f"{home}?q=无此事项", "list, sorted": f"{home}?sort=-closed_on",
        "list, page 500": f"{home}?page=500", "detail": reverse("matters:row", args=[about, matter.public_id]),
        "board": reverse("matter:board", args=[about]),
    }  # fmt: skip
    found = {name: measure(get(address), repeat) for name, address in questions.items()}
    return found | {"create": measure(report, repeat)}


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--peer", help="the Python of an environment with django-helpdesk 2.6 and psycopg")
    parser.add_argument("--peer-database", default="", help="the peer's own PostgreSQL database")
    asked = parser.parse_args()
    prepare()
    half, client = build(asked.matters)
    found = answers(half, client, asked.repeat)
    peer: dict[str, dict[str, float]] = {}
    if asked.peer:
        given = [
            asked.peer,
            str(Path(__file__).parent / "peers" / "helpdesk.py"),
            str(asked.matters),
            str(asked.repeat),
        ]
        env = {**os.environ, "DATABASE_URL": asked.peer_database, "DJANGO_SETTINGS_MODULE": "", "PYTHONPATH": ""}
        told = subprocess.run(given, env=env, check=True, stdout=subprocess.PIPE, text=True)
        peer = json.loads(told.stdout.splitlines()[-1])
    print(
        f"{asked.matters:,} matters: ms of processor time a request (of it the database), statements; the same of the peer"
    )
    for name, one in found.items():
        beside = f"{peer[name]['ms']:>10,.0f} {peer[name]['statements']:>4.0f}" if name in peer else ""
        print(f"{name:<28} {one['ms']:>8.1f} ({one['database_ms']:.1f}) {one['statements']:>4.0f} {beside}")


if __name__ == "__main__":
    main()
