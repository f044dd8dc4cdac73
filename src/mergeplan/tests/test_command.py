"""The command: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mergeplan import dump_json
from mergeplan.cli import app
from mergeplan.tests.drawing import county_raw, draw_county

COUNTY254 = Path(__file__).parent / "county254.json"
run = CliRunner()


@pytest.fixture
def county_file(tmp_path: Path) -> Path:
    path = tmp_path / "county.json"
    path.write_bytes(dump_json(draw_county("abcdef", K=3)))
    return path


def test_solve_writes_a_plan_that_verify_accepts(county_file: Path) -> None:
    out = county_file.with_name("out.json")
    solved = run.invoke(app, ["solve", str(county_file), "--json", str(out), "--explain"])
    assert solved.exit_code == 0, solved.output
    assert "6 → 3 villages" in solved.output
    assert "proven optimal" in solved.output
    checked = run.invoke(app, ["verify", str(county_file), str(out)])
    assert checked.exit_code == 0, checked.output
    assert "The plan stands" in checked.output


def test_verify_refuses_a_tampered_plan(county_file: Path) -> None:
    out = county_file.with_name("out.json")
    run.invoke(app, ["solve", str(county_file), "--json", str(out)])
    raw = json.loads(out.read_text())
    raw["units"][0]["score"] -= 1
    out.write_text(json.dumps(raw))
    assert run.invoke(app, ["verify", str(county_file), str(out)]).exit_code == 1


def test_infeasible_ends_with_one_and_says_why(county_file: Path) -> None:
    result = run.invoke(app, ["solve", str(county_file), "--at-most", "1"])
    assert result.exit_code == 1
    assert "cannot go below 2" in result.output


def test_bad_input_ends_with_two_and_says_what(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"n": 1, "x": [0], "y": [0], "pop": [-1], "area": [1], "perim": [1], "town": [0], "edges": []}')
    result = run.invoke(app, ["solve", str(bad)])
    assert result.exit_code == 2
    assert "pop[0]: -1 is negative" in result.output
    assert run.invoke(app, ["solve", str(tmp_path / "none.json")]).exit_code == 2


def test_the_installed_command_prints_json_alone_on_stdout() -> None:
    command = [sys.executable, "-m", "mergeplan", "solve", str(COUNTY254), "--reduction", "40.95%", "--json", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    plan = json.loads(done.stdout)
    assert (plan["status"], plan["count"], plan["objective"]) == ("optimal", 149, 102647806)


def test_without_t_and_k_the_target_follows_the_request(tmp_path: Path) -> None:
    raw = county_raw("abcdef")
    del raw["T"], raw["K"]
    path, out = tmp_path / "county.json", tmp_path / "out.json"
    path.write_text(json.dumps(raw))
    assert run.invoke(app, ["solve", str(path), "--exactly", "2", "--json", str(out)]).exit_code == 0
    assert json.loads(out.read_text())["T"] == 3000
    checked = run.invoke(app, ["verify", str(path), str(out)])
    assert checked.exit_code == 0, checked.output


def test_the_solver_says_nothing_of_its_own(county_file: Path) -> None:
    """Not even where the integer solver takes over: stdout is for the plan."""
    code = (
        "import sys, mergeplan.partition as p; p.FIRST_LIMIT = p.SEARCH_LIMIT = 1\n"
        f"sys.argv = ['mergeplan', 'solve', {str(county_file)!r}, '--curve', '--json', '-']\n"
        "from mergeplan.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["status"] == "optimal"
    assert not done.stderr.strip()


def test_share_gives_each_district_its_number_and_says_what_it_cannot(tmp_path: Path) -> None:
    for name, letters in (("east", "abcdef"), ("west", "abcd")):
        (tmp_path / f"{name}.json").write_bytes(dump_json(draw_county(letters, K=3)))
    files = [str(tmp_path / f"{name}.json") for name in ("east", "west")]
    written = tmp_path / "shares.json"
    result = run.invoke(app, ["share", *files, "--exactly", "5", "--json", str(written)])
    assert result.exit_code == 0, result.output
    assert "10 → 5 villages" in result.output
    raw = json.loads(written.read_text())
    assert raw["objective"] == raw["bound"] == sum(part["cost"] for part in raw["districts"].values())
    assert sum(part["count"] for part in raw["districts"].values()) == 5
    printed = run.invoke(app, ["share", *files, "--exactly", "5", "--json", "-"])
    assert json.loads(printed.stdout) == raw
    beyond = run.invoke(app, ["share", *files, "--exactly", "1"])
    assert beyond.exit_code == 1
    assert "in all" in beyond.output
