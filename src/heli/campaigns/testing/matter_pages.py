"""What the pages of a campaign's matters share in tests: who reads and writes them, and one of each kind in both halves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from heli.campaigns.testing.runs import campaign_of
from heli.ui.testing import EVERYONE, STRANGER, AccessCase, Kwargs

FOREVER = date(2099, 1, 1)
EDITORS = ("district_officer", "town_officer", "department_liaison")
OVER_DISTRICT = ("district_officer", "department_liaison")
PART = ("town_officer", "village_cadre")
Build = Callable[[Any], Kwargs]


def kept(half: Any, name: str, build: Callable[[], str]) -> str:
    """Something of that half, made when first asked for; its public id."""
    if name not in half.links:
        half.links[name] = build()
    return str(half.links[name])


def of_campaign(half: Any) -> Kwargs:
    return {"public_id": campaign_of(half).public_id}


def place(half: Any) -> Kwargs:
    return {**of_campaign(half), "place": half.village.public_id}


def other_place(half: Any) -> Kwargs:
    return {**of_campaign(half), "place": half.other_village.public_id}


def case(name: str, allowed: tuple[str, ...], build: Build = of_campaign, **more: Any) -> AccessCase:
    """Who may open a page."""
    return AccessCase(name, allowed, own=lambda world: build(world.a), foreign=lambda world: build(world.b), **more)


def post(name: str, allowed: tuple[str, ...], build: Build = of_campaign, did: str = "", **more: Any) -> AccessCase:
    """Who may send its form: an empty one is refused with words."""
    given = {"success": (422,), "data": lambda world: {"did": did}, **more}
    return case(name, allowed, build, method="post", **given)


def everybody(name: str, build: Build, **more: Any) -> AccessCase:
    """A page that strangers may open."""
    return AccessCase(name, (*EVERYONE, STRANGER), own=lambda world: build(world.a), **more)
