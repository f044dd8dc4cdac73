"""The published figures of collective property: 230 places cleared (Qianfeng), 5.89 亿 and its growth (Lucheng), Zhangjia's income
(Donggang), the service fund (Daguan), printed by Heli from books that balance (docs/explanation/acceptance.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from heli.bodies.models import Body, BodyLink
from heli.bodies.types import BodyKind, LinkKind
from heli.figures import catalogue, queries
from heli.figures.wording import title_of
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id
from heli.ledger.models import Clearance, Collective, Voucher, VoucherKind, VoucherLine, VoucherState
from heli.ledger.testing import past_services
from heli.places.models import Place
from heli.places.testing import draw_register
from tests.test_acceptance import AT, BEFORE, DOC, draw_qianfeng, spread, value

pytestmark = pytest.mark.django_db
WAN = 1_000_000
"""Ten thousand yuan in fen."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def keep_books(district: int, places: Sequence[int], begins_on: date) -> list[Collective]:
    """A holder with books for each place."""
    with past_services():
        bodies = Body.objects.bulk_create(
            Body(
                public_id=new_public_id(),
                name=f"合作社{key}",
                kind=BodyKind.COOPERATIVE,
                place_id=key,
                valid_from=begins_on,
            )
            for key in places
        )
        links = {"kind": LinkKind.PROPERTY, "valid_from": begins_on}
        BodyLink.objects.bulk_create(
            BodyLink(public_id=new_public_id(), body=body, place_id=body.place_id, **links) for body in bodies
        )
        assert Place.objects.filter(pk__in=places, district=district).count() == len(places)
        return Collective.objects.bulk_create(
            Collective(public_id=new_public_id(), body=body, begins_on=begins_on) for body in bodies
        )


def book(holders: Sequence[Collective], on: date, amounts: Mapping[str, Sequence[int]], money: str = "102") -> None:
    """A posted voucher of every holder: so many fen on the credit of each account, against money in the bank."""
    with past_services():
        for at, holder in enumerate(holders):
            lines = {account: fens[at] for account, fens in amounts.items() if fens[at]}
            total = sum(lines.values())
            number = Voucher.objects.filter(collective=holder, year=on.year).count() + 1
            voucher = Voucher.objects.create(
                public_id=new_public_id(), collective=holder, year=on.year, number=number, on=on, text="全年收入", papers=1,
                kind=VoucherKind.ORDINARY, status=VoucherState.POSTED, debit_fen=total, credit_fen=total, moves_money=False,
                made_on=on, checked_on=on,
            )  # fmt: skip
            given: dict[str, Any] = {"voucher": voucher, "collective": holder, "on": on}
            VoucherLine.objects.create(account=money, fen=total, **given)
            VoucherLine.objects.bulk_create(
                VoucherLine(account=account, fen=-fen, **given) for account, fen in lines.items()
            )


QIANFENG = (("1.36", "ledger.cleared", "230 places"),)
LUCHENG = (
    ("0.31", "ledger.income", "589,000,000 yuan"),
    ("0.31", "ledger.income_growth", "44.04 %"),
    ("0.31", "ledger.operating_income", "337,000,000 yuan"),
    ("0.31", "ledger.operating_share", "57.22 %"),
    ("0.32", "ledger.reach_total", "100.00 %"),
    ("0.32", "ledger.reach_operating", "100.00 %"),
    ("0.29", "ledger.earmarked", "125,000,000 yuan"),
)
DONGGANG = (("2.31", "ledger.income_growth", "9.98 %"),)
DAGUAN = (("4.28", "ledger.earmarked", "4,000,000 yuan"), ("4.28", "ledger.earmarked_left", "3,790,000 yuan"))


def printed(district: int, rows: Sequence[tuple[str, str, str]], on: date) -> list[str]:
    return [value(district, name, on) for _row, name, _text in rows]


