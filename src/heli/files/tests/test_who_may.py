"""Who may send a file: whoever may do what it is sent for, at that place."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.files import services
from heli.files.testing import begin
from heli.ui.testing import Kwargs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def proof(world: World) -> Kwargs:
    return {"name": "x.jpg", "size": 10, "purpose": "campaigns.fill", "place_id": world.a.village.pk}


def forgotten(world: World) -> Kwargs:
    upload = begin(world.a.actor("auditor"), b"x")
    return {"at": upload.expires_at + timedelta(days=1)}


CASES = [
    WriteCase(
        services.begin_upload, ("district_officer", "town_officer", "village_cadre", "department_liaison"), proof
    ),
    WriteCase(services.drop_expired_uploads, SYSTEM_ONLY, forgotten),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
