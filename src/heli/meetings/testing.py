"""Builders of meetings, and who may open which page."""

from typing import Any

from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import EDITORS, PART, case, kept, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.meetings import services as meetings
from heli.meetings.models import Meeting
from heli.ui.testing import AccessCase, Kwargs


def meeting_of(half: Any, place: Any = None) -> Meeting:
    """A meeting in the cadre's village, or in another place."""
    where = place or half.village
    found = kept(
        half,
        f"matter_meeting_{where.pk}",
        lambda: (
            meetings.record_meeting(
                actor=half.actor("district_officer"),
                about=about_of(campaign_of(half)),
                place_id=where.pk,
                kind="report",
                title="汇报会",
                held_on=DAY,
                attendance={"cadres": 3},
                on=DAY,
            ).public_id
        ),
    )
    return Meeting.objects.get(public_id=found)


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _meeting(half: Any, place: Any = None) -> Kwargs:
    return {**_home(half), "meeting_id": meeting_of(half, place).public_id}


ACCESS: list[AccessCase] = [
    case("meetings:list", READERS, _home),
    case("meetings:new", EDITORS, _home),
    post("meetings:new", EDITORS, _home),
    case("meetings:meeting", READERS, _meeting, narrow=PART, elsewhere=lambda world: _meeting(world.a, world.a.other_village)),
    post("meetings:meeting", EDITORS, _meeting, "decide", refused=(403, 404)),
]  # fmt: skip
