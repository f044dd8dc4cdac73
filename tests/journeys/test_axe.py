"""Nothing that axe-core knows to be wrong, on any page that any role reaches by following links.

The district's officer opens pages at desk width, a village and a grid worker on the phone, each from the first page on;
`run.py shots` asks axe-core on every page of every role. What a picture looks like stays for people.
"""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types

from .conftest import DESK, PHONE, Meet, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shots() -> ModuleType:
    """The tool that finds every page by following links."""
    spec = importlib.util.spec_from_file_location("shots", Path(__file__).parents[2] / "tools" / "shots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wrong_on(visitor: Visitor, paths: list[str]) -> list[str]:
    """What axe-core finds on these pages: rule, page, the first element of each."""
    found = []
    for path in paths:
        page = visitor.open(path)
        found += [
            f"{violation['id']} on {path}: {violation['nodes'][0]['html'][:200]}"
            for violation in Axe().run(page).response["violations"]
        ]
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("user", "size", "most"),
    [
        ("officer", DESK, 16), ("village", PHONE, 12), ("grid", PHONE, 8), ("town", DESK, 8), ("admin", DESK, 8),
    ],
)  # fmt: skip
def test_axe_finds_nothing(look: Meet, shots: ModuleType, user: str, size: dict[str, int], most: int) -> None:
    visitor = look(user, size=size)
    pages = shots.discover(visitor.page, visitor.site.url, ["/", "/inbox/"], most)
    assert len(pages) >= 8
    assert wrong_on(visitor, list(pages.values())) == []
