"""`mergeplan solve` and `verify` with a file that says its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from mergeplan.cli import app
from mergeplan.tests.questions.test_layout import WORKED

run = CliRunner()


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "layout.json"
    path.write_text(json.dumps({**WORKED, "x": [0, 1, 2, 3], "y": [0, 0, 0, 0]}), encoding="utf-8")
    return path


def test_an_answer_is_written_drawn_and_verified(asked: Path, tmp_path: Path) -> None:
    plan, book, drawn = tmp_path / "plan.json", tmp_path / "plan.xlsx", tmp_path / "plan.geojson"
    arguments = ["solve", str(asked), "--json", str(plan), "--xlsx", str(book), "--geojson", str(drawn)]
    told = run.invoke(app, arguments)
    assert told.exit_code == 0, told.output
    assert "objective 540,000 (proven optimal)" in told.output
    assert json.loads(drawn.read_text(encoding="utf-8"))["features"][0]["geometry"]["coordinates"] == [1, 0]
    assert "xl/worksheets/sheet2.xml" in ZipFile(book).namelist()
    assert "The answer stands" in run.invoke(app, ["verify", str(asked), str(plan)]).output
    answer: dict[str, Any] = json.loads(plan.read_text(encoding="utf-8"))
    plan.write_text(json.dumps({**answer, "objective": 1, "bound": 1}), encoding="utf-8")
    assert run.invoke(app, ["verify", str(asked), str(plan)]).exit_code == 1


def test_exit_codes_tell_infeasible_from_bad_input(asked: Path, tmp_path: Path) -> None:
    tight, bad = tmp_path / "tight.json", tmp_path / "bad.json"
    tight.write_text(json.dumps({**WORKED, "reach": 600}), encoding="utf-8")
    bad.write_text(json.dumps({**WORKED, "form": "mergeplan.other/1"}), encoding="utf-8")
    told = run.invoke(app, ["solve", str(tight), "--json", "-"])
    assert (told.exit_code, json.loads(told.output)["status"]) == (1, "infeasible")
    assert run.invoke(app, ["solve", str(bad)]).exit_code == 2
    assert run.invoke(app, ["solve", str(asked), "--at-most", "3"]).exit_code == 2
