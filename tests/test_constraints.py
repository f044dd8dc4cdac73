"""Every named constraint of the contexts of campaigns is fired by a test of its context."""

from pathlib import Path

import pytest
from django.apps import apps

import heli

HOME = Path(heli.__file__).parent
NAMES = [
    (context, constraint.name)
    for context in ("campaigns", "figures", "records", "notices", "files")
    for model in apps.get_app_config(context).get_models()
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize(("context", "constraint"), NAMES, ids=[name for _context, name in NAMES])
def test_a_test_of_its_context_names_the_constraint(context: str, constraint: str) -> None:
    tests = (HOME / context / "tests").rglob("test_*.py")
    assert any(constraint in path.read_text(encoding="utf-8") for path in tests), f"fire {constraint} in a test"
