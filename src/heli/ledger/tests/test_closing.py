"""Openings are sums that may be mended until the first close; months close in order, the year in two steps."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from heli.accounts.testing import World
from heli.kernel.faults import Refused
from heli.ledger import services
from heli.ledger.models import ClosedMonth, Voucher, VoucherState
from heli.ledger.queries.books import balances, last_closed
from heli.ledger.rules.books import Draw, compute_next_month
from heli.ledger.services.locking import lock_property
from heli.ledger.testing import BOOK_DAY, books_of, made_voucher, opened, past_services, posted_voucher
from heli.places.models import Fact
from heli.places.services import record_facts
from heli.places.types import FactSpec
from heli.records.testing import codes

pytestmark = pytest.mark.django_db
DAY_BEFORE, JANUARY, LATER = date(2025, 12, 31), date(2026, 1, 1), date(2027, 2, 1)
INCOME = (Draw("102", 100), Draw("501", -100))


def close(world: World, month: date, on: date = LATER) -> ClosedMonth:
    return services.close_month(actor=world.a.actor("bookkeeper"), collective=books_of(world.a), month=month, on=on)


def test_openings_are_brought_to_what_is_wanted_until_the_first_close(world: World) -> None:
    first = opened(world.a, {"102": 500, "151": 1_000, "152": -200, "301": -1_300})
    assert (first.year, first.number, first.moves_money) == (2025, 1, False)
    opened(world.a, {"102": 700, "151": 1_000, "301": -1_700})
    assert balances(books_of(world.a), DAY_BEFORE) == {"102": 700, "151": 1_000, "301": -1_700}
    with pytest.raises(Refused) as refused:
        opened(world.a, {"102": 700, "151": 1_000, "301": -1_700})
    assert codes(refused) == {"nothing_changes"}
    with pytest.raises(Refused) as refused:
        opened(world.a, {"102": -1, "301": 1})
    assert codes(refused) == {"below_zero_on"}
    with pytest.raises(Refused) as refused:
        opened(world.a, {"102": 1, "301": -1})
    assert codes(refused) == {"waits_already"}
    waits = Voucher.objects.get(status=VoucherState.MADE)
    services.drop_voucher(actor=world.a.actor("bookkeeper"), voucher=waits)
    close(world, JANUARY)
    with pytest.raises(Refused) as refused:
        opened(world.a, {"102": 1, "301": -1})
    assert codes(refused) == {"openings_stand"}


def test_an_opening_made_before_the_first_close_is_not_posted_after_it(world: World) -> None:
    waits = services.make_openings(
        actor=world.a.actor("bookkeeper"),
        collective=books_of(world.a),
        balances_fen={"102": 1, "301": -1},
        text="期初余额",
    )
    with pytest.raises(Refused) as refused:
        close(world, JANUARY)
    assert codes(refused) == {"vouchers_wait"}
    with past_services():
        ClosedMonth.objects.create(collective=waits.collective, month=JANUARY, closed_at="2026-02-01T00:00:00Z")
    with pytest.raises(Refused) as refused:
        services.check_voucher(actor=world.a.actor("supervisor"), voucher=waits)
    assert codes(refused) == {"openings_stand"}


def test_months_close_in_order_when_they_are_over_and_nothing_waits(world: World) -> None:
    for month, on, code in (
        (date(2026, 2, 1), LATER, "not_next_month"),
        (date(2025, 12, 1), LATER, "not_next_month"),
        (JANUARY, date(2026, 1, 31), "month_not_over"),
    ):
        with pytest.raises(Refused) as refused:
            close(world, month, on)
        assert codes(refused) == {code}
    waits = made_voucher(world.a, *INCOME, on=date(2026, 1, 31))
    made_voucher(world.a, *INCOME, on=date(2026, 2, 1))
    with pytest.raises(Refused) as refused:
        close(world, JANUARY, date(2026, 2, 1))
    assert codes(refused) == {"vouchers_wait"}
    services.drop_voucher(actor=world.a.actor("bookkeeper"), voucher=waits)
    close(world, JANUARY, date(2026, 2, 1))
    assert last_closed(books_of(world.a)) == JANUARY
    with pytest.raises(Refused) as refused:
        made_voucher(world.a, *INCOME, on=date(2026, 1, 31))
    assert codes(refused) == {"month_closed"}


def test_what_waited_is_not_posted_into_a_month_closed_meanwhile(world: World) -> None:
    waits = made_voucher(world.a, Draw("112", 1), Draw("501", -1), on=date(2026, 1, 31))
    with past_services():
        ClosedMonth.objects.create(collective=waits.collective, month=JANUARY, closed_at="2026-02-01T00:00:00Z")
    with pytest.raises(Refused) as refused:
        services.check_voucher(actor=world.a.actor("supervisor"), voucher=waits, on=BOOK_DAY)
    assert codes(refused) == {"month_closed"}


def test_a_year_is_carried_in_two_steps_and_unfinished_work_stays_open(world: World) -> None:
    opened(world.a, {"102": 1_000, "32202": -400, "301": -600})
    for draws in (
        (Draw("102", 500), Draw("501", -300), Draw("503", -200)),
        (Draw("513", 120), Draw("401", 30), Draw("102", -150)),
        (Draw("32201", 50), Draw("311", -50)),
    ):
        posted_voucher(world.a, *draws)
    books = books_of(world.a)
    for month in range(1, 12):
        close(world, date(2026, month, 1))
    given: dict[str, Any] = {"actor": world.a.actor("bookkeeper"), "collective": books, "year": 2026, "on": LATER}
    stands = {"102": 1_350, "301": -600, "311": -50, "401": 30}
    for expected in ({"321": -380, "32201": 50, "32202": -400}, {"32202": -730}):
        with pytest.raises(Refused) as refused:
            close(world, date(2026, 12, 1))
        assert codes(refused) == {"year_not_carried"}
        waits = services.make_year_end(**given)
        with pytest.raises(Refused) as refused:
            services.make_year_end(**given)
        assert codes(refused) == {"waits_already"}
        step = posted_voucher(world.a, voucher=waits, today=LATER)
        assert (step.on, step.moves_money, step.papers) == (date(2026, 12, 31), False, 0)
        assert balances(books, date(2026, 12, 31)) == stands | expected
    with pytest.raises(Refused) as refused:
        services.make_year_end(**given)
    assert codes(refused) == {"year_ended"}
    services.note_members(actor=world.a.actor("bookkeeper"), collective=books, members=312)
    close(world, date(2026, 12, 1))
    assert last_closed(books) == date(2026, 12, 1)
    facts = Fact.objects.filter(place=world.a.village, on=date(2026, 12, 31))
    assert dict(facts.values_list("measure", "value")) == {"collective_income": 500, "members": 312}
    typed = FactSpec(place_id=world.a.village.pk, measure="collective_income", on=LATER, value=1)
    with pytest.raises(Refused) as refused:
        record_facts(actor=world.a.actor("district_officer"), facts=[typed])
    assert codes(refused) == {"kept_elsewhere"}


def test_the_month_after_december_is_january() -> None:
    assert compute_next_month(None, JANUARY) == JANUARY
    assert compute_next_month(date(2026, 11, 1), JANUARY) == date(2026, 12, 1)
    assert compute_next_month(date(2026, 12, 1), JANUARY) == date(2027, 1, 1)


def test_the_database_holds_closed_months(world: World) -> None:
    books = books_of(world.a)
    at = "2026-02-01T00:00:00Z"
    with pytest.raises(IntegrityError, match="month_named_by_first_day"), past_services():
        ClosedMonth.objects.create(collective=books, month=date(2026, 1, 2), closed_at=at)
    twice = [ClosedMonth(collective=books, month=JANUARY, closed_at=at) for _again in range(2)]
    with pytest.raises(IntegrityError, match=r"month_closed_once|closedmonth\.collective"), past_services():
        ClosedMonth.objects.bulk_create(twice)
    close(world, JANUARY)
    with pytest.raises(Exception, match="AppendOnly"), past_services():
        ClosedMonth.objects.filter(collective=books).update(month=date(2026, 2, 1))


def test_where_property_is_locked_only_what_the_bank_did_is_booked(world: World) -> None:
    village = world.a.village
    books_of(world.a)
    lock_property(actor=world.a.actor("town_officer"), place_id=village.pk, district_id=world.a.district.pk)
    posted_voucher(world.a, *INCOME)
    with pytest.raises(Refused) as refused:
        made_voucher(world.a, Draw("112", 5), Draw("501", -5))
    assert codes(refused) == {"locked"}
