"""The published figures of Daguan's matters, each over its own base (docs/explanation/acceptance.md)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import translation

from heli.audit.services import writing
from heli.figures import catalogue
from heli.figures.wording import title_of
from heli.kernel.access import SYSTEM
from heli.matters.models import Matter, SiteKind
from heli.matters.site_services import note_on_site
from heli.meetings.services import record_meeting
from heli.places import queries as places_queries
from heli.places import services as places
from heli.places.testing import draw_register
from heli.places.types import FactSpec
from heli.records.abouts import DISTRICT
from heli.records.models import Event
from heli.stations.catalogues import group_words
from heli.stations.services import count_members
from tests.test_acceptance import DOC, value

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


HALF_YEAR = date(2018, 6, 30)


def collect(district: int, place: int, collected: int, solved: int) -> None:
    """So many matters as they stand after half a year, with the history that says so."""
    at = datetime(2018, 3, 1, tzinfo=UTC)
    common: dict[str, Any] = {"about": "daguan", "district_id": district, "place_id": place}
    with writing(SYSTEM, "matters.enter", place_id=district):
        rows = [
            Matter(
                **common, public_id=f"m{number:09}", number=number, title="难题", item="street_lamp", opened_by="test",
                opened_at=at, status="closed" if number < solved else "filed",
                closed_on=HALF_YEAR if number < solved else None,
            )
            for number in range(collected)
        ]  # fmt: skip
        Matter.objects.bulk_create(rows)
        del common["place_id"]
        Event.objects.bulk_create(
            Event(ledger="matters", row=row.public_id, **common, at=at, did="closed" if row.status == "closed" else "filed",
                  status=row.status, by_name="test")
            for row in rows
        )  # fmt: skip


DAGUAN = (
    ("4.14", "matters.collected", 508, 323, "508 matters"),
    ("4.14", "matters.solved", 508, 323, "63.58 %"),
    ("4.42", "matters.closed", 640, 632, "98.75 %"),
    ("4.9", "matters.solved", 800, 680, "85.00 %"),
    ("4.35", "matters.solved", 20_000, 16_000, "80.00 %"),
)
"""Each share has a base of its own: they are never put over each other (what is flagged below)."""


@pytest.mark.parametrize(("row", "name", "collected", "solved", "text"), DAGUAN)
def test_daguan_prints_its_published_figures(row: str, name: str, collected: int, solved: int, text: str) -> None:
    register = draw_register({"十里铺乡": "袁江村 (十里社区)"}, district="D", code="340803")
    collect(register.district, register["袁江村"], collected, solved)
    assert value(register.district, name, HALF_YEAR) == text


def test_daguan_counts_its_grids() -> None:
    """274 over 40 stations, 6.85 each; here over two communities, for the sum is what is printed."""
    register = draw_register({"十里铺乡": "(十里社区) (文苑社区)"}, district="D", code="340803")
    counts = {register["十里社区"]: 134, register["文苑社区"]: 140}
    facts = [FactSpec(place_id=place, measure="grids", on=HALF_YEAR, value=number) for place, number in counts.items()]
    places.record_facts(actor=SYSTEM, facts=facts)
    assert value(register.district, "places.grids", date(2019, 6, 30)) == "274 grids"
    assert "| Daguan 2018 | 4.36 | Grids | `places.grids` | 274 grids |" in DOC.read_text("utf-8")


def test_daguan_counts_the_members_of_its_stations() -> None:
    """403 of six groups over 40 stations, 10.1 each; here over two communities, for the sum is what is printed."""
    register = draw_register({"十里铺乡": "袁江村 (十里社区) (文苑社区)"}, district="D", code="340803")
    district = DISTRICT.about(register.district, places_queries.districts(HALF_YEAR)[0].public_id)
    for place, sizes in (("十里社区", (60, 48, 30, 20, 18, 25)), ("文苑社区", (60, 48, 30, 20, 19, 25))):
        counts = dict(zip(group_words(), sizes, strict=True))
        count_members(actor=SYSTEM, about=district, place_id=register[place], counts=counts, on=HALF_YEAR)
    assert value(register.district, "stations.members", date(2019, 6, 30)) == "403 members"
    assert "| Daguan 2018 | 4.15 | Members of stations | `stations.members` | 403 members |" in DOC.read_text("utf-8")


def test_daguan_prints_its_sittings_rounds_hazards_and_disputes(db: None) -> None:
    """58 joint sittings and 92 reviews of 40 stations; 1,700 on rounds, 463 disputes, 137 hazards: numbers, and of nobody."""
    register = draw_register({"十里铺乡": "袁江村 (十里社区)"}, district="D", code="340803")
    place, district = register["袁江村"], register.district
    about = DISTRICT.about(district, places_queries.districts(HALF_YEAR)[0].public_id)
    for kind, number in (("joint", 58), ("review", 92)):
        given: dict[str, Any] = {
            "about": about,
            "place_id": district,
            "kind": kind,
            "attendance": {},
            "sittings": number,
        }
        record_meeting(actor=SYSTEM, title="会议", held_on=HALF_YEAR, on=HALF_YEAR, **given)
    for settled, whole in ((SiteKind.DISPUTE, 463), (SiteKind.HAZARD, 137)):
        for begins in range(0, whole, 99):
            count = min(whole - begins, 99)
            note_on_site(actor=SYSTEM, about=about, place_id=place, kind=settled, count=count, on=HALF_YEAR)
    collect(district, place, 1_700, 0)
    with writing(SYSTEM, "matters.enter", place_id=district):
        Matter.objects.update(channel="grid")
    document = DOC.read_text("utf-8")
    for row, name, text in COUNTED:
        figure = catalogue.find(name, date(2019, 6, 30))
        assert figure is not None
        assert value(district, name, date(2019, 6, 30)) == text
        assert f"| Daguan 2018 | {row} | {title_of(figure)} | `{name}` | {text} |" in document


COUNTED = (
    ("4.14", "campaigns.joint_sittings", "58 sittings"),
    ("4.14", "campaigns.review_sittings", "92 sittings"),
    ("4.36", "matters.on_rounds", "1,700 matters"),
    ("4.37", "matters.disputes", "463 disputes"),
    ("4.37", "matters.hazards", "137 hazards"),
)


def test_the_median_time_of_a_half_year_is_half_that_of_the_one_before() -> None:
    """时效提升1倍: 10 days, then 5; the mean would tell of the one that took a year."""
    register = draw_register({"十里铺乡": "袁江村 (十里社区)"}, district="D", code="340803")
    collect(register.district, register["袁江村"], 10, 10)
    with writing(SYSTEM, "matters.enter", place_id=register.district):
        for number, took in enumerate((8, 9, 10, 11, 300, 4, 5, 5, 6, 90)):
            closed = HALF_YEAR if number < 5 else date(2018, 12, 30)
            opened = datetime.combine(closed - timedelta(days=took), time(4), tzinfo=UTC)
            Matter.objects.filter(number=number).update(opened_at=opened, closed_on=closed)
    assert [value(register.district, "matters.median_days", on) for on in (HALF_YEAR, date(2018, 12, 31))] == [
        "10 days", "5 days",
    ]  # fmt: skip


def test_nobody_asked_is_outside_the_base_of_call_backs_and_counted_beside_it() -> None:
    register = draw_register({"十里铺乡": "袁江村 (十里社区)"}, district="D", code="340803")
    collect(register.district, register["袁江村"], 100, 40)
    with writing(SYSTEM, "matters.enter", place_id=register.district):
        Matter.objects.filter(number__lt=20).update(called_on=HALF_YEAR, outcome="solved", content="no")
        Matter.objects.filter(number__lt=5).update(content="yes")
    printed = [value(register.district, f"matters.{name}", HALF_YEAR) for name in ("solution", "content", "unasked")]
    assert printed == ["100.00 %", "25.00 %", "20 matters"]


def test_the_document_prints_these_lines() -> None:
    document = DOC.read_text("utf-8")
    for row, name, _collected, _solved, text in DAGUAN:
        figure = catalogue.find(name, HALF_YEAR)
        assert figure is not None
        assert f"| Daguan 2018 | {row} | {title_of(figure)} | `{name}` | {text} |" in document
