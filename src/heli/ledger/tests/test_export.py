"""Books recounted by others: random vouchers, closes and reversals leave journals that hledger accepts, equal to the fen."""

import json
import os
import shutil
import subprocess
import tempfile
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.ledger.catalogues import account_classes, export_roots
from heli.ledger.queries.books import balances
from heli.ledger.rules.books import Draw
from heli.ledger.rules.export import BEANCOUNT, HLEDGER, ExportLine, write_journal
from heli.ledger.testing import BOOK_DAY, books_of, opened, posted_voucher

HLEDGER_PROGRAM = shutil.which("hledger")
needs_hledger = pytest.mark.skipif(
    HLEDGER_PROGRAM is None and not os.environ.get("HELI_CI"), reason="hledger (apt-get install hledger) is not here"
)
LINES = [
    ExportLine("h1", date(2026, 1, 2), "2026-1", 'rent; "May" =5', "10201", 2_500),
    ExportLine("h1", date(2026, 1, 2), "2026-1", 'rent; "May" =5', "501", -2_500),
    ExportLine("h1", date(2026, 1, 3), "2026-2", "water", "513", 1),
    ExportLine("h1", date(2026, 1, 3), "2026-2", "water", "10201", -1),
]


def journal(lines: list[ExportLine], form: str) -> str:
    roots = export_roots("zh" if form == HLEDGER else "en")
    return "\n".join(write_journal(lines, form, account_classes(), roots)) + "\n"


def test_a_journal_declares_what_it_uses_and_asserts_the_last_of_each_account() -> None:
    assert journal(LINES, HLEDGER).split("\n") == [
        "commodity 1000.00 CNY",
        "account 收入:Hh1:501",
        "account 费用:Hh1:513",
        "account 资产:Hh1:10201",
        "",
        "2026-01-02 (2026-1) rent   May   5",
        "    资产:Hh1:10201  25.00 CNY",
        "    收入:Hh1:501  -25.00 CNY = -25.00 CNY",
        "",
        "2026-01-03 (2026-2) water",
        "    费用:Hh1:513  0.01 CNY = 0.01 CNY",
        "    资产:Hh1:10201  -0.01 CNY = 24.99 CNY",
        "",
    ]
    told = journal(LINES, BEANCOUNT)
    assert "2026-01-02 open Assets:Hh1:10201 CNY" in told
    assert "2026-01-04 balance Assets:Hh1:10201  24.99 ~ 0.00 CNY" in told
    assert '2026-01-02 * "2026-1" "rent   May   5"' in told


@pytest.mark.django_db
def test_the_command_prints_the_books_of_a_holder(world: World) -> None:
    opened(world.a, {"102": 1_000, "301": -1_000})
    posted_voucher(world.a, Draw("513", 5), Draw("102", -5), on=BOOK_DAY)
    out = StringIO()
    call_command("ledger", "export", books_of(world.a).public_id, "--to", "2026-02-01", stdout=out)
    assert "资产:H" in out.getvalue()
    assert "费用" not in out.getvalue()
    with pytest.raises(CommandError, match="nobody") as failed:
        call_command("ledger", "export", "nobody")
    assert failed.value.returncode == 2


PARTS = st.tuples(st.sampled_from(["102", "24101", "501", "152"]), st.integers(-(10**9), 10**9).filter(bool))
VOUCHERS = st.lists(st.tuples(st.integers(0, 400), st.lists(PARTS, min_size=1, max_size=4)), min_size=1, max_size=12)


@needs_hledger
@settings(max_examples=15)
@given(VOUCHERS)
def test_hledger_counts_random_books_to_the_fen(drawn: list[tuple[int, list[tuple[str, int]]]]) -> None:
    lines, sums = [], dict[str, int]()
    for number, (day, parts) in enumerate(sorted(drawn, key=lambda one: one[0]), 1):
        on = date.fromordinal(date(2026, 1, 1).toordinal() + day)
        for account, fen in [*parts, ("311", -sum(fen for _account, fen in parts))]:
            lines.append(ExportLine(f"h{number % 2}", on, f"{on.year}-{number}", "某; 事", account, fen))
            key = f"h{number % 2}:{account}"
            sums[key] = sums.get(key, 0) + fen
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.journal"
        path.write_text(journal(lines, HLEDGER), encoding="utf-8")
        assert counted(path) == {key: fen for key, fen in sums.items() if fen}


@needs_hledger
@pytest.mark.django_db
def test_hledger_counts_what_heli_counts(world: World, tmp_path: Path) -> None:
    opened(world.a, {"102": 1_000_000, "241": -400_000, "301": -600_000})
    for on, draws in (
        (date(2026, 1, 5), (Draw("241", 12_345), Draw("102", -12_345))),
        (date(2026, 1, 4), (Draw("102", 99), Draw("501", -99))),
    ):
        posted_voucher(world.a, *draws, on=on)
    path = tmp_path / "books.journal"
    with path.open("w", encoding="utf-8") as out:
        call_command("ledger", "export", books_of(world.a).public_id, stdout=out)
    holder = books_of(world.a)
    assert counted(path) == {f"{holder.public_id}:{code}": fen for code, fen in balances(holder, BOOK_DAY).items()}


def counted(path: Path) -> dict[str, int]:
    """{holder:account: fen} as hledger counts them, after its strictest check."""
    _hledger(path, "check", "-s", "ordereddates")
    rows, _total = json.loads(_hledger(path, "balance", "--flat", "-N", "-O", "json"))
    return {name.split(":H")[1]: sum(map(_fen, amounts)) for name, _short, _depth, amounts in rows}


def _hledger(path: Path, *command: str) -> str:
    assert HLEDGER_PROGRAM
    given: dict[str, Any] = {"env": {**os.environ, "LC_ALL": "C.UTF-8"}, "capture_output": True, "text": True}
    run = subprocess.run([HLEDGER_PROGRAM, "-f", str(path), *command], check=False, **given)
    assert run.returncode == 0, run.stderr
    return str(run.stdout)


def _fen(amount: dict[str, Any]) -> int:
    counted_in = amount["aquantity"]
    return int(counted_in["decimalMantissa"] * 10 ** (2 - counted_in["decimalPlaces"]))
