"""Every move of an application and of a slip, by who may and who may not (the kit's own suite)."""

from typing import Any

import pytest

from heli.accounts.testing import World, build_world
from heli.handover.ledger import ADMISSIONS, SLIPS
from heli.handover.testing import APPLICANTS, KEEPERS, admitted, applied, drafted, key_of, moved
from heli.records.ledgers import Move
from heli.records.testing import LedgerSuite

CHIEF = ("district_officer",)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


class TestAdmission(LedgerSuite):
    ledger, enterers = ADMISSIONS, APPLICANTS
    movers = {"apply": ("department_liaison",), "admit": CHIEF, "decline": CHIEF, "end": CHIEF}

    def row_in(self, half: Any, status: str, first: str = "department_liaison") -> Any:
        if status == "drafted":
            return drafted(half)
        if status == "applied":
            return applied(half, first)
        if status == "declined":
            values = {"office": key_of(half, "group")}
            return moved(half, "district_officer", applied(half), "decline", values=values, reason="无依据")
        row = admitted(half)
        return row if status == "admitted" else moved(half, "district_officer", row, "end", reason="事项取消")

    def row_for(self, half: Any, step: Move) -> Any:
        return self.row_in(half, step.sources[0].value, "district_officer" if step.never else "department_liaison")


class TestSlip(LedgerSuite):
    ledger, enterers = SLIPS, KEEPERS
