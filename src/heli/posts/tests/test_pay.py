"""Pay comes from posts held and the rules of each day; it is kept for a term and ends; oneself and the pay office see it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from conftest import OnDay
from django.urls import reverse

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask
from heli.kernel.faults import Refused
from heli.kernel.quantities import Ratio
from heli.posts.figures import median_pay, well_paid
from heli.posts.models import GradedYear, Holding, PayAccount
from heli.posts.queries.pay import own_pay, pay_of_year, scale_of, sum_up
from heli.posts.rules.pay import PayScale
from heli.posts.services.facts import empty_facts
from heli.posts.services.offices import pair, vacate
from heli.posts.services.pay import link_account, take_grade
from heli.posts.testing import DAY, committee, holder, pay_rule

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
OLD = PayScale({"head": 1_000_000, "secretary": 1_000_000, "deputy": 900_000}, {}, 0)
NEW = PayScale({"head": 4_000_000, "secretary": 4_200_000, "deputy": 3_000_000}, {"excellent": 1_000}, 0)
JULY = date(2026, 7, 1)


@pytest.fixture
def world() -> World:
    return build_world()


def paid(world: World, year: int = 2026, on: date = DAY) -> dict[str, int]:
    return {one.holding.post.kind: one.fen for one in pay_of_year(world.a.district.pk, year, on)}


def test_a_year_is_paid_by_the_rules_of_each_day(world: World) -> None:
    holder(committee(world.a))
    assert paid(world) == {}
    pay_rule(world.a, OLD)
    assert paid(world) == {"head": 1_000_000}
    pay_rule(world.a, NEW, JULY)
    assert paid(world) == {"head": 500_000 + 2_000_000}
    with pytest.raises(Refused):
        pay_rule(world.a, NEW, JULY)


def test_one_person_in_two_posts_is_paid_once_by_the_better_while_both_are_held(world: World) -> None:
    body = committee(world.a)
    head, secretary = holder(body), holder(body, "secretary")
    pair(actor=SYSTEM, holding=head, other=secretary)
    pay_rule(world.a, NEW)
    assert paid(world) == {"head": 4_200_000}
    vacate(actor=SYSTEM, holding=secretary, on=JULY)
    assert paid(world) == {"head": 2_100_000 + 2_000_000}


def test_a_grade_adds_its_share_and_said_again_takes_its_place(world: World) -> None:
    one = holder(committee(world.a))
    pay_rule(world.a, NEW)
    for grade, fen in (("competent", 4_000_000), ("excellent", 4_400_000)):
        take_grade(actor=SYSTEM, holding=one, year=2026, grade=grade, source="x")
        assert paid(world) == {"head": fen}
    assert paid(world, 2025) == {"head": 4_000_000}
    with pytest.raises(Refused):
        take_grade(actor=SYSTEM, holding=one, year=2023, grade="excellent", source="x")


def test_pay_is_kept_by_the_scale_of_the_last_day_until_its_day_and_for_one_term_at_most(world: World) -> None:
    pay_rule(world.a, OLD)
    vacate(actor=SYSTEM, holding=holder(committee(world.a)), on=JULY, pay_kept_until=date(2026, 10, 1))
    pay_rule(world.a, NEW, JULY)
    line = pay_of_year(world.a.district.pk, 2026, DAY)[0]
    assert (line.fen, line.kept) == (750_000, 250_000)
    assert paid(world, 2027) == {}
    with unaudited():
        Holding.objects.filter(person__isnull=False).update(pay_kept_until=date(2040, 1, 1))
    assert [paid(world, year).get("head") for year in (2030, 2031, 2032)] == [1_000_000, 500_000, None]


def test_share_and_median_are_those_of_posts_whatever_the_grades(world: World) -> None:
    body = committee(world.a)
    one = holder(body)
    holder(body, "deputy", "李副主任")
    pay_rule(world.a, NEW)
    take_grade(actor=SYSTEM, holding=one, year=2026, grade="excellent", source="x")
    lines = pay_of_year(world.a.district.pk, 2026, DAY)
    found = sum_up(lines, NEW)
    assert (found.fen, found.well_paid, found.median) == (7_400_000, Ratio(1, 2), 3_500_000)
    assert sum_up(lines, OLD).well_paid == Ratio(0, 2)
    ask = Ask(district_ids=(world.a.district.pk,), on=DAY)
    assert sorted((row.above, row.below, row.cells[1]) for row in well_paid(ask)) == [(0, 1, "副主任"), (1, 1, "主任")]
    assert median_pay(ask) == dict.fromkeys((world.a.district.pk, world.a.town.pk, world.a.village.pk), (3500000, 1))
    assert all("陈主任" not in map(str, row.cells) for row in well_paid(ask))


def test_own_pay_is_seen_by_oneself_and_the_pay_office_only(world: World, on_day: OnDay) -> None:
    on_day(NOON)
    body = committee(world.a)
    one, other = holder(body), holder(body, "deputy", "李副主任")
    pay_rule(world.a, NEW)
    cadre = world.a.actor("village_cadre")
    assert own_pay(cadre, 2026, DAY) == []
    link_account(actor=SYSTEM, holding=one, username=world.a.users["village_cadre"].username)
    assert [line.fen for line in own_pay(cadre, 2026, DAY)] == [4_000_000]
    district, seen = world.a.district.public_id, "40,000.00"
    for role in ("village_cadre", "town_officer", "department_liaison", "auditor", "district_officer"):
        browser = world.client(role)
        board = browser.get(reverse("post:board", args=[district])).content.decode()
        page = browser.get(reverse("post:pay", args=[district]))
        there = browser.get(reverse("post:body", args=[body.public_id])).content.decode()
        assert (seen in board) == (role == "village_cadre"), role
        assert (page.status_code == 200) == (role == "district_officer"), role
        assert seen not in there
    assert {line.holding for line in pay_of_year(world.a.district.pk, 2026, DAY)} == {one, other}
    with pytest.raises(Refused):
        link_account(actor=SYSTEM, holding=one, username="nobody at all")
    link_account(actor=SYSTEM, holding=one, username="")
    assert own_pay(cadre, 2026, DAY) == []


def test_another_scale_is_looked_at_without_being_kept(world: World, on_day: OnDay) -> None:
    on_day(NOON)
    holder(committee(world.a))
    rule = pay_rule(world.a, OLD)
    address = reverse("post:pay", args=[world.a.district.public_id])
    page = world.client("district_officer").get(
        address, {"base_head": "40000", "budget": "39000", "share_basic": "2.5"}
    )
    sums: list[dict[str, Any]] = page.context["sums"]
    assert [(one["cost"], one["left"], one["is_over"]) for one in sums] == [
        ("10,000.00", "90,000.00", False), ("40,000.00", "-1,000.00", True),
    ]  # fmt: skip
    rule.refresh_from_db()
    assert scale_of(rule) == OLD


def test_the_pay_office_keeps_a_scale_and_is_told_what_is_wrong(world: World, on_day: OnDay) -> None:
    on_day(NOON)
    holder(committee(world.a))
    address = reverse("post:pay", args=[world.a.district.public_id])
    given = {
        "valid_from": "2026-01-01",
        "document_number": "",
        "base_head": "40000.50",
        "share_excellent": "10",
        "budget": "1",
    }
    browser = world.client("district_officer")
    assert browser.post(address, given).status_code == 422
    assert paid(world) == {}
    assert browser.post(address, {**given, "document_number": "1号"}).status_code == 303
    assert paid(world) == {"head": int(Decimal("40000.50") * 100)}


def test_grades_and_accounts_go_a_year_after_the_office(world: World) -> None:
    one = holder(committee(world.a))
    take_grade(actor=SYSTEM, holding=one, year=2025, grade="basic", source="x")
    link_account(actor=SYSTEM, holding=one, username=world.a.users["village_cadre"].username)
    vacate(actor=SYSTEM, holding=one, on=DAY)
    assert empty_facts(actor=SYSTEM, on=date(2027, 3, 1)) == 0
    assert empty_facts(actor=SYSTEM, on=date(2027, 3, 2)) == 1
    assert (GradedYear.objects.count(), PayAccount.objects.count()) == (0, 0)


def test_the_board_counts_who_holds_a_post_alike_in_its_head_and_in_its_total(
    world: World, on_day: OnDay, settings: Any
) -> None:
    on_day(NOON)
    settings.SECOND_FACTOR = False
    body = committee(world.a, grid_worker=2)
    for kind, name in (
        ("head", "陈主任"),
        ("deputy", "李副主任"),
        ("grid_worker", "网格员甲"),
        ("grid_worker", "网格员乙"),
    ):
        holder(body, kind, name)
    page = reverse("post:board", args=[world.a.district.public_id])
    shown = " ".join(re.sub(r"<[^>]+>", " ", world.client("district_officer").get(page).content.decode()).split())
    assert "在任 4 其中常职在任2人" in shown
    total = shown[shown.index("合计") :]
    assert total.split()[3] == "4"
