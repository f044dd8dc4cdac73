"""`heli clock due`: results in order, what is wrong with a case in its result, status two for a file that is no such form."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

DUE = {"id": "a", "from": "2026-02-13", "days": 3, "kind": "working"}
HOURS = {"id": "h", "unit": "hours", "from": "2026-02-13T16:40:00+08:00", "hours": 2}


def run(tmp_path: Path, cases: object, form: str = "heli.clock/1") -> list[dict[str, Any]]:
    path, out = tmp_path / "cases.json", StringIO()
    path.write_text(json.dumps({"form": form, "cases": cases}), encoding="utf-8")
    call_command("clock", "due", str(path), stdout=out)
    told = json.loads(out.getvalue())
    assert told["form"] == "heli.clock/1"
    results: list[dict[str, Any]] = told["results"]
    return results


def test_days_and_hours_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    later = {**DUE, "id": "b", "from": "2026-12-31", "pauses": [["2027-01-01", "2027-01-11"]]}
    assert run(tmp_path, [HOURS, DUE, later]) == [
        {"id": "h", "due": "2026-02-14T09:40:00+08:00", "provisional": False},
        {"id": "a", "due": "2026-02-25", "provisional": False},
        {"id": "b", "due": "2027-01-13", "provisional": True},
    ]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"speed": 1}, "unknown_key", "speed"),
        ({"days": -1}, "too_small", "days"),
        ({"days": 1.5}, "shape", "days"),
        ({"kind": "lunar"}, "shape", "kind"),
        ({"from": "2026-02-30"}, "day", "from"),
        ({"from": "1999-02-13"}, "day_outside_calendar", "on"),
        ({"days": 10**9}, "never_due", "days"),
        ({"pauses": {}}, "pauses", "pauses"),
        ({"pauses": [["2026-02-14"]]}, "pauses", "pauses.0"),
        ({"pauses": [["2026-02-14", None]]}, "day", "pauses.0.1"),
        ({"pauses": [["2026-02-14", "2026-02-13"]]}, "pause_backwards", "pauses.0"),
        ({"unit": "hours", "hours": 2}, "unknown_key", "days"),
    ],
)
def test_what_is_wrong_with_a_case_names_case_field_and_remedy(
    tmp_path: Path, change: dict[str, Any], code: str, field: str
) -> None:
    wrong, right = run(tmp_path, [{**DUE, **change}, {**DUE, "id": "b"}])
    assert (wrong["id"], wrong["due"], wrong["status"], right["due"]) == ("a", None, "refused", "2026-02-25")
    first = wrong["problems"][0]
    assert (first["code"], first["field"], first["source"]) == (code, field, "a")
    assert first["message"]


def test_a_moment_without_its_zone_is_refused(tmp_path: Path) -> None:
    (told,) = run(tmp_path, [{**HOURS, "from": "2026-02-13T16:40:00"}])
    assert told["problems"][0]["code"] == "moment"


def test_a_file_that_is_no_such_form_ends_with_status_two(tmp_path: Path) -> None:
    for cases, form in (([], "heli.clock/2"), ({}, "heli.clock/1"), ([DUE, DUE], "heli.clock/1")):
        with pytest.raises(CommandError, match=r"cases\.json: ") as failed:
            run(tmp_path, cases, form)
        assert failed.value.returncode == 2
