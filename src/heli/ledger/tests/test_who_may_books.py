"""Who may open books, keep them, check, pay, close; who may not."""

import pytest

from heli.accounts.testing import BEGINNING, World, WriteCase
from heli.bodies.services import add_body
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.ledger import services as service
from heli.ledger.testing import OFFICERS, YEAR, open_cooperative
from heli.ui.testing import Kwargs


def without_books(world: World) -> Kwargs:
    village = world.a.village.pk
    body = add_body(actor=SYSTEM, name="合作社", kind=BodyKind.COOPERATIVE, place_id=village, on=BEGINNING)
    return {"body": body, "begins_on": YEAR}


def with_books(world: World) -> Kwargs:
    return {"collective": open_cooperative(world.a)}


MAKERS = ("district_officer", "bookkeeper")
CASES = [
    WriteCase(service.open_books, OFFICERS, without_books),
    WriteCase(service.note_members, MAKERS, lambda w: {**with_books(w), "members": 312}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(world: World, case: WriteCase) -> None:
    assert case.wrong_answers(world) == []
