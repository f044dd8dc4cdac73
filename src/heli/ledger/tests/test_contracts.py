"""What the law says of a contract, what it brings when, who is told of its end; registers there and back in Excel."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from heli.accounts.testing import World
from heli.kernel.faults import Refused
from heli.ledger.catalogues import contract_law
from heli.ledger.ledger import ASSETS, CONTRACTS
from heli.ledger.models import CollectiveAsset, CollectiveContract
from heli.ledger.reminders import tell_ends
from heli.ledger.rules.contracts import (
    alert_of,
    check_contract,
    compute_void_from,
    is_below_median,
    read_steps,
    rent_schedule,
    same_day,
)
from heli.ledger.rules.property import depreciated
from heli.ledger.testing import past_services
from heli.ledger.types import ContractFacts
from heli.notices.models import Message
from heli.records.lists import heads, read_drafts
from heli.records.queries import values_of
from heli.records.services import enter
from heli.records.testing import DAY, codes, district_of, enter_row, row_in

LAW = contract_law()
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("kind", "begins", "ends", "within", "void_from"),
    [
        ("lease", date(2000, 1, 1), date(2019, 12, 31), None, None),
        ("lease", date(2000, 1, 1), date(2020, 1, 1), None, date(2020, 1, 1)),
        ("lease", date(2026, 3, 2), date(2076, 3, 1), None, date(2046, 3, 2)),
        ("lease", date(2080, 2, 29), date(2150, 1, 1), None, date(2100, 3, 1)),
        ("lease", date(2024, 2, 29), date(2050, 1, 1), None, date(2044, 2, 29)),
        ("land", date(1998, 1, 1), date(2027, 12, 31), None, None),
        ("land", date(1998, 1, 1), date(2028, 1, 1), None, date(2028, 1, 1)),
        ("grassland", date(2000, 1, 1), date(2049, 12, 31), None, None),
        ("woodland", date(2000, 1, 1), date(2070, 1, 1), None, date(2070, 1, 1)),
        ("passed_on", date(2020, 1, 1), date(2027, 12, 31), date(2027, 12, 31), None),
        ("passed_on", date(2020, 1, 1), date(2030, 1, 1), date(2027, 12, 31), date(2028, 1, 1)),
        ("other", date(2000, 1, 1), date(2099, 1, 1), None, None),
    ],
)
def test_the_kind_sets_the_limit(
    kind: str, begins: date, ends: date, within: date | None, void_from: date | None
) -> None:
    assert compute_void_from(LAW.limits.get(kind), begins, ends, within) == void_from


def found(on: date = DAY, neighbours: Any = (), **more: Any) -> set[str]:
    facts: dict[str, Any] = {
        "kind": "lease", "begins_on": date(2020, 1, 1), "ends_on": date(2029, 12, 31), "rent_fen": 100, "decision": "招标",
    }  # fmt: skip
    facts |= more
    return {
        one.code for one in check_contract(ContractFacts(**facts), LAW.limits.get(facts["kind"]), neighbours, 3, on)
    }


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, set()),
        ({"decision": ""}, {"no_bidding_record"}),
        ({"void_from": DAY}, {"void_beyond"}),
        ({"kind": "passed_on", "void_from": DAY}, {"void_with_land"}),
        ({"kind": "land", "ends_on": date(2049, 12, 31)}, set()),
        ({"kind": "land", "ends_on": date(2049, 12, 30)}, {"below_least_years"}),
        ({"ends_on": DAY}, set()),
        ({"ends_on": DAY - timedelta(1)}, {"indefinite"}),
        ({"kind": "other", "ends_on": DAY - timedelta(1)}, {"ended_unsettled"}),
        ({"ends_on": DAY - timedelta(1), "is_running": False}, set()),
        ({"is_running": False, "arrears_fen": 1}, {"arrears_after_end"}),
        ({"is_land": True, "party_kind": "outsider", "votes_for": 66, "entitled": 99, "approval": "镇批"}, set()),
        ({"is_land": True, "party_kind": "outsider", "votes_for": 65, "entitled": 99}, {
            "outsider_without_two_thirds", "outsider_without_town"}),
        ({"is_land": True, "party_kind": "outsider", "approval": "镇批"}, {"outsider_without_two_thirds"}),
        ({"party_kind": "outsider"}, set()),
        ({"area_dm2": 10, "neighbours": [(110, 10)] * 3}, {"below_median"}),
        ({"area_dm2": 10, "neighbours": [(110, 10)] * 2}, set()),
    ],
)  # fmt: skip
def test_what_is_worth_a_second_look(more: dict[str, Any], said: set[str]) -> None:
    assert found(**more) == said


def test_a_rent_is_compared_with_the_median_in_whole_numbers() -> None:
    assert not is_below_median(100, 10, [(90, 10), (100, 10), (300, 10)])
    assert is_below_median(99, 10, [(90, 10), (100, 10), (300, 10)])
    # Of an even number the mean of the middle: (100 + 102) / 2 = 101 for 10.
    assert is_below_median(100, 10, [(90, 10), (100, 10), (102, 10), (300, 10)])
    assert not is_below_median(101, 10, [(90, 10), (100, 10), (102, 10), (300, 10)])
    assert not is_below_median(0, 0, [(90, 10)])


def test_the_rent_rises_by_steps_and_a_short_year_is_paid_by_its_days() -> None:
    steps = read_steps("2023-01-01 1300.50; 2022-01-01 1200")
    dues = rent_schedule(date(2021, 1, 1), date(2024, 7, 1), 100_000, steps)
    assert [(one.first.year, one.fen) for one in dues] == [
        (2021, 100_000),
        (2022, 120_000),
        (2023, 130_050),
        (2024, 65_025),
    ]
    for wrong in ("2022-01-01", "2022-13-01 5", "2022-01-01 1.234", "2022-01-01 -5", "2022-01-01 1; 2022-01-01 2"):
        with pytest.raises(ValueError, match=r".*"):
            read_steps(wrong)


@given(DAYS, st.integers(0, 15_000), st.integers(0, 10**9))
def test_the_years_of_a_schedule_follow_each_other_without_gap(begins: date, days: int, fen: int) -> None:
    ends = begins + timedelta(days)
    dues = rent_schedule(begins, ends, fen)
    assert (dues[0].first, dues[-1].last) == (begins, ends)
    assert all(one.last + timedelta(1) == two.first for one, two in pairwise(dues))
    assert all(one.fen == fen for one in dues[:-1])
    assert 0 <= dues[-1].fen <= fen


@given(DAYS, st.integers(0, 400), st.lists(st.integers(-5, 120), max_size=40))
def test_each_alert_is_sent_once_and_a_missed_one_is_made_good(ends: date, first: int, steps: list[int]) -> None:
    told, sent, left = None, [], first
    for step in steps:
        alert = alert_of(left, told, LAW.alert_days)
        if alert is not None:
            assert left <= alert
            sent.append(alert)
            told = alert
        left -= abs(step)
    assert sent == sorted(set(sent), reverse=True)


@given(DAYS, st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 600), st.integers(0, 20_000))
def test_what_is_written_off_grows_and_stops_at_the_residual(
    acquired: date, cost: int, residual: int, months: int, days: int
) -> None:
    on = acquired + timedelta(days)
    off = depreciated(cost, residual, months, acquired, on)
    assert 0 <= off <= max(0, cost - residual)
    assert off <= depreciated(cost, residual, months, acquired, on + timedelta(31))
    if months and cost > residual:
        assert depreciated(cost, residual, months, acquired, same_day(acquired, 51)) == cost - residual


@pytest.mark.django_db
def test_whoever_keeps_a_contract_is_told_of_its_end_once(world: World) -> None:
    row = row_in(CONTRACTS, world.a, district_of(world.a), "verified")
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 18 days before its end
    given: dict[str, Any] = {"district_id": world.a.district.pk}
    assert [tell_ends(at=at + timedelta(days), **given) for days in (-80, 0, 0, 11, 12, 30)] == [0, 1, 0, 1, 0, 0]
    told = Message.objects.filter(about__startswith=f"contract:{row.public_id}")
    keepers = {world.a.actor(role).id for role in ("town_officer", "village_cadre", "bookkeeper")}
    assert set(told.values_list("user", flat=True)) == keepers
    row.refresh_from_db()
    assert row.told_days == 7


@pytest.mark.django_db
def test_the_page_of_a_contract_says_what_the_law_says(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    asset = enter_row(ASSETS, world.a, district_of(world.a), life_months=120, acquired_on=date(2016, 1, 1))
    row = enter_row(
        CONTRACTS, world.a, district_of(world.a), kind="lease", begins_on=date(2010, 5, 1), due_on=date(2060, 4, 30),
        object_code=asset.public_id, votes_for=2, votes_entitled=3,
    )  # fmt: skip
    client = world.client("district_officer")
    client.cookies["heli-language"] = "en"
    page = client.get(CONTRACTS.url("row", row.about, row.public_id)).content.decode()
    assert ASSETS.url("row", asset.about, asset.public_id) in page
    page = client.get(ASSETS.url("row", asset.about, asset.public_id)).content.decode()
    assert [
        one for one in (asset.public_id, "<svg", CONTRACTS.url("row", row.about, row.public_id)) if one not in page
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"price_steps": "from 2028 more"}, "steps_unreadable"),
        ({"votes_for": 5, "votes_entitled": 4}, "votes_of_entitled"),
        ({"votes_for": 5, "votes_entitled": None}, "votes_of_entitled"),
    ],
)
def test_what_cannot_be_read_of_a_contract_is_refused(world: World, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        enter_row(CONTRACTS, world.a, district_of(world.a), **values)
    assert codes(refused) == {code}


@pytest.mark.django_db
def test_the_database_counts_votes_of_those_entitled(world: World) -> None:
    row = enter_row(CONTRACTS, world.a, district_of(world.a))
    with pytest.raises(IntegrityError, match="contract_votes_of_entitled"), past_services():
        CollectiveContract.objects.filter(pk=row.pk).update(votes_for=2, votes_entitled=1)
    asset = enter_row(ASSETS, world.a, district_of(world.a))
    with pytest.raises(IntegrityError, match="asset_not_below_zero"), past_services():
        CollectiveAsset.objects.filter(pk=asset.pk).update(residual_fen=-1)


# -- lists -------------------------------------------------------------------------------------------------------------


def read(world: World, content: bytes, ledger: Any = ASSETS) -> Any:
    actor = world.a.actor("district_officer")
    with translation.override("zh-hans"):
        return read_drafts(content, "表.csv", ledger=ledger, actor=actor, about=district_of(world.a), on=DAY)


PRINTED = """清产核资表,,,,,,
单位：万元,,,,,,
资产资源,村（社区）名称或代码,资产类别,价值,,面积,差异原因
,,,账面数,核实数,（平方米）,
礼堂,岩门村,经营性,1.25,1.2,,漏记折旧
水塘,岩门村,资源性,0,0,1200,
合计,,,{total},1.2,1200,
"""


@pytest.mark.django_db
def test_a_printed_form_with_pairs_below_one_head_is_read_and_its_units_converted(world: World) -> None:
    drafts, _sha, listed = read(world, PRINTED.format(total="1.25").encode())
    assert [(one.values["value_fen"], one.values["counted_fen"], one.values["area_dm2"]) for one in drafts] == [
        (1_250_000, 1_200_000, None), (0, 0, 120_000),
    ]  # fmt: skip
    assert drafts[0].values["difference"] == "漏记折旧"
    assert any("万元" in line for line in listed.said())
    assert any("平方米" in line for line in listed.said())
    actor = world.a.actor("district_officer")
    rows = enter(actor=actor, ledger=ASSETS, about=district_of(world.a), drafts=drafts, on=DAY)
    assert [row.counted_fen for row in rows] == [1_200_000, 0]


@pytest.mark.django_db
def test_a_total_that_contradicts_its_lines_is_refused_with_both_numbers(world: World) -> None:
    with pytest.raises(Refused) as refused:
        read(world, PRINTED.format(total="1.35").encode())
    (fault,) = refused.value.faults
    assert fault.code == "total_contradicts"
    assert "1.35" in fault.message
    assert "1.25" in fault.message
    assert "7" in fault.source


@pytest.mark.django_db
def test_a_difference_in_a_list_needs_its_cause(world: World) -> None:
    drafts, *_rest = read(world, PRINTED.format(total="1.25").replace("漏记折旧", "").encode())
    with pytest.raises(Refused) as refused:
        enter(actor=world.a.actor("district_officer"), ledger=ASSETS, about=district_of(world.a), drafts=drafts, on=DAY)
    assert codes(refused) == {"difference_without_cause"}


@pytest.mark.django_db
@pytest.mark.parametrize("ledger", [ASSETS, CONTRACTS], ids=lambda one: one.name)
def test_a_register_that_was_exported_is_read_back(world: World, ledger: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    row = enter_row(ledger, world.a, district_of(world.a))
    client = world.client("district_officer")
    answer = client.get(ledger.url("list", row.about), {"export": "csv"})
    content = answer.content
    drafts, *_rest = read(world, content, ledger)
    kept = values_of(ledger, ledger.model._default_manager.get(pk=row.pk))
    assert drafts[0].values == {name: kept[name] for name in drafts[0].values}


def test_heads_of_the_registers_are_each_named_once() -> None:
    for ledger in (ASSETS, CONTRACTS):
        assert len(set(heads(ledger))) == len(heads(ledger))
