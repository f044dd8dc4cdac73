"""A snapshot keeps what was known; a correction shows beside it, in exactly the figures that follow from the row."""

from datetime import UTC, date, datetime

import pytest
from conftest import OnDay
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation

from heli.accounts.testing import World, build_world
from heli.audit.testing import unaudited
from heli.figures import checks, jobs, queries, services
from heli.figures.models import Snapshot, SnapshotFigure, SnapshotValues
from heli.figures.testing import DAY, people
from heli.figures.types import SnapshotKind
from heli.kernel.access import SYSTEM
from heli.kernel.db import AppendOnly, lifted
from heli.kernel.faults import Forbidden
from heli.places.models import Fact
from heli.warnings.testing import DrawnCampaign, ends

pytestmark = pytest.mark.django_db
WEEK = date(2026, 1, 9)


@pytest.fixture
def world() -> World:
    built = build_world()
    for name, value in {"岩门村": 1_000, "大石村": 900, "光明村": 800, "水口村": 700}.items():
        people(built.a.register[name], value)
        people(built.a.register[name], value // 3, measure="households")
    return built


def take(world: World, on: date = DAY, kind: SnapshotKind = SnapshotKind.DAILY) -> Snapshot:
    return services.take_snapshot(actor=SYSTEM, district_id=world.a.register.district, kind=kind, on=on)


def test_a_day_is_frozen_once_and_stays(world: World) -> None:
    first = take(world)
    people(world.a.village.pk, 1_500)
    assert take(world).pk == first.pk
    stored = queries.stored_values(SYSTEM, first)["places.registered_population"]
    assert stored[world.a.register.district].number() == "3,400"
    assert queries.verify(first).is_whole


def test_the_same_values_are_stored_once(world: World) -> None:
    take(world)
    contents = SnapshotValues.objects.count()
    take(world, kind=SnapshotKind.WEEKLY)
    assert SnapshotValues.objects.count() == contents
    assert Snapshot.objects.count() == 2


def test_each_snapshot_carries_the_hash_of_the_one_before(world: World) -> None:
    first, second = take(world), take(world, on=WEEK)
    assert (first.previous, second.previous) == ("", first.sha256)
    assert list(checks.check_invariants()) == []


def test_correcting_one_row_changes_exactly_the_figures_that_follow_from_it(world: World) -> None:
    snapshot = take(world)
    people(world.a.village.pk, 1_010)
    found = {line.figure.id: line for line in queries.differences(SYSTEM, snapshot)}
    assert set(found) == {"places.registered_population", "places.mean_population", "places.people_per_household"}
    line = found["places.registered_population"]
    assert set(line.places) == {world.a.village.pk, world.a.town.pk, world.a.register.district}
    assert line.reported is not None
    assert line.known_now is not None
    assert (line.reported.number(), line.known_now.number()) == ("3,400", "3,410")


def test_the_corrected_row_is_named_as_it_was_and_as_it_is(world: World) -> None:
    snapshot = take(world)
    people(world.a.village.pk, 1_010)
    people(world.a.register["代市社区"], 77)  # came late: nobody had counted it
    line = next(one for one in queries.differences(SYSTEM, snapshot) if one.figure.id == "places.registered_population")
    rows = queries.corrected_rows(SYSTEM, snapshot, line)
    assert [(cells[0], cells[3]) for cells, _link in rows.then] == [("岩门村", 1_000)]
    assert sorted((cells[0], cells[3]) for cells, _link in rows.now) == [("代市社区", 77), ("岩门村", 1_010)]


def test_what_was_known_at_a_moment_is_evaluated_without_later_corrections(world: World) -> None:
    moment = Fact.objects.latest("recorded_at").recorded_at
    people(world.a.village.pk, 5_000)
    late = services.take_snapshot(
        actor=SYSTEM, district_id=world.a.register.district, kind=SnapshotKind.WEEKLY, on=DAY, at=moment
    )
    assert queries.stored_values(SYSTEM, late)["places.registered_population"][world.a.village.pk].numerator == 1_000


def test_a_reader_sees_only_the_own_part_of_a_snapshot(world: World) -> None:
    snapshot = take(world)
    officer = world.a.actor("town_officer")
    stored = queries.stored_values(officer, snapshot)["places.registered_population"]
    assert set(stored) == {world.a.town.pk, world.a.register["岩门村"], world.a.register["大石村"]}
    assert queries.history(officer, "places.villages", world.a.register.district, world.a.register.district) == []
    assert len(queries.history(officer, "places.villages", world.a.town.pk, world.a.register.district)) == 1


def test_a_frozen_week_is_kept_with_all_its_figures() -> None:
    run = DrawnCampaign.draw({"T": "A B"}, {"ask": 3})
    assert services.freeze_weeks(actor=SYSTEM, at=ends(2)) == 2
    assert services.freeze_weeks(actor=SYSTEM, at=ends(2)) == 0
    weekly = queries.snapshots_of(run.register.district, SnapshotKind.WEEKLY)
    assert [one.on for one in weekly] == [date(2026, 3, 13), date(2026, 3, 6)]
    late = queries.stored_values(SYSTEM, weekly[0])["campaigns.steps_late"]
    assert late[run.register.district].numerator == 2


def test_only_a_district_officer_freezes(world: World) -> None:
    with pytest.raises(Forbidden):
        services.take_snapshot(
            actor=world.a.actor("town_officer"), district_id=world.a.register.district, kind=SnapshotKind.DAILY, on=DAY
        )
    assert Snapshot.objects.count() == 0


@pytest.mark.parametrize("model", [Snapshot, SnapshotFigure, SnapshotValues])
def test_the_database_refuses_to_change_a_snapshot(world: World, model: type) -> None:
    take(world)
    with unaudited(), pytest.raises(IntegrityError, match="AppendOnly"), transaction.atomic():
        model.objects.update(id=F("id"))  # type: ignore[attr-defined]  # a model


@pytest.mark.django_db(transaction=True)
def test_what_was_tampered_with_is_found(world: World) -> None:
    snapshot = take(world)
    guard = next(c for c in SnapshotValues._meta.constraints if isinstance(c, AppendOnly))
    stored = SnapshotFigure.objects.get(snapshot=snapshot, figure="places.villages").values
    with unaudited(), lifted(guard, SnapshotValues):
        SnapshotValues.objects.filter(pk=stored.pk).update(content='{"1":99}')
    verdict = queries.verify(snapshot)
    assert not verdict.is_whole
    assert "places.villages" in verdict.broken
    with translation.override("en"):
        assert [fault.code for fault in checks.check_invariants()] == ["snapshot_broken"]


CONSTRAINTS = {
    "snapshot_once_per_day": r"snapshot_once_per_day|district_id, figures_snapshot\.kind",
    "snapshot_kind_known": "snapshot_kind_known",
}


@pytest.mark.parametrize("name", list(CONSTRAINTS))
def test_the_named_constraints_of_a_snapshot_fire(world: World, name: str) -> None:
    snapshot = take(world)
    given = {"kind": "yearly"} if name == "snapshot_kind_known" else {}
    with unaudited(), pytest.raises(IntegrityError, match=CONSTRAINTS[name]):
        Snapshot.objects.create(
            **{"public_id": "x", "district_id": snapshot.district_id, "kind": snapshot.kind, "on": snapshot.on, "at": snapshot.at,
               "sha256": "", "taken_by": "", **given}
        )  # fmt: skip


def test_a_figure_stands_once_in_a_snapshot_with_a_version_and_contents_are_not_empty(world: World) -> None:
    one = SnapshotFigure.objects.filter(snapshot=take(world)).first()
    assert one is not None
    for figure, version in ((one.figure, 1), ("places.other", 0)):
        with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
            SnapshotFigure.objects.create(snapshot=one.snapshot, figure=figure, version=version, values=one.values)
    with unaudited(), pytest.raises(IntegrityError), transaction.atomic():
        SnapshotValues.objects.create(sha256="0", content="")


def test_the_clock_stores_every_district_in_which_something_was_counted(world: World) -> None:
    assert jobs.snapshot_daily() == 1
    assert jobs.snapshot_daily() == 1
    assert Snapshot.objects.count() == 1


def test_the_command_takes_verifies_and_compares(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with translation.override("en"):
        call_command("snapshots", "--take", "511603", "--on", str(DAY))
        people(world.a.village.pk, 1_010)
        call_command("snapshots", "--differences")
    printed = capsys.readouterr().out
    assert "whole" in printed
    assert "Registered population: 3,400 people -> 3,410 people (3)" in printed
    for wrong in (["--take", "511603"], ["--take", "999999", "--on", str(DAY)]):
        with pytest.raises(SystemExit) as stopped:
            call_command("snapshots", *wrong)
        assert stopped.value.code == 2


def test_what_open_appraisals_ask_for_is_pushed_down_with_its_hash_once(world: World, on_day: OnDay) -> None:
    from heli.appraisal.models import AppraisalFact
    from heli.appraisal.testing import begun
    from heli.figures.services.pushing import push_values
    from heli.matters.testing import filed

    on_day(datetime(2026, 12, 31, 4, tzinfo=UTC))  # what was filed is counted from the moment it was written
    filed(world.a, on=date(2026, 3, 1))
    year = begun(world.a, "two-committees", 2026)
    snapshot = take(world, on=date(2026, 12, 31))
    assert push_values(actor=SYSTEM, snapshot=snapshot) > 0
    assert push_values(actor=SYSTEM, snapshot=snapshot) == 0
    fact = AppraisalFact.objects.get(appraisal__year=year, appraisal__place=world.a.village.pk, indicator="closed")
    stored = SnapshotFigure.objects.get(snapshot=snapshot, figure="matters.closed").values
    assert (fact.fact, fact.snapshot, fact.sha256) == ('{"k":0,"n":1}', snapshot.public_id, stored.sha256)
