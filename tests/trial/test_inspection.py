"""The trial ledger: what a room has that only declares its rows, and where each of its offers arrives."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heli.accounts.testing import World, build_world
from heli.audit.services import writing
from heli.audit.verify import verify_trail
from heli.figures.catalogue import find
from heli.figures.tests.test_sentences import said, writer
from heli.kernel.access import SYSTEM
from heli.kernel.declare import Ask, Subject
from heli.kernel.faults import Forbidden, Refused
from heli.kernel.offers import offered
from heli.kernel.panels import sections_of
from heli.notices.models import Message
from heli.records import queries, services
from heli.records.checks import check_invariants
from heli.records.fields import ShownIn
from heli.records.reminders import remind
from heli.records.services import Draft
from heli.records.testing import DAY, DUE, LedgerSuite, codes, district_of, enter_row, make, row_in, values_for
from tests.trial.inspection.ledger import INSPECTION
from tests.trial.inspection.models import Inspection, State
from tests.trial.inspection.testing import EDITORS

FOLDER = Path(__file__).parent / "inspection"
JUDGES = ("district_officer", "town_officer")


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SECOND_FACTOR = False
    return build_world()


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def moved(world: World, row: Any, name: str, role: str, **more: Any) -> Any:
    return make(INSPECTION, world.a, world.a.actor(role), row, INSPECTION.by_name[name], **more)


def page(world: World, row: Any) -> str:
    return INSPECTION.url("row", world.a.district.public_id, row.public_id)


class TestInspection(LedgerSuite):
    ledger, enterers, movers = INSPECTION, EDITORS, {"close": JUDGES}


def test_a_whole_ledger_is_one_folder_of_250_lines() -> None:
    written = [path for path in FOLDER.rglob("*") if path.suffix in (".py", ".html") and "migrations" not in path.parts]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in written) <= 250


# -- entering and moving -----------------------------------------------------------------------------------------------


def test_every_fault_of_every_row_is_named_and_nothing_is_entered(world: World) -> None:
    good = values_for(INSPECTION, world.a, [one.name for one in INSPECTION.at(ShownIn.FORM)])
    wrong = {
        "place": world.b.village.pk, "works": "persons", "fault": "长" * 121, "found_on": date(2027, 1, 1),
        "due_on": date(2026, 3, 1), "cost": -1, "leader": "body:nobody",
    }  # fmt: skip
    drafts = [Draft(good, "row 2"), Draft(good | wrong, "row 3")]
    with pytest.raises(Refused) as refused:
        services.enter(
            actor=world.a.actor("district_officer"),
            ledger=INSPECTION,
            about=district_of(world.a),
            drafts=drafts,
            on=DAY,
        )
    assert codes(refused) == {
        "place_outside", "works_unknown", "text_long", "day_in_future", "number_outside", "leader_unknown", "due_before_found",
    }  # fmt: skip
    assert {fault.source for fault in refused.value.faults} == {"row 3"}
    assert not Inspection.objects.exists()


def test_each_place_of_a_list_is_asked_about_by_itself(world: World) -> None:
    mine = values_for(INSPECTION, world.a, [one.name for one in INSPECTION.at(ShownIn.FORM)])
    drafts = [Draft(mine), Draft(mine | {"place": world.a.other_village.pk})]
    with pytest.raises(Forbidden):
        services.enter(
            actor=world.a.actor("town_officer"), ledger=INSPECTION, about=district_of(world.a), drafts=drafts
        )
    assert not Inspection.objects.exists()


def test_a_move_leaves_a_stamp_an_event_evidence_and_one_entry_in_the_trail(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a))
    done = moved(world, row, "mend", "town_officer", note=" 已修复 ")
    assert (done.status, done.mended_by_id, done.mended_on) == (State.MENDED, world.a.users["town_officer"].pk, DUE)
    told = [(one.did, one.status, one.reason) for one in queries.events_of(INSPECTION, row)]
    assert told == [("opened", "found", ""), ("mended", "mended", "已修复")]
    assert [one.note for one in queries.evidence_of(INSPECTION, row)] == ["已修复"]
    assert verify_trail().is_sound


def test_whoever_looks_at_a_stale_page_moves_nothing(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a))
    moved(world, row, "mend", "town_officer")
    with pytest.raises(Refused) as refused:
        moved(world, row, "mend", "district_officer")  # `row` still says "found"
    assert codes(refused) == {"not_now"}


def test_the_check_finds_a_row_off_its_history(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a))
    assert list(check_invariants()) == []
    with writing(SYSTEM, "inspection.test"):
        Inspection.objects.filter(pk=row.pk).update(status=State.MENDED)
    assert [problem.code for problem in check_invariants()] == ["row_off_its_history"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"status": "gone"}, "inspection_status_known"),
        ({"closed_on": DAY}, "inspection_closed_on_a_day"),
        ({"status": "in_order"}, "inspection_closed_on_a_day"),
        ({"mended_by": "auditor", "closed_by": "auditor"}, "inspection_second_person"),
    ],
)
def test_the_database_itself_refuses(world: World, change: dict[str, Any], name: str) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a))
    keys = {key: world.a.users[value].pk if key.endswith("_by") else value for key, value in change.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), writing(SYSTEM, "inspection.test"):
        Inspection.objects.filter(pk=row.pk).update(**keys)


def test_a_number_is_given_once(world: World) -> None:
    first, second = (enter_row(INSPECTION, world.a, district_of(world.a)) for _time in range(2))
    twice = pytest.raises(IntegrityError, match=r"inspection_numbered_once|number")
    with twice, transaction.atomic(), writing(SYSTEM, "inspection.test"):
        Inspection.objects.filter(pk=second.pk).update(number=first.number)


# -- pages -------------------------------------------------------------------------------------------------------------


def test_a_row_is_entered_on_its_page_and_moved_by_two_people(world: World) -> None:
    officer, district = world.client("town_officer"), world.client("district_officer")
    sent = {
        "place": world.a.village.pk, "works": "road", "fault": "路肩塌陷", "found_on": "2026-03-02", "cost": "1234.50",
    }  # fmt: skip
    new = INSPECTION.url("new", world.a.district.public_id)
    assert officer.post(new, sent | {"fault": ""}).status_code == 422
    assert officer.post(new, sent).status_code == 303
    row = Inspection.objects.get()
    assert (row.cost, row.status) == (123_450, State.FOUND)
    assert officer.post(page(world, row), {"did": "mend"}).status_code == 422
    assert officer.post(page(world, row), {"did": "mend", "note": "已修复"}).status_code == 303
    own = officer.get(page(world, row)).content.decode()
    assert "由另一人复查" in own
    assert 'value="close"' not in own
    assert officer.post(page(world, row), {"did": "close"}).status_code == 404
    assert district.post(page(world, row), {"did": "close"}).status_code == 303
    row.refresh_from_db()
    assert row.status == State.IN_ORDER


def test_what_only_some_may_see_is_not_on_the_page_or_in_the_list_of_others(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a), cost=123_400)
    files = INSPECTION.url("list", world.a.district.public_id) + "?export=csv"
    for role, sees in (("town_officer", True), ("village_cadre", False)):
        assert ("1,234.00" in world.client(role).get(page(world, row)).content.decode()) is sees
        assert ("1234.00" in world.client(role).get(files).content.decode()) is sees


def test_the_list_adds_up(world: World) -> None:
    row_in(INSPECTION, world.a, district_of(world.a), State.IN_ORDER)
    enter_row(INSPECTION, world.a, district_of(world.a))
    rows = queries.rows_of(INSPECTION, world.a.actor("auditor"), district_of(world.a))
    tally = queries.tallied(INSPECTION, rows, DUE + timedelta(days=5), INSPECTION.groups).all()
    assert (tally.total, tally.done, tally.in_time, tally.late) == (2, 1, 1, 1)
    assert Client().get(INSPECTION.url("list", world.a.district.public_id)).status_code == 302
    text = world.client("auditor").get(INSPECTION.url("list", world.a.district.public_id)).content.decode()
    assert "待整改" in text


def test_the_database_sorts_filters_and_searches_the_list(world: World) -> None:
    half, client, home = world.a, world.client("district_officer"), INSPECTION.url("list", world.a.district.public_id)
    given: dict[str, Any] = {"bare": True, "found_on": DAY}
    late = enter_row(INSPECTION, half, district_of(half), fault="桥栏缺失", due_on=DAY, **given)
    far = enter_row(INSPECTION, half, district_of(half), fault="路面塌陷 B12", place=half.other_village.pk, **given)
    done = row_in(INSPECTION, half, district_of(half), State.IN_ORDER)

    def shown(query: str) -> list[int]:
        context = client.get(f"{home}?{query}").context
        return [line.number for line in context["table"].present(list(context["table"].page))]

    assert shown("") == [late.number, far.number, done.number]
    assert shown("only=1") == [late.number, far.number]
    assert shown("f_town=观塘镇") == shown("q=光明") == shown("q=观塘镇 路面") == shown("q=b12") == [far.number]
    assert shown("f_town=别处") == shown("q=无此") == shown("q=无此&page=2") == []
    assert shown("q=桥栏&page=7") == [late.number]
    assert shown("f_status=in_order") == [done.number]
    assert shown("sort=-number") == [done.number, far.number, late.number]
    with CaptureQueriesContext(connection) as asked:
        client.get(home, headers={"HX-Target": "table-inspection"})
    assert not [one for one in asked if "FILTER" in one["sql"]], "what only fills the table adds nothing up"


def test_what_is_not_seen_of_every_row_is_neither_sorted_nor_searched_by(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a), cost=100)
    for role, sorts in (("district_officer", True), ("village_cadre", False)):
        table = world.client(role).get(INSPECTION.url("list", row.about)).context["table"]
        assert bool(next(column for column in table.columns if column.name == "cost").sort) is sorts


# -- offers ------------------------------------------------------------------------------------------------------------


def test_each_is_reminded_of_what_waits_for_them_and_nobody_of_what_they_did(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a))
    enter_row(INSPECTION, world.a, district_of(world.a))
    moved(world, row, "mend", "town_officer")
    remind(about=district_of(world.a), at=moment(DUE))
    told = dict(Message.objects.values_list("user__username", "title"))
    assert told == {"town_officer.a": "Q：1 处待整改", "district_officer.a": "Q：1 处待复查"}
    assert remind(about=district_of(world.a), at=moment(date(2026, 3, 21))) == 0  # a Saturday


def test_the_figure_tells_how_it_stood_on_a_day(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a), at=moment(DAY))
    mended = moved(world, row, "mend", "town_officer", at=moment(DUE))
    moved(world, mended, "close", "district_officer", at=moment(DUE))
    figure = find("inspection.in_order", DUE)
    assert figure is not None
    days = (DAY - timedelta(days=1), DAY, DUE)
    asks = [Ask(district_ids=(world.a.district.pk,), on=day) for day in days]
    village = world.a.village.pk
    assert [dict(figure.evaluate(ask)) for ask in asks] == [{}, {village: (0, 1)}, {village: (1, 1)}]
    rows = figure.rows(asks[-1], [village])
    assert (rows.lines[0][1], rows.links[0]) == (row.fault, page(world, row))


def test_the_gate_is_shut_while_something_is_open(world: World) -> None:
    (gate,) = [gate for gate in offered("gates", "GATES") if gate.id == "inspection.all_in_order"]
    subject = Subject(district=world.a.district.pk, place=world.a.village.pk)
    assert list(gate.check(subject=subject, on=DUE)) == []
    enter_row(INSPECTION, world.a, district_of(world.a))
    assert [problem.code for problem in gate.check(subject=subject, on=DUE)] == ["inspections_open"]


def test_a_report_says_its_sentence_in_both_languages(db: None) -> None:
    zh, en = said("inspection.in_order", writer({"inspection.in_order": (1, 2)}))
    assert (zh, en) == ("2处巡查问题已整改1处。", "1 of 2 inspections are closed.")


def test_the_archive_of_the_place_has_its_rows(world: World) -> None:
    row = enter_row(INSPECTION, world.a, district_of(world.a))
    for role, count in (("village_cadre", 1), ("nobody", 0)):
        actor = world.a.actor(role) if role != "nobody" else world.b.actor("auditor")
        found = [one for one in sections_of(actor, [world.a.village.pk], DUE) if one.id == "inspection"]
        assert sum(len(one.rows.lines) for one in found) == count
    assert row.number == 1
