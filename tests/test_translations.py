"""Every text of Heli is there in Chinese and in English."""

from pathlib import Path

import polib
import pytest

from heli.ui import messages

APPS = sorted(path.parent.name for path in (Path(messages.__file__).parents[1]).glob("*/apps.py"))


@pytest.mark.parametrize("app", APPS)
def test_every_text_of_the_app_has_its_chinese(app: str) -> None:
    folder = messages.app_folders().get(app)
    assert folder is not None, f"{app} is not installed"
    faults = messages.faults(folder)
    assert not faults, "run `heli collect_messages` and fill in:\n" + "\n".join(faults)


@pytest.mark.parametrize("app", APPS)
def test_collecting_anew_changes_no_catalogue(app: str) -> None:
    folder = messages.app_folders()[app]
    if messages.po_path(folder).exists():
        catalogue = messages.po_path(folder).read_text("utf-8")
        assert messages.collected(catalogue, messages.messages_of(folder), {}) == (catalogue, 0)


def test_one_text_has_one_chinese_in_all_apps() -> None:
    """Django lays the catalogues of all apps over each other: of two translations one would silently win."""
    said: dict[tuple[str | None, str], dict[str, object]] = {}
    for app, folder in messages.app_folders().items():
        for entry in polib.pofile(str(messages.po_path(folder))) if messages.po_path(folder).exists() else []:
            told = entry.msgstr or tuple(entry.msgstr_plural.values())
            said.setdefault((entry.msgctxt, entry.msgid), {})[app] = told
    assert {key: told for key, told in said.items() if len(set(told.values())) > 1} == {}
