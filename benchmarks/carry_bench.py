"""Measure a merger's books: 254 holders of Qianfeng become 116 and communities, 60,000 items, carried with their proofs.

    python benchmarks/carry_bench.py [--items 60000]

Builds its own database (SQLite under var/, or DATABASE_URL where that names a database whose name ends in _bench). Prints the
processor time of this process, on PostgreSQL also that of its server process where it runs on this machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "carry_bench.sqlite3"
BEGIN, SUCCESSORS_BEGIN = date(2020, 1, 1), date(2020, 5, 1)
VALUE = 1_000_000


def prepare() -> None:
    """Point Django at the benchmark's own database."""
    if not os.environ.get("DATABASE_URL", "").endswith("_bench"):
        FILE.parent.mkdir(exist_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{FILE}"
        FILE.unlink(missing_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heli.config.settings")
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def build(count: int) -> list[Any]:
    """Every village with books, items and an opening; the reform; transfers opened by its events and signed by all three."""
    from django.utils.timezone import now
    from tests.test_acceptance import REFORM, draw_qianfeng, reform
    from tests.test_acceptance_ledger import book, keep_books

    from heli.kernel.access import SYSTEM
    from heli.kernel.ids import new_public_id
    from heli.ledger.models import Collective, CollectiveAsset, Transfer
    from heli.ledger.services.transfers import open_transfers
    from heli.ledger.testing import past_services
    from heli.places.models import Place

    register = draw_qianfeng()
    villages = [key for name, key in register.keys.items() if name.startswith("V")]
    others = [key for name, key in register.keys.items() if name.startswith("C")]
    holders = keep_books(register.district, villages, BEGIN)
    keep_books(register.district, others, BEGIN)
    after = reform(register)
    news = [key for key in after.villages if key not in set(villages)]
    keep_books(register.district, news, SUCCESSORS_BEGIN)
    about = Place.objects.values_list("public_id", flat=True).get(pk=register.district)
    each = [count // len(villages) + (at < count % len(villages)) for at in range(len(villages))]
    given = {"about": about, "district_id": register.district, "status": "listed", "opened_by": "", "opened_at": now()}
    rows = (
        CollectiveAsset(
            public_id=new_public_id(), number=1 + at * 1_000 + number, title="门面房", kind="operating", account="151",
            place_id=place, value_fen=VALUE, **given,
        )
        for at, place in enumerate(villages)
        for number in range(each[at])
    )  # fmt: skip
    with past_services():
        CollectiveAsset.objects.bulk_create(list(rows), batch_size=2_000)
        Collective.objects.filter(pk__in=[one.pk for one in holders]).update(members=500)
    book(holders, BEGIN, {"311": [VALUE * number for number in each]}, money="151")
    book(holders, BEGIN, {"301": [5_000_000] * len(holders)})
    opened = open_transfers(actor=SYSTEM, district_id=register.district, since=REFORM, on=REFORM)
    with past_services():
        Transfer.objects.filter(pk__in=[one.pk for one in opened]).update(
            status="signed", way="at_once", decided_on=REFORM, given_on=REFORM, received_on=REFORM, supervised_on=REFORM
        )
    return list(Transfer.objects.filter(pk__in=[one.pk for one in opened]).order_by("pk"))


def server_seconds() -> float:
    """Processor seconds of the database's process for this connection; 0 where it is not to be seen."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Build, carry, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=60_000)
    given = parser.parse_args()
    prepare()
    begun = time.process_time()
    transfers = build(given.items)
    print(f"built in {time.process_time() - begun:.0f} s")
    from django.db.models import Sum

    from heli.kernel.access import SYSTEM
    from heli.ledger.ledger import TRANSFERS
    from heli.ledger.models import Collective, CollectiveAsset, Transfer, VoucherLine
    from heli.records.services import move

    at = datetime(2020, 5, 7, 4, tzinfo=UTC)
    leads = list({one.event: one for one in reversed(transfers)}.values())
    totals = dict(VoucherLine.objects.values_list("account").annotate(fen=Sum("fen")).order_by())
    members = Collective.objects.aggregate(count=Sum("members"))
    begun, wall, server = time.process_time(), time.monotonic(), server_seconds()
    for one in leads:
        move(actor=SYSTEM, ledger=TRANSFERS, row=one, name="post", on=one.on, at=at)
    taken, waited = time.process_time() - begun, time.monotonic() - wall
    assert not Transfer.objects.exclude(status="posted").exists()
    assert dict(VoucherLine.objects.values_list("account").annotate(fen=Sum("fen")).order_by()) == totals
    assert Collective.objects.aggregate(count=Sum("members")) == members
    carried = CollectiveAsset.objects.filter(holder__isnull=False).count()
    print(
        f"{len(transfers)} holders by {len(leads)} events, {carried} items of {given.items} carried: {taken:.1f} s [6], "
        f"server {server_seconds() - server:.1f} s, {waited:.1f} s by the clock"
    )


if __name__ == "__main__":
    main()
