"""Who may open the rehearsal of polling day and the polling pack."""

from typing import Any

from heli.assemblies.testing.elections import KEEPERS, open_contest
from heli.campaigns.testing.matter_pages import case
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.ui.testing import AccessCase, Kwargs


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


ACCESS: list[AccessCase] = [
    case("assemblies:rehearsal", READERS, _home),
    case("assemblies:rehearsal", READERS, _home, query="?servers-1=3&find=1"),
    case("assemblies:rehearsal", READERS, _home, method="post", success=(422,)),
    case("assemblies:pack", KEEPERS, open_contest, refused=(403,)),
]
