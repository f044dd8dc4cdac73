"""Playbooks drawn in a line, campaigns over the small world of two districts, and who may open the pages of runs."""

from datetime import UTC, date, datetime
from typing import Any

from heli.campaigns import services
from heli.campaigns.models import Campaign, Step
from heli.campaigns.rules.playbooks import parse_playbook
from heli.campaigns.types import Playbook
from heli.ui.testing import AccessCase

STARTS = date(2026, 3, 2)
OPENED = datetime(2026, 3, 2, 1, tzinfo=UTC)
LEAST = {
    "village": "village_cadre",
    "town": "town_officer",
    "district": "district_officer",
    "successor": "village_cadre",
}
ABOVE = {
    "village": "town_officer",
    "town": "district_officer",
    "district": "district_officer",
    "successor": "town_officer",
}


def draw_playbook(*lines: str, version: int = 1, more: dict[str, str] | None = None) -> Playbook:
    """A playbook of one stage from lines like "ask village 3 < plan": key, per, planned days, what it comes after.

    `more` adds raw TOML to a step by key: {"ask": 'gates = ["campaigns.risk_signed"]'}.
    """
    parts = [
        f'id = "drawn"\nversion = {version}\nvalid_from = 2026-01-01\njurisdiction = "CN"\nsource = "drawn in a test"',
        'title = { zh = "画的", en = "Drawn" }\nabout = { zh = "测试", en = "For tests" }',
        '[[stages]]\nkey = "only"\ntitle = { zh = "阶段", en = "Stage" }',
    ]
    for line in lines:
        left, _arrow, right = line.partition("<")
        key, per, days = (*left.split(), "1")[:3]
        after = ", ".join(f'"{name}"' for name in right.split())
        parts.append(
            f'[[stages.steps]]\nkey = "{key}"\ntitle = {{ zh = "{key}", en = "{key}" }}\nper = "{per}"\n'
            f'does = "{LEAST[per]}"\naccepts = "{ABOVE[per]}"\ndays = {days}\nafter = [{after}]\nlaw = "test"\n'
            + (more or {}).get(key, "")
        )
    return parse_playbook("\n\n".join(parts) + "\n", "drawn.toml")


SMALL = (
    "lead district 1",
    "ask village 3 < lead",
    "sum town 2 < ask",
    "close district 1 < sum",
)
"""A run that has every level: the district begins, villages ask, towns sum up, the district closes."""


def open_drawn(half: Any, *lines: str, name: str = "村改", starts_on: date = STARTS, **more: Any) -> Campaign:
    """A campaign over the villages of one half of the world (heli.accounts.testing), opened by its district officer."""
    return services.open_campaign(
        actor=half.actor("district_officer"),
        district_id=half.district.pk,
        name=name,
        playbook=more.pop("playbook", None) or draw_playbook(*(lines or SMALL)),
        starts_on=starts_on,
        at=more.pop("at", OPENED),
        **more,
    )


def campaign_of(half: Any) -> Campaign:
    """The one campaign of that half, opened when first asked for."""
    if "campaign" not in half.links:
        half.links["campaign"] = open_drawn(half).public_id
    return Campaign.objects.get(public_id=half.links["campaign"])


def step_of(campaign: Campaign, place: Any, key: str) -> Step:
    """A step by its place and key."""
    return Step.objects.get(campaign=campaign, track__place=place, key=key)


READERS = ("district_officer", "town_officer", "village_cadre", "department_liaison", "auditor")
OVER_DISTRICT = ("district_officer",)


def own(world: Any) -> dict[str, Any]:
    """Keyword arguments of the home district's campaign."""
    return {"public_id": campaign_of(world.a).public_id}


def foreign(world: Any) -> dict[str, Any]:
    """Keyword arguments of the other district's campaign."""
    return {"public_id": campaign_of(world.b).public_id}


FILLERS = ("district_officer", "town_officer", "village_cadre", "department_liaison")


def _village(half: Any) -> dict[str, Any]:
    return {"public_id": campaign_of(half).public_id, "place": half.village.public_id}


def _step(half: Any) -> dict[str, Any]:
    return {**_village(half), "key": "ask"}


def _elsewhere(world: Any) -> dict[str, Any]:
    return {"public_id": campaign_of(world.a).public_id, "place": world.a.other_village.public_id}


def _column(half: Any) -> dict[str, Any]:
    return {"public_id": campaign_of(half).public_id, "key": "ask"}


def _case(name: str, allowed: tuple[str, ...] = READERS, **more: Any) -> AccessCase:
    return AccessCase(f"campaigns:{name}", allowed, own=own, foreign=foreign, **more)


PART = ("town_officer", "village_cadre")
"""Who sees a part of the district only."""

ACCESS: list[AccessCase] = [
    AccessCase("campaigns:list", READERS),
    AccessCase("campaigns:new", OVER_DISTRICT),
    AccessCase("campaigns:new", OVER_DISTRICT, method="post", success=(422,)),
    _case("campaign"),
    _case("campaign", query="?first=0&colour=red&town=1&q=x"),
    _case("tasks"),
    _case("timetable"),
    _case("work_points"),
    _case("work_points", query="?on=2026-03-04"),
    _case("settings", OVER_DISTRICT, refused=(403,)),
    _case("settings", OVER_DISTRICT, method="post", data=lambda world: {"did": "pause"}, success=(422,)),
    _case("fill", FILLERS),
    _case("fill", FILLERS, method="post", success=(422,)),
    _case("fill_form", FILLERS),
    AccessCase(
        "campaigns:sheet",
        READERS,
        own=lambda world: _village(world.a),
        foreign=lambda world: _village(world.b),
        elsewhere=_elsewhere,
        narrow=PART,
    ),
    AccessCase(
        "campaigns:step",
        READERS,
        own=lambda world: _step(world.a),
        foreign=lambda world: _step(world.b),
        elsewhere=lambda world: {**_elsewhere(world), "key": "ask"},
        narrow=PART,
    ),
    AccessCase(
        "campaigns:step",
        ("district_officer", "village_cadre", "town_officer"),
        own=lambda world: _step(world.a),
        foreign=lambda world: _step(world.b),
        elsewhere=lambda world: {**_elsewhere(world), "key": "ask"},
        narrow=PART,
        method="post",
        data=lambda world: {"did": "submit"},
        success=(422,),
    ),
    AccessCase("campaigns:column", READERS, own=lambda world: _column(world.a), foreign=lambda world: _column(world.b)),
]
