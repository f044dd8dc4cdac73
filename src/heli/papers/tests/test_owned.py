"""Papers of a merger list what the registers and the books hold: nobody copies it, and what is known to be empty is said."""

from datetime import date
from typing import Any

import pytest

from heli.accounts.testing import World
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import campaign_of
from heli.files.documents import render_html
from heli.files.templating.documents import GivenBy, fill
from heli.kernel.access import SYSTEM
from heli.kernel.levels import Per
from heli.ledger.ledger import ASSETS, CONTRACTS, TRANSFERS
from heli.ledger.testing import MERGED_ON, books_of, carried, merged, open_cooperative, opening_of, sign
from heli.papers.forms import typed_fields
from heli.papers.queries.owned import owned_in
from heli.papers.queries.papers import load_papers
from heli.papers.queries.templates import catalogue, shipped_templates
from heli.records.services import move
from heli.records.testing import district_of, enter_row

BALANCES = {"10201": 500_000, "112": 1_234, "151": 1_000_000, "21101": -700, "311": -1_500_534}


def held(half: Any) -> Any:
    """A co-operative with books, a hall, a pond of a group and a lease of the pond."""
    holder = books_of(half)
    opening_of(holder, BALANCES, {"10201": "农商行", "21101": "水厂"})
    given: dict[str, Any] = {
        "bare": True,
        "title": "礼堂",
        "account": "151",
        "value_fen": 1_000_000,
        "kind": "operating",
    }
    enter_row(ASSETS, half, district_of(half), **given)
    given |= {
        "title": "鱼塘",
        "account": "",
        "value_fen": 0,
        "kind": "resource",
        "area_dm2": 200_000,
        "owner_group": "二组",
    }
    pond = enter_row(ASSETS, half, district_of(half), **given)
    lease: dict[str, Any] = {"object_code": pond.public_id, "party": "某渔业社", "begins_on": date(2025, 1, 1)}
    enter_row(CONTRACTS, half, district_of(half), bare=True, rent_fen=120_000, **lease)
    return holder


def owned(place: int) -> Any:
    """The fields of a village on the day of the merger."""
    return owned_in([place], MERGED_ON)[place]


@pytest.mark.django_db
def test_the_handover_lists_what_books_and_registers_hold_also_after_it_was_carried(world: World) -> None:
    holder, village = held(world.a), world.a.village.pk
    found = owned(village)
    assert found["coop_money"] == [{"name": "农商行", "yuan": "5,000.00"}, {"name": "合计", "yuan": "5,000.00"}]
    assert found["coop_debts"] == [
        {"kind": "债权", "name": "应收款", "yuan": "12.34"}, {"kind": "债务", "name": "水厂", "yuan": "7.00"},
    ]  # fmt: skip
    assert [(one["name"], one["kind"], one["cost"]) for one in found["coop_things"]] == [
        ("礼堂", "经营性", "10,000.00")
    ]
    (land,) = found["coop_lands"]
    assert (land["name"], land["area"], land["owner"]) == ("鱼塘", "3.00", "二组")
    assert land["let"].startswith("某渔业社")
    to, rows = merged(world.a, holder, open_cooperative(world.a, world.a.place("大石村")))
    row, other = sorted((sign(world.a, one) for one in rows), key=lambda one: one.giver_id != holder.pk)
    carried(world.a, other)
    after = owned(village)
    assert {key: after[key] for key in ("coop_money", "coop_debts", "coop_things")} == {
        key: found[key] for key in ("coop_money", "coop_debts", "coop_things")
    }, "the paper says what was handed over, not what is left"
    assert (after["coop_successor"], after["coop_creditors"], after["coop_approved_on"]) == (to.body.name, "1", "")
    told: dict[str, Any] = {
        "values": {"approved_on": MERGED_ON, "creditors_told": 1, "told_on": MERGED_ON},
        "note": "一户",
    }
    row.refresh_from_db()
    move(actor=SYSTEM, row=row, name="tell", on=MERGED_ON, ledger=TRANSFERS, **told)
    assert owned(village)["coop_approved_on"] == "2026年4月1日"


@pytest.mark.django_db
def test_a_campaigns_papers_say_it_and_what_is_not_known_is_written_by_hand(world: World) -> None:
    held(world.a)
    village, other = world.a.village.pk, world.a.other_village.pk
    papers = load_papers(campaign_of(world.a), DAY, [village, other])
    said = {
        place: render_html(fill(shipped_templates()[key], papers.of(Per.VILLAGE, place), catalogue().fields))
        for key in ("asset-handover",)
        for place in (village, other)
    }
    assert "股份经济合作社" in said[village]
    assert all(one in said[village] for one in ("农商行", "水厂", "礼堂", "某渔业社"))
    assert "农村集体经济组织" in said[other]
    notice = fill(shipped_templates()["creditors-notice"], papers.of(Per.VILLAGE, village), catalogue().fields)
    assert "股份经济合作社" in render_html(notice)


def test_none_of_it_is_typed() -> None:
    given = {rule.id for rule in catalogue().fields.values() if rule.given_by is GivenBy.LEDGER}
    assert {"coop", "coop_money", "coop_contracts"} <= given
    assert not given & set(typed_fields())
