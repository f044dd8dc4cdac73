"""Who is told about red weeks: the people of the town, and the people of the district who decide. By task, never about persons."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from heli.accounts import queries as accounts
from heli.campaigns.queries import Campaign
from heli.kernel.access import Actor, may
from heli.notices import services as notices
from heli.places import queries as places
from heli.warnings.models import Contest, Statement
from heli.warnings.notices import CONTESTED, GIVEN, STATEMENT
from heli.warnings.texts import week_words
from heli.warnings.types import ContestStatus, StatementStatus

ANSWER, DECIDE = "campaigns.contest", "campaigns.decide"
"""Speaking for a town about its colours, and deciding about that in the district."""


def of_town(campaign: Campaign, *, town_id: int, at: datetime) -> list[int]:
    """Who answers for the town: roles held over the town itself, or, where there are none, over what stands above it."""
    on = timezone.localdate(at)
    own = [
        actor.id
        for actor in accounts.actors_within(campaign.district_id, on)
        if actor.id is not None
        and any(grant.place_id == town_id for grant in actor.grants)
        and may(actor, ANSWER, town_id)
    ]
    return own or accounts.people_who_may(ANSWER, town_id, on)


def of_district(campaign: Campaign, *, at: datetime) -> list[int]:
    """Who decides in the district."""
    return accounts.people_who_may(DECIDE, campaign.district_id, timezone.localdate(at))


def _name(place_id: int, at: datetime) -> str:
    return places.names_at([place_id], timezone.localdate(at)).get(place_id, "")


def tell_of_statement(*, actor: Actor, statement: Statement, at: datetime) -> None:
    """The town is told that a statement is demanded or no longer so, the district that it was given; inside `writing`."""
    campaign = statement.campaign
    status = StatementStatus(statement.status)
    # Written in the language of the installation: whoever reads it is not here to ask.
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"town": _name(statement.town_id, at), "campaign": campaign.name, "due": statement.due_on}
        if status is StatementStatus.GIVEN:
            title, kind, who = _("%(town)s has given its statement (%(campaign)s)"), GIVEN, of_district(campaign, at=at)
        else:
            title = (
                _("A statement of %(town)s is demanded by %(due)s (%(campaign)s)")
                if status is StatementStatus.DEMANDED
                else _("The demand for a statement of %(town)s is withdrawn (%(campaign)s)")
            )
            kind, who = STATEMENT, of_town(campaign, town_id=statement.town_id, at=at)
        notices.notify(
            actor=actor,
            recipients=who,
            kind=kind,
            title=title % facts,
            link=reverse("warnings:statement", args=[campaign.public_id, statement.public_id]),
            about=f"statement:{statement.public_id}",
            at=at,
        )


def tell_of_contest(*, actor: Actor, contest: Contest, at: datetime) -> None:
    """The district is told of a contest, the town of its decision; inside `writing`."""
    campaign = contest.week.campaign
    is_open = contest.status == ContestStatus.OPEN
    with translation.override(settings.LANGUAGE_CODE):
        title = (
            _("%(town)s contests its red of %(week)s")
            if is_open
            else _("The red of %(town)s in %(week)s was decided upon")
        )
        notices.notify(
            actor=actor,
            recipients=of_district(campaign, at=at) if is_open else of_town(campaign, town_id=contest.town_id, at=at),
            kind=CONTESTED,
            title=title % {"town": _name(contest.town_id, at), "week": week_words(contest.week.label)},
            link=reverse("warnings:contest", args=[campaign.public_id, contest.public_id]),
            about=f"contest:{contest.public_id}",
            at=at,
        )
