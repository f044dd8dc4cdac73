"""Every text of Heli is there in Chinese and in English."""

from pathlib import Path

import pytest

from heli.ui import messages

APPS = sorted(path.parent.name for path in (Path(messages.__file__).parents[1]).glob("*/apps.py"))


@pytest.mark.parametrize("app", APPS)
def test_every_text_of_the_app_has_its_chinese(app: str) -> None:
    folder = messages.app_folders().get(app)
    assert folder is not None, f"{app} is not installed"
    faults = messages.faults(folder)
    assert not faults, "run `heli collect_messages` and fill in:\n" + "\n".join(faults)
