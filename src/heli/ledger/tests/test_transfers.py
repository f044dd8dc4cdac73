"""Books carried to their successor: every yuan, item, contract and member exactly once; signed by three; taken back while nothing
builds on it; what blocks blocks by name.
"""

from collections import Counter
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import Sum
from django.utils import translation

from heli.accounts.testing import World
from heli.files.documents import render_html
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.ledger import acts, facts, gates
from heli.ledger.ledger import ASSETS, CONTRACTS, TRANSFERS
from heli.ledger.models import (
    Collective,
    CollectiveAsset,
    CollectiveContract,
    SubAccount,
    Transfer,
    TransferState,
    Voucher,
    VoucherLine,
)
from heli.ledger.proof import points_said, proof_rows, proof_sheet
from heli.ledger.queries.books import balances
from heli.ledger.rules.books import Draw
from heli.ledger.rules.transfers import seal
from heli.ledger.services import check_voucher, make_voucher, note_members
from heli.ledger.services.transfers import open_transfers
from heli.ledger.services.vouchers import VoucherDraft
from heli.ledger.testing import (
    MERGED_ON,
    carried,
    decision,
    merged,
    open_cooperative,
    opening_of,
    past_services,
    raw_transfer,
    sign,
    vote_about,
)
from heli.records.checks import check_invariants
from heli.records.services import move
from heli.records.testing import codes, district_of, enter_row

pytestmark = pytest.mark.django_db
EAST, WEST = "岩门村股份经济合作社", "大石村股份经济合作社"


def villages(half: Any) -> tuple[Collective, Collective]:
    """Two holders with books: a bank each at the same number, and a claim of 5.00 yuan of the one on the other."""
    east, west = open_cooperative(half), open_cooperative(half, half.place("大石村"))
    names = {"10201": "农商行", "11201": WEST}
    opening_of(east, {"10201": 500_000, "11201": 500, "151": 1_000_000, "311": -1_500_500}, names)
    opening_of(
        west,
        {"10201": 4_000, "21101": -500, "21102": -700, "311": -2_800},
        {"10201": "邮储", "21101": EAST, "21102": "水厂"},
    )
    note_members(actor=SYSTEM, collective=east, members=3)
    note_members(actor=SYSTEM, collective=west, members=7)
    east.refresh_from_db()
    west.refresh_from_db()
    return east, west


def totals() -> Counter[str]:
    """Every yuan by account of the chart, every member, item and contract of all holders."""
    found: Counter[str] = Counter()
    for line in VoucherLine.objects.values("account").order_by().annotate(fen=Sum("fen")):
        found[line["account"][:3]] += line["fen"]
    found["members"] = Collective.objects.aggregate(n=Sum("members"))["n"] or 0
    found["items"], found["contracts"] = CollectiveAsset.objects.count(), CollectiveContract.objects.count()
    return Counter({key: value for key, value in found.items() if value})


def held(half: Any) -> tuple[CollectiveAsset, CollectiveContract]:
    """A hall of the eastern village and a lease of it."""
    hall = enter_row(ASSETS, half, district_of(half), bare=True, account="151", value_fen=1_000_000, kind="operating")
    lease = enter_row(
        CONTRACTS, half, district_of(half), bare=True, object_code=hall.public_id, begins_on=date(2025, 1, 1)
    )
    return hall, lease


def all_signed(half: Any, rows: list[Transfer], way: str = "at_once") -> Transfer:
    """The first of some transfers, all signed."""
    signed = [sign(half, row, way) for row in rows]
    return signed[0]


def test_a_merger_opens_a_transfer_for_each_holder_once(world: World) -> None:
    east, west = villages(world.a)
    to, rows = merged(world.a, east, west)
    assert {row.giver_id for row in rows} == {east.pk, west.pk}
    assert {(row.receiver_id, row.status, row.kind) for row in rows} == {(to.pk, "open", "merge")}
    assert {row.title: row.creditors for row in rows} == {EAST: 0, WEST: 2}
    assert open_transfers(actor=SYSTEM, district_id=world.a.district.pk, since=MERGED_ON) == []


