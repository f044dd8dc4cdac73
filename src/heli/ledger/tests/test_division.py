"""A holder divided: every item asked, the rest by largest remainder, the old value kept to the fen, debts owed jointly."""

from datetime import date
from typing import Any

import pytest

from heli.accounts.testing import World
from heli.bodies.services import add_body
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Refused
from heli.ledger.ledger import ASSETS, CONTRACTS, TRANSFERS
from heli.ledger.models import Collective, SubAccount, Transfer
from heli.ledger.proof import jointly_said, points_said, proof_rows
from heli.ledger.queries.books import balances
from heli.ledger.rules.transfers import joint_names
from heli.ledger.services import note_members, open_books
from heli.ledger.services.transfers import open_transfers
from heli.ledger.testing import MERGED_ON, carried, decision, open_cooperative, opening_of, sign, vote_about
from heli.places.services import record_event
from heli.places.testing import arrows
from heli.places.types import EventKind, EventSpec, PlaceKind, PlaceSpec
from heli.records.checks import check_invariants
from heli.records.services import move
from heli.records.testing import codes, district_of, enter_row

pytestmark = pytest.mark.django_db
NORTH, SOUTH, OLD = "北岩村合作社", "南岩村合作社", "岩门村股份经济合作社"


def cooperative(place: int, name: str, on: date = MERGED_ON) -> Collective:
    """A co-operative of a place, with books from that day."""
    body = add_body(actor=SYSTEM, name=name, kind=BodyKind.COOPERATIVE, place_id=place, on=on)
    return open_books(actor=SYSTEM, body=body, begins_on=on)


def divided(half: Any, *, both: bool = True) -> tuple[Transfer, list[Any]]:
    """A village with two halls, a pond, a lease and debts, divided in two on 1 April 2026; (its transfer, what it has)."""
    given: dict[str, Any] = {"half": half, "about": district_of(half), "bare": True}
    hall = enter_row(ASSETS, **given, title="北 门面房", account="151", value_fen=1_000_003, kind="operating")
    shop = enter_row(ASSETS, **given, title="南商铺", account="151", value_fen=500_000, kind="operating")
    pond = enter_row(ASSETS, **given, title="鱼塘", kind="resource", area_dm2=250_000)
    enter_row(ASSETS, **given, title="一组地", kind="resource", owner_group="一组")
    lease = enter_row(CONTRACTS, **given, object_code=hall.public_id, begins_on=date(2025, 1, 1))
    old = open_cooperative(half)
    opening_of(
        old,
        {"10201": 100_001, "112": 77, "151": 1_500_003, "21101": -30_000, "311": -1_570_081},
        {"10201": "农商行", "21101": "水厂"},
    )
    note_members(actor=SYSTEM, collective=old, members=10)
    old.refresh_from_db()
    event = record_event(
        actor=SYSTEM,
        event=EventSpec(
            kind=EventKind.SPLIT, on=MERGED_ON, document_number="前府发〔2026〕1号",
            links=arrows((half.village.pk, "北岩村", 6_000), (half.village.pk, "南岩村", 4_000)),
            founds={name: PlaceSpec(name=name, kind=PlaceKind.VILLAGE, parent=half.town.pk) for name in ("北岩村", "南岩村")},
        ),
    )  # fmt: skip
    cooperative(event.founded["北岩村"], NORTH)
    south = cooperative(event.founded["南岩村"], SOUTH) if both else None
    if south is not None:  # keeps a bank of another name under the number that the old one's has
        opening_of(south, {"10201": 5, "311": -5}, {"10201": "邮储"})
        note_members(actor=SYSTEM, collective=south, members=1)
    (row,) = open_transfers(actor=SYSTEM, district_id=half.district.pk, since=MERGED_ON, on=MERGED_ON)
    vote_about(row, "merge_coop", MERGED_ON)
    return row, [hall, shop, pond, lease]


def said(items: list[Any], north: int = 6_000, south: int = 4_000, **other: str) -> dict[str, Any]:
    """Who gets how much, and the items: the first to the north, the others to the south."""
    hall, shop, pond, _lease = items
    lines = [
        f"{hall.public_id} {hall.title} {NORTH}",
        f"{shop.public_id} {SOUTH}",
        f"{pond.public_id} {pond.title} {SOUTH}",
    ]
    return {"parts_text": f"{NORTH} {north}\n{SOUTH} {south}", "assign_text": "\n".join(lines), **other}


def divide(row: Transfer, values: dict[str, Any]) -> Transfer:
    """What is said of a division, by the house."""
    found: Transfer = move(actor=SYSTEM, ledger=TRANSFERS, row=row, name="divide", values=values, on=MERGED_ON)
    return found


def named(code: str) -> Collective:
    """A holder by its name."""
    return Collective.objects.select_related("body").get(body__name=code)


