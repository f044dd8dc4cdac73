"""Admission, refusal, handover, points: what is refused and why, what the database holds, what gates and figures say."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.testing import World
from heli.audit.testing import unaudited
from heli.handover import openly, queries, services
from heli.handover.acts import open_handover
from heli.handover.catalogues import LISTS, chinese, functions, service_items
from heli.handover.gates import agency_points_cover, complete
from heli.handover.models import Admission, AgencyPoint, FunctionBearer, HandedItem, TaskRefusal
from heli.handover.rules import find_barred, heir_of, names_in, windows_wanted
from heli.handover.services import AskedTask
from heli.handover.testing import TASK, admitted, applied, asked, drafted, key_of, merge, moved, opened, point
from heli.kernel.declare import Subject
from heli.kernel.faults import Refused
from heli.kernel.openly import OpenAsk
from heli.kernel.workdays import calendar
from heli.matters.models import Matter
from heli.records.testing import DAY, codes, district_of

COUNTS = {
    "duties": 33, "assist": 34, "certificates": 20, "committee-duties": 28, "community-admitted": 26, "department-duties": 36,
    "pledges": 12, "powers": 15, "service-items": 47, "functions": 10,
}  # fmt: skip


def refuses(world: World, task: AskedTask, role: str = "village_cadre", on: date = DAY) -> TaskRefusal:
    given: dict[str, Any] = {"about": district_of(world.a), "place_id": world.a.village.pk, "task": task, "on": on}
    return services.refuse_task(actor=world.a.actor(role), **given)


# -- lists -------------------------------------------------------------------------------------------------------------


def test_the_lists_have_their_published_numbers_and_only_what_is_published_is_no_sample() -> None:
    assert {name: len(read().entries) for name, read in LISTS.items()} == COUNTS
    assert [name for name, read in LISTS.items() if read().settings["published"]] == ["certificates"]
    assert len({entry.more["department"] for entry in service_items().entries.values()}) == 8
    bearers = [entry.more["bearer"] for entry in functions().entries.values()]
    assert (bearers.count("community"), bearers.count("coop")) == (4, 6)
    assert {key for key in ("stability", "economy") if functions().entries[key].more["bearer"] == "coop"} == {
        "stability",
        "economy",
    }


def test_a_certificate_is_found_by_its_name_and_by_those_in_brackets() -> None:
    names = chinese(LISTS["certificates"])
    assert names_in(names["marriage"]) == ("婚姻状况", "婚姻关系", "分居")
    assert [find_barred(title, names) for title in ("开具亲属关系证明", "户籍证明", "投票通知")] == [
        "kinship",
        "identity",
        "",
    ]


def test_a_former_village_is_followed_along_the_largest_arrow_and_never_in_a_circle() -> None:
    went = {1: [2, 3], 2: [4], 5: [6], 6: [5]}
    assert [heir_of(place, went, frozenset({3, 4})) for place in (1, 2, 4, 5, 9)] == [4, 4, 4, None, None]
    assert (windows_wanted(3, 1), windows_wanted(1, 0), windows_wanted(0, 1)) == (2, 1, 0)


# -- admission ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "certificate", "title": "开具亲属关系证明"}, "certificate_barred"),
        ({"title": "签订招商引资责任状"}, "pledge_abolished"),
        ({"title": "占道经营查处"}, "own_duty"),
        ({"ends_on": date(2026, 3, 1)}, "ends_before"),
        ({"ends_on": date(2028, 4, 1)}, "too_long"),
        ({"times": 0}, "number_outside"),
    ],
)
def test_what_nobody_may_ask_of_villages_is_not_even_entered(world: World, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        drafted(world.a, **given)
    assert code in codes(refused)
    assert not Admission.objects.exists()


def test_an_application_is_decided_in_fifteen_working_days_by_another_office_and_person_with_its_money(
    world: World,
) -> None:
    row = applied(world.a)
    assert row.due_on == calendar().add(DAY, 15) == date(2026, 3, 23)
    values = {"office": key_of(world.a, "department"), "decision": "准入〔2026〕1号"}
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", row, "admit", values=values)
    assert codes(refused) == {"office_asks"}
    values["office"] = key_of(world.a, "group")
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", applied(world.a, "district_officer"), "admit", values=values)
    assert codes(refused) == {"same_person"}
    with pytest.raises(Refused) as refused:
        moved(world.a, "district_officer", applied(world.a, funding=0), "admit", values=values)
    assert codes(refused) == {"unfunded"}
    row = moved(world.a, "district_officer", row, "admit", values=values)
    assert (row.status, row.office_body_id) == ("admitted", world.a.bodies["group"].pk)


def test_what_is_admitted_burdens_its_villages_from_its_first_day_to_its_last_or_its_exit(world: World) -> None:
    half = world.a
    admitted(half, starts_on=date(2026, 4, 1))
    over_town = admitted(half, place=half.town.pk, title="季度走访", times=4, minutes=60)
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31), date(2027, 1, 1))
    takes = [sum(one.yearly for one in queries.tasks_at(half.village.pk, half.district.pk, day)) for day in days]
    assert takes == [240, 600, 600, 0]
    assert sum(one.yearly for one in queries.tasks_at(half.other_village.pk, half.district.pk, days[1])) == 0
    moved(half, "district_officer", over_town, "end", on=date(2026, 6, 1), reason="改为系统取数")
    later = [sum(one.yearly for one in queries.tasks_at(half.village.pk, half.district.pk, day))
             for day in (date(2026, 5, 31), date(2026, 6, 1))]  # fmt: skip
    assert later == [600, 360]


# -- refusal -----------------------------------------------------------------------------------------------------------


def test_a_village_refuses_what_is_not_admitted_with_one_tap_and_it_becomes_a_matter_for_the_office(
    world: World,
) -> None:
    row = applied(world.a)
    (shown,) = queries.refusable(district_of(world.a), world.a.village.pk, DAY)
    made = refuses(world, AskedTask(admission=shown))
    matter = Matter.objects.get()
    assert (made.matter_id, made.title, made.asker_id) == (matter.pk, row.title, world.a.bodies["department"].pk)
    assert (matter.place_id, matter.status, matter.due_on) == (world.a.village.pk, "collected", calendar().add(DAY, 1))
    assert world.a.bodies["department"].name in matter.text
    assert row.title in matter.title
    assert queries.refusable(district_of(world.a), world.a.village.pk, DAY) == []
    with pytest.raises(Refused) as refused:
        refuses(world, AskedTask(admission=row))
    assert codes(refused) == {"refused_already"}
    assert Matter.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "code"),
    [(TASK, "is_admitted"), ("村（居）务公开", "on_list"), ("人口普查入户登记", "on_list"), (" ", "title_empty")],
)
def test_what_is_admitted_or_on_the_lists_is_not_refused(world: World, title: str, code: str) -> None:
    admitted(world.a)
    with pytest.raises(Refused) as refused:
        refuses(world, asked(world.a, title))
    assert codes(refused) == {code}
    assert not TaskRefusal.objects.exists()
    assert not Matter.objects.exists()


def test_a_refusal_names_the_office_that_asks(world: World) -> None:
    with pytest.raises(Refused) as refused:
        refuses(world, AskedTask("填报台账", "person:x"))
    assert codes(refused) == {"asker_unknown"}


# -- handover ----------------------------------------------------------------------------------------------------------


def subject(world: World, place: int) -> Subject:
    return Subject(district=world.a.district.pk, place=place)


def faults(check: Any, world: World, place: int, on: date = DAY) -> set[str]:
    return {fault.code for fault in check(subject=subject(world, place), on=on)}


def test_forty_seven_services_are_received_by_both_sides_before_the_gate_opens(world: World) -> None:
    half, place = world.a, world.a.village.pk
    assert faults(complete, world, place) == {"handover_not_begun"}
    open_handover(actor=half.actor("town_officer"), subject=subject(world, place), on=DAY)
    assert open_handover(actor=half.actor("town_officer"), subject=subject(world, place), on=DAY) == str(place)
    assert HandedItem.objects.filter(place_id=place).count() == 47
    every = list(service_items().entries)
    with pytest.raises(Refused) as refused:
        services.receive_items(actor=half.actor("village_cadre"), place_id=place, items=every, on=DAY)
    assert codes(refused) == {"nothing_chosen"}
    assert services.give_items(actor=half.actor("department_liaison"), place_id=place, items=every, on=DAY) == 47
    assert services.receive_items(actor=half.actor("village_cadre"), place_id=place, items=every[:46], on=DAY) == 46
    assert faults(complete, world, place) == {"services_open"}
    services.receive_items(actor=half.actor("village_cadre"), place_id=place, items=every, on=DAY)
    assert faults(complete, world, place) == set()
    assert faults(complete, world, place, date(2026, 3, 1)) == {"services_open"}


def test_every_function_of_a_community_has_a_bearer(world: World) -> None:
    half, place = world.a, world.a.register["代市社区"]
    opened(half, place)
    assert queries.missing_functions(place, DAY) == []
    bearers = queries.bearers_of(place)
    assert list(bearers.values()).count("coop") == 6
    with pytest.raises(Refused) as refused:
        services.set_bearers(actor=half.actor("town_officer"), place_id=place, bearers={**bearers, "order": ""}, on=DAY)
    assert codes(refused) == {"bearer_missing"}
    services.set_bearers(actor=half.actor("town_officer"), place_id=place, bearers={**bearers, "order": "coop"}, on=DAY)
    assert queries.bearers_of(place)["order"] == "coop"
    with unaudited():
        FunctionBearer.objects.filter(place_id=place, function="order").delete()
    assert queries.missing_functions(place, DAY) == ["order"]
    assert "functions_open" in faults(complete, world, place)


def test_each_former_village_keeps_a_point_but_the_one_in_which_the_committee_sits(world: World) -> None:
    half = world.a
    assert faults(agency_points_cover, world, half.village.pk) == set()
    unit, (first, second) = merge(half)
    assert faults(agency_points_cover, world, unit) == {"points_missing"}
    given: dict[str, Any] = {"actor": half.actor("town_officer"), "district_id": half.district.pk, "on": DAY}
    services.keep_point(former_id=first, point=point(half, is_seat=True, keeper="", items=[]), **given)
    assert faults(agency_points_cover, world, unit) == {"points_missing"}
    with pytest.raises(Refused) as refused:
        services.keep_point(former_id=second, point=point(half, is_seat=True), **given)
    assert codes(refused) == {"seat_taken"}
    services.keep_point(former_id=second, point=point(half), **given)
    assert faults(agency_points_cover, world, unit) == set()
    row = next(
        one for one in queries.unit_rows(half.actor("town_officer"), district_of(half), DAY) if one.place.id == unit
    )
    assert (row.points, row.wanted) == (1, 1)


def test_a_point_closes_on_a_day_with_a_reason_the_gate_notices_and_it_may_open_again(world: World) -> None:
    half = world.a
    unit, (first, second) = merge(half)
    given: dict[str, Any] = {"actor": half.actor("town_officer"), "district_id": half.district.pk}
    for former in (first, second):
        services.keep_point(former_id=former, point=point(half), on=DAY, **given)
    later = DAY + timedelta(days=30)
    for reason in (" ", "长" * 301):
        with pytest.raises(Refused) as refused:
            services.close_point(former_id=second, reason=reason, on=later, **given)
        assert codes(refused) == {"reason_empty"}
    services.close_point(former_id=second, reason="并入新村部", on=later, **given)
    with pytest.raises(Refused) as refused:
        services.close_point(former_id=second, reason="并入新村部", on=later, **given)
    assert codes(refused) == {"no_point"}
    found = {one.village.id: one.point for one in queries.points_of(half.district.pk, later)}
    assert found[second] is None
    assert queries.points_of(half.district.pk, later - timedelta(days=1))[1].point is not None
    assert "points_missing" in {one.code for one in agency_points_cover(subject=subject(world, unit), on=later)}
    services.keep_point(former_id=second, point=point(half), on=later, **given)
    assert not list(agency_points_cover(subject=subject(world, unit), on=later))


def test_strangers_read_on_the_page_of_the_new_village_where_each_old_one_has_its_point(world: World) -> None:
    half = world.a
    unit, (first, second) = merge(half)
    services.keep_point(
        actor=half.actor("town_officer"), district_id=half.district.pk, former_id=first, point=point(half), on=DAY
    )
    place: dict[str, Any] = {"place": unit, "place_id": "x", "here": (unit, first, second), "above": (), "below": ()}
    given = {**place, "district": half.district.pk, "district_id": half.district.public_id, "on": DAY, "address": str}
    told = openly.points(OpenAsk(level="village", **given))
    assert told is not None
    assert [(one.text, one.tone) for one in told.lines] == [("岩门村", "quiet"), ("大石村", "warn")]
    assert "原村部一楼 · 周一至周五 8:30-11:30 · 代办员 李某" in told.lines[0].note
    assert openly.points(OpenAsk(level="township", **given)) is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"spot": " "}, "spot_empty"), ({"hours": ""}, "hours_empty"), ({"keeper": ""}, "keeper_missing"),
        ({"keeper": "body:x"}, "keeper_missing"), ({"items": []}, "items_missing"), ({"items": ["nothing"]}, "items_missing"),
    ],
)  # fmt: skip
def test_a_point_says_where_when_who_and_what(world: World, more: dict[str, Any], code: str) -> None:
    _unit, (first, _second) = merge(world.a)
    given: dict[str, Any] = {"actor": world.a.actor("town_officer"), "district_id": world.a.district.pk, "on": DAY}
    with pytest.raises(Refused) as refused:
        services.keep_point(former_id=first, point=point(world.a, **more), **given)
    assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        services.keep_point(former_id=world.a.other_village.pk, point=point(world.a), **given)
    assert codes(refused) == {"not_former"}


# -- what the database holds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"applicant_body": None}, "admission_asked_by_office"),
        ({"minutes": 0}, "admission_measured"),
        ({"ends_on": date(2020, 1, 1)}, "admission_limited_in_time"),
        ({"office_body": "applicant"}, "admission_decided_by_another_office"),
        ({"office_body": None}, "admission_decided_by_office"),
        ({"funding": 0}, "admission_funded"),
        ({"decision": ""}, "admission_funded"),
        ({"applied_on": None}, "admission_applied_on_a_day"),
        ({"decided_on": None}, "admission_decided_on_a_day"),
        ({"decided_by": "applied"}, "admission_decided_by_another"),
        ({"basis": ""}, "admission_named_with_basis"),
    ],
)  # fmt: skip
def test_the_database_refuses_an_admission_that_is_none(world: World, change: dict[str, Any], constraint: str) -> None:
    row = admitted(world.a)
    known = {"applicant": row.applicant_body_id, "applied": row.applied_by_id}
    changes = {
        (f"{key}_id" if key.endswith(("_body", "_by")) else key): known.get(value, value)
        if isinstance(value, str)
        else value
        for key, value in change.items()
    }
    with unaudited(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Admission.objects.filter(pk=row.pk).update(**changes)


def test_the_database_refuses_receipt_by_the_giver_and_points_without_keeper(world: World) -> None:
    half, place = world.a, opened(world.a)
    services.give_items(actor=half.actor("district_officer"), place_id=place, items=["school"], on=DAY)
    rows = HandedItem.objects.filter(item="school")
    giver = half.users["district_officer"].pk
    unit, (first, _second) = merge(half, date(2026, 2, 1))
    made = services.keep_point(
        actor=half.actor("district_officer"), district_id=half.district.pk, former_id=first, point=point(half), on=DAY
    )
    made_point = AgencyPoint.objects.filter(pk=made.pk)
    opened(half, half.register["代市社区"])
    broken: list[tuple[str, Any, dict[str, Any]]] = [
        ("handed_received_by_another", rows, {"status": "received", "received_on": DAY, "received_by_id": giver}),
        ("handed_received_on_a_day", rows, {"status": "received"}),
        ("handed_given_on_a_day", rows, {"given_on": None}),
        ("handed_status_known", rows, {"status": "lost", "given_on": None}),
        ("handed_item_named", rows, {"item": ""}),
        ("agency_point_closed_with_reason", made_point, {"closed_on": DAY}),
        ("agency_point_closed_with_reason", made_point, {"closed_on": date(2020, 1, 1), "closed_why": "停办"}),
        ("agency_point_has_keeper", made_point, {"keeper": None}),
        ("agency_point_has_spot_and_hours", made_point, {"hours": ""}),
        ("function_has_bearer", FunctionBearer.objects.filter(function="order"), {"bearer": ""}),
    ]
    for constraint, query, changes in broken:
        with unaudited(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            query.update(**changes)
    for constraint, make in (
        ("handed_item_once", lambda: HandedItem.objects.create(
            district_id=half.district.pk, place_id=place, item="school", department="x", status="listed", opened_on=DAY)),
        ("function_borne_once", lambda: FunctionBearer.objects.create(
            district_id=half.district.pk, place_id=half.register["代市社区"], function="order", bearer="coop", set_on=DAY)),
    ):  # fmt: skip
        with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
            make()
        assert constraint
    assert unit


# -- pages -------------------------------------------------------------------------------------------------------------


def test_the_cadre_refuses_with_one_tap_on_the_page_of_the_village(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    row = applied(world.a)
    page = f"/handover/v/{world.a.district.public_id}/{world.a.village.public_id}/"
    client = world.client("village_cadre")
    assert row.title in client.get(page).content.decode()
    assert client.post(page, {"did": "tap", "admission": row.public_id}).status_code == 303
    assert Matter.objects.count() == 1
    assert client.post(page, {"did": "give", "items": ["school"]}).status_code == 403
    assert world.client("department_liaison").post(page, {"did": "tap", "admission": row.public_id}).status_code == 403
    assert client.post(page, {"did": "tap", "admission": row.public_id}).status_code == 422


def test_everybody_finds_the_point_by_the_old_name_of_the_village(world: World) -> None:
    half = world.a
    _unit, (first, second) = merge(half)
    given: dict[str, Any] = {"actor": half.actor("town_officer"), "district_id": half.district.pk, "on": DAY}
    services.keep_point(former_id=first, point=point(half), **given)
    page = f"/handover/in/{half.district.public_id}/"
    found = world.client("stranger").get(page, {"name": "岩门村"}).content.decode()
    assert all(text in found for text in ("岩石村", "原村部一楼", "周一至周五 8:30-11:30", "代办员", "养老待遇申领"))
    assert "岩石村" in world.client("stranger").get(page, {"name": "大石"}).content.decode()
    assert "没有" in world.client("stranger").get(page, {"name": "不存在"}).content.decode()
    assert second


def test_the_list_of_villages_asks_as_often_for_many_tasks(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        admitted(world.a, title=f"任务{number}")
    with django_assert_max_num_queries(25):
        rows = queries.unit_rows(world.a.actor("district_officer"), district_of(world.a), DAY)
    assert {row.tasks for row in rows} == {0, 6}