def test_every_yuan_item_contract_and_member_is_carried_exactly_once_with_a_proof(world: World) -> None:
    hall, lease = held(world.a)
    east, west = villages(world.a)
    before = totals()
    to, rows = merged(world.a, east, west)
    one, two = (sign(world.a, row) for row in rows)
    with translation.override("en"):
        done = carried(world.a, one)
    texts = Voucher.objects.filter(kind="transfer").values_list("text", flat=True)
    assert {text.partition("：")[0] for text in texts} == {"账务并转"}, (
        "books are kept in Chinese, whoever reads the page"
    )
    two.refresh_from_db()
    assert (done.status, two.status, two.lead_id) == ("posted", "posted", done.pk)
    # Nobody owes himself: the pair leaves both sides, all else stays in its account.
    after = totals()
    assert {key: after[key] - before[key] for key in {*after, *before} if after[key] != before[key]} == {
        "112": -500,
        "211": 500,
    }
    assert {code: fen for code, fen in balances(to, MERGED_ON).items() if fen} == {
        "10201": 500_000, "10202": 4_000, "151": 1_000_000, "21102": -700, "311": -1_503_300,
    }  # fmt: skip
    assert not any(balances(one, MERGED_ON)[code] for one in (east, west) for code in balances(one, MERGED_ON))
    named = dict(SubAccount.objects.filter(collective=to).values_list("code", "name"))
    assert (named["10201"], named["10202"], named["21102"]) == ("农商行", "邮储", "水厂")
    assert [one.members for one in Collective.objects.order_by("pk")] == [0, 0, 10]
    for row in (hall, lease):
        kept = (row.public_id, row.place_id, row.number, row.status)
        row.refresh_from_db()
        assert (row.holder_id, row.public_id, row.place_id, row.number, row.status) == (to.pk, *kept)
    assert {row.difference for row in proof_rows(done.proof)} == {0}
    assert done.proof["eliminated"] == [[east.public_id, west.public_id, 500]]
    assert done.sha256 == seal(done.proof)
    sheet = render_html(proof_sheet(done, url="https://heli.example/", is_sample=True))
    assert all(text in sheet for text in (hall.title, hall.public_id, lease.title, "10,000.00", done.sha256[:32]))
    assert list(check_invariants()) == []


def test_it_is_carried_once(world: World) -> None:
    east, west = villages(world.a)
    _to, rows = merged(world.a, east, west)
    signed = [sign(world.a, row) for row in rows]
    carried(world.a, signed[0])
    for row in signed:
        with pytest.raises(Refused) as refused:
            carried(world.a, row)
        assert codes(refused) == {"not_now"}
    assert Voucher.objects.filter(kind="transfer").count() == 3


def test_what_goes_together_waits_for_all_signatures_and_a_voided_one_is_left_out(world: World) -> None:
    east, west = villages(world.a)
    _to, rows = merged(world.a, east, west)
    one = sign(world.a, rows[0])
    with pytest.raises(Refused) as refused:
        carried(world.a, one)
    assert codes(refused) == {"others_wait"}
    assert WEST in refused.value.faults[0].message
    move(actor=SYSTEM, ledger=TRANSFERS, row=rows[1], name="void", reason="方案撤回", on=MERGED_ON)
    assert carried(world.a, one).status == "posted"


def test_giver_receiver_and_supervisor_are_three_people(world: World) -> None:
    half = world.a
    _to, rows = merged(half, *villages(half))
    given: dict[str, Any] = {"ledger": TRANSFERS, "on": MERGED_ON}
    chief = half.actor("district_officer")
    row = move(actor=chief, row=rows[0], name="decide", **given, **decision())
    row = move(actor=chief, row=row, name="give", **given)
    with pytest.raises(Refused) as refused:
        move(actor=chief, row=row, name="receive", **given)
    assert codes(refused) == {"same_person"}
    row = move(actor=half.actor("town_officer"), row=row, name="receive", **given)
    for role in ("district_officer", "town_officer"):
        with pytest.raises(Refused) as refused:
            move(actor=half.actor(role), row=row, name="supervise", **given)
        assert codes(refused) == {"same_person"}, role
    row = move(actor=half.actor("supervisor"), row=row, name="supervise", **given)
    with pytest.raises(Refused) as refused:
        move(actor=chief, row=row, name="post", **given)
    assert codes(refused) == {"same_person"}


def test_the_members_decide_by_two_thirds_and_what_they_keep_apart_stays(world: World) -> None:
    half, (east, west) = world.a, villages(world.a)
    before = totals()
    _to, rows = merged(half, east, west, votes=None)
    given: dict[str, Any] = {"actor": half.actor("bookkeeper"), "ledger": TRANSFERS, "row": rows[0], "on": MERGED_ON}
    for votes, code in ((None, "sitting_missing"), ((99, 80, 65), "sitting_not_passed")):
        if votes is not None:
            vote_about(rows[0], "merge_coop", date(2026, 3, 20), votes)
        with pytest.raises(Refused) as refused:
            move(name="decide", **given, **decision())
        assert codes(refused) == {code}
    vote_about(rows[0], "merge_coop", MERGED_ON, (99, 80, 66))
    vote_about(rows[1], "merge_coop", MERGED_ON)
    row = move(name="decide", **given, **decision("apart"))
    assert (row.status, row.votes_for, row.votes_entitled) == (TransferState.KEPT_APART, 66, 99)
    carried(half, sign(half, rows[1]))
    assert totals() == before
    assert any(balances(east if rows[0].giver_id == east.pk else west, MERGED_ON).values())


