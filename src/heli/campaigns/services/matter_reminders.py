"""What of a campaign's decisions and questionnaires is due, told once a day to those whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.audit.services import writing
from heli.campaigns.models import Campaign
from heli.campaigns.notices import MATTERS as KIND
from heli.campaigns.services.matters import FILL, MATTERS
from heli.inquiries.queries import unanswered
from heli.kernel.access import SYSTEM, Actor, scope
from heli.kernel.workdays import calendar
from heli.meetings.queries import to_do
from heli.notices import services as notices

SOON = 2
"""Working days before its due day from which a matter is called due."""


@dataclass(frozen=True, slots=True)
class Due:
    """A matter with a due day, and where it stands (place, town, district)."""

    where: frozenset[int]
    due_on: date


def remind_of_matters(*, campaign: Campaign, at: datetime) -> int:
    """Tell everybody in the district which matters of the campaign are theirs; on working days. Returns how many were told.

    Towns and liaisons hear of decisions that are due or late, villages of questionnaires.
    """
    on = timezone.localdate(at)
    if not calendar().is_workday(on):
        return 0
    soon = calendar().add(on, SOON)
    led, asked = _led(campaign, soon), _asked(campaign, soon)
    told = 0
    with writing(SYSTEM, "campaigns.remind", place_id=campaign.district_id, at=at) as act:
        for actor in accounts.actors_within(campaign.district_id, on):
            counts = (
                _count(led, actor, MATTERS, "town_officer", "department_liaison"),
                _count(asked, actor, FILL, "village_cadre"),
            )
            if any(counts):
                told += _tell(campaign, actor, counts, at)
        act.subject, act.after = f"campaign:{campaign.public_id}", {"told": told, "of": "matters"}
    return told


def _led(campaign: Campaign, soon: date) -> list[Due]:
    rows = to_do(campaign.public_id, soon).values_list("place_id", "town_id", "due_on")
    return [Due(_where(campaign, place, town), due) for place, town, due in rows]


def _asked(campaign: Campaign, soon: date) -> list[Due]:
    rows = unanswered(campaign.public_id, soon).values_list("place_id", "town_id", "inquiry__due_on")
    return [Due(_where(campaign, place, town), due) for place, town, due in rows]


def _where(campaign: Campaign, place: int, town: int | None) -> frozenset[int]:
    return frozenset(key for key in (place, town, campaign.district_id) if key is not None)


def _count(rows: Iterable[Due], actor: Actor, action: str, *roles: str) -> int:
    """How many of the rows are the actor's own work by role and place."""
    if not any(grant.role in roles for grant in actor.grants):
        return 0
    roots = scope(actor, action).place_ids
    return sum(bool(row.where & roots) for row in rows)


def _tell(campaign: Campaign, actor: Actor, counts: tuple[int, int], at: datetime) -> int:
    # Written in the language the installation speaks: whoever reads it is not here to ask.
    with translation.override("zh-hans"):
        facts = dict(zip(("led", "asked"), counts, strict=True))
        title = _("%(campaign)s: %(led)s decisions due, %(asked)s questionnaires to answer")
        to = "meetings" if counts[0] else "inquiries"
        return notices.notify(
            SYSTEM,
            recipients=[actor.id or 0],
            kind=KIND,
            title=title % {"campaign": campaign.name, **facts},
            link=reverse(f"{to}:list", args=[campaign.public_id]),
            about=f"campaign:{campaign.public_id}:matters",
            at=at,
        )
