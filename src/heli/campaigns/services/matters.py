"""What all writes about a campaign's matters share: where a matter stands, its number, its leader, its file, the second person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from heli.bodies import queries as bodies
from heli.bodies.queries import Holder
from heli.campaigns.models import Campaign
from heli.campaigns.types import CampaignStatus
from heli.files.services import store_document, store_photo
from heli.kernel.access import Actor, may, require
from heli.kernel.periods import is_plausible
from heli.kernel.problems import Problem, Refused
from heli.places import queries as places
from heli.places.types import Level

READ = "campaigns.read"
MATTERS = "campaigns.matters"
ACCEPT = "campaigns.accept"
FILL = "campaigns.fill"
OPINE = "campaigns.opine"
LONGEST = 4_000
"""Characters of a free text."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from a form."""

    name: str
    chunks: Iterable[bytes]


def problem(code: str, message: str, field: str = "") -> Problem:
    """A problem of a form of this context."""
    return Problem(code, message, field=field, source="campaigns" if not field else "")


def town_of(campaign: Campaign, place_id: int, on: date, field: str = "place") -> int | None:
    """The township a place of the campaign stands in (itself for a township, None for the district).

    A place that has ended stands where it last stood. Raises `Refused` for a place outside the campaign's district.
    """
    if place_id == campaign.district_id:
        return None
    row = places.version_on(place_id, on) or next(reversed(places.versions_of(place_id)), None)
    if row is None or row.district_id != campaign.district_id or row.level not in (Level.TOWNSHIP, Level.VILLAGE):
        raise Refused(problem("place_outside", _("Choose a place of this campaign's district."), field))
    return row.id if row.level is Level.TOWNSHIP else row.parent_id


def towns_of(
    campaign: Campaign, place_ids: Collection[int], on: date, field: str = "place"
) -> tuple[dict[int, int | None], dict[int, Problem]]:
    """The same for many places in one query: {place: town}, and what is wrong with those that have none."""
    rows = places.rows_of(place_ids, on)
    towns: dict[int, int | None] = {}
    problems: dict[int, Problem] = {}
    for place_id in dict.fromkeys(place_ids):
        row = rows.get(place_id)
        if row is None or row.district_id != campaign.district_id or row.level is not Level.VILLAGE:
            # Towns, the district, what has ended and what is elsewhere are few: each is asked about by itself.
            try:
                towns[place_id] = town_of(campaign, place_id, on, field)
            except Refused as refused:
                problems[place_id] = refused.problems[0]
        else:
            towns[place_id] = row.parent_id
    return towns, problems


def require_all(actor: Actor, action: str, place_ids: Collection[int]) -> None:
    """Raise `Forbidden` unless the actor may do this at every one of the places now.

    Who may at a town may at the villages that stand in it: one question per town, not per village.
    """
    rows = places.rows_of(place_ids, timezone.localdate())
    towns = {key: row.parent_id for key, row in rows.items() if row.valid_to is None and row.parent_id is not None}
    allowed = {town for town in set(towns.values()) if may(actor, action, town)}
    for place_id in dict.fromkeys(place_ids):
        if towns.get(place_id) not in allowed:
            require(actor, action, place_id)


def refuse_finished(campaign: Campaign) -> None:
    """Nothing new is begun in a finished campaign; what is open goes on to its end."""
    if campaign.status == CampaignStatus.FINISHED:
        raise Refused(problem("campaign_finished", _("This campaign is finished: nothing new is begun in it.")))


def next_number(model: type[models.Model], campaign: Campaign) -> int:
    """The next number of a list of the campaign, without gaps: who writes at the same moment waits."""
    Campaign.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=campaign.pk)
    rows = model._default_manager.filter(campaign=campaign)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def leader_of(campaign: Campaign, key: str, on: date, field: str = "leader") -> Holder:
    """Who is charged, by the key of a form. Raises `Refused` for nobody of the district."""
    holder = bodies.find_holder(key, campaign.district_id, on)
    if holder is None:
        raise Refused(
            problem("leader_unknown", _("Choose who leads this: an office-holder or an organisation."), field)
        )
    return holder


def refuse_oneself(actor: Actor, first_id: int | None) -> None:
    """The second person must be another one."""
    if first_id is not None and actor.id == first_id:
        raise Refused(problem("same_person", _("A second person decides this: you took the first step yourself.")))


def refuse_long(text: str, field: str, most: int = LONGEST) -> list[Problem]:
    """A text that is too long to be kept."""
    if len(text) <= most:
        return []
    message = _("At most %(most)s characters, please; this is %(count)s.") % {"most": most, "count": len(text)}
    return [problem("text_long", message, field)]


def check_day(day: date, field: str, *, latest: date | None = None) -> list[Problem]:
    """A day that cannot be meant, or lies after the latest possible one."""
    if not is_plausible(day):
        return [problem("day_implausible", _("This day cannot be meant."), field)]
    if latest is not None and day > latest:
        return [problem("day_in_future", _("This day has not come yet."), field)]
    return []


def raise_found(found: list[Problem]) -> None:
    """Refuse when anything was found."""
    if found:
        raise Refused(found)


def keep_file(actor: Actor, upload: Upload | None, place_id: int, *, photo: bool = False) -> Any:
    """Keep an uploaded file for those who may read campaigns at the place; inside an open `writing` block.

    Raises `Refused` for what is not what it is called.
    """
    if upload is None:
        return None
    store = store_photo if photo else store_document
    return store(actor=actor, chunks=upload.chunks, name=upload.name, action=READ, place_id=place_id)
