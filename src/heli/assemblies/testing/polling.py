"""Who may open the rehearsal of polling day."""

from typing import Any

from heli.campaigns.testing.matter_pages import case
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.ui.testing import AccessCase, Kwargs


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


ACCESS: list[AccessCase] = [
    case("assemblies:rehearsal", READERS, _home),
    case("assemblies:rehearsal", READERS, _home, query="?servers-1=3&find=1"),
    case("assemblies:rehearsal", READERS, _home, method="post", success=(422,)),
]
