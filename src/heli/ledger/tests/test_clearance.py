"""A clearance from the first count to the handing over: who, when, what follows; the lock and what it holds back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.consultation.queries.notices import notice_by_address
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.ledger import acts, facts, gates
from heli.ledger.ledger import ASSETS, CLEARANCES, CONTRACTS
from heli.ledger.models import Clearance, ClearanceState, CollectiveContract, PropertyLock
from heli.ledger.queries.clearing import kept_at, lock_at, right_under_lock
from heli.ledger.rules.books import Draw
from heli.ledger.rules.property import compare_kept
from heli.ledger.services.locking import lift_lock, lock_property
from heli.ledger.testing import KEEPERS, VERIFIERS, open_cooperative, past_services
from heli.records.services import move
from heli.records.testing import DAY, DUE, LedgerSuite, codes, district_of, enter_row, row_in

pytestmark = pytest.mark.django_db
NOTHING_MERGED = {"ledger.unchanged", "ledger.transferred", "ledger.creditors_told"}
STATES = list(ClearanceState)
STEPS = ("count", "verify", "post", "confirm", "lock", "file", "hand_over")
ASKED: dict[str, Any] = {
    "confirm": {"note": "会议记录", "values": {"decision": "成员大会2026年第1号"}},
    "file": {"values": {"filed_as": "镇备2026-1"}},
    "hand_over": {"note": "移交清册"},
}


def lead(half: Any, row: Any, state: str) -> Any:
    """A clearance led on to a state: posted on 2 March, confirmed from the 20th on."""
    actors = {"verify": "district_officer", "lock": "district_officer"}
    while row.status != state:
        name = STEPS[STATES.index(ClearanceState(row.status))]
        actor = half.actor(actors.get(name, "town_officer"))
        on = DUE if name in STEPS[3:] else DAY
        row = move(actor=actor, ledger=CLEARANCES, row=row, name=name, on=on, **ASKED.get(name, {}))
    return row


def begun(half: Any, **more: Any) -> Clearance:
    found: Clearance = enter_row(CLEARANCES, half, district_of(half), cleared_on=DAY, **more)
    return found


class TestClearances(LedgerSuite):
    ledger, enterers = CLEARANCES, KEEPERS
    movers = {
        "verify": VERIFIERS, "recount": VERIFIERS, "post": VERIFIERS, "confirm": VERIFIERS, "lock": ("district_officer",),
        "file": VERIFIERS,
    }  # fmt: skip

    def row_in(self, half: Any, status: str) -> Any:
        """One clearance at a time is open at a place: what is there is led further, or on to its end."""
        for row in Clearance.objects.filter(place=half.village.pk).exclude(status="handed_over"):
            lead(half, row, "handed_over")
        return lead(half, begun(half), status)

    def test_rows_are_entered_by_those_who_may_and_numbered_without_gaps(self, world: Any) -> None:
        """A second one is not begun while one is open."""
        begun(world.a)
        with (
            pytest.raises(IntegrityError, match=r"clearance_one_at_a_time|ledger_clearance\.place_id"),
            past_services(),
        ):
            begun(world.a)

    def test_a_longer_list_takes_no_more_queries(self, world: Any) -> None:
        """One at a time at a place; the list is the kit's."""


def asset(half: Any, state: str = "verified") -> Any:
    return row_in(ASSETS, half, district_of(half), state)


def contract(half: Any, state: str = "verified") -> Any:
    return row_in(CONTRACTS, half, district_of(half), state)


def subject(half: Any) -> Subject:
    return Subject(district=half.district.pk, place=half.village.pk)


def open_gates(half: Any, on: date = DUE) -> set[str]:
    return {gate.id for gate in gates.GATES if not list(gate.check(subject=subject(half), on=on))}


def test_nothing_is_counted_or_verified_before_all_of_it_is(world: World) -> None:
    row, half = begun(world.a), world.a
    late = asset(half, "listed")
    with pytest.raises(Refused) as refused:
        move(actor=half.actor("village_cadre"), ledger=CLEARANCES, row=row, name="count", on=DAY)
    assert codes(refused) == {"not_all_there"}
    counted = {"counted_fen": late.value_fen, "difference": ""}
    late = move(actor=half.actor("village_cadre"), ledger=ASSETS, row=late, name="count", values=counted, on=DAY)
    row = move(actor=half.actor("village_cadre"), ledger=CLEARANCES, row=row, name="count", on=DAY)
    with pytest.raises(Refused) as refused:
        move(actor=half.actor("town_officer"), ledger=CLEARANCES, row=row, name="verify", on=DAY)
    assert codes(refused) == {"not_all_there"}
    move(actor=half.actor("town_officer"), ledger=ASSETS, row=late, name="verify", on=DAY)
    contract(half, "compared")
    with pytest.raises(Refused) as refused:
        move(actor=half.actor("town_officer"), ledger=CLEARANCES, row=row, name="verify", on=DAY)
    assert codes(refused) == {"not_all_there"}


