"""Personal data are deleted when their time ends; the clock knows its jobs once."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_q.models import Schedule

from heli.accounts import services as accounts
from heli.accounts.testing import BEGINNING, build_world
from heli.audit import alarms, anchor
from heli.audit.models import Entry
from heli.audit.types import Head
from heli.audit.verify import verify_trail
from heli.bodies import services as bodies
from heli.bodies.models import Person
from heli.kernel.access import SYSTEM
from heli.notices.models import Message
from heli.web import jobs
from heli.web.notices import TRAIL
from heli.web.watching import watch_trail

CLOSED = datetime(2025, 1, 10, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_the_name_of_a_former_office_holder_goes_after_three_years_and_the_office_stays() -> None:
    build_world()
    person = Person.objects.order_by("pk")[0]
    bodies.end_person(actor=SYSTEM, person=person, on=date(2020, 6, 30))
    assert bodies.forget_persons(actor=SYSTEM, on=date(2023, 6, 27)) == 0
    assert bodies.forget_persons(actor=SYSTEM, on=date(2023, 6, 30)) == 1
    assert bodies.forget_persons(actor=SYSTEM, on=date(2023, 6, 30)) == 0
    person.refresh_from_db()
    assert (person.name, person.office) == (bodies.FORGOTTEN, "组长")
    assert Person.objects.filter(name="王组长").count() == 1, "who is in office stays"


def test_a_closed_account_loses_its_names_after_a_year() -> None:
    user = build_world().a.users["auditor"]
    accounts.set_active(actor=SYSTEM, user=user, is_active=False, at=CLOSED)
    assert accounts.forget_users(actor=SYSTEM, at=CLOSED + timedelta(days=364)) == 0
    assert accounts.forget_users(actor=SYSTEM, at=CLOSED + timedelta(days=365)) == 1
    assert accounts.forget_users(actor=SYSTEM, at=CLOSED + timedelta(days=900)) == 0
    user.refresh_from_db()
    assert user.username == user.name == f"closed.{user.pk}"
    assert not user.has_usable_password()
    assert verify_trail().is_sound


def test_the_clock_knows_each_job_once() -> None:
    Schedule.objects.create(name="remind_of_tasks", func="heli.campaigns.jobs.gone", schedule_type=Schedule.DAILY)
    jobs.keep_schedules()
    jobs.keep_schedules()
    assert sorted(Schedule.objects.values_list("func", flat=True)) == [
        "heli.campaigns.jobs.follow_register",
        "heli.figures.jobs.freeze_weeks",
        "heli.figures.jobs.make_reports",
        "heli.figures.jobs.snapshot_daily",
        "heli.ledger.jobs.tell_all_ends",
        "heli.notices.jobs.send_digests",
        "heli.notices.jobs.send_waiting",
        "heli.records.jobs.remind_all",
        "heli.stations.scoring.score_all",
        "heli.web.jobs.clear_forms",
        "heli.web.jobs.clear_sessions",
        "heli.web.jobs.clear_uploads",
        "heli.web.jobs.exchange_hotlines",
        "heli.web.jobs.forget",
        "heli.web.watching.watch_trail",
    ]
    assert Schedule.objects.get(name="freeze_weeks").schedule_type == Schedule.HOURLY
    assert Schedule.objects.get(name="send_waiting").minutes == 5
    assert jobs.HOURLY["freeze_weeks"]() == 0
    nothing = dict.fromkeys(
        ("nominees", "persons", "users", "channels", "contacts", "members", "offices", "reserve"), 0
    )
    assert jobs.forget() == nothing


def test_every_night_the_trail_is_verified_and_its_head_told_to_the_auditors(settings: Any, tmp_path: Path) -> None:
    settings.TRAIL_ANCHOR = tmp_path / "anchor.log"
    settings.TRAIL_ANCHOR_DATABASE = str(connection.settings_dict["NAME"])
    world = build_world()
    accounts.grant_role(actor=SYSTEM, user=world.nobody, role="auditor", on=BEGINNING)
    last = Entry.objects.order_by("-seq")[0]
    anchor.reset(Head(last.seq, last.hash), anchor.MOVED)  # the test's transaction never commits
    assert watch_trail() == 0
    [notice] = Message.objects.filter(kind=TRAIL)
    assert (notice.user_id, notice.how) == (world.nobody.pk, "digest")
    assert f"{last.seq}" in notice.title
    assert last.hash[:16] in notice.title
    assert alarms.raised() is None
    anchor.reset(Head(last.seq, "0" * 64), anchor.MOVED)
    assert watch_trail() == 1
    alarm = alarms.raised()
    assert alarm is not None
    assert (alarm.code, alarm.source) == ("history_rewritten", f"entry {last.seq}")
