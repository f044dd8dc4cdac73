"""The trial ledger: what a room has when it only declares."""

import pytest

from heli.accounts.testing import World, build_world
from heli.records.testing import LedgerSuite
from tests.trial.inspection.ledger import INSPECTION
from tests.trial.inspection.testing import EDITORS

JUDGES = ("district_officer", "town_officer")


@pytest.fixture
def world(db: None) -> World:
    return build_world()


class TestInspection(LedgerSuite):
    ledger, enterers, movers = INSPECTION, EDITORS, {"close": JUDGES}
