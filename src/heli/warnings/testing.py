"""Runs with a written history: rows made directly, so that any past can be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from heli.audit.testing import unaudited
from heli.campaigns.models import Campaign, Pause, PinnedPlaybook, Step, StepEvent, Track
from heli.campaigns.queries.colours import rules_in_force
from heli.campaigns.rules.colours import pinned
from heli.campaigns.types import CampaignStatus, Did, StepStatus
from heli.kernel.access import SYSTEM
from heli.kernel.ids import new_public_id
from heli.kernel.levels import Per
from heli.places.queries import villages_of
from heli.places.testing import Register, draw_register
from heli.ui.testing import AccessCase
from heli.warnings.models import Contest, FrozenWeek, KeyVillage, Statement
from heli.warnings.rules.key_villages import Reason
from heli.warnings.services.key_villages import propose_key_village
from heli.warnings.services.statements import contest_red
from heli.warnings.services.weeks import freeze_due
from heli.warnings.types import Tier

MONDAY = date(2026, 3, 2)
"""The first day of a drawn run; 9:00 in Shanghai is 1:00 UTC."""
AFTER: Mapping[Did, StepStatus] = {
    Did.STARTED: StepStatus.IN_PROGRESS,
    Did.SUBMITTED: StepStatus.SUBMITTED,
    Did.WITHDREW: StepStatus.IN_PROGRESS,
    Did.RETURNED: StepStatus.RETURNED,
    Did.ACCEPTED: StepStatus.ACCEPTED,
    Did.WAIVED: StepStatus.WAIVED,
    Did.REOPENED: StepStatus.IN_PROGRESS,
    Did.MOVED: StepStatus.MOVED,
    Did.ENDED: StepStatus.ENDED,
}


def moment(days: int, hours: int = 0) -> datetime:
    """Nine o'clock in the morning so many days after the first Monday, and some hours."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, 1, tzinfo=UTC) + timedelta(days=days, hours=hours)


def ends(week: int) -> datetime:
    """The end of the n-th week, from 1: Friday at five in the afternoon."""
    return moment(4 + 7 * (week - 1), 8)


