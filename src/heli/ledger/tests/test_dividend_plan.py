"""A year's dividend on the books: worked out, open ten days, decided by a recorded sitting, booked, printed with names."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from heli.accounts.testing import World
from heli.audit.models import Entry
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.gates import dividend_decided
from heli.ledger.models import DividendPlan, DividendState
from heli.ledger.queries.books import balances
from heli.ledger.rules.dividend import compute_raise
from heli.ledger.testing import (
    DECIDED_ON,
    WISH,
    YEAR_OVER,
    books_of,
    closed_year,
    confirmed_roll,
    open_plan,
    past_services,
    planned_dividend,
    posted_voucher,
    rolled,
    vote_about,
)
from heli.ledger.types import DividendWish, RollLine
from heli.records.testing import codes

pytestmark = pytest.mark.django_db
OnDay = Callable[[datetime], None]


def plan(world: World, wish: DividendWish = WISH, year: int = 2026) -> set[str]:
    given: dict[str, Any] = {"collective": books_of(world.a), "year": year, "wish": wish, "on": YEAR_OVER}
    with pytest.raises(Refused) as refused:
        services.plan_dividend(actor=world.a.actor("bookkeeper"), **given)
    return codes(refused)


def test_the_surplus_less_the_reserve_is_shared_to_the_fen(world: World) -> None:
    one = planned_dividend(world.a)
    assert (one.surplus_fen, one.result["reserve_fen"], one.paid_fen, one.shares) == (600_000, 180_000, 420_000, 1_000)
    assert one.result["amounts"] == {"1": 126_000, "2": 126_000, "3": 168_000}
    assert plan(world) == {"planned_already"}


def test_what_the_year_the_roll_or_the_law_does_not_bear_is_refused(world: World) -> None:
    assert plan(world) == {"year_open"}
    closed_year(world.a)
    assert plan(world) == {"roll_unconfirmed"}
    confirmed_roll(world.a)
    assert plan(world, DividendWish(3_000, pot_fen=420_001)) == {"too_much"}
    assert plan(world, DividendWish(10_001)) == {"rate", "rates"}
    assert plan(world, DividendWish(3_000, never_fen=420_000)) == {"nothing"}
    assert plan(world, DividendWish(3_000, pot_fen=420_000, never_fen=1)) == {"too_much"}
    rolled(world.a, RollLine(4, 3, "王五", shares=10))
    assert plan(world) == {"roll_unconfirmed"}


def test_money_for_reserved_land_is_never_distributed(world: World) -> None:
    one = planned_dividend(world.a, DividendWish(3_000, never_fen=100_000))
    assert (one.paid_fen, one.result["carried_fen"]) == (320_000, 100_000)


def test_twelve_hundred_after_a_thousand_on_so_much_more_pays_a_larger_part() -> None:
    paid, over = compute_raise((10_000_000, 100_000), (10_998_000, 120_000))
    assert round(paid / over, 4) == 1.0911


def test_it_is_open_ten_days_and_decided_by_a_sitting_after_them(world: World) -> None:
    keeper, one = world.a.actor("bookkeeper"), planned_dividend(world.a)
    opened = services.open_dividend(actor=world.a.actor("town_officer"), plan=one, on=YEAR_OVER)
    gate = Subject(district=world.a.district.pk, place=world.a.village.pk)

    def decide() -> set[str]:
        with pytest.raises(Refused) as refused:
            services.decide_dividend(actor=keeper, plan=opened, on=DECIDED_ON)
        return codes(refused)

    assert decide() == {"sitting_missing"}
    vote_about(opened, "annual_budget", YEAR_OVER + timedelta(days=9))
    assert decide() == {"notice_still_hangs"}
    vote_about(opened, "annual_budget", DECIDED_ON)
    assert [one.code for one in dividend_decided(subject=gate, on=DECIDED_ON)] == ["dividend_undecided"]
    done = services.decide_dividend(actor=keeper, plan=opened, on=DECIDED_ON)
    assert list(dividend_decided(subject=gate, on=DECIDED_ON)) == []
    assert done.voucher is not None
    posted_voucher(world.a, voucher=done.voucher, today=DECIDED_ON)
    stands = balances(books_of(world.a), DECIDED_ON)
    assert (stands["211"], stands["311"], stands["32201"] + stands["32202"]) == (-820_000, -180_000, 0)
    with pytest.raises(Refused) as refused:
        services.drop_dividend(actor=keeper, plan=done)
    assert codes(refused) == {"not_now"}


def test_another_roll_needs_another_plan(world: World) -> None:
    one = open_plan(world.a)
    rolled(world.a, RollLine(4, 3, "王五", shares=10))
    with pytest.raises(Refused) as refused:
        services.decide_dividend(actor=world.a.actor("bookkeeper"), plan=one, on=DECIDED_ON)
    assert codes(refused) == {"roll_unconfirmed"}
    roll = services.post_roll(actor=world.a.actor("town_officer"), collective=books_of(world.a), on=YEAR_OVER)
    vote_about(roll, "membership", DECIDED_ON)
    services.confirm_roll(actor=world.a.actor("district_officer"), roll=roll, on=DECIDED_ON)
    with pytest.raises(Refused) as refused:
        services.decide_dividend(actor=world.a.actor("bookkeeper"), plan=one, on=DECIDED_ON)
    assert codes(refused) == {"roll_changed"}
    services.drop_dividend(actor=world.a.actor("bookkeeper"), plan=one)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("dividend_once_a_year", {"status": "planned"}),
        ("dividend_status_known", {"status": "lost"}),
        ("dividend_pays_something", {"paid_fen": 0}),
        ("dividend_open_hangs", {"status": "open"}),
        ("dividend_decided_by_sitting", {"status": "decided", "notice": "x", "decided_on": YEAR_OVER}),
        ("dividend_decided_on_a_day", {"decided_on": YEAR_OVER}),
        ("dividend_opened_by_another", {"opened_by": "planned_by"}),
    ],
)
def test_the_database_holds_what_a_dividend_is(world: World, name: str, wrong: dict[str, Any]) -> None:
    one = planned_dividend(world.a)
    base = {
        key: getattr(one, key) for key in ("collective", "roll", "asked", "surplus_fen", "paid_fen", "shares", "result")
    }
    given = {**base, "public_id": "d2", "year": 2025, "planned_by": one.planned_by, "planned_on": YEAR_OVER, **wrong}
    if name == "dividend_once_a_year":
        given["year"] = 2026
    if name == "dividend_opened_by_another":
        given["opened_by"] = one.planned_by
    if name == "dividend_status_known":
        given["year"] = 2024
    with pytest.raises(IntegrityError) as refused, past_services(), transaction.atomic():
        DividendPlan.objects.create(**given)
    assert name in str(refused.value) or "collective_id" in str(refused.value)


def test_the_page_plans_opens_decides_and_prints(world: World, on_day: OnDay) -> None:
    closed_year(world.a)
    confirmed_roll(world.a)
    on_day(datetime(2027, 1, 4, 12, tzinfo=UTC))
    url = reverse("property:dividend", args=[books_of(world.a).public_id])
    keeper, town = world.client("bookkeeper"), world.client("town_officer")
    assert keeper.post(url, {"did": "plan", "year": "2026"}).status_code == 422
    typed = {"did": "plan", "year": "2026", "reserve_bp": "30", "welfare_bp": "0"}
    assert keeper.post(url, typed).status_code == 303
    page = keeper.get(url).content.decode()
    assert "4,200.00" in page
    assert "1,680.00" in page
    town.post(url, {"did": "open"})
    one = DividendPlan.objects.get()
    assert one.status == DividendState.OPEN
    vote_about(one, "annual_budget", date(2027, 1, 15))
    on_day(datetime(2027, 1, 15, 12, tzinfo=UTC))
    keeper, town = world.client("bookkeeper"), world.client("town_officer")
    keeper.post(url, {"did": "decide"})
    assert "voucher" in keeper.get(url).content.decode()
    printed = keeper.post(url, {"did": "print"})
    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    assert Entry.objects.filter(what="ledger.open_names").get().after["why"] == "dividend"
    assert town.post(url, {"did": "print"}).status_code == 403
    assert keeper.post(url, {"did": "drop"}).status_code == 303