def wanted(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    return [text for *_rest, text in rows]


def test_qianfeng_clears_230_of_its_places() -> None:
    register = draw_qianfeng()
    about = Place.objects.values_list("public_id", flat=True).get(pk=register.district)
    villages = [key for name, key in register.keys.items() if name.startswith("V")]
    with past_services():
        Clearance.objects.bulk_create(
            Clearance(
                public_id=new_public_id(), about=about, district_id=register.district, place_id=key, number=number,
                status="confirmed" if number <= 230 else "posted", opened_by="", opened_at=AT, title="清产核资",
                cleared_on=BEFORE, counted_on=BEFORE, verified_on=BEFORE, posted_on=BEFORE,
                confirmed_on=BEFORE if number <= 230 else None,
            )
            for number, key in enumerate(villages, 1)
        )  # fmt: skip
    assert printed(register.district, QIANFENG, BEFORE) == wanted(QIANFENG)


def test_lucheng_earns_589_million_and_every_village_the_least() -> None:
    register = draw_register({"T": " ".join(f"V{number}" for number in range(80))}, district="L", code="330302")
    villages = [key for name, key in register.keys.items() if name.startswith("V")]
    holders = keep_books(register.district, villages, date(2018, 1, 1))
    before, now = date(2018, 12, 20), date(2019, 12, 20)

    def each(total: int) -> list[int]:
        return list(spread(total, villages).values())

    book(holders, before, {"501": each(25_000 * WAN), "503": each(40_891 * WAN + 419_300 - 25_000 * WAN)})
    book(
        holders,
        now,
        {"501": each(30_000 * WAN), "502": each(3_700 * WAN), "503": each(20_000 * WAN), "504": each(5_200 * WAN)},
    )
    book(holders[:1], now, {"24101": [3_500 * WAN], "24102": [9_000 * WAN]})
    on = date(2019, 12, 31)
    assert printed(register.district, LUCHENG, on) == wanted(LUCHENG)
    assert value(register.district, "ledger.operating_share", on, decimals=1) == "57.2 %"
    # The threshold is data, and a village one fen below it does not reach it.
    assert value(register.district, "ledger.reach_total", date(2019, 12, 19)) == "0.00 %"
    figure = catalogue.find("ledger.income", on)
    assert figure is not None
    found = queries.rows_behind(SYSTEM, figure, register.district, on)
    assert len(found.lines) == 80
    assert all(link.startswith("/property/books/") for link in found.links)


def test_zhangjia_of_donggang_earns_9_98_percent_more() -> None:
    register = draw_register({"T": "张家村"}, district="D", code="371102")
    (holder,) = keep_books(register.district, [register["张家村"]], date(2020, 1, 1))
    book([holder], date(2020, 12, 20), {"501": [500 * WAN]})
    book([holder], date(2021, 12, 20), {"501": [549 * WAN + 900_000]})
    assert printed(register.district, DONGGANG, date(2021, 12, 31)) == wanted(DONGGANG)


def test_daguan_grants_each_community_its_service_fund_and_running_costs() -> None:
    """100,000 yuan of service fund for each of 40; the tiers 5, 7 and 9 of running costs are spent by three of them."""
    register = draw_register({"T": " ".join(f"({n})" for n in range(40))}, district="A", code="340803")
    places = [key for name, key in register.keys.items() if name.isdecimal()]
    holders = keep_books(register.district, places, date(2018, 1, 1))
    book(holders, date(2018, 3, 1), {"24101": [10 * WAN] * 40})
    with past_services():
        for holder, wan in zip(holders, (5, 7, 9), strict=False):
            voucher = Voucher.objects.get(collective=holder, number=1)
            given: dict[str, Any] = {"voucher": voucher, "collective": holder, "on": date(2018, 6, 1)}
            VoucherLine.objects.create(account="24101", fen=wan * WAN, **given)
            VoucherLine.objects.create(account="102", fen=-wan * WAN, **given)
    assert printed(register.district, DAGUAN, date(2018, 12, 31)) == wanted(DAGUAN)


def test_the_document_prints_what_was_printed() -> None:
    document = DOC.read_text("utf-8")
    lines = []
    for title, rows in (
        ("Qianfeng 2020", QIANFENG), ("Lucheng 2019", LUCHENG), ("Donggang", DONGGANG), ("Daguan 2018", DAGUAN),
    ):  # fmt: skip
        for row, name, text in rows:
            figure = catalogue.find(name, BEFORE)
            assert figure is not None
            lines.append(f"| {title} | {row} | {title_of(figure)} | `{name}` | {text} |")
    missing = [line for line in lines if line not in document]
    assert missing == [], "\n".join(missing)
