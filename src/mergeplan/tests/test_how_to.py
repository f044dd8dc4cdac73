"""Every command and the program on the page "Plan a merger with the command" run."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mergeplan.cli import app

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[2] / "docs" / "how-to" / "plan-with-the-command.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documents are not part of an installed package")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    shutil.copy(HERE / "county254.json", tmp_path)
    shutil.copy(HERE / "county254.json", tmp_path / "country.json")  # any county will do for the command
    monkeypatch.chdir(tmp_path)
    return PAGE.read_text(encoding="utf-8")


def test_the_commands_run_in_order(page: str) -> None:
    commands = re.findall(r"^\$ mergeplan (.+)$", page, re.MULTILINE)
    assert len(commands) == 9
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command))
        assert result.exit_code == (1 if "--at-most 80" in command else 0), result.output
    assert all(
        Path(name).exists() for name in ("plan.json", "plan149.json", "units.geojson", "mergers.xlsx", "plan.svg")
    )


def test_the_program_runs(page: str) -> None:
    block = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert block is not None
    names: dict[str, object] = {}
    exec(block.group(1), names)
    assert getattr(names["plan"], "objective", None) == 135_710_531
    assert getattr(names["dearest"], "regret", None) == 907_714
