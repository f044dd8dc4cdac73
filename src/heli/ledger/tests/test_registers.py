"""The registers of property and contracts: every move by who may and who may not (the kit's own suite), and their own rules."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.audit.services import writing
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.ledger.ledger import ASSETS, CONTRACTS
from heli.ledger.models import AssetState, CollectiveAsset, CollectiveContract, ContractState
from heli.ledger.testing import KEEPERS, VERIFIERS
from heli.records.services import move
from heli.records.testing import DAY, DUE, LedgerSuite, codes, district_of, enter_row, row_in

pytestmark = pytest.mark.django_db
CHIEF = ("district_officer",)
HUNG = [AssetState.POSTED, AssetState.CONFIRMED, AssetState.LOCKED]


def posted(half: Any) -> CollectiveAsset:
    """An asset that hangs since 2 March, eighteen days before `DUE`."""
    row = row_in(ASSETS, half, district_of(half), AssetState.VERIFIED)
    found: CollectiveAsset = move(
        actor=half.actor("town_officer"), ledger=ASSETS, row=row, name="post", note="村务公开栏", on=DAY
    )
    return found


class TestAssets(LedgerSuite):
    ledger, enterers = ASSETS, KEEPERS
    movers = {
        "verify": VERIFIERS, "recount": VERIFIERS, "object": VERIFIERS, "confirm": VERIFIERS, "lock": CHIEF,
    }  # fmt: skip

    def row_in(self, half: Any, status: str) -> Any:
        """What is confirmed has hung long enough."""
        if status not in HUNG:
            return super().row_in(half, status)
        row = posted(half)
        for name in ("confirm", "lock")[: HUNG.index(AssetState(status))]:
            row = move(actor=half.actor("district_officer"), ledger=ASSETS, row=row, name=name, on=DUE)
        return row


class TestContracts(LedgerSuite):
    ledger, enterers, movers = CONTRACTS, KEEPERS, {"verify": VERIFIERS, "return": VERIFIERS}


def count(half: Any, row: Any, fen: int, difference: str = "") -> Any:
    values = {"counted_fen": fen, "difference": difference}
    return move(actor=half.actor("village_cadre"), ledger=ASSETS, row=row, name="count", values=values, on=DAY)


def test_what_was_counted_otherwise_than_the_books_say_needs_its_cause(world: World) -> None:
    row = enter_row(ASSETS, world.a, district_of(world.a), value_fen=1_000_000)
    with pytest.raises(Refused) as refused:
        count(world.a, row, 999_999)
    assert codes(refused) == {"difference_without_cause"}
    assert count(world.a, row, 999_999, "一台水泵已报废").status == AssetState.COUNTED


def test_what_is_counted_again_begins_anew(world: World) -> None:
    row = count(world.a, enter_row(ASSETS, world.a, district_of(world.a), value_fen=500), 4, "少一件")
    again = move(actor=world.a.actor("town_officer"), ledger=ASSETS, row=row, name="recount", reason="数量不符", on=DAY)
    assert (again.status, again.counted_fen, again.difference, again.counted_on) == ("listed", None, "", None)


def test_nothing_is_confirmed_before_it_has_hung_seven_days(world: World) -> None:
    row = posted(world.a)
    for day in (DAY, date(2026, 3, 8)):
        with pytest.raises(Refused) as refused:
            move(actor=world.a.actor("town_officer"), ledger=ASSETS, row=row, name="confirm", on=day)
        assert codes(refused) == {"not_posted_long_enough"}
    on = date(2026, 3, 9)
    assert move(actor=world.a.actor("town_officer"), ledger=ASSETS, row=row, name="confirm", on=on).confirmed_on == on


def test_nothing_leads_on_from_a_locked_asset() -> None:
    assert ASSETS.moves_from(AssetState.LOCKED) == []


def test_a_lease_of_fifty_years_is_recorded_and_said_to_be_void_beyond_twenty(world: World) -> None:
    days: dict[str, Any] = {"begins_on": date(2010, 5, 1), "due_on": date(2060, 4, 30)}
    row = enter_row(CONTRACTS, world.a, district_of(world.a), kind="lease", **days)
    row = move(actor=world.a.actor("village_cadre"), ledger=CONTRACTS, row=row, name="compare", note="原件一致", on=DAY)
    assert row.void_from == date(2030, 5, 1)


def test_a_contract_does_not_end_before_it_begins(world: World) -> None:
    with pytest.raises(Refused) as refused:
        enter_row(CONTRACTS, world.a, district_of(world.a), begins_on=DUE, due_on=DAY)
    assert codes(refused) == {"ends_before_it_begins"}


def test_arrears_outlive_the_contract(world: World) -> None:
    row = row_in(CONTRACTS, world.a, district_of(world.a), ContractState.VERIFIED)
    ended = move(
        actor=world.a.actor("town_officer"), ledger=CONTRACTS, row=row, name="end",
        values={"arrears_fen": 120_000}, note="到期未续", on=DUE,
    )  # fmt: skip
    assert (ended.status, ended.arrears_fen, ended.closed_on) == (ContractState.ENDED, 120_000, DUE)


@pytest.mark.parametrize(
    ("model", "changes", "constraint"),
    [
        (CollectiveAsset, {"title": ""}, "asset_named"),
        (CollectiveAsset, {"kind": "house"}, "asset_kind_known"),
        (CollectiveAsset, {"value_fen": -1}, "asset_not_below_zero"),
        (CollectiveAsset, {"counted_fen": 1}, "asset_difference_has_cause"),
        (CollectiveAsset, {"status": "counted", "counted_on": DAY}, "asset_counted_has_value"),
        (CollectiveAsset, {"status": "counted", "counted_fen": 100}, "asset_counted_on_a_day"),
        (CollectiveAsset, {"verified_on": DAY}, "asset_verified_on_a_day"),
        (CollectiveAsset, {"posted_on": DAY}, "asset_posted_on_a_day"),
        (CollectiveAsset, {"confirmed_on": DAY}, "asset_confirmed_on_a_day"),
        (CollectiveAsset, {"locked_on": DAY}, "asset_locked_on_a_day"),
        (CollectiveAsset, {"status": "sold", "counted_fen": 1, "difference": "报废"}, "asset_status_known"),
        (CollectiveContract, {"party": ""}, "contract_named_with_party"),
        (CollectiveContract, {"kind": "gift"}, "contract_kind_known"),
        (CollectiveContract, {"begins_on": date(2027, 1, 1)}, "contract_ends_after_it_begins"),
        (CollectiveContract, {"arrears_fen": -1}, "contract_not_below_zero"),
        (CollectiveContract, {"compared_on": DAY}, "contract_compared_on_a_day"),
        (CollectiveContract, {"verified_on": DAY}, "contract_verified_on_a_day"),
        (CollectiveContract, {"closed_on": DAY}, "contract_closed_on_a_day"),
        (CollectiveContract, {"status": "lost"}, "contract_status_known"),
    ],
)
def test_the_database_refuses_what_no_service_writes(
    world: World, model: Any, changes: dict[str, Any], constraint: str
) -> None:
    ledger = ASSETS if model is CollectiveAsset else CONTRACTS
    row = enter_row(ledger, world.a, district_of(world.a))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), writing(SYSTEM, "ledger.test"):
        model.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("ledger", "first", "second"), [(ASSETS, "counted", "verified"), (CONTRACTS, "compared", "verified")]
)
def test_the_database_refuses_one_person_as_both(world: World, ledger: Any, first: str, second: str) -> None:
    row = row_in(ledger, world.a, district_of(world.a), second)
    same = getattr(row, f"{first}_by_id")
    match = f"{'asset' if ledger is ASSETS else 'contract'}_verified_by_another"
    with pytest.raises(IntegrityError, match=match), transaction.atomic(), writing(SYSTEM, "ledger.test"):
        ledger.model.objects.filter(pk=row.pk).update(verified_by=same)
