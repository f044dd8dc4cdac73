"""The reform of the demonstration: an accepted plan of 116 villages, carried out half-way, with its weeks frozen.

Its story is counted from the day on which it is built and is the same on every day of every year: five frozen weeks, the
slow town red at the end of the last two.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.bodies import queries as in_district
from heli.bodies import services as bodies
from heli.bodies.types import BodyKind
from heli.campaigns import services as campaigns
from heli.campaigns.queries import Campaign
from heli.campaigns.queries.colours import rules_in_force
from heli.campaigns.rules.colours import WEEK, Freeze, freeze_moments, why_not_counted
from heli.campaigns.rules.playbooks import shipped_playbooks
from heli.campaigns.sample import Delay, simulate
from heli.figures.services import freeze_weeks
from heli.figures.services.reports import make_due
from heli.files import services as files
from heli.kernel.access import SYSTEM, Actor, Scope
from heli.kernel.workdays import Calendar, calendar
from heli.places import queries as places
from heli.planning import services as planning
from heli.planning.types import Goal, GoalKind, PlanRules
from heli.ui.exports import SAMPLE
from heli.web.demo_matters import Cast, simulate_matters
from heli.web.demo_posts import build_posts
from heli.web.demo_property import simulate_property

VILLAGES = 116
SEED = 20_200_628
WEEKS_IN = 5
"""So many weeks of the reform are frozen."""
RED_WEEKS = 2
"""At the end of so many of them, the last ones, the slow town is red: just long enough to owe a statement."""
FIRST_RED = 19
"""The working day of the reform on which the slow town turns red: clearing the assets is due on the 13th."""
SLOW_TOWN = "511603107"
SLOW_STEPS = frozenset({"clear-assets", "publish-clearance", "audit", "balance-sheet", "hard-problems"})
"""Clearing the assets is what keeps it behind; consultation goes on, so that the district as a whole does not wait."""
WAITING_STEPS = frozenset({"hard-problems", "balance-sheet"})
"""Of these a part waits for its judge: nothing that is due in the weeks of the story follows them."""
DOCUMENT = "前府〔{year}〕12号（示例）"

Say = Callable[[str], None]


def build_reform(district_id: int, now: datetime, say: Say) -> Campaign:
    """The plan, accepted by a second officer; the campaign over its villages; its history until now; frozen weeks."""
    officer, second = (_actor(name) for name in ("officer", "officer2"))
    story = story_at(now)
    say("planning 116 villages, accepted under a sample document")
    plan = _accepted_plan(officer, second, district_id, story.planned_on)
    say("carrying it out half-way, as a sample")
    campaign = campaigns.open_campaign(
        actor=officer,
        district_id=district_id,
        name="村级建制调整改革（示例）",
        playbook=shipped_playbooks()["village-restructuring"],
        starts_on=story.starts_on,
        scenario=plan,
        is_sample=True,
        at=story.opened_at,
    )
    _simulate(campaign, now)
    say("filling its ledgers: problems, risks, consultation, meetings, property")
    today = timezone.localdate(now)
    cast = _cast(officer, second, campaign, today)
    simulate_matters(cast, campaign=campaign, now=now, seed=SEED)
    simulate_property(cast, campaign, today=today)
    say("sharing 399 posts, as a sample")
    build_posts(officer, second, campaign, today)
    say("freezing its weeks")
    freeze_weeks(actor=SYSTEM, at=now)
    say("writing the reports of the newest week")
    make_due(actor=SYSTEM, at=now)
    return campaign


@dataclass(frozen=True, slots=True)
class Story:
    """When the reform begins, and when it was entered in Heli: around holidays not on the same day."""

    starts_on: date
    opened_at: datetime

    @property
    def planned_on(self) -> date:
        """The day of the register that was planned upon, and of the document."""
        return self.starts_on - timedelta(days=30)

    @property
    def counted_on(self) -> date:
        """The day of the newest yearly figures when it was planned."""
        return date(self.planned_on.year - 1, 12, 31)


def story_at(now: datetime) -> Story:
    """The story by the rules and the calendar of this installation."""
    zone = timezone.get_default_timezone()
    return compute_story(now, rules_in_force(now.astimezone(zone).date()).freeze, calendar(), zone)


def compute_story(now: datetime, freeze: Freeze, days: Calendar, zone: tzinfo) -> Story:
    """The story as it has to begin to stand as told at a moment: five frozen weeks, red in the last two that count.

    Weeks are frozen by the calendar and lateness is counted in working days, so that no fixed distance will do: a week has
    one working day or six around a holiday, and a Friday evening has one frozen week more than its morning. So the reform
    is opened just after the sixth week end before `now`, and begins so many working days before the first red one.
    """
    ends = freeze_moments(freeze, now - (WEEKS_IN + 1) * WEEK, now, zone)[-WEEKS_IN:]
    last_days = [moment.astimezone(zone).date() for moment in ends]
    counted = [day for day in last_days if not why_not_counted(days.count(day - WEEK, day), 1)]
    starts_on = days.day_at(days.index(counted[-RED_WEEKS]) + 1 - FIRST_RED)
    return Story(starts_on, (ends[0] - WEEK + timedelta(hours=1)).astimezone(UTC))


def _cast(officer: Actor, second: Actor, campaign: Campaign, on: date) -> Cast:
    """Two teams of supervision, and the organisations that lead the settling of problems."""
    teams = [
        bodies.add_body(
            actor=SYSTEM, name=f"第{number}督导组（示例）", kind=BodyKind.TASK_TEAM, place_id=campaign.district_id,
            on=campaign.starts_on,
        )
        for number in "一二"
    ]  # fmt: skip
    everybody = in_district.holders_in(campaign.district_id, on)
    holders = [holder for holder in everybody if not holder.is_person]
    heads = {holder.of: holder.key for holder in everybody if holder.is_person}
    keys = {holder.id: holder.key for holder in holders}
    team_keys = [keys[team.pk] for team in teams]
    leaders = [heads.get(holder.name, holder.key) for holder in holders if holder.key not in team_keys]
    return Cast(officer, second, leaders, team_keys)


def _actor(username: str) -> Actor:
    return accounts.actor_of(accounts.in_scope(Scope(everything=True)).get(username=username))


def _accepted_plan(officer: Actor, second: Actor, district_id: int, on: date) -> str:
    """A plan of 116 villages from the register of a day; its public id."""
    at = timezone.make_aware(datetime(on.year, on.month, on.day, 10)).astimezone(UTC)
    rules = PlanRules(goal=Goal(GoalKind.EXACTLY, count=VILLAGES, reduction=4095))
    scenario = planning.create_scenario(
        actor=officer, district_id=district_id, name="前锋区 254→116（示例）", on=on, rules=rules, at=at
    )
    planning.run_scenario(actor=officer, scenario=scenario)
    scenario.refresh_from_db()
    planning.propose(actor=officer, scenario=scenario, at=at)
    document = DOCUMENT.format(year=on.year)
    planning.accept(actor=second, scenario=scenario, document_number=document, document_on=on, at=at)
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
        paper = files.store_document(chunks=f"{SAMPLE}\n".encode(), name="示例文件.txt", **common)
        kept = {
            True: files.share_file(photo, place_ids=tracks, at=now),
            False: files.share_file(paper, place_ids=tracks, at=now),
        }
        simulate(
            SYSTEM,
            campaign=campaign,
            until=now,
            seed=SEED,
            delay=Delay(SLOW_STEPS, WAITING_STEPS, frozenset(slow)),
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