def test_what_was_carried_is_taken_back_while_nothing_builds_on_it(world: World) -> None:
    hall, _lease = held(world.a)
    east, west = villages(world.a)
    before = totals()
    to, rows = merged(world.a, east, west)
    one, two = (sign(world.a, row) for row in rows)
    done = carried(world.a, one)
    two.refresh_from_db()
    given: dict[str, Any] = {
        "actor": world.a.actor("district_officer"),
        "ledger": TRANSFERS,
        "name": "reverse",
        "reason": "撤销",
        "on": MERGED_ON,
    }
    with pytest.raises(Refused) as refused:
        move(row=two, **given)
    assert codes(refused) == {"not_the_first"}
    draft = VoucherDraft(date(2026, 4, 2), "利息", (Draw("102", 1), Draw("501", -1)))
    waiting = make_voucher(actor=SYSTEM, collective=to, draft=draft, on=date(2026, 4, 2))
    assert move(row=done, **given).status == "reversed"
    two.refresh_from_db()
    hall.refresh_from_db()
    assert (two.status, hall.holder_id) == ("reversed", None)
    assert totals() == before
    assert [one.members for one in Collective.objects.order_by("pk")] == [3, 7, 0]
    assert waiting.status == "made"


def test_what_builds_on_it_is_named(world: World) -> None:
    to, rows = merged(world.a, *villages(world.a))
    done = [sign(world.a, row) for row in rows]
    row = carried(world.a, done[0])
    draft = VoucherDraft(date(2026, 4, 2), "折旧", (Draw("511", 1), Draw("152", -1)))
    check_voucher(actor=SYSTEM, voucher=make_voucher(actor=SYSTEM, collective=to, draft=draft, on=date(2026, 4, 2)))
    with pytest.raises(Refused) as refused:
        move(actor=SYSTEM, ledger=TRANSFERS, row=row, name="reverse", reason="撤销", on=MERGED_ON)
    assert codes(refused) == {"builds_on_it"}
    assert "新岩村合作社" in refused.value.faults[0].message


def test_two_books_that_differ_on_a_claim_block_by_name_and_so_does_what_was_booked_later(world: World) -> None:
    east, west = villages(world.a)
    draft = VoucherDraft(date(2026, 3, 2), "补记", (Draw("21101", 100), Draw("311", -100)))
    check_voucher(actor=SYSTEM, voucher=make_voucher(actor=SYSTEM, collective=west, draft=draft, on=date(2026, 3, 2)))
    _to, rows = merged(world.a, east, west)
    signed = [sign(world.a, row) for row in rows]
    with pytest.raises(Refused) as refused:
        carried(world.a, signed[0])
    assert codes(refused) == {"disagree"}
    assert EAST in refused.value.faults[0].message
    assert totals()["112"] == 500
    draft = VoucherDraft(date(2026, 4, 2), "补记", (Draw("311", 100), Draw("21101", -100)))
    check_voucher(actor=SYSTEM, voucher=make_voucher(actor=SYSTEM, collective=west, draft=draft, on=date(2026, 4, 2)))
    with pytest.raises(Refused) as refused:
        carried(world.a, signed[0])
    assert codes(refused) == {"booked_later"}


def test_negotiated_levels_to_the_fen_and_says_it(world: World) -> None:
    east, west = villages(world.a)
    _to, rows = merged(world.a, east, west)
    done = carried(world.a, all_signed(world.a, rows, "negotiated"))
    level = {one[0]: one[1:] for one in done.proof["levelled"]}
    # West: 40.00 of money less 12.00 owed is 28.00 for seven: 4.00 each.
    assert level[west.public_id] == [2_800, 0]
    assert level[east.public_id] == [1_200, 500_500 - 1_200]


def test_in_shares_of_one_fen_each_old_holder_keeps_its_value_to_the_fen(world: World) -> None:
    east, west = villages(world.a)
    to, rows = merged(world.a, east, west)
    done = carried(world.a, all_signed(world.a, rows, "shares"))
    points = {one[0]: one[1:] for one in done.proof["points"]}
    assert points == {west.public_id: [7, 2_800, to.public_id], east.public_id: [3, 500_500, to.public_id]}
    said = points_said(done.proof)
    assert any("5,005.00" in one and "166,833" in one for one in said)
    assert done.proof["levelled"] == []


