"""`heli ledger` and `heli swap`: JSON out, and words with exit status 2 for a file that is no such form."""

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


SWAP = {
    "form": "heli.swap/1",
    "unit_m2": 100,
    "quota_units": [3, 2],
    "value_fen": [200, 100],
    "capacity_units": [2, 4],
    "price_fen_per_unit": [100, 70],
    "too_far": [],
}


def test_a_swap_is_solved_and_the_solver_prints_nothing_of_its_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "swap.json"
    path.write_text(json.dumps(SWAP), encoding="utf-8")
    call_command("swap", "solve", str(path))
    told = json.loads(capfd.readouterr().out)
    assert (told["status"], told["least_gain_bp"], told["pairs"]) == ("optimal", 3500, 3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"form": "heli.swap/2"}, "swap.json: form: "),
        ({"speed": 1}, "swap.json: speed: "),
        ({"value_fen": [200, 0]}, r"swap.json: value_fen\[1\]: .* — give a value of at least 1"),
    ],
)
def test_a_file_that_is_no_swap_ends_with_status_two_and_words(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    path = tmp_path / "swap.json"
    path.write_text(json.dumps(SWAP | change), encoding="utf-8")
    with pytest.raises(CommandError, match=said) as failed:
        call_command("swap", "solve", str(path))
    assert failed.value.returncode == 2
