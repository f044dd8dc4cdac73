"""Who may fetch a file: those who may do at its place what it was given for."""

from pathlib import Path
from typing import Any

import pytest

from heli.accounts.testing import build_world
from heli.audit.services import writing
from heli.files.queries import find_file
from heli.files.services import store_file
from heli.kernel.access import SYSTEM


@pytest.mark.django_db
def test_a_file_of_no_place_is_the_whole_installations(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = build_world()
    kept = []
    for place in (world.a.district.pk, None):
        with writing(SYSTEM, "places.import", place_id=place):
            kept.append(store_file(actor=SYSTEM, chunks=[b"x"], name="x.csv", action="places.import", place_id=place))
    of_district, of_all = (one.public_id for one in kept)
    officer, foreign = world.a.actor("district_officer"), world.b.actor("district_officer")
    assert find_file(of_district, officer)
    assert not find_file(of_district, foreign)
    assert not find_file(of_all, officer)
    assert find_file(of_all, SYSTEM)
