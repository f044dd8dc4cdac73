"""`heli ledger`: JSON out in the order of the file, and words with exit status 2 for a file that is no such form."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from heli.ledger.testing import carry_case, dividend_case, holder


def run(tmp_path: Path, command: str, form: str, cases: object) -> Any:
    path, out = tmp_path / "cases.json", StringIO()
    path.write_text(json.dumps({"form": form, "cases": cases}), encoding="utf-8")
    call_command("ledger", command, str(path), stdout=out)
    return json.loads(out.getvalue())


def test_cases_are_carried_in_the_order_of_the_file(tmp_path: Path) -> None:
    good, bad = carry_case([holder("v")], ("v", "n", 10_000)), {"id": "bad"}
    told = run(tmp_path, "carry", "heli.carry/1", [good | {"id": "z"}, bad, good])
    assert told["form"] == "heli.carry/1"
    assert [(one["id"], one["status"]) for one in told["results"]] == [
        ("z", "proven"),
        ("bad", "refused"),
        ("t", "proven"),
    ]


def test_dividends_are_shared_in_the_order_of_the_file(tmp_path: Path) -> None:
    good = dividend_case(100, 50)
    told = run(tmp_path, "dividend", "heli.dividend/1", [good | {"id": "z"}, {"id": "bad"}, good | {"income_fen": 0}])
    assert [(one["id"], one["status"]) for one in told["results"]] == [
        ("z", "planned"),
        ("bad", "refused"),
        ("d", "nothing"),
    ]


@pytest.mark.parametrize(("form", "cases"), [("heli.carry/2", []), ("heli.carry/1", {}), ("heli.carry/1", [{}])])
def test_a_file_that_is_no_such_form_ends_with_status_two_and_words(tmp_path: Path, form: str, cases: object) -> None:
    with pytest.raises(CommandError, match=r"cases\.json: ") as failed:
        run(tmp_path, "carry", form, cases)
    assert failed.value.returncode == 2
