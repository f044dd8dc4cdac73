"""Sittings for tests, and who may open their pages."""

from datetime import UTC, date, datetime, time
from typing import Any

from heli.assemblies.models import FourSteps, Sitting
from heli.assemblies.services import sittings, steps
from heli.campaigns.abouts import about_of
from heli.campaigns.testing.matter_pages import PART, case, kept, post
from heli.campaigns.testing.matters import DAY
from heli.campaigns.testing.runs import READERS, campaign_of
from heli.kernel.access import SYSTEM
from heli.records.abouts import About
from heli.ui.testing import AccessCase, Kwargs

KEEPERS = ("district_officer", "town_officer", "village_cadre")
CALLED = date(2026, 2, 10)


def counts(body: str = "villagers_assembly", mode: str = "households", **other: Any) -> dict[str, Any]:
    """The columns of a sitting that passes: 300 households, 240 came, 230 for, on the day of the small campaign."""
    base = {"matter": "merge_village", "held_on": DAY, "called_on": CALLED, "entitled": 300, "present": 240}
    return {**base, "votes_for": 230, "votes_against": 6, "votes_abstain": 4, "body": body, "mode": mode, **other}


def sitting_in(half: Any, place: Any = None, role: str = "district_officer", **other: Any) -> Sitting:
    """A sitting in the cadre's village, or in another place."""
    about, where = about_of(campaign_of(half)), place or half.village
    return sittings.record_sitting(
        actor=half.actor(role), about=about, place_id=where.pk, values=counts(**other), on=DAY
    )


def vote(  # noqa: PLR0917 - what a vote is made of
    about: About, place: int, on: date, matter: str, way: str, counted: tuple[int, int, int]
) -> Sitting:  # fmt: skip
    """A sitting of a way ("villagers_assembly:adults") with so many entitled, present and for, whoever records it."""
    (body, _colon, mode), (entitled, present, votes) = way.partition(":"), counted
    other = {"entitled": entitled, "present": present, "votes_for": votes, "votes_against": present - votes}
    values = counts(body, mode, matter=matter, held_on=on, called_on=None, votes_abstain=0, **other)
    return sittings.record_sitting(
        actor=SYSTEM, about=about, place_id=place, values=values, on=on, at=datetime.combine(on, time(12), UTC)
    )


def steps_in(half: Any, place: Any = None, **other: Any) -> FourSteps:
    """A matter of that village that has just begun."""
    given = {"title": "是否同意并入邻村", "matter": "merge_village", "variant": "two", **other}
    about, where = about_of(campaign_of(half)), place or half.village
    return steps.open_steps(actor=half.actor("district_officer"), about=about, place_id=where.pk, on=DAY, **given)


def meeting_held(half: Any, **other: Any) -> dict[str, Any]:
    """What is told of the meeting that proposes, on the day of the small campaign."""
    about = about_of(campaign_of(half))
    return {"about": about, "taken": ["proposed"], "held_on": DAY, "present": 5, "on": DAY, **other}


def resolved_steps(half: Any, **other: Any) -> FourSteps:
    """A matter that was proposed and discussed in one meeting, reviewed and decided on the day of the small campaign."""
    row, actor, about = (
        steps_in(half, is_one_shoulder=True, **other),
        half.actor("district_officer"),
        about_of(campaign_of(half)),
    )
    steps.hold_meeting(actor=actor, steps=row, **meeting_held(half, taken=["proposed", "discussed"]))
    few = {"entitled": 30, "present": 25, "votes_for": 20, "votes_against": 0, "votes_abstain": 0}
    for values in (counts("party_members", "", **few), counts()):
        row.refresh_from_db()
        sittings.record_sitting(actor=actor, about=about, place_id=row.place_id, values=values, steps=row, on=DAY)
    row.refresh_from_db()
    return row


def _home(half: Any) -> Kwargs:
    return {"about_id": campaign_of(half).public_id}


def _sitting(half: Any, place: Any = None) -> Kwargs:
    name = f"sitting_{(place or half.village).pk}"
    return {**_home(half), "meeting_id": kept(half, name, lambda: sitting_in(half, place).meeting.public_id)}


def _steps(half: Any, place: Any = None) -> Kwargs:
    name = f"four_steps_{(place or half.village).pk}"
    return {**_home(half), "steps_id": kept(half, name, lambda: steps_in(half, place).public_id)}


ASKED = "?sits=villagers_assembly:households&matter=merge_village&entitled=300&held_on=2026-03-20&called_on=2026-03-01"
ACCESS: list[AccessCase] = [
    AccessCase("assemblies:law", READERS),
    AccessCase("assemblies:law", READERS, query="?kind=village&on=2026-05-20&province=33"),
    AccessCase("assemblies:law", READERS, query="?kind=village&on=2010-05-20&province=99"),
    case("assemblies:list", READERS, _home),
    case("assemblies:need", READERS, _home),
    case("assemblies:need", READERS, _home, query=ASKED),
    case("assemblies:new", KEEPERS, _home, success=(303,)),
    case("assemblies:new", KEEPERS, _home, query=ASKED),
    post("assemblies:new", KEEPERS, _home),
    case("assemblies:sitting", READERS, _sitting, narrow=PART, elsewhere=lambda w: _sitting(w.a, w.a.other_village)),
    post("assemblies:sitting", KEEPERS, _sitting, refused=(403, 404)),
    case("assemblies:steps_new", KEEPERS, _home),
    post("assemblies:steps_new", KEEPERS, _home),
    case("assemblies:steps", READERS, _steps, narrow=PART, elsewhere=lambda w: _steps(w.a, w.a.other_village)),
    post("assemblies:steps", KEEPERS, _steps, "take", refused=(403, 404)),
]  # fmt: skip