def test_a_division_in_shares_keeps_the_old_value_to_the_fen_and_is_taken_back(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    row, items = divided(world.a)
    hall, shop, pond, lease = items
    row = divide(row, said(items))
    assert row.status == "open"  # the members decide, not whoever says who gets what
    done = carried(world.a, sign(world.a, row, "shares"))
    north, south, old = named(NORTH), named(SOUTH), named(OLD)
    # 100001 fen of money in the ratio 6 to 4 are 60001 and 40000, the claim of 77 is 46 and 31, the debt 18000 and 12000.
    assert balances(north, MERGED_ON) == {
        "10202": 60_001,
        "112": 46,
        "151": 1_000_003,
        "21101": -18_000,
        "311": -1_042_050,
    }
    assert balances(south, MERGED_ON) == {
        "10201": 5, "10202": 40_000, "112": 31, "151": 500_000, "21101": -12_000, "311": -528_036,
    }  # fmt: skip
    assert balances(old, MERGED_ON) == {}
    assert [dict(SubAccount.objects.filter(collective=one).values_list("code", "name"))["10202"] for one in (north, south)] == [
        "农商行", "农商行",
    ]  # fmt: skip
    assert (north.members, south.members, old.members) == (6, 4 + 1, 0)
    for one, to in ((hall, north), (shop, south), (pond, south), (lease, north)):
        one.refresh_from_db()
        assert one.holder_id == to.pk
    # What is worth a fen before is a share of one fen after: halls as counted, money and claims, less what is owed.
    points = {(one, to): (members, worth) for one, members, worth, to in done.proof["points"]}
    parts = {(old.public_id, north.public_id): (6, 1_042_050), (old.public_id, south.public_id): (4, 528_031)}
    assert points == {**parts, (south.public_id, south.public_id): (1, 5)}
    assert sum(worth for _members, worth in parts.values()) == 1_500_003 + 100_001 + 77 - 30_000
    told = [one.replace(",", "") for one in points_said(done.proof)]
    assert any(NORTH in one and "10420.50" in one and "173675" in one for one in told)
    assert {line.difference for line in proof_rows(done.proof)} == {0}
    page = world.client("district_officer").get(TRANSFERS.url("row", done.about, done.public_id)).content.decode()
    assert "第二十四条" in page
    assert jointly_said([done])
    assert list(check_invariants()) == []
    given: dict[str, Any] = {"ledger": TRANSFERS, "name": "reverse", "reason": "撤销", "on": MERGED_ON}
    move(actor=world.a.actor("district_officer"), row=done, **given)
    assert (balances(named(NORTH), MERGED_ON), balances(named(SOUTH), MERGED_ON)) == ({}, {"10201": 5, "311": -5})
    assert sum(balances(named(OLD), MERGED_ON).values()) == 0
    assert (named(NORTH).members, named(SOUTH).members, named(OLD).members) == (0, 1, 10)


def test_every_item_is_asked_and_what_is_refused_is_named(world: World) -> None:
    row, items = divided(world.a)
    hall, shop, pond, _lease = items
    assert set(row.assign_text.splitlines()) == {f"{one.public_id} {one.title}" for one in (hall, shop, pond)}
    assert row.receiver_id is None
    good = said(items)
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"assign_text": row.assign_text}, "division_unreadable", row.assign_text.split()[0]),
        ({"assign_text": "\n".join(good["assign_text"].splitlines()[1:])}, "missing", hall.public_id),
        ({"assign_text": f"{good['assign_text']}\n{hall.public_id} {SOUTH}"}, "item_twice", hall.public_id),
        ({"assign_text": f"{good['assign_text']}\nx9 {SOUTH}"}, "unknown_item", "x9"),
        ({"assign_text": f"{good['assign_text']}\nx9 {OLD}"}, "division_unreadable", OLD),
        ({"parts_text": f"{NORTH} 6000\n{SOUTH} 3999"}, "share", "9999"),
        ({"parts_text": f"{NORTH} 10000\n{SOUTH} 0"}, "share", OLD),
        ({"parts_text": f"{NORTH} 5000\n{NORTH} 5000\n{SOUTH} 5000"}, "share", "15000"),
        ({"parts_text": f"{NORTH} 六成\n{SOUTH} 4000"}, "share", "4000"),
    ]
    for more, code, told in wrong:
        with pytest.raises(Refused) as refused:
            divide(row, {**good, **more})
        assert codes(refused) == {code}, more
        assert any(told in fault.message for fault in refused.value.faults), more
    row.refresh_from_db()
    assert (row.parts, row.assign) == ({}, {})


def test_nobody_signs_a_division_that_is_undecided_or_unsaid(world: World) -> None:
    row, items = divided(world.a)
    with pytest.raises(Refused) as refused:
        move(actor=SYSTEM, ledger=TRANSFERS, row=divide(row, said(items)), name="give", on=MERGED_ON)
    assert codes(refused) == {"not_now"}


def test_a_division_waits_until_both_keep_books(world: World) -> None:
    row, _items = divided(world.a, both=False)
    row = move(actor=SYSTEM, ledger=TRANSFERS, row=row, name="decide", on=MERGED_ON, **decision())
    assert row.receiver_id is None  # one of two successors alone gets nothing
    with pytest.raises(Refused) as refused:
        move(actor=SYSTEM, ledger=TRANSFERS, row=row, name="give", on=MERGED_ON)
    assert codes(refused) == {"no_receiver"}


def test_a_part_that_owes_more_than_it_has_blocks_shares_by_name(world: World) -> None:
    row, items = divided(world.a)
    hall, shop, pond, _lease = items
    lines = "\n".join(f"{one.public_id} {NORTH}" for one in (hall, shop, pond))
    with_debt = {"parts_text": f"{NORTH} 9999\n{SOUTH} 1", "assign_text": lines}
    row = sign(world.a, divide(row, with_debt), "shares")
    with pytest.raises(Refused) as refused:
        carried(world.a, row)
    assert codes(refused) == {"no_shares"}
    assert SOUTH in refused.value.faults[0].message
    assert not balances(named(NORTH), MERGED_ON)


def test_what_two_successors_name_differently_is_nobodys_name() -> None:
    assert joint_names([{"10201": "a", "10202": "b"}, {"10201": "a", "10202": "c"}, {"10203": "d"}]) == {
        "10201": "a", "10202": "", "10203": "d",
    }  # fmt: skip
