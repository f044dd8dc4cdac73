"""`run.py audit`: what is not asked is never called clean; browser modules stand in the bill with their hashes."""

import importlib.util
import json
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CLEAN = {"name": "django", "version": "5.2.8", "vulns": []}
SKIPPED = {"name": "numpy", "skip_reason": "not found"}
HOLE = {"name": "pillow", "version": "11.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["11.1"]}]}


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_tool", ROOT / "tools" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("libraries", "told"),
    [
        ([CLEAN], (0, "1 libraries asked about, 0 known holes")),
        ([CLEAN, HOLE], (1, "pillow 11.0: PYSEC-1, mended in 11.1")),
        ([CLEAN, SKIPPED], (2, "No answer about: numpy")),
        ([SKIPPED], (2, "nothing is known")),
        (None, (2, "cannot be reached from here, so nothing was asked (no way to the index)")),
    ],
)
def test_the_answer_of_the_index_is_told_as_it_is(
    audit: ModuleType, monkeypatch: Any, capsys: Any, libraries: list[Any] | None, told: tuple[int, str]
) -> None:
    out = "" if libraries is None else json.dumps({"dependencies": libraries})
    answer = subprocess.CompletedProcess([], 1, stdout=out, stderr="…\nno way to the index\n")
    monkeypatch.setattr(audit.subprocess, "run", lambda *args, **kwargs: answer)
    assert audit.ask_for_holes() == told[0]
    assert told[1] in capsys.readouterr().out


def test_browser_modules_are_named_with_what_npm_holds_them_to(audit: ModuleType) -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    found = {one["name"]: one for one in audit.browser_modules(lock)}
    assert found["echarts"]["purl"] == f"pkg:npm/echarts@{found['echarts']['version']}"
    assert found["maplibre-gl"]["hashes"][0]["alg"] == "SHA-512"
    assert all(len(one["hashes"][0]["content"]) == 128 for one in found.values())
    assert any(one["purl"].startswith("pkg:npm/%40") for one in found.values()), (
        "names with a scope are written as addresses ask"
    )
