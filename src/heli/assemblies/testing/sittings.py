"""Sittings for tests, and who may open their pages."""

from typing import Any

from heli.campaigns.testing.matter_pages import case
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.ui.testing import AccessCase, Kwargs

KEEPERS = ("district_officer", "town_officer", "village_cadre")


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


ACCESS: list[AccessCase] = [
    AccessCase("assemblies:law", READERS),
    case("assemblies:list", READERS, _home),
]
