"""What somebody changes in the database past Heli is named by `heli check`; what Heli itself does never is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from heli.accounts import services as accounts
from heli.accounts.models import RoleGrant
from heli.accounts.testing import BEGINNING, World, build_world
from heli.assemblies.models import Sitting
from heli.assemblies.testing.sittings import sitting_in
from heli.audit.checks import check_invariants as check_trail
from heli.audit.models import Entry
from heli.audit.services import accept, writing
from heli.audit.testing import unaudited
from heli.audit.witnesses import offered
from heli.consultation.models import Opinion
from heli.consultation.testing import opinion_of
from heli.kernel.access import SYSTEM, Actor
from heli.kernel.faults import Fault, Severity
from heli.meetings.models import Attendance
from heli.meetings.testing import meeting_of
from heli.places.models import Fact, LineageLink, PlaceVersion
from heli.places.services import insert_fact_rows
from heli.planning import services as planning
from heli.planning.models import Acceptance
from heli.planning.testing import draw_district
from heli.planning.types import Goal, GoalKind, PlanRules
from heli.web.invariants import find_broken

DAY, AT = date(2026, 1, 1), datetime(2026, 2, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any) -> World:
    """Two districts with people, what was said and who came; and a third whose plan was decided and applied."""
    settings.SECOND_FACTOR = False
    world = build_world()
    opinion_of(world.a)
    meeting_of(world.a)
    sitting_in(world.a)
    district = draw_district("a1 a2 a3\na4 a5 a6", code="511699")
    author, chief = (Actor(world.a.actor(role).id, role, is_system=True) for role in ("district_officer", "auditor"))
    rules = PlanRules(goal=Goal(GoalKind.AT_MOST, count=3), pmin=0)
    scenario = planning.create_scenario(actor=author, district_id=district.id, name="甲", on=DAY, rules=rules, at=AT)
    planning.run_scenario(actor=author, scenario=scenario)
    planning.propose(actor=author, scenario=scenario)
    planning.accept(actor=chief, scenario=scenario, document_number="前府发〔2026〕1号", document_on=DAY, at=AT)
    planning.apply_plan(actor=chief, scenario=scenario, on=date(2026, 3, 1), at=AT)
    return world


def check() -> list[Fault]:
    return [fault for fault in find_broken() if fault.severity is Severity.ERROR]


def told_by_the_trail() -> set[str]:
    """The sources of what the trail alone finds: a fraction of the time that all invariants take."""
    return {fault.source for fault in check_trail() if fault.severity is Severity.ERROR}


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sql(*statements: str) -> None:
    """As by the database's own shell."""
    with unaudited(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def free(table: str, rule: str) -> tuple[str, str]:
    """Lift what the database refuses."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER {rule}_update{on}", f"DROP TRIGGER {rule}_delete{on}"


def copied(table: str, pk: int, **changes: str) -> str:
    """A copy of a row under a new key, with other values."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    changes = {"id": "id + 90000", **changes}
    values = ", ".join(changes.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id = {pk}"


def edits(world: World) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What is changed: which row must be named, and the statements."""
    grant = world.a.users["town_officer"].grants.get().pk
    user = world.a.users["village_cadre"].pk
    version = PlaceVersion.objects.get(place=world.a.village).pk
    fact = Fact.objects.order_by("pk")[0].pk
    opinion, attendance = Opinion.objects.get().pk, Attendance.objects.order_by("pk")[0].pk
    sitting = Sitting.objects.get().pk
    decision, link = (
        Acceptance.objects.get().pk,
        LineageLink.objects.filter(to_place__isnull=False).order_by("-pk")[0].pk,
    )
    entry = Entry.objects.get(seq=5)
    trail = free("audit_entry", "entry_append_only")
    talks = free("consultation_talkcount", "talks_append_only")
    return {
        "a grant changed": (
            f"accounts.RoleGrant {grant}",
            (f"UPDATE accounts_rolegrant SET role = 'administrator' WHERE id = {grant}",),
        ),
        "a grant added": (
            f"accounts.RoleGrant {grant + 90000}",
            (copied("accounts_rolegrant", grant, public_id="'abcabcabcabc'", role="'administrator'"),),
        ),
        "a grant deleted": (f"accounts.RoleGrant {grant}", (f"DELETE FROM accounts_rolegrant WHERE id = {grant}",)),
        "a password": (f"accounts.User {user}", (f"UPDATE accounts_user SET password = 'md5$a$b' WHERE id = {user}",)),
        "a place's name": (
            f"places.PlaceVersion {version}",
            (f"UPDATE places_placeversion SET name = '新名村' WHERE id = {version}",),
        ),
        "a place's code": (
            f"places.PlaceVersion {version}",
            (f"UPDATE places_placeversion SET code = '999999999201', code_number = 999999999201 WHERE id = {version}",),
        ),
        "a place's parent": (
            f"places.PlaceVersion {version}",
            (f"UPDATE places_placeversion SET parent_id = {world.b.town.pk} WHERE id = {version}",),
        ),
        "a place's period": (
            f"places.PlaceVersion {version}",
            (f"UPDATE places_placeversion SET valid_from = '1999-01-01' WHERE id = {version}",),
        ),
        "a figure changed": (f"places.Fact {fact}", (f"UPDATE places_fact SET value = value + 1 WHERE id = {fact}",)),
        "a figure added": (f"places.Fact {fact + 90000}", (copied("places_fact", fact, measure="'households'"),)),
        "a figure deleted": (f"places.Fact {fact}", (f"DELETE FROM places_fact WHERE id = {fact}",)),
        "the votes of a sitting": (
            f"assemblies.Sitting {sitting}",
            (f"UPDATE assemblies_sitting SET votes_for = votes_for - 1 WHERE id = {sitting}",),
        ),
        "a sitting withdrawn": (
            f"assemblies.Sitting {sitting}",
            (f"UPDATE assemblies_sitting SET withdrawn_on = '2026-03-03', withdrawn_why = 'x' WHERE id = {sitting}",),
        ),
        "an opinion's words": (
            f"consultation.Opinion {opinion}",
            (f"UPDATE consultation_opinion SET text = '都同意' WHERE id = {opinion}",),
        ),
        "an opinion's topic": (
            f"consultation.Opinion {opinion}",
            (f"UPDATE consultation_opinion SET topic = 'other' WHERE id = {opinion}",),
        ),
        "an opinion deleted": (
            f"consultation.Opinion {opinion}",
            (f"DELETE FROM consultation_opinion WHERE id = {opinion}",),
        ),
        "attendance changed": (
            f"meetings.Attendance {attendance}",
            (f"UPDATE meetings_attendance SET present = present + 1 WHERE id = {attendance}",),
        ),
        "attendance added": (
            f"meetings.Attendance {attendance + 90000}",
            (copied("meetings_attendance", attendance, kind="'staff'"),),
        ),
        "attendance deleted": (
            f"meetings.Attendance {attendance}",
            (f"DELETE FROM meetings_attendance WHERE id = {attendance}",),
        ),
        "a plan's document": (
            f"planning.Acceptance {decision}",
            (f"UPDATE planning_acceptance SET document_number = '前府发〔2026〕9号' WHERE id = {decision}",),
        ),
        "a merger's share": (
            f"places.LineageLink {link}",
            (f"UPDATE places_lineagelink SET population_part = 1, population_of = 2 WHERE id = {link}",),
        ),
        "an entry changed": (
            f"entry {entry.seq}",
            (*trail, f"UPDATE audit_entry SET actor_name = 'x' WHERE id = {entry.pk}"),
        ),
        "an entry deleted": (f"entry {entry.seq}", (*trail, f"DELETE FROM audit_entry WHERE id = {entry.pk}")),
        "a trigger dropped": ("consultation.TalkCount", talks),
    }


@pytest.mark.slow
def test_raw_edits_are_named_row_by_row(world: World) -> None:
    assert check() == [], "nothing that Heli did itself"
    named, tried = [], edits(world)
    for what, (source, statements) in tried.items():
        with undone():
            sql(*statements)
            told = {fault.source for fault in check()} if what == "a trigger dropped" else told_by_the_trail()
            named += [what] if source in told else []
    assert sorted(named) == sorted(tried)
    assert len(named) == 24
    assert check() == []


def test_rows_under_keys_that_heli_never_gives_are_named_too(world: World) -> None:
    grant = world.a.users["town_officer"].grants.get().pk
    for key in (-5, 0, -(1 << 63), (1 << 63) - 1):
        with undone():
            sql(copied("accounts_rolegrant", grant, id=str(key), public_id="'abcabcabcabc'", role="'administrator'"))
            assert f"accounts.RoleGrant {key}" in told_by_the_trail()
            accounts.end_grant(actor=SYSTEM, grant=RoleGrant.objects.get(pk=key), on=date(2026, 2, 1))
            assert f"accounts.RoleGrant {key}" in told_by_the_trail()


def test_a_later_act_does_not_seal_what_was_changed_before_it(world: World) -> None:
    grant = world.a.users["town_officer"].grants.get()
    sql(f"UPDATE accounts_rolegrant SET role = 'administrator' WHERE id = {grant.pk}")
    grant.refresh_from_db()
    accounts.end_grant(actor=SYSTEM, grant=grant, on=date(2026, 2, 1))
    assert [fault.source for fault in check()] == [f"accounts.RoleGrant {grant.pk}"]
    accept(actor=SYSTEM, reason="looked into")
    assert check() == []


def test_neither_tags_nor_sums_can_be_made_to_fit(world: World) -> None:
    fact = Fact.objects.order_by("pk")[0]
    before = (
        "CREATE TEMP TABLE kept AS SELECT * FROM audit_witnesspage",
        "CREATE TEMP TABLE sums AS SELECT * FROM audit_witnessroot",
    )
    sql(*before)
    with writing(SYSTEM, "places.test"):
        Fact.objects.filter(pk=fact.pk).update(value=fact.value + 1)
    assert check() == []
    row = f"UPDATE places_fact SET value = {fact.value} WHERE id = {fact.pk}"
    pages = "DELETE FROM audit_witnesspage", "INSERT INTO audit_witnesspage SELECT * FROM kept"
    sums = "DELETE FROM audit_witnessroot", "INSERT INTO audit_witnessroot SELECT * FROM sums"
    attacks = {
        "the old row with its old tags": ((row, *pages), {"places.Fact"}),
        "the old row, tags and sums": ((row, *pages, *sums), {"witness"}),
        "the old sums": (sums, {"witness", "places.Fact"}),
        "no tags": ((pages[0],), {shape.label for shape in offered().values()}),
        "no sums": ((sums[0],), {"witness"}),
    }
    for what, (statements, sources) in attacks.items():
        with undone():
            sql(*statements)
            found = {fault.source for fault in check()}
            assert found & sources, what
            with writing(SYSTEM, "places.test"):
                Fact.objects.filter(pk=fact.pk).update(superseded_at=AT)
            assert check(), f"{what}: also after an act that touches the table"
    sql("DROP TABLE kept", "DROP TABLE sums")


def test_what_acts_undo_or_do_twice_leaves_the_rows_in_order(world: World) -> None:
    fact = Fact.objects.order_by("pk")[0]

    def fail() -> None:
        with writing(SYSTEM, "places.test"):
            Fact.objects.filter(pk=fact.pk).update(value=99)
            raise RuntimeError

    with writing(SYSTEM, "places.test"):
        Fact.objects.filter(pk=fact.pk).update(value=1)
        with pytest.raises(RuntimeError):
            fail()
        Fact.objects.filter(pk=fact.pk).update(value=2)
        Fact.objects.filter(pk=fact.pk).delete()
        fact.save(force_insert=True)
    with pytest.raises(RuntimeError):
        fail()
    assert check() == []


def test_personal_data_that_end_and_passwords_that_change_are_no_alarm(world: World) -> None:
    user = world.a.users["auditor"]
    accounts.reset_password(actor=SYSTEM, user=user, at=AT)
    accounts.set_active(actor=SYSTEM, user=user, is_active=False, at=AT)
    assert accounts.forget_users(actor=SYSTEM, at=AT.replace(year=2028)) == 1
    client = world.client("village_cadre")
    assert client.get("/").status_code == 200
    accounts.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=BEGINNING)
    assert check() == []


def test_rows_without_a_witness_are_said_until_a_person_accepts_them(world: World) -> None:
    sql("DELETE FROM audit_witnessroot")
    accounts.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=BEGINNING)
    assert "rows_not_witnessed" in {fault.code for fault in check()}
    accept(actor=SYSTEM, reason="looked into")
    assert check() == []


def test_imports_of_many_rows_are_witnessed_as_exactly(world: World) -> None:
    place = world.a.village.pk
    days = [BEGINNING + timedelta(days=number) for number in range(2_600)]

    def rows(measure: str, some: Sequence[date]) -> Iterator[tuple[Any, ...]]:
        return ((place, None, measure, day.isoformat(), 7, None, None, None) for day in some)

    with writing(SYSTEM, "places.test"):
        insert_fact_rows(rows("households", days))
    assert check() == []
    with writing(SYSTEM, "places.test"):  # corrections, losses and new rows together, more than fit one portion
        Fact.objects.filter(measure="households", on__lt=days[1_500]).update(superseded_at=AT)
        Fact.objects.filter(measure="households", on__gte=days[2_500]).delete()
        insert_fact_rows(rows("party_members", days[:1_200]))
    assert check() == []
    first = Fact.objects.filter(measure="households").order_by("pk")[0].pk
    with undone():
        sql(f"UPDATE places_fact SET value = 8 WHERE id IN ({first + 3}, {first + 2_000})")
        assert [fault.source for fault in check()] == [f"places.Fact {first + 3}", f"places.Fact {first + 2_000}"]
    with undone():
        sql("UPDATE places_fact SET value = 9 WHERE measure = 'households'")
        assert len([fault for fault in check() if fault.source.startswith("places.Fact")]) == 21
    sql(copied("places_fact", first, id=f"{first + 50_001}", on="'1999-01-01'"))
    with writing(SYSTEM, "places.test"):  # a page of new rows that holds a foreign one
        insert_fact_rows((place, None, "members", day.isoformat(), 7, None, None, None) for day in days[:1_200])
    assert [fault.source for fault in check()] == [f"places.Fact {first + 50_001}"]
