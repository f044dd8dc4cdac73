"""Who sees which appraisal and every part of it: the appraised their own, the sending unit its team's; reviews as numbers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from heli.accounts.testing import World
from heli.appraisal import queries, services
from heli.appraisal.ledger import APPRAISALS
from heli.appraisal.models import Appraisal, ReviewCount
from heli.appraisal.services import PushedValue
from heli.appraisal.testing import added_up, begun, fill, made, ready, row_at, third
from heli.audit.testing import unaudited
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.kernel.access import SYSTEM
from heli.kernel.faults import Forbidden
from heli.records import queries as records
from heli.records.services import FormFile


def test_reviews_are_entered_as_numbers_by_whoever_keeps_the_town(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    year = begun(world.a)
    page, client = f"/appraisal/{world.a.district.public_id}/{year.public_id}/", world.client("town_officer")
    numbers = {"age": 3, "own_wish": 2, "unfit": 1, "review": 0}
    typed = {"did": "review", "place": world.a.town.pk, "reviewed": 1_770, **numbers}
    assert client.post(page, {**typed, "reviewed": 5}).status_code == 422
    assert client.post(page, {**typed, "place": world.a.place("观塘镇").pk}).status_code == 422
    assert not ReviewCount.objects.exists()
    assert client.post(page, typed).status_code == 303
    assert "0.34" in client.get(page).content.decode()
    for role in ("village_cadre", "auditor", "department_liaison"):
        assert world.client(role).post(page, typed).status_code == 403
        assert 'value="review"' not in world.client(role).get(page).content.decode()


def department_row(world: World, **more: Any) -> Appraisal:
    """The appraisal of the department, whose liaison it is; or of another organisation of the district."""
    row = begun(world.a, "linked-departments").appraisals.get()
    with unaudited():
        Appraisal.objects.filter(pk=row.pk).update(**more)
    fill(row)
    row.refresh_from_db()
    return row


def test_a_department_sees_every_part_of_its_own_appraisal_and_nobody_elses(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    mine, village = department_row(world), ready(world.a)
    client, district = world.client("department_liaison"), world.a.district.public_id
    for page in (f"/appraisals/{district}/", "/appraisals/"):
        shown = client.get(page).content.decode()
        assert mine.public_id in shown
        assert village.public_id not in shown
    assert [
        row.pk for row in records.rows_at(APPRAISALS, world.a.actor("department_liaison"), [world.a.district.pk])
    ] == [mine.pk]
    opened = [f"{{}}of/{{}}/{queries.parts_of(mine)[0].key}/", "{}of/{}/paper"]
    for row, status in ((mine, 200), (village, 404)):
        pages = [APPRAISALS.url("row", district, row.public_id)]
        pages += [page.format(f"/appraisal/{district}/", row.public_id) for page in opened]
        assert [client.get(page).status_code for page in pages] == [status] * 3
    year = client.get(f"/appraisal/{district}/{village.year.public_id}/").content.decode()
    assert village.title not in year
    for figure in ("appraisal.graded", "appraisal.not_proposed"):
        assert client.get(f"/figures/{figure}/").status_code == 404


def test_a_department_reports_and_objects_for_itself_and_for_nobody_else(world: World) -> None:
    liaison, mine = world.a.actor("department_liaison"), department_row(world)
    for row in (ready(world.a), row_at(world.a, begun(world.a, "norm-year"), world.a.other_village)):
        with pytest.raises(Forbidden):
            made(liaison, row, "report", note="已述职")
    added_up(world.a, mine.year)
    row = made(liaison, mine, "report", note="已述职")
    row = made(world.a.actor("district_officer"), row, "propose", values={"grade": "competent", "why": "名额已满"})
    row = made(third(world.a), row, "confirm")
    row = made(liaison, row, "object", values={"objection": "漏计走访两次"})
    assert (row.status, row.objected_by_id) == ("objected", liaison.id)
    with pytest.raises(Forbidden):
        made(liaison, row, "rule", values={"grade": "competent", "ruling": "x"})


def test_evidence_is_fetched_by_whoever_sees_that_appraisal(world: World, settings: Any, tmp_path: Path) -> None:
    settings.SECOND_FACTOR, settings.MEDIA_ROOT = False, tmp_path
    other = department_row(world)  # at the liaison's own place, of another organisation of the district
    team = bodies.add_body(
        actor=SYSTEM, kind=BodyKind.TASK_TEAM, place_id=world.a.district.pk, on=date(2020, 1, 1), name="别家专班"
    )
    with unaudited():
        Appraisal.objects.filter(pk=other.pk).update(body_body=team)
    files = []
    for row in (department_row(world), other, ready(world.a)):
        made(world.a.actor("district_officer"), row, "report", upload=FormFile("report.txt", [b"x"]))
        files.append(records.evidence_of(APPRAISALS, row).values_list("file__public_id", flat=True).get())
    answers = {
        role: [world.client(role).get(f"/files/{one}/").status_code for one in files]
        for role in ("department_liaison", "district_officer", "auditor")
    }
    assert answers == {
        "department_liaison": [200, 404, 404], "district_officer": [200, 200, 200], "auditor": [200, 200, 200],
    }  # fmt: skip


def test_the_sending_unit_sees_the_appraisal_of_its_team_and_does_not_speak_for_it(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    given: dict[str, Any] = {
        "actor": SYSTEM,
        "kind": BodyKind.TASK_TEAM,
        "place_id": world.a.district.pk,
        "on": date(2020, 1, 1),
    }
    teams = [
        bodies.add_body(name=name, parent=parent, **given)
        for name, parent in (("驻村专班", world.a.bodies["department"]), ("别家专班", None))
    ]
    client, status = world.client("department_liaison"), []
    for team in teams:
        row = department_row(world, body_body=team, title=team.name)
        answer = client.get(APPRAISALS.url("row", world.a.district.public_id, row.public_id))
        status.append(answer.status_code)
        assert 'value="report"' not in answer.content.decode()
        with pytest.raises(Forbidden):
            made(world.a.actor("department_liaison"), row, "report", note="已述职")
    assert status == [200, 404]


def test_a_score_opens_to_its_sum_and_to_everything_that_was_known(world: World, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    year, officer = begun(world.a, "two-committees"), world.a.actor("town_officer")
    row = row_at(world.a, year)
    value = PushedValue(world.a.village.pk, "matters.solution", 1, 18, 20, "snap", "f" * 64)
    services.take_values(actor=world.a.actor("district_officer"), year=year, values=[value])
    fill(row, solution=None)
    services.enter_fact(actor=officer, row=row, indicator="solution", fact={"k": 19, "n": 20}, source="核对表 3 号")
    added_up(world.a, year)
    page = f"/appraisal/{world.a.district.public_id}/of/{row.public_id}/solution/"
    for role in ("village_cadre", "auditor"):
        client = world.client(role)
        assert page in client.get(APPRAISALS.url("row", world.a.district.public_id, row.public_id)).content.decode()
        shown = client.get(page).content.decode()
        assert all(text in shown for text in ("95.00", "60.00%", "19 / 20", "18 / 20", "核对表 3 号", "snap"))
        assert 'name="did"' not in shown
    assert f"/figures/matters.solution/?place={world.a.village.public_id}" not in shown  # what counts was typed
    services.take_values(actor=world.a.actor("district_officer"), year=year, values=[replace(value, snapshot="next")])
    answer = world.client("auditor")
    assert f"/figures/matters.solution/?place={world.a.village.public_id}" in answer.get(page).content.decode()


def test_what_is_typed_counts_as_a_burden_and_what_a_figure_gives_does_not(world: World) -> None:
    from heli.appraisal.typed import TYPED

    year, officer = begun(world.a, "two-committees"), world.a.actor("town_officer")
    row = row_at(world.a, year)
    value = PushedValue(world.a.village.pk, "matters.solution", 1, 9, 10, "snap", "f" * 64)
    services.take_values(actor=world.a.actor("district_officer"), year=year, values=[value])
    services.exempt_from(actor=officer, row=row, indicator="content", reason="无回访")
    services.enter_fact(actor=officer, row=row, indicator="posted", fact={"k": 3, "n": 4}, source="公开栏台账")
    mine = department_row(world)
    services.enter_fact(
        actor=world.a.actor("district_officer"), row=mine, indicator="visits", fact={"k": 3, "n": 4}, source="台账"
    )
    begins, ends = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2100))
    (found,) = [one for typed in TYPED for one in typed([world.a.district.pk], begins, ends)]
    assert (found.place, found.public_id, found.fields) == (world.a.village.pk, world.a.village.public_id, 3)
    assert [one for typed in TYPED for one in typed([world.b.district.pk], begins, ends)] == []