def test_the_assets_are_led_along_the_result_hangs_and_the_place_is_locked(world: World) -> None:
    half, one = world.a, asset(world.a)
    contract(half)
    row = begun(half, title="2026年度清产核资")
    assert open_gates(half) == NOTHING_MERGED
    row = lead(half, row, "posted")
    notice = notice_by_address(row.notice)
    assert notice is not None
    assert (notice.kind, notice.first_on, notice.last_on) == ("clearance", DAY, DAY + timedelta(7))
    assert "1.00" in notice.text
    one.refresh_from_db()
    assert (one.status, one.posted_on) == ("posted", DAY)
    assert "ledger.assets_cleared" in open_gates(half)
    with pytest.raises(Refused) as refused:
        move(
            actor=half.actor("town_officer"),
            ledger=CLEARANCES,
            row=row,
            name="confirm",
            on=date(2026, 3, 8),
            **ASKED["confirm"],
        )
    assert codes(refused) == {"not_posted_long_enough"}
    row = lead(half, row, "locked")
    one.refresh_from_db()
    assert (one.status, one.locked_on) == ("locked", DUE)
    lock = lock_at(half.village.pk)
    assert lock is not None
    assert len(lock.kept["contracts"]) == 1
    assert open_gates(half) == {gate.id for gate in gates.GATES} - {"ledger.dividend_decided"}


def test_what_was_counted_otherwise_since_it_was_posted_is_not_confirmed(world: World) -> None:
    asset(world.a)
    row = lead(world.a, begun(world.a), "posted")
    asset(world.a, "listed")
    with pytest.raises(Refused) as refused:
        lead(world.a, row, "confirmed")
    assert codes(refused) == {"not_as_posted"}


def test_a_notice_taken_down_early_confirms_nothing(world: World) -> None:
    row = lead(world.a, begun(world.a), "posted")
    notice = notice_by_address(row.notice)
    assert notice is not None
    with past_services():
        type(notice).objects.filter(pk=notice.pk).update(taken_down_on=DAY + timedelta(3), reason="破损")
    with pytest.raises(Refused) as refused:
        lead(world.a, row, "confirmed")
    assert codes(refused) == {"taken_down"}


def locked(half: Any, on: date = DAY) -> PropertyLock:
    return lock_property(
        actor=half.actor("town_officer"), place_id=half.village.pk, district_id=half.district.pk, on=on
    )


def test_under_a_lock_a_contract_begun_since_needs_the_town_and_an_older_one_was_found(world: World) -> None:
    half = world.a
    locked(half)
    for begins, approval, stands in ((DAY, "", False), (DAY, "镇批2026-3", True), (DAY - timedelta(1), "", True)):
        row = enter_row(CONTRACTS, half, district_of(half), begins_on=begins, due_on=date(2030, 1, 1), approval="")
        given: dict[str, Any] = {
            "actor": half.actor("village_cadre"),
            "ledger": CONTRACTS,
            "name": "compare",
            "note": "原件",
            "on": DUE,
        }
        if stands:
            assert move(row=row, values={"approval": approval}, **given).status == "compared"
        else:
            with pytest.raises(Refused) as refused:
                move(row=row, values={"approval": approval}, **given)
            assert codes(refused) == {"locked_since"}


def test_under_a_lock_the_town_enters_how_a_contract_ended(world: World) -> None:
    half, row = world.a, contract(world.a)
    locked(half)
    given: dict[str, Any] = {"ledger": CONTRACTS, "row": row, "name": "end", "note": "解除", "on": DUE}
    with pytest.raises(Refused) as refused:
        move(actor=half.actor("village_cadre"), **given)
    assert codes(refused) == {"locked"}
    assert move(actor=half.actor("town_officer"), **given).status == "ended"


