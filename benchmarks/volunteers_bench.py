"""Measure volunteering: 100,000 entries of points; a member's account, its certificate, the sums of a district, one confirmation.

    python benchmarks/volunteers_bench.py [--entries 100000] [--members 600] [--repeat 5]

Builds its own database (SQLite under var/, or DATABASE_URL where that names a database whose name ends in _bench). Two members are
asked: one of the many, and one who alone has as many entries again. Times are processor time of this process, medians of
`--repeat` warm runs; of PostgreSQL the server's part is not in them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "volunteers_bench.sqlite3"
BEGIN, AT = date(2024, 1, 1), datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 780


def prepare() -> None:
    """Point Django at the benchmark's own database."""
    if not os.environ.get("DATABASE_URL", "").endswith("_bench"):
        FILE.parent.mkdir(exist_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{FILE}"
        FILE.unlink(missing_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def build(entries: int, members: int) -> Any:
    """Members with entries over two years, as if confirmed: `entries` shared by all, and as many again of one."""
    from django.db import transaction

    from heli.accounts.models import User
    from heli.accounts.testing import build_world
    from heli.audit.guard import allowed
    from heli.points.models import Credit, Member, PointsEntry
    from heli.points.services import month_of
    from heli.points.testing import member

    world = build_world()
    few, many = member(world.a, "grid_worker"), member(world.a, "auditor")
    half = world.a
    given = {"district_id": half.district.pk, "home_id": half.village.pk, "consented_on": BEGIN}
    where = {"district_id": half.district.pk, "place_id": half.village.pk, "town_id": half.town.pk}
    confirmer = half.users["town_officer"]
    with transaction.atomic(), allowed():
        users = User.objects.bulk_create(User(username=f"m{n}", name=f"m{n}") for n in range(members - 1))
        others = Member.objects.bulk_create(
            Member(public_id=f"m{n:011}", user=user, **given) for n, user in enumerate(users)
        )
        holders = [few, *others]
        for start in range(0, 2 * entries, 20_000):
            lines, owners = [], []
            for at in range(start, min(2 * entries, start + 20_000)):
                own = many if at >= entries else holders[at % len(holders)]
                act = ("shift", "skill")[at % 2]
                lines.append(
                    PointsEntry(public_id=f"e{at:011}", earner="member", act=act, on=BEGIN + timedelta(days=at % DAYS), minutes=120,
                                points=4, proof="志愿岗位", source=f"claim:{at}", confirmed_by=confirmer,
                                confirmed_by_name="x", confirmed_at=AT, **where)
                )  # fmt: skip
                owners.append(own)
            PointsEntry.objects.bulk_create(lines, batch_size=2_000)
            Credit.objects.bulk_create(
                (
                    Credit(entry=one, member=own, act=one.act, month=month_of(one.on), points=4, minutes=120,
                           earner_id=own.user_id, confirmed_by=confirmer)
                    for one, own in zip(lines, owners, strict=True)
                ), batch_size=2_000,
            )  # fmt: skip
    return world


def median(do: Callable[[], object], repeat: int) -> float:
    """Milliseconds of processor time."""
    do()
    taken = []
    for _run in range(repeat):
        begun = time.process_time()
        do()
        taken.append(time.process_time() - begun)
    return 1000 * statistics.median(taken)


def main() -> None:
    """Build and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=600)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    prepare()
    begun = time.process_time()
    world = build(given.entries, given.members)
    print(f"built in {time.process_time() - begun:.0f} s")
    from django.conf import settings
    from django.db import connection

    from heli.points.testing import claim, confirmed

    settings.ALLOWED_HOSTS, settings.SECOND_FACTOR = ["testserver"], False

    def asked(what: str, role: str, path: str, goal: str, method: str = "get") -> None:
        ask = getattr(world.client(role), method)
        assert ask(path).status_code == 200
        found: list[str] = []

        def counted(execute: Any, sql: str, *rest: Any) -> Any:
            found.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(counted):
            ask(path)
        print(f"{what}: {median(lambda: ask(path), given.repeat):.0f} ms{goal}, {len(found)} statements [12]")

    each = given.entries // given.members
    asked(f"account of a member with {each:,} of {2 * given.entries:,} entries", "grid_worker", "/points/", " [40]")
    asked(f"account of a member with {given.entries:,}", "auditor", "/points/", " [40]")
    asked("certificate of the first, as PDF", "grid_worker", "/points/certificate/", "", "post")
    asked("sums of the district", "district_officer", f"/points/d/{world.a.district.public_id}/", "")
    print(f"hours claimed and confirmed: {median(lambda: confirmed(world.a, claim(world.a)), given.repeat):.0f} ms")


if __name__ == "__main__":
    main()