@dataclass(slots=True)
class DrawnCampaign:
    """A campaign over drawn villages, with a step of each key for every village."""

    register: Register
    campaign: Campaign

    @classmethod
    def draw(
        cls, drawing: Mapping[str, str], days: Mapping[str, int], *, code: str = "511603", name: str = "村改"
    ) -> "DrawnCampaign":
        """A campaign begun on the first Monday: `days` are the planned working days of each step, one after another."""
        register = draw_register(drawing, code=code)
        return cls.over(register, days, towns=list(drawing), name=name)

    @classmethod
    def over(
        cls, register: Register, days: Mapping[str, int], *, towns: list[str], name: str = "村改"
    ) -> "DrawnCampaign":
        """The same over a register that is there."""
        at = moment(0, -1)
        text = playbook_text(days)
        with unaudited():
            playbook, _made = PinnedPlaybook.objects.get_or_create(
                sha256=sha256(text.encode()).hexdigest(),
                defaults={"key": "drawn", "version": 1, "title": "画的", "text": text, "pinned_at": at},
            )
            campaign = Campaign.objects.create(
                public_id=new_public_id(),
                district_id=register.district,
                name=name,
                playbook=playbook,
                starts_on=MONDAY,
                windows={key: [start.isoformat(), due.isoformat()] for key, start, due in windows(days)},
                **pinned(rules_in_force(MONDAY)),
                opened_by="test",
                opened_at=at,
            )
            run = cls(register, campaign)
            Track.objects.create(campaign=campaign, place_id=register.district, per=Per.DISTRICT, created_at=at)
            for town in towns:
                Track.objects.create(
                    campaign=campaign, place_id=register[town], town_id=register[town], per=Per.TOWN, created_at=at
                )
            for row in villages_of(register.district, MONDAY, outlines=False):
                track = Track.objects.create(
                    campaign=campaign, place_id=row.id, town_id=row.parent_id, per=Per.VILLAGE, created_at=at
                )
                run.add_steps(track, days, at)
        return run

    def add_steps(self, track: Track, days: Mapping[str, int], at: datetime) -> None:
        """Steps of a track, not begun."""
        Step.objects.bulk_create(
            Step(
                campaign=self.campaign,
                track=track,
                key=key,
                ordinal=ordinal,
                start_on=start,
                baseline_on=due,
                due_on=due,
                created_at=at,
            )
            for ordinal, (key, start, due) in enumerate(windows(days))
        )

    def step(self, village: str, key: str) -> Step:
        """A step by its village and key."""
        return Step.objects.get(campaign=self.campaign, track__place_id=self.register[village], key=key)

    def log(
        self,
        village: str,
        key: str,
        did: Did,
        at: datetime,
        *,
        due_on: date | None = None,
        submitted_on: date | None = None,
        reason: str = "",
    ) -> None:
        """Something happened to a step: the entry, and the row as it stands after it."""
        step = self.step(village, key)
        step.status = AFTER.get(did, step.status)
        step.due_on = due_on or step.due_on
        day = (at + timedelta(hours=8)).date()
        if did is Did.SUBMITTED:
            step.submitted_on = submitted_on or day
        if did is Did.ACCEPTED:
            step.accepted_on = day
        with unaudited():
            step.save()
            StepEvent.objects.create(
                campaign=self.campaign,
                step=step,
                at=at,
                did=did,
                status=step.status,
                due_on=step.due_on,
                submitted_on=step.submitted_on,
                by_name="test",
                reason=reason,
            )

    def do(self, village: str, key: str, at: datetime) -> None:
        """Submitted and accepted at once."""
        self.log(village, key, Did.SUBMITTED, at)
        self.log(village, key, Did.ACCEPTED, at)

    def pause(self, begins: date, ends: date | None = None) -> None:
        """Let the campaign rest."""
        with unaudited():
            Pause.objects.create(
                campaign=self.campaign, valid_from=begins, valid_to=ends, reason="防汛", paused_by="test"
            )

    def end(self, village: str, *, into: str, at: datetime) -> None:
        """A village goes on in another; its open steps end."""
        with unaudited():
            track = Track.objects.get(campaign=self.campaign, place_id=self.register[village])
            track.successor = Track.objects.get(campaign=self.campaign, place_id=self.register[into])
            track.ended_at = at
            track.save()
        for step in Step.objects.filter(track=track):
            self.log(village, step.key, Did.ENDED, at)

    def finish(self, at: datetime) -> None:
        """The campaign is over."""
        with unaudited():
            Campaign.objects.filter(pk=self.campaign.pk).update(status=CampaignStatus.FINISHED, finished_at=at)
        self.campaign.refresh_from_db()


def windows(days: Mapping[str, int]) -> list[tuple[str, date, date]]:
    """First and due day of each step, one after another, on plain weekdays from the first Monday."""
    found, start = [], MONDAY
    for key, count in days.items():
        due = start
        for _ in range(count - 1):
            due = _next(due)
        found.append((key, start, due))
        start = _next(due)
    return found


def _next(day: date) -> date:
    day += timedelta(days=1)
    return day + timedelta(days=2) if day.weekday() == 5 else day


def playbook_text(days: Mapping[str, int]) -> str:
    """A playbook of one stage whose village steps follow each other."""
    head = (
        'id = "drawn"\nversion = 1\nvalid_from = 2026-01-01\njurisdiction = "CN"\nsource = "drawn in a test"\n'
        'title = { zh = "画的", en = "Drawn" }\nabout = { zh = "测试", en = "For tests" }\n'
        '[[stages]]\nkey = "only"\ntitle = { zh = "阶段", en = "Stage" }\n'
    )
    parts, before = [], ""
    for key, count in days.items():
        parts.append(
            f'[[stages.steps]]\nkey = "{key}"\ntitle = {{ zh = "{key}", en = "{key}" }}\nper = "village"\n'
            f'does = "village_cadre"\naccepts = "town_officer"\ndays = {count}\n'
            f'after = [{before}]\nlaw = "test"\n'
        )
        before = f'"{key}"'
    return head + "".join(parts)


# --- who may open what -------------------------------------------------------------------------------------------------