def test_land_of_a_group_stays_the_groups(world: World) -> None:
    land = enter_row(ASSETS, world.a, district_of(world.a), bare=True, kind="resource", owner_group="一组")
    _to, rows = merged(world.a, *villages(world.a))
    done = carried(world.a, all_signed(world.a, rows))
    land.refresh_from_db()
    assert (land.holder_id, done.proof["stay"]) == (None, [land.public_id])


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_in_dated_steps_the_order_does_not_matter(world: World, order: tuple[int, ...]) -> None:
    east, west = villages(world.a)
    to, rows = merged(world.a, east, west)
    days = [MERGED_ON, date(2026, 4, 2)]
    for step, number in enumerate(order):
        given: dict[str, Any] = {"row": rows[number], "name": "decide", "on": MERGED_ON}
        move(actor=SYSTEM, ledger=TRANSFERS, **given, **decision("steps", days[step]))
    for step, number in enumerate(order):
        row = sign(world.a, Transfer.objects.get(pk=rows[number].pk), "steps", days[step])
        move(actor=SYSTEM, ledger=TRANSFERS, row=row, name="post", on=days[step])
    stand = balances(to, days[1])
    found: Counter[str] = Counter()
    for code, fen in stand.items():
        found[code[:3]] += fen
    assert {key: fen for key, fen in found.items() if fen} == {
        "102": 504_000, "151": 1_000_000, "211": -700, "311": -1_503_300,
    }  # fmt: skip


def test_gates_act_and_facts_follow_what_is_carried(world: World) -> None:
    half = world.a
    to, rows = merged(half, *villages(half))
    about = Subject(district=half.district.pk, place=to.body.place_id)

    def closed() -> set[str]:
        named = ("ledger.transferred", "ledger.creditors_told")
        return {gate.id for gate in gates.GATES if gate.id in named and list(gate.check(subject=about, on=MERGED_ON))}

    assert closed() == {"ledger.transferred"}
    signed = [sign(half, row) for row in rows]
    act = next(one for one in acts.ACTS if one.id == "ledger.transfer")
    assert act.run(actor=half.actor("district_officer"), subject=about, on=MERGED_ON)
    assert act.run(actor=half.actor("district_officer"), subject=about, on=MERGED_ON) == ""
    assert closed() == {"ledger.creditors_told"}
    west = Transfer.objects.get(title=WEST)
    told: dict[str, Any] = {"approved_on": date(2026, 3, 20), "creditors_told": 2, "told_on": date(2026, 3, 25)}
    given: dict[str, Any] = {
        "actor": half.actor("bookkeeper"),
        "ledger": TRANSFERS,
        "row": west,
        "name": "tell",
        "note": "挂号信",
    }
    for wrong in ({"creditors_told": 3}, {"approved_on": date(2026, 3, 26)}):
        with pytest.raises(Refused):
            move(**given, values={**told, **wrong}, on=date(2026, 3, 26))
    move(**given, values=told, on=date(2026, 3, 26))
    assert closed() == set()
    known = {one.id: one.value(about, MERGED_ON) for one in facts.FACTS}
    assert (known["ledger.creditors"], known["ledger.creditors_told"], known["ledger.members"]) == (2, 2, 10)
    assert len(signed) == 2


def test_the_proof_is_a_page_and_a_sheet(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    _to, rows = merged(world.a, *villages(world.a))
    row = carried(world.a, all_signed(world.a, rows))
    client = world.client("district_officer")
    page = client.get(TRANSFERS.url("row", row.about, row.public_id)).content.decode()
    assert row.sha256 in page
    sheet = client.get(f"/property/transfers/{row.about}/{row.public_id}/proof/")
    assert (sheet.status_code, sheet.content[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "transfer_status_known"),
        ({"creditors": 1, "creditors_told": 2}, "transfer_creditors_told"),
        ({"status": "posted", "supervised_on": MERGED_ON}, "transfer_carried_has_proof"),
        ({"status": "signed"}, "transfer_signed_by_three"),
    ],
)
def test_the_database_refuses_what_no_step_writes(world: World, changes: dict[str, Any], constraint: str) -> None:
    row = raw_transfer(world.a)
    with pytest.raises(IntegrityError, match=constraint), past_services():
        Transfer.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("first", "second", "constraint"),
    [
        ("given", "received", "transfer_received_by_another"),
        ("given", "supervised", "transfer_supervised_by_another"),
        ("received", "supervised", "transfer_supervisor_receives_nothing"),
    ],
)
def test_the_database_refuses_one_person_twice(world: World, first: str, second: str, constraint: str) -> None:
    row, who = raw_transfer(world.a), world.a.actor("bookkeeper").id
    with pytest.raises(IntegrityError, match=constraint), past_services():
        Transfer.objects.filter(pk=row.pk).update(**{f"{first}_by": who, f"{second}_by": who})
    with pytest.raises(IntegrityError, match="transfer_goes_to_another"), past_services():
        Transfer.objects.filter(pk=row.pk).update(receiver=row.giver_id)
