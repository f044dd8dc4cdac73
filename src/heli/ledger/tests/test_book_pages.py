"""Pages of the books: a voucher made, signed, checked on them; ledger pages carry forward; queries stay few."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from heli.accounts.testing import World
from heli.files.testing import draw_photo
from heli.ledger.models import Voucher, VoucherState
from heli.ledger.queries.books import balances, last_closed, ledger_page
from heli.ledger.rules.books import Draw
from heli.ledger.testing import YEAR, books_of, made_voucher, opened, posted_voucher

pytestmark = pytest.mark.django_db
OnDay = Callable[[datetime], None]
TYPED = {
    "on": "2026-03-02", "text": "收租金", "papers": "1", "account_1": "102", "debit_1": "1,234.50".replace(",", ""),
    "account_3": "501", "credit_3": "1234.50", "text_3": "门面房",
}  # fmt: skip


@pytest.fixture
def today(world: World, on_day: OnDay) -> None:
    on_day(datetime(2026, 3, 2, 12, tzinfo=UTC))


def url(world: World, name: str, *parts: Any) -> str:
    return reverse(f"property:{name}", args=[books_of(world.a).public_id, *parts])


@pytest.mark.usefixtures("today")
def test_a_voucher_is_made_with_a_photo_signed_and_checked_on_its_page(world: World) -> None:
    photo = SimpleUploadedFile("票.jpg", draw_photo(64, 48), "image/jpeg")
    sent = world.client("bookkeeper").post(url(world, "voucher_new"), {**TYPED, "paper": photo})
    one = Voucher.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, url(world, "voucher", one.public_id))
    assert one.draft == [["102", 123_450, ""], ["501", -123_450, "门面房"]]
    assert one.paper is not None
    for role, did, state in (("cashier", "sign", "made"), ("supervisor", "check", "posted")):
        client = world.client(role)
        assert f'value="{did}"' in client.get(url(world, "voucher", one.public_id)).content.decode()
        client.post(url(world, "voucher", one.public_id), {"did": did})
        one.refresh_from_db()
        assert one.status == state
    page = world.client("auditor").get(url(world, "account", "102")).content.decode()
    assert "1,234.50" in page
    assert "2026-1" in page


@pytest.mark.usefixtures("today")
def test_what_is_wrong_stands_at_its_line(world: World) -> None:
    page = world.client("bookkeeper").post(url(world, "voucher_new"), {**TYPED, "credit_1": "1", "on": "2026-03-02"})
    assert page.status_code == 422
    assert page.context["form"].errors["credit_1"]
    page = world.client("bookkeeper").post(url(world, "voucher_new"), {**TYPED, "account_1": "999"})
    assert page.context["form"].errors["account_1"]
    assert not Voucher.objects.exists()


@pytest.mark.usefixtures("today")
def test_sent_back_changed_dropped_and_taken_back_on_pages(world: World) -> None:
    one = made_voucher(world.a, Draw("112", 5), Draw("501", -5))
    keeper, page = world.client("bookkeeper"), url(world, "voucher", one.public_id)
    world.client("supervisor").post(page, {"did": "return", "reason": "附件不全"})
    assert "附件不全" in keeper.get(page).content.decode()
    again = f"{url(world, 'voucher_new')}?again={one.public_id}"
    assert 'value="112" selected' in keeper.get(again).content.decode()
    keeper.post(again, TYPED)
    one.refresh_from_db()
    assert (one.status, one.debit_fen) == (VoucherState.MADE, 123_450)
    keeper.post(page, {"did": "drop"})
    assert world.client("supervisor").post(page, {"did": "unknown"}).status_code == 404
    posted = posted_voucher(world.a, Draw("112", 5), Draw("501", -5))
    given = {"did": "reverse", "reason": "重复", "on": "2026-03-02"}
    assert keeper.post(url(world, "voucher", posted.public_id), given).status_code == 303
    assert Voucher.objects.get(reverses=posted).status == VoucherState.MADE
    assert keeper.post(url(world, "voucher", posted.public_id), given).status_code == 422


@pytest.mark.usefixtures("today")
def test_openings_and_the_end_of_a_month_on_pages(world: World) -> None:
    keeper = world.client("bookkeeper")
    typed = {"text": "期初", "papers": "1", "account_1": "102", "debit_1": "5", "account_2": "301", "credit_2": "5"}
    keeper.post(f"{url(world, 'voucher_new')}?kind=opening", typed)
    posted_voucher(world.a, voucher=Voucher.objects.get())
    assert balances(books_of(world.a), YEAR) == {"102": 500, "301": -500}
    assert 'value="5.00"' in keeper.get(f"{url(world, 'voucher_new')}?kind=opening").content.decode()
    keeper.post(url(world, "holder"), {"did": "close", "month": "2026-01"})
    assert last_closed(books_of(world.a)) == YEAR
    assert keeper.post(url(world, "holder"), {"did": "account", "code": "10201", "name": "农商行"}).status_code == 303
    assert keeper.post(url(world, "holder"), {"did": "account", "code": "10201", "name": "农商行"}).status_code == 422
    assert keeper.post(url(world, "holder"), {"did": "other"}).status_code == 404
    assert world.client("supervisor").post(url(world, "holder"), {"did": "close"}).status_code == 403


def test_a_ledger_page_brings_forward_and_carries_on(world: World) -> None:
    opened(world.a, {"102": 1_000, "301": -1_000})
    for day in range(1, 8):
        posted_voucher(world.a, Draw("102", 10), Draw("501", -10), on=date(2026, 1, day))
    posted_voucher(world.a, Draw("513", 5), Draw("102", -5), on=date(2026, 1, 4))
    pages = [ledger_page(books_of(world.a), "102", 2026, number, 3) for number in (1, 2, 3)]
    assert [(one.number, one.before, one.after, one.debit, one.credit) for one in pages] == [
        (1, 1_000, 1_030, 30, 0), (2, 1_030, 1_045, 50, 5), (3, 1_045, 1_065, 70, 5),
    ]  # fmt: skip
    assert [one.stands for one in pages[1].lines] == [1_040, 1_035, 1_045]
    assert ledger_page(books_of(world.a), "102", 2026, 9, 3).number == 3
    assert ledger_page(books_of(world.a), "102", 2027, 1, 3).before == 1_065


@pytest.mark.usefixtures("today")
def test_one_holders_page_asks_twelve_times_at_most_however_much_there_is(world: World) -> None:
    client, page = world.client("bookkeeper"), url(world, "holder")
    client.get(page)
    for _voucher in range(3):
        posted_voucher(world.a, Draw("102", 10), Draw("501", -10))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page)
    for _voucher in range(5):
        posted_voucher(world.a, Draw("112", 10), Draw("502", -10))
        made_voucher(world.a, Draw("102", 10), Draw("501", -10))
    with CaptureQueriesContext(connection) as more:
        client.get(page)
    asked = [query["sql"] for query in few.captured_queries if "ledger_" in query["sql"]]
    assert len(asked) <= 12
    assert len(more) == len(few)


def test_a_holders_page_asks_twelve_times_at_most(world: World) -> None:
    made_voucher(world.a, Draw("112", 100), Draw("501", -100))
    client, page = world.client("bookkeeper"), f"/property/books/{books_of(world.a).public_id}/"
    assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    assert len(asked) <= 12
