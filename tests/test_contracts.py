"""The contracts bite: what they forbid is planted into a copy of the sources, and the lint names it."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))
PLANTED = {
    "heli/risks/figures.py": ("from heli.meetings.models import Meeting", "heli.risks.figures -> heli.meetings.models"),
    "heli/planning/views/joint.py": (
        "from heli.risks.views import risk_list",
        "heli.planning.views.joint -> heli.risks.views",
    ),
    "heli/inquiries/rules.py": ("from django.utils.timezone import localdate", "heli.inquiries.rules -> django"),
}
"""A file, what is planted into it, and how the lint names it: another's rows, another's page, the clock in a rule."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources with what is forbidden in them."""
    root = tmp_path_factory.mktemp("planted")
    only_code = shutil.ignore_patterns("tests", "migrations", "locale", "static", "templates", "data", "__pycache__")
    shutil.copytree(ROOT / "src", root / "src", ignore=only_code)
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    for path, (line, _named) in PLANTED.items():
        with (root / "src" / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    return root


def lint(root: Path, *command: str) -> str:
    """What a checker says of the copy; it must complain."""
    done = subprocess.run(
        [SCRIPTS / command[0], *command[1:]],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_a_foreign_row_a_foreign_page_and_the_clock_in_a_rule_are_named(copy: Path) -> None:
    said = lint(copy, "lint-imports", "--no-cache")
    assert {named for _line, named in PLANTED.values() if named not in said} == set()


@pytest.mark.parametrize("asking", ["datetime.now", "datetime.today", "date.today"])
def test_what_asks_the_clock_without_django_is_named(copy: Path, asking: str) -> None:
    rule = copy / "src/heli/meetings/rules.py"
    rule.write_text(f'"""Rules."""\n\nfrom datetime import date, datetime\n\nTODAY = {asking}()\n', encoding="utf-8")
    assert "TID251" in lint(copy, "ruff", "check", "--no-cache", "--output-format=concise", str(rule))
