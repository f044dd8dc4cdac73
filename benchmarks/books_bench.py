"""Measure the books of a county: 1,038,813 postings of 254 holders; openings, turnover, closing, a page, a voucher.

    python benchmarks/books_bench.py [--postings 1038813] [--holders 254] [--repeat 3] [--hledger]

Builds its own database (SQLite under var/, or DATABASE_URL where that names a database whose name ends in _bench). Peers of the
same run: the bare SQL of the same sums, and with `--hledger` Debian's hledger on the exported journal (minutes, and gigabytes).
Times are processor time of this process, medians of `--repeat` warm runs; of PostgreSQL the server's part is not in them.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "var" / "books_bench.sqlite3"
BEGIN = date(2024, 1, 1)
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
DAYS = 900
ACCOUNTS = ("10101", "10201", "112", "121", "151", "152", "211", "241", "301", "311", "501", "503", "511", "513", "514")
SQL = (
    "SELECT collective_id, account, SUM(CASE WHEN \"on\" < '2026-01-01' THEN fen ELSE 0 END), "
    "SUM(CASE WHEN \"on\" >= '2026-01-01' AND fen > 0 THEN fen ELSE 0 END), SUM(fen) FROM ledger_voucherline "
    "WHERE \"on\" <= '2026-06-30' GROUP BY collective_id, account ORDER BY collective_id, account"
)


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


def build(postings: int, holders: int) -> Any:
    """Holders with two-line vouchers, as if posted; the holder that is asked about, with its people."""
    from django.db import transaction

    from heli.accounts.testing import build_world
    from heli.audit.guard import allowed
    from heli.bodies.models import Body
    from heli.ledger.models import Collective, Voucher, VoucherLine
    from heli.ledger.testing import books_of

    world = build_world()
    first = books_of(world.a)
    rng = random.Random(13)
    with transaction.atomic(), allowed():
        Collective.objects.filter(pk=first.pk).update(begins_on=BEGIN)
        bodies = Body.objects.bulk_create(
            Body(public_id=f"bench{n:07}", name=f"合作社{n}", kind=first.body.kind, place_id=first.body.place_id,
                 valid_from=BEGIN)
            for n in range(holders - 1)
        )  # fmt: skip
        others = Collective.objects.bulk_create(
            Collective(public_id=f"holder{n:06}", body=body, begins_on=BEGIN) for n, body in enumerate(bodies)
        )
        keys = [first.pk, *(one.pk for one in others)]
        count, numbers = postings // 2, dict[tuple[int, int], int]()
        for start in range(0, count, 50_000):
            vouchers, sums = [], []
            for at in range(start, min(count, start + 50_000)):
                holder = keys[at % holders]
                on = BEGIN + timedelta(days=at * DAYS // count)
                number = numbers[holder, on.year] = numbers.get((holder, on.year), 0) + 1
                fen = rng.randint(100, 5_000_000)
                vouchers.append(
                    Voucher(public_id=f"v{at:011}", collective_id=holder, year=on.year, number=number, status="posted", on=on,
                            text="收支", debit_fen=fen, credit_fen=fen, moves_money=False, papers=1, made_on=on, checked_on=on)
                )  # fmt: skip
                sums.append(fen)
            Voucher.objects.bulk_create(vouchers, batch_size=2_000)
            lines = []
            for voucher, fen in zip(vouchers, sums, strict=True):
                debit, credit = rng.sample(ACCOUNTS, 2)
                for account, sign in ((debit, 1), (credit, -1)):
                    given = {"voucher_id": voucher.pk, "collective_id": voucher.collective_id, "on": voucher.on}
                    lines.append(VoucherLine(account=account, fen=sign * fen, **given))
            VoucherLine.objects.bulk_create(lines, batch_size=5_000)
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


def bare() -> list[Any]:
    """The same sums without Heli."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SQL)
        rows: list[Any] = cursor.fetchall()
        return rows


def hledger(path: Path) -> str:
    """Its check and balance of the exported journal, in processor seconds."""
    program = shutil.which("hledger")
    if program is None:
        return "not here"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    given = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(
        [program, "-f", str(path), "balance", "-N", "-O", "csv"], env=given, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{seconds:.1f} s, {after.ru_maxrss / 1_000_000:.1f} GB"


def main() -> None:
    """Build and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=1_038_813)
    parser.add_argument("--holders", type=int, default=254)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--hledger", action="store_true")
    given = parser.parse_args()
    prepare()
    begun = time.process_time()
    world = build(given.postings, given.holders)
    print(f"built in {time.process_time() - begun:.0f} s")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from heli.ledger.management.commands.ledger import Command
    from heli.ledger.queries.books import turnovers
    from heli.ledger.rules.books import Draw
    from heli.ledger.testing import books_of, posted_voucher

    rows = turnovers(None, FIRST, LAST)
    assert [(row.opening, row.debit, row.closing) for row in rows] == [tuple(row[2:]) for row in bare()]
    ours, theirs = median(lambda: turnovers(None, FIRST, LAST), given.repeat), median(bare, given.repeat)
    print(f"opening, turnover, closing of {given.holders} holders: {ours:.0f} ms [500]; bare SQL {theirs:.0f} ms")
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    client, page = world.client("bookkeeper"), f"/property/books/{books_of(world.a).public_id}/"
    assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    print(
        f"one holder's page: {median(lambda: client.get(page), given.repeat):.0f} ms [60], {len(asked)} statements [12]"
    )
    on = BEGIN + timedelta(days=DAYS)

    def voucher() -> None:
        posted_voucher(world.a, Draw("112", 100), Draw("501", -100), on=on, today=on)

    print(f"a voucher made, checked and posted: {median(voucher, max(5, given.repeat)):.0f} ms [25]")
    if given.hledger:
        path = FILE.with_suffix(".journal")
        with path.open("w", encoding="utf-8") as out:
            from heli.ledger.models import Collective

            Command(stdout=out)._export(
                list(Collective.objects.values_list("public_id", flat=True)), "hledger", date.max
            )
        print(f"hledger balance of the same journal: {hledger(path)}")


if __name__ == "__main__":
    main()
