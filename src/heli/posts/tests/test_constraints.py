"""What the database itself refuses among posts, each by its name."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import build_world
from heli.audit.testing import unaudited
from heli.posts.ledger import INCENTIVES, RECRUITMENTS
from heli.posts.models import (
    Establishment,
    GradedYear,
    Holding,
    Incentive,
    OfficeWord,
    PayRule,
    Post,
    ReserveMember,
    ReserveTarget,
)
from heli.posts.testing import DAY, SINCE, allotting, committee, holder, placement
from heli.records.testing import district_of, enter_row

pytestmark = pytest.mark.django_db


def paper(body: Any, **more: Any) -> None:
    given = {"public_id": "e" * 12, "body": body, "valid_from": DAY, "document_number": "x", **more}
    Establishment.objects.create(**given)


def held(post: Post, **more: Any) -> None:
    Holding.objects.create(**{"public_id": "h" * 12, "post": post, "valid_from": DAY, **more})


def word(one: Holding, **more: Any) -> OfficeWord:
    given = {"holding": one, "matter": "kin", "is_met": True, "ground": "x", "decided_by": "y", "on": DAY, **more}
    return OfficeWord.objects.create(**given)


Broken = Callable[[Any, Holding], object]
BROKEN: dict[str, Broken] = {
    "establishment_once_a_day": lambda body, one: paper(body, valid_from=SINCE),
    "establishment_with_document": lambda body, one: paper(body, document_number=""),
    "establishment_of_lawful_size": lambda body, one: paper(body, committee=8, least=3, most=7, law="x"),
    "post_numbered_once": lambda body, one: Post.objects.create(
        public_id="p" * 12, body=body, kind="member", number=1, is_exclusive=False
    ),
    "post_exclusive_is_one": lambda body, one: Post.objects.create(
        public_id="p" * 12, body=body, kind="head", number=2, is_exclusive=True
    ),
    "holding_period_forward": lambda body, one: Holding.objects.filter(pk=one.pk).update(valid_to=SINCE),
    "holding_one_per_post": lambda body, one: held(one.post),
    "holding_by_a_person": lambda body, one: Holding.objects.filter(pk=one.pk).update(how="by lot"),
    "holding_not_paired_with_itself": lambda body, one: Holding.objects.filter(pk=one.pk).update(same_as=one.pk),
    "holding_pay_kept_after_it": lambda body, one: Holding.objects.filter(pk=one.pk).update(pay_kept_until=DAY),
    "holding_emptied_is_empty": lambda body, one: Holding.objects.filter(pk=one.pk).update(sealed="x", emptied_on=DAY),
    "office_word_with_ground": lambda body, one: word(one, ground=""),
    "office_word_append_only": lambda body, one: OfficeWord.objects.filter(pk=word(one).pk).update(is_met=False),
}


def target(body: Any, **more: Any) -> None:
    given = {"public_id": "t" * 12, "district_id": body.place.district_id, "valid_from": DAY, "per_village": 1, **more}
    ReserveTarget.objects.create(**{"document_number": "x", **given})


def scale(body: Any, **more: Any) -> None:
    given = {
        "public_id": "r" * 12,
        "district_id": body.place.district_id,
        "valid_from": DAY,
        "floor": 0,
        "budget": 0,
        **more,
    }
    PayRule.objects.create(**{"document_number": "x", "bases": {}, "shares": {}, **given})


def graded(one: Holding, **more: Any) -> None:
    GradedYear.objects.create(**{"holding": one, "year": 2026, "grade": "basic", "source": "x", **more})


def member(body: Any, **more: Any) -> None:
    given = {
        "public_id": "m" * 12,
        "district_id": body.place.district_id,
        "place_id": body.place_id,
        "name": "甲",
        **more,
    }
    time = {"signed_on": SINCE, "ends_on": DAY, "source": "graduate", "stage": "listed"}
    ReserveMember.objects.create(**{**time, **given})


def twice(make: Callable[..., None], of: Any, **more: Any) -> None:
    make(of)
    make(of, **more)


BROKEN |= {
    "pay_rule_once_a_day": lambda body, one: twice(scale, body, public_id="R" * 12),
    "pay_rule_under_document": lambda body, one: scale(body, document_number=""),
    "graded_year_once": lambda body, one: twice(graded, one),
    "graded_year_under_document": lambda body, one: graded(one, grade="best"),
    "reserve_target_once_a_day": lambda body, one: twice(target, body, public_id="T" * 12),
    "reserve_target_under_document": lambda body, one: target(body, per_village=0),
    "reserve_member_once": lambda body, one: twice(member, body, public_id="M" * 12),
    "reserve_member_for_a_time": lambda body, one: member(body, ends_on=SINCE),
    "reserve_member_classed": lambda body, one: member(body, stage="best"),
}
SHARED: dict[str, dict[str, Any]] = {
    "allotting_status_known": {"status": "x"},
    "allotting_least_below_most": {"least": 8},
    "allotting_accepted_under_document": {"status": "accepted"},
}
PLACED: dict[str, dict[str, Any]] = {
    "placement_status_known": {"status": "x", "outcome": "stays"},
    "placement_in_one_way": {"outcome": "stays"},
    "placement_settled_on_a_day": {"status": "settled", "outcome": "stays"},
    "placement_pay_of_who_leaves": {"status": "decided", "outcome": "stays", "pay_kept_until": DAY},
}


RECRUITED: dict[str, dict[str, Any]] = {
    "recruitment_status_known": {"status": "x"},
    "recruitment_stages_shrink": {"applied": 1, "examined": 2},
    "recruitment_within_quota": {"applied": 200, "examined": 200, "posted": 200, "hired": 200},
    "recruitment_hired_on_a_day": {"status": "hired"},
}
GIVEN: dict[str, dict[str, Any]] = {
    "incentive_status_known": {"status": "x"},
    "incentive_decided_on_a_day": {"status": "decided"},
}


@pytest.mark.parametrize("name", [*RECRUITED, *GIVEN])
def test_the_database_refuses_among_recruitments_and_incentives(name: str) -> None:
    half = build_world().a
    ledger, change = (RECRUITMENTS, RECRUITED[name]) if name in RECRUITED else (INCENTIVES, GIVEN[name])
    row = enter_row(ledger, half, district_of(half))
    with unaudited(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        ledger.model._default_manager.filter(pk=row.pk).update(**change)


def test_the_database_refuses_two_holders_and_one_person_for_both_steps() -> None:
    world = build_world()
    row = enter_row(INCENTIVES, world.a, district_of(world.a))
    user, person = world.a.users["district_officer"].pk, holder(committee(world.a)).person_id
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("incentive_one_holder", {"leader_person": person}),
        ("incentive_decided_by_another", {"posted_by": user, "closed_by": user}),
    ]
    for name, change in wrong:
        with unaudited(), pytest.raises(IntegrityError, match=name), transaction.atomic():
            Incentive.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize("name", [*SHARED, *PLACED])
def test_the_database_refuses_in_the_lists(name: str) -> None:
    half = build_world().a
    row, change = (allotting(half), SHARED[name]) if name in SHARED else (placement(half), PLACED[name])
    with unaudited(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)


def test_the_database_refuses_the_first_person_and_a_post_afterwards_of_who_leaves() -> None:
    world = build_world()
    user, one = world.a.users["district_officer"].pk, placement(world.a)
    row = allotting(world.a)
    wrong: list[tuple[str, Any, dict[str, Any]]] = [
        ("allotting_accepted_by_another", row, {"proposed_by": user, "closed_by": user}),
        ("placement_settled_by_another", one, {"decided_by": user, "closed_by": user}),
        ("placement_after_of_who_goes_on", one, {"status": "decided", "outcome": "leaves", "after": one.before}),
    ]
    for name, changed, change in wrong:
        with unaudited(), pytest.raises(IntegrityError, match=name), transaction.atomic():
            type(changed).objects.filter(pk=changed.pk).update(**change)


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name: str) -> None:
    body = committee(build_world().a)
    one = holder(body)
    with unaudited(), pytest.raises(IntegrityError) as refused, transaction.atomic():
        BROKEN[name](body, one)
    # SQLite names the columns of a unique constraint, PostgreSQL's refusal of a change the table.
    assert re.search(rf"{name}|UNIQUE constraint failed|AppendOnly", str(refused.value))


def test_nobody_holds_a_post_before_it_is_there_or_after_it_is_given_up() -> None:
    body = committee(build_world().a)
    post = Post.objects.get(body=body, kind="member")
    with unaudited(), pytest.raises(IntegrityError, match="holding_one_per_post"), transaction.atomic():
        held(post, valid_from=date(2023, 1, 1), valid_to=date(2023, 2, 1))
