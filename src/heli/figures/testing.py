"""Builders of figures for tests, and who may open what."""

from datetime import date, timedelta
from typing import Any

from heli.campaigns.testing.runs import OPENED, campaign_of
from heli.figures import services
from heli.figures.models import Report, ReportedFigure, Snapshot
from heli.figures.services import reports
from heli.figures.types import ClaimSpec, SnapshotKind
from heli.kernel.access import SYSTEM
from heli.kernel.lint import Claim
from heli.places import services as register
from heli.places.types import FactSpec
from heli.ui.testing import AccessCase
from heli.warnings.services.weeks import freeze_due

DAY = date(2026, 1, 1)
READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
EDITORS = ("district_officer",)


def people(place_id: int, value: int, on: date = DAY, measure: str = "registered_population") -> None:
    """Record a figure of a place; a second one of the day corrects the first."""
    fact = FactSpec(place_id=place_id, measure=measure, on=on, value=value)
    register.record_facts(actor=SYSTEM, facts=[fact])


def snapshot_of(half: Any) -> Snapshot:
    """A snapshot of one half of the world, one row of which was corrected after it was taken."""
    if "snapshot" not in half.links:
        people(half.village.pk, 1_000)
        taken = services.take_snapshot(
            actor=SYSTEM, district_id=half.register.district, kind=SnapshotKind.DAILY, on=DAY
        )
        people(half.village.pk, 1_010)
        half.links["snapshot"] = taken.public_id
    return Snapshot.objects.get(public_id=half.links["snapshot"])


def _own(world: Any) -> dict[str, Any]:
    return {"public_id": snapshot_of(world.a).public_id}


def _foreign(world: Any) -> dict[str, Any]:
    return {"public_id": snapshot_of(world.b).public_id}


def _corrected(half: Any) -> dict[str, Any]:
    return {"public_id": snapshot_of(half).public_id, "figure_id": "places.registered_population"}


def claim_of(half: Any) -> ReportedFigure:
    """A published figure of that half's village that cannot be."""
    if "claim" not in half.links:
        spec = ClaimSpec(title="women", claim=Claim(text="23.53%", base=399), figure="places.registered_population")
        [kept] = services.report_figures(actor=SYSTEM, place_id=half.village.pk, on=DAY, claims=[spec])
        half.links["claim"] = kept.public_id
    return ReportedFigure.objects.get(public_id=half.links["claim"])


def report_of(half: Any, recipient: str = "district") -> Report:
    """A report of one half of the world: of the first week of its campaign, for the district or for its first town."""
    if "reports" not in half.links:
        campaign = campaign_of(half)
        week = freeze_due(actor=SYSTEM, at=OPENED + timedelta(days=8))
        mine = next(one for one in week if one.campaign_id == campaign.pk)
        reports.make_weekly(actor=SYSTEM, campaign=campaign, week=mine, at=OPENED + timedelta(days=8), send=False)
        half.links["reports"] = "made"
    found = Report.objects.filter(campaign__district_id=half.register.district, recipient=recipient)
    place = half.district if recipient == "district" else half.town
    return found.filter(place=place, language="zh-hans").order_by("pk")[0]


def _report(half: Any, recipient: str = "town", **more: Any) -> dict[str, Any]:
    return {"public_id": report_of(half, recipient).public_id, **more}


def _report_case(name: str, **more: Any) -> AccessCase:
    """A page of a town's report: whoever sees the town opens it; the district's is not the town officer's."""
    return AccessCase(
        f"figures:{name}",
        tuple(role for role in READERS if role != "village_cadre"),
        own=lambda world: _report(world.a, **more),
        foreign=lambda world: _report(world.b, **more),
        elsewhere=lambda world: _report(world.a, "district", **more),
        narrow=("town_officer",),
        refused=(403, 404),
    )


REPORTS: list[AccessCase] = [
    AccessCase("figures:reports", READERS),
    _report_case("report"),
    _report_case("report_file", suffix="docx"),
    _report_case("report_number", number=1),
    AccessCase("figures:make_reports", EDITORS),
    AccessCase("figures:make_reports", EDITORS, method="post", success=(422,)),
    AccessCase(
        "figures:report_preview",
        EDITORS,
        own=lambda world: {"public_id": campaign_of(world.a).public_id, "kind": "interim"},
        foreign=lambda world: {"public_id": campaign_of(world.b).public_id, "kind": "interim"},
    ),
]

ACCESS: list[AccessCase] = [
    *(AccessCase(f"figures:{name}", READERS) for name in ("map", "map_shapes", "map_values", "map_picture")),
    AccessCase(
        "figures:map_place",
        READERS,
        own=lambda world: {"public_id": world.a.village.public_id},
        foreign=lambda world: {"public_id": world.b.village.public_id},
        success=(302,),
    ),
    *REPORTS,
    AccessCase("figures:home", READERS),
    AccessCase("figures:figure", READERS, own=lambda world: {"figure_id": "places.villages"}),
    AccessCase("figures:snapshots", READERS),
    AccessCase("figures:snapshot", READERS, own=_own, foreign=_foreign),
    AccessCase(
        "figures:corrected", READERS, own=lambda world: _corrected(world.a), foreign=lambda world: _corrected(world.b)
    ),
    AccessCase("figures:burden", READERS),
    AccessCase("figures:claims", READERS),
    AccessCase("figures:new_claims", EDITORS),
    AccessCase("figures:new_claims", EDITORS, method="post", success=(422,)),
    AccessCase(
        "figures:claim",
        READERS,
        own=lambda world: {"public_id": claim_of(world.a).public_id},
        foreign=lambda world: {"public_id": claim_of(world.b).public_id},
    ),
    AccessCase("figures:freeze", EDITORS),
    AccessCase("figures:freeze", EDITORS, method="post", success=(422,)),
]
