"""Every named constraint of planning is fired, and the invariants that no constraint can say are found."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from heli.accounts.models import User
from heli.audit.testing import unaudited
from heli.consultation.models import Notice
from heli.kernel.access import SYSTEM
from heli.planning import services
from heli.planning.checks import check_invariants
from heli.planning.models import Acceptance, Application, Inputs, PlanRun, Posting, Scenario
from heli.planning.testing import DrawnDistrict, draw_district, post
from heli.planning.types import Goal, GoalKind, PlanRules

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)


@pytest.fixture
def district() -> DrawnDistrict:
    return draw_district("a1 a2\na3 a4")


@pytest.fixture
def scenario(district: DrawnDistrict) -> Scenario:
    rules = PlanRules(goal=Goal(GoalKind.AT_MOST, count=2), pmin=0)
    made = services.create_scenario(actor=SYSTEM, district_id=district.id, name="First", on=DAY, rules=rules, at=AT)
    services.run_scenario(actor=SYSTEM, scenario=made)
    return made


def fire(name: str, write: Any) -> None:
    with unaudited(), pytest.raises(IntegrityError, match=rf"{name}|UNIQUE constraint failed"), transaction.atomic():
        write()


def test_scenarios(scenario: Scenario) -> None:
    rows = Scenario.objects.filter(pk=scenario.pk)
    fire("scenario_status_known", lambda: rows.update(status="dreamt"))
    fire("scenario_kind_known", lambda: rows.update(kind="dreamt"))
    fire("scenario_has_name", lambda: rows.update(name=""))
    fire("scenario_version_counts", lambda: rows.update(version=0))
    other = services.copy_scenario(actor=SYSTEM, scenario=scenario, name="Second")
    fire("scenario_name_once_per_district", lambda: Scenario.objects.filter(pk=other.pk).update(name="First"))


def test_inputs(scenario: Scenario) -> None:
    rows = Inputs.objects.filter(pk=scenario.inputs_id)
    fire("inputs_have_villages", lambda: rows.update(villages=0))
    again = rows.get()
    again.pk = None
    fire("inputs_pinned_once", lambda: again.save(force_insert=True))


def test_runs(scenario: Scenario) -> None:
    rows = PlanRun.objects.filter(scenario=scenario)
    fire("run_state_known", lambda: rows.update(state="asleep"))
    fire("run_done_has_result", lambda: rows.update(status=""))
    fire("run_bound_below_objective", lambda: rows.update(bound=10**12))
    fire("run_progress_percent", lambda: rows.update(progress=101))
    again = rows.get()
    again.pk = None
    fire("run_numbered_once", lambda: again.save(force_insert=True))


def test_acceptance(scenario: Scenario) -> None:
    with unaudited():
        user = User.objects.create(username="author", name="author")
    run = PlanRun.objects.get(scenario=scenario)
    given = {"scenario": scenario, "run": run, "accepted_by": user, "document_on": DAY, "accepted_at": AT}
    fire("acceptance_not_by_author", lambda: Acceptance.objects.create(author=user, document_number="1号", **given))
    fire("acceptance_has_document", lambda: Acceptance.objects.create(document_number="", **given))


def test_application(scenario: Scenario) -> None:
    given = {"scenario": scenario, "on": DAY, "events": [], "applied_by": "x", "applied_at": AT}
    fire("application_reversed_with_reason", lambda: Application.objects.create(reversed_at=AT, **given))
    with unaudited():
        Application.objects.create(**given)
    fire("application_stands_once", lambda: Application.objects.create(**given))


def test_a_scenario_has_one_last_posting_and_a_notice_shows_one_plan(scenario: Scenario) -> None:
    services.propose(actor=SYSTEM, scenario=scenario)
    post(scenario, SYSTEM)
    one = Posting.objects.get()
    other = Notice.objects.get()
    other.pk, other.public_id = None, "another"
    with unaudited():
        other.save(force_insert=True)
    fire("posting_last_once_per_scenario", lambda: Posting.objects.create(notice=other, scenario=scenario, run=one.run))
    fire(
        "planning_posting_notice_id",
        lambda: Posting.objects.create(notice=one.notice, scenario=scenario, run=one.run, is_last=False),
    )


def test_what_was_tampered_with_is_found(scenario: Scenario) -> None:
    assert list(check_invariants()) == []
    with unaudited():
        PlanRun.objects.filter(scenario=scenario).update(result={"status": "optimal"})
        Inputs.objects.filter(pk=scenario.inputs_id).update(material={})
        Scenario.objects.filter(pk=scenario.pk).update(rules={"colour": "red"})
    codes = {problem.code.removeprefix("planning.") for problem in check_invariants()}
    assert codes == {"run_changed", "inputs_changed", "rules_unreadable"}
