"""Builders of meetings, and who may open which page."""

from typing import Any

from heli.campaigns.testing.matter_pages import EDITORS, PART, case, kept, of_campaign, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.meetings import services as meetings
from heli.meetings.models import Meeting
from heli.ui.testing import AccessCase, Kwargs


def meeting_of(half: Any, place: Any = None) -> Meeting:
    """A meeting in the cadre's village, or in another place."""
    campaign, where = campaign_of(half), place or half.village
    found = kept(
        half,
        f"matter_meeting_{where.pk}",
        lambda: (
            meetings.record_meeting(
                actor=half.actor("district_officer"),
                campaign=campaign,
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


def _meeting(half: Any, place: Any = None) -> Kwargs:
    return {**of_campaign(half), "meeting_id": meeting_of(half, place).public_id}


ACCESS: list[AccessCase] = [
    case("meetings:list", READERS),
    case("meetings:new", EDITORS),
    post("meetings:new", EDITORS),
    case("meetings:meeting", READERS, _meeting, narrow=PART, elsewhere=lambda world: _meeting(world.a, world.a.other_village)),
    post("meetings:meeting", EDITORS, _meeting, "decide", refused=(403, 404)),
]  # fmt: skip
