"""What books offer to others: the stranger's page, the archive of a place, what waits for whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from heli.accounts.testing import World
from heli.ledger import services
from heli.ledger.archive import books_rows
from heli.ledger.due import DUES
from heli.ledger.rules.books import Draw
from heli.ledger.testing import BOOK_DAY, YEAR, books_of, made_voucher, posted_voucher
from heli.records.due import gather_for

pytestmark = pytest.mark.django_db
INCOME = (Draw("112", 123_456), Draw("501", -123_456))


def hung(world: World) -> None:
    posted_voucher(world.a, *INCOME, on=date(2026, 1, 5), today=BOOK_DAY)
    given: dict[str, Any] = {"collective": books_of(world.a), "on": BOOK_DAY}
    services.close_month(actor=world.a.actor("bookkeeper"), month=YEAR, **given)
    services.disclose_period(actor=world.a.actor("town_officer"), until=date(2026, 1, 31), **given)


def waits(world: World, role: str, name: str, on: date, until: date | None = None) -> list[str]:
    found = gather_for(world.a.actor(role), [world.a.district.public_id], until or on, on)
    return [one.public_id for due, one in found if due.id == name]


def test_a_stranger_reads_the_accounts_that_hang_and_nobodys_name(world: World) -> None:
    url = reverse("web:openly", args=[world.a.village.public_id])
    assert "集体经济组织财务公开" not in Client().get(url).content.decode()
    hung(world)
    page = Client().get(url).content.decode()
    assert "1,234.56" in page
    assert books_of(world.a).body.name in page
    assert str(world.a.actor("bookkeeper").name) not in page


def test_the_archive_of_a_place_tells_how_far_its_books_are(world: World) -> None:
    hung(world)
    places = [world.a.village.pk]
    rows = books_rows(world.a.actor("town_officer"), places, BOOK_DAY)
    assert rows.lines == [(books_of(world.a).body.name, 0, YEAR, "2026-01", date(2026, 1, 31))]
    assert not books_rows(world.b.actor("town_officer"), places, BOOK_DAY).lines


def test_a_voucher_waits_for_whoever_checks_it_and_not_for_its_maker(world: World) -> None:
    one = made_voucher(world.a, *INCOME)
    paid = made_voucher(world.a, Draw("102", 5), Draw("501", -5))
    assert waits(world, "supervisor", "books.check", BOOK_DAY) == [one.public_id]
    assert waits(world, "town_officer", "books.check", BOOK_DAY) == [one.public_id]
    assert waits(world, "bookkeeper", "books.check", BOOK_DAY) == []
    services.sign_voucher(actor=world.a.actor("cashier"), voucher=paid, on=BOOK_DAY)
    assert waits(world, "supervisor", "books.check", BOOK_DAY) == [one.public_id, paid.public_id]


def test_accounts_that_must_hang_fall_due_until_they_do(world: World) -> None:
    one, due = books_of(world.a), date(2026, 4, 10)
    assert waits(world, "town_officer", "books.disclose", date(2026, 3, 31)) == []
    assert waits(world, "town_officer", "books.disclose", due - timedelta(days=8)) == []
    assert waits(world, "town_officer", "books.disclose", due - timedelta(days=8), due) == [one.public_id]
    assert waits(world, "village_cadre", "books.disclose", due) == []
    assert {"books.check", "books.disclose"} <= {one.id for one in DUES}