def run_of(half: Any) -> DrawnCampaign:
    """A run of that half in which its first town has been red for two frozen weeks; made when first asked for."""
    if "run" in half.links:
        return DrawnCampaign(half.register, Campaign.objects.get(public_id=half.links["run"]))
    run = DrawnCampaign.over(half.register, {"ask": 5}, towns=list(half.towns), name="已冻结")
    freeze_due(actor=SYSTEM, at=ends(4))
    half.links["run"] = run.campaign.public_id
    return run


def contest_of(half: Any) -> Contest:
    """A contest of the first town's last red."""
    run = run_of(half)
    made = Contest.objects.filter(week__campaign=run.campaign).first()
    week = FrozenWeek.objects.filter(campaign=run.campaign).latest("number")
    return made or contest_red(actor=half.actor("town_officer"), week=week, town_id=half.town.pk, text="不服")


def key_village_of(half: Any) -> KeyVillage:
    """A proposed key village."""
    run = run_of(half)
    made = KeyVillage.objects.filter(campaign=run.campaign).first()
    return made or propose_key_village(
        actor=half.actor("town_officer"),
        campaign=run.campaign,
        place_id=half.village.pk,
        tier=Tier.TOWN,
        reasons=[Reason("debts", 3)],
        on=MONDAY,
    )


def _campaign(half: Any) -> dict[str, Any]:
    return {"public_id": run_of(half).campaign.public_id}


def _week(half: Any) -> dict[str, Any]:
    return _campaign(half) | {"number": 4}


def _red(half: Any) -> dict[str, Any]:
    return _week(half) | {"place": half.town.public_id}


def _contest(half: Any) -> dict[str, Any]:
    return _campaign(half) | {"contest_id": contest_of(half).public_id}


def _statement(half: Any, town: int = 0) -> dict[str, Any]:
    run = run_of(half)
    found = Statement.objects.get(campaign=run.campaign, town=half.place(half.towns[town]))
    return _campaign(half) | {"statement_id": found.public_id}


def _key(half: Any) -> dict[str, Any]:
    return _campaign(half) | {"key_id": key_village_of(half).public_id}


def _case(name: str, allowed: tuple[str, ...], build: Callable[[Any], dict[str, Any]], **more: Any) -> AccessCase:
    return AccessCase(
        f"warnings:{name}", allowed, own=lambda world: build(world.a), foreign=lambda world: build(world.b), **more
    )


READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
WHOLE = ("district_officer",)
TOWNS = ("district_officer", "town_officer")
ACCESS: list[AccessCase] = [
    *(_case(name, READERS, _campaign) for name in ("weeks", "statements", "forecast", "critical", "key_villages")),
    _case("weeks", WHOLE, _campaign, method="post", success=(303,)),
    _case("charts", READERS, _campaign),
    _case("week", READERS, _week),
    _case("new_contest", TOWNS, _red),
    _case("new_contest", TOWNS, _red, method="post", success=(422,)),
    _case(
        "contest", ("district_officer", "town_officer", "department_liaison", "auditor"), _contest, refused=(403, 404)
    ),
    _case("contest", WHOLE, _contest, method="post", success=(422,), refused=(403, 404)),
    _case(
        "statement", ("district_officer", "town_officer", "department_liaison", "auditor"), _statement,
        refused=(403, 404), elsewhere=lambda world: _statement(world.a, 1), narrow=("town_officer",),
    ),
    _case("statement", WHOLE, _statement, method="post", success=(422,), refused=(403, 404)),
    _case("new_key_village", ("district_officer", "town_officer", "department_liaison"), _campaign),
    _case(
        "new_key_village", ("district_officer", "town_officer", "department_liaison"), _campaign, method="post",
        success=(422,),
    ),
    _case("key_village", READERS, _key),
    _case("key_village", WHOLE, _key, method="post", success=(422,)),
]  # fmt: skip


def red_town(half: Any) -> DrawnCampaign:
    """A run over the home district in which the town officer's town has been red for two weeks."""
    drawn = DrawnCampaign.over(half.register, {"ask": 5}, towns=list(half.towns))
    drawn.do("光明村", "ask", moment(1))
    drawn.do("水口村", "ask", moment(1))
    freeze_due(actor=SYSTEM, at=ends(3))
    return drawn