def test_under_a_lock_a_voucher_that_is_no_fact_of_the_bank_needs_the_town(world: World) -> None:
    one = open_cooperative(world.a)
    bank, stores = [Draw("102", 5), Draw("501", -5)], [Draw("151", 5), Draw("121", -5)]
    assert right_under_lock(one, stores, "ordinary") == ""
    lock = locked(world.a)
    assert right_under_lock(one, stores, "ordinary") == "ledger.approve"
    assert right_under_lock(one, bank, "ordinary") == right_under_lock(one, stores, "year_end") == ""
    lift_lock(actor=SYSTEM, lock=lock, reason="清理完毕", on=DUE)
    assert right_under_lock(one, stores, "ordinary") == ""
    for reason in (" ", "再次"):
        with pytest.raises(Refused):
            lift_lock(actor=SYSTEM, lock=lock, reason=reason)


def test_what_differs_from_the_day_of_the_lock_closes_the_gate(world: World) -> None:
    row = contract(world.a)
    locked(world.a)
    assert "ledger.unchanged" in open_gates(world.a, DAY)
    with past_services():
        CollectiveContract.objects.filter(pk=row.pk).update(rent_fen=row.rent_fen + 1)
    assert "ledger.unchanged" not in open_gates(world.a, DAY)
    known = {one.id: one.value(subject(world.a), DAY) for one in facts.FACTS}
    assert known["ledger.differing"] == known["ledger.contracts"] == known["ledger.carried_contracts"] == 1


def test_the_act_locks_once_and_says_what_it_does(world: World) -> None:
    act = next(one for one in acts.ACTS if one.id == "ledger.lock")
    asked = {"actor": world.a.actor("town_officer"), "subject": subject(world.a), "on": DAY}
    assert act.run(**asked) == act.run(**asked)
    assert "{act_on}" in act.tell(subject(world.a))
    assert PropertyLock.objects.count() == 1
    with pytest.raises(Refused):
        act.run(actor=SYSTEM, subject=Subject(district=1), on=DAY)


@given(
    st.dictionaries(
        st.text("abc", min_size=1),
        st.tuples(st.just("lease"), st.just("2020-01-01"), st.sampled_from(["2026-01-01", "2030-01-01"])),
    ),
    st.sets(st.text("abc", min_size=1)),
)
def test_what_is_kept_differs_by_exactly_what_was_altered_or_is_gone(kept: dict[str, Any], gone: set[str]) -> None:
    before = {"contracts": {code: list(values) for code, values in kept.items()}}
    after = {"contracts": {code: values for code, values in before["contracts"].items() if code not in gone}}
    assert compare_kept(before, before, DAY) == []
    expected = [("contracts", code) for code in sorted(set(kept) & gone) if kept[code][2] > "2026-03-02"]
    assert compare_kept(before, after, DAY) == expected


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "clearance_status_known"),
        ({"counted_on": DAY}, "clearance_counted_on_a_day"),
        ({"verified_on": DAY}, "clearance_verified_on_a_day"),
        ({"posted_on": DAY}, "clearance_posted_on_a_day"),
        ({"confirmed_on": DAY}, "clearance_confirmed_on_a_day"),
        ({"locked_on": DAY}, "clearance_locked_on_a_day"),
        ({"filed_on": DAY}, "clearance_filed_on_a_day"),
        ({"closed_on": DAY}, "clearance_closed_on_a_day"),
    ],
)
def test_the_database_refuses_what_no_step_writes(world: World, changes: dict[str, Any], constraint: str) -> None:
    row = begun(world.a)
    with pytest.raises(IntegrityError, match=constraint), past_services():
        Clearance.objects.filter(pk=row.pk).update(**changes)


def test_the_database_refuses_one_person_as_both_and_two_locks(world: World) -> None:
    row = lead(world.a, begun(world.a), "verified")
    with pytest.raises(IntegrityError, match="clearance_verified_by_another"), past_services():
        Clearance.objects.filter(pk=row.pk).update(verified_by=row.counted_by_id)
    lock = locked(world.a)
    assert kept_at([world.a.village.pk]) == {"contracts": {}, "facilities": {}}
    with pytest.raises(IntegrityError, match="lock_lifted_says_why"), past_services():
        PropertyLock.objects.filter(pk=lock.pk).update(lifted_on=DUE)
    lock.pk, lock.public_id = None, "another"
    with pytest.raises(IntegrityError, match=r"lock_one_at_a_time|ledger_propertylock\.place_id"), past_services():
        lock.save(force_insert=True)
