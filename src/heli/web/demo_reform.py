"""The reform of the demonstration: an accepted plan of 116 villages, carried out half-way, with its weeks frozen."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.bodies import queries as in_district
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.campaigns import services as campaigns
from heli.campaigns.models import Campaign
from heli.campaigns.rules.playbooks import shipped_playbooks
from heli.campaigns.sample import SAYS, Delay, simulate
from heli.campaigns.sample_matters import Cast, simulate_matters
from heli.figures.services import freeze_weeks
from heli.figures.services.reports import make_due
from heli.files import services as files
from heli.kernel.access import SYSTEM, Actor, Scope
from heli.kernel.workdays import calendar
from heli.places import queries as places
from heli.planning import services as planning
from heli.planning.types import Goal, GoalKind, PlanRules

VILLAGES = 116
SEED = 20_200_628
WEEKS_IN = 5
"""So many whole weeks the reform of the demonstration has run: the slow town is red for the second week in a row."""
SLOW_TOWN = "511603107"
SLOW_STEPS = frozenset({"clear-assets", "publish-clearance", "audit", "balance-sheet", "hard-problems"})
"""Clearing the assets is what keeps it behind; consultation goes on, so that the district as a whole does not wait."""
DOCUMENT = "前府〔2026〕12号（示例）"

Say = Callable[[str], None]


def build_reform(district_id: int, now: datetime, say: Say) -> Campaign:
    """The plan, accepted by a second officer; the campaign over its villages; its history until now; frozen weeks."""
    officer, second = (_actor(name) for name in ("officer", "officer2"))
    today = timezone.localdate(now)
    begins = calendar().next_workday(today - timedelta(days=today.weekday() + 7 * WEEKS_IN))
    say("planning 116 villages, accepted under a sample document")
    plan = _accepted_plan(officer, second, district_id, begins)
    say("carrying it out half-way, as a sample")
    opened = timezone.make_aware(datetime(begins.year, begins.month, begins.day, 8))
    campaign = campaigns.open_campaign(
        officer,
        district_id=district_id,
        name="村级建制调整改革（示例）",
        playbook=shipped_playbooks()["village-restructuring"],
        starts_on=begins,
        scenario=plan,
        is_sample=True,
        at=opened.astimezone(UTC),
    )
    _simulate(campaign, now)
    say("filling its ledgers: problems, risks, consultation, meetings")
    simulate_matters(_cast(officer, second, campaign, today), campaign=campaign, now=now, seed=SEED)
    say("freezing its weeks")
    freeze_weeks(actor=SYSTEM, at=now)
    say("writing the reports of the newest week")
    make_due(SYSTEM, at=now)
    return campaign


def _cast(officer: Actor, second: Actor, campaign: Campaign, on: date) -> Cast:
    """Two teams of supervision, and the organisations that lead the settling of problems."""
    teams = [
        bodies.add_body(
            SYSTEM, name=f"第{number}督导组（示例）", kind=BodyKind.TASK_TEAM, place_id=campaign.district_id,
            on=campaign.starts_on,
        )
        for number in "一二"
    ]  # fmt: skip
    holders = [holder for holder in in_district.holders_in(campaign.district_id, on) if not holder.is_person]
    keys = {holder.id: holder.key for holder in holders}
    team_keys = [keys[team.pk] for team in teams]
    return Cast(officer, second, [key for key in keys.values() if key not in team_keys], team_keys)


def _actor(username: str) -> Actor:
    return accounts.actor_of(accounts.in_scope(Scope(everything=True)).get(username=username))


def _accepted_plan(officer: Actor, second: Actor, district_id: int, begins: date) -> str:
    """A plan of 116 villages from the register of the month before; its public id."""
    on = begins - timedelta(days=30)
    at = timezone.make_aware(datetime(on.year, on.month, on.day, 10)).astimezone(UTC)
    rules = PlanRules(goal=Goal(GoalKind.EXACTLY, count=VILLAGES, reduction=4095))
    scenario = planning.create_scenario(
        actor=officer, district_id=district_id, name="前锋区 254→116（示例）", on=on, rules=rules, at=at
    )
    planning.run_scenario(actor=officer, scenario=scenario)
    scenario.refresh_from_db()
    planning.propose(actor=officer, scenario=scenario, at=at)
    planning.accept(actor=second, scenario=scenario, document_number=DOCUMENT, document_on=on, at=at)
    return str(scenario.public_id)


def _simulate(campaign: Campaign, now: datetime) -> None:
    """The history until now, one town far behind the others."""
    tracks = list(campaign.tracks.values_list("place_id", flat=True))
    slow = [
        row.id for row in places.towns_of(campaign.district_id, campaign.starts_on) if row.code.startswith(SLOW_TOWN)
    ]
    with writing(SYSTEM, "campaigns.simulate", action="campaigns.open", place_id=campaign.district_id, at=now):
        common: dict[str, Any] = {
            "actor": SYSTEM,
            "action": "campaigns.read",
            "place_id": campaign.district_id,
            "at": now,
        }
        photo = files.store_photo(chunks=_picture(), name="示例照片.jpg", **common)
        paper = files.store_document(chunks=f"{SAYS}\n".encode(), name="示例文件.txt", **common)
        kept = {True: files.share_file(photo, tracks, at=now), False: files.share_file(paper, tracks, at=now)}
        simulate(
            SYSTEM,
            campaign=campaign,
            until=now,
            seed=SEED,
            delay=Delay(SLOW_STEPS, frozenset(slow)),
            file_for=lambda place, is_photo: kept[is_photo][place].pk,
        )


def _picture() -> bytes:
    """A picture that says it is a sample."""
    picture = Image.new("RGB", (960, 720), (226, 239, 237))
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((120, 150, 840, 570), outline=(11, 90, 92), width=6)
    drawn.text((400, 340), "SAMPLE", fill=(11, 90, 92), font_size=48)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=80)
    return content.getvalue()
