"""Who may enter published figures, take snapshots and make reports: the district, and the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from heli.accounts.testing import SYSTEM_ONLY, World, WriteCase, build_world
from heli.appraisal.testing import begun
from heli.campaigns.models import Campaign
from heli.campaigns.services import finish_campaign
from heli.campaigns.services.steps import waive_step
from heli.campaigns.testing.runs import OPENED, campaign_of, open_drawn, step_of
from heli.figures.reports.types import ReportKind
from heli.figures.services import claims, pushing, reports, snapshots
from heli.figures.testing import DAY
from heli.figures.types import ClaimSpec, SnapshotKind
from heli.kernel.access import SYSTEM
from heli.kernel.lint import Claim
from heli.ui.testing import Kwargs
from heli.warnings.services.weeks import freeze_due

pytestmark = pytest.mark.django_db
MAKERS = ("district_officer", *SYSTEM_ONLY)
LATER = OPENED + timedelta(days=8)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def published(world: World) -> Kwargs:
    spec = ClaimSpec(title="妇女", claim=Claim(text="23.53%", base=399), figure="places.registered_population")
    return {"place_id": world.a.village.pk, "on": DAY, "claims": [spec]}


def running(world: World) -> Kwargs:
    return {"campaign": campaign_of(world.a), "at": LATER}


def frozen(world: World) -> Kwargs:
    given = running(world)
    [week] = freeze_due(actor=SYSTEM, at=LATER)
    return {**given, "week": week}


def finished(world: World) -> Kwargs:
    campaign: Campaign = open_drawn(world.a, "lead district 1")
    step = step_of(campaign, world.a.district, "lead")
    waive_step(actor=world.a.actor("district_officer"), step=step, reason="早已成立", at=LATER)
    finish_campaign(actor=world.a.actor("district_officer"), campaign=campaign, at=LATER)
    return {"campaign": campaign, "at": LATER + timedelta(days=1)}


def pushed(world: World) -> Kwargs:
    """A snapshot of a year in which committees are appraised."""
    begun(world.a, "two-committees", DAY.year)
    kind = SnapshotKind.DAILY
    snapshot = snapshots.take_snapshot(actor=SYSTEM, district_id=world.a.district.pk, kind=kind, on=DAY)
    return {"snapshot": snapshot}


def when(build: Callable[[World], Kwargs]) -> Callable[[World], Kwargs]:
    def at(world: World) -> dict[str, datetime]:
        return {"at": build(world)["at"]}

    return at


CASES = [
    WriteCase(claims.report_figures, MAKERS, published),
    WriteCase(
        snapshots.take_snapshot,
        MAKERS,
        lambda w: {"district_id": w.a.district.pk, "kind": SnapshotKind.DAILY, "on": DAY},
    ),
    WriteCase(pushing.push_values, MAKERS, pushed),
    WriteCase(snapshots.freeze_weeks, MAKERS, when(running)),
    WriteCase(reports.make_weekly, MAKERS, frozen),
    WriteCase(reports.make_interim, MAKERS, lambda w: {**running(w), "on": LATER.date()}),
    WriteCase(reports.make_yearbook, MAKERS, finished),
    WriteCase(reports.make_now, MAKERS, lambda w: {**running(w), "kind": ReportKind.INTERIM}),
    WriteCase(reports.make_due, MAKERS, when(frozen)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_who_may_writes(case: WriteCase) -> None:
    assert case.wrong_answers(build_world()) == []
