"""Every act that a service writes into the trail has its words: officers read sentences, not names of code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from heli.audit.catalogues import acts

SOURCE = Path(__file__).resolve().parents[1] / "src" / "heli"
WRITERS = {"writing", "record", "record_afterwards"}


def written() -> Iterator[tuple[str, str]]:
    """What calls of the trail's writers name as their act, with the file, where it is a word in place."""
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts or path.name == "testing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name, act = getattr(node.func, "id", getattr(node.func, "attr", "")), node.args[1]
            if name in WRITERS and isinstance(act, ast.Constant):
                yield str(act.value), str(path.relative_to(SOURCE))


def test_each_act_has_words() -> None:
    lacking = {f"{act} ({file})" for act, file in written() if act not in acts().entries}
    assert not lacking, f"write their words into audit/data/acts.toml: {sorted(lacking)}"
