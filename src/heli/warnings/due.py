"""Whom warnings wait for: towns that owe a statement 表态, and those of the district who decide about what came of a red."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk, Waiting
from heli.warnings.queries.waiting import (
    open_contests,
    open_demands,
    open_key_villages,
    open_proposals,
    unread_statements,
)
from heli.warnings.queries.weeks import week_of_year
from heli.warnings.services.week_notices import ANSWER, DECIDE


def demanded(ask: DueAsk) -> Iterator[Waiting]:
    """Statements that towns have still to give; one query."""
    for one in open_demands(ask.abouts, ask.until):
        yield _statement(one, _("Statement on red weeks"), due_on=one.due_on)


def given(ask: DueAsk) -> Iterator[Waiting]:
    """Statements that nobody took note of; one query."""
    for one in unread_statements(ask.abouts):
        never = (one.given_by_id,) if one.given_by_id is not None else ()
        yield _statement(one, _("Statement on red weeks"), never=never)


def appraised(ask: DueAsk) -> Iterator[Waiting]:
    """What red weeks would add to a town's appraisal; one query."""
    for one in open_proposals(ask.abouts):
        yield _statement(one.statement, _("Entry in the appraisal record"))


def contested(ask: DueAsk) -> Iterator[Waiting]:
    """Reds that towns say are wrong; one query."""
    for one in open_contests(ask.abouts):
        campaign = one.week.campaign
        yield Waiting(
            title=_("Contested red of week %(number)s") % {"number": week_of_year(one.week)}, note=one.text,
            district=campaign.district_id, town=one.town_id, place=one.town_id, about=campaign.public_id,
            public_id=one.public_id, never=(one.contested_by_id,),
            link=reverse("warnings:contest", args=[campaign.public_id, one.public_id]),
        )  # fmt: skip


def proposed(ask: DueAsk) -> Iterator[Waiting]:
    """Key villages that nobody confirmed; one query."""
    for one in open_key_villages(ask.abouts):
        yield Waiting(
            title=_("Key village proposed"), district=one.campaign.district_id, place=one.place_id,
            about=one.campaign.public_id, public_id=one.public_id, never=(one.proposed_by_id,),
            link=reverse("warnings:key_village", args=[one.campaign.public_id, one.public_id]),
        )  # fmt: skip


def _statement(one: Any, title: str, **more: Any) -> Waiting:
    campaign = one.campaign
    return Waiting(
        title=title, district=campaign.district_id, town=one.town_id, place=one.town_id, about=campaign.public_id,
        public_id=one.public_id, link=reverse("warnings:statement", args=[campaign.public_id, one.public_id]), **more,
    )  # fmt: skip


DISTRICT = ("district_officer",)
DUES = (
    Due(
        id="warnings.demanded", title=gettext_noop("Statements to give"), action=ANSWER, roles=("town_officer",),
        waiting=demanded, says=lambda n: ngettext("%(n)s statement to give", "%(n)s statements to give", n) % {"n": n},
    ),
    Due(
        id="warnings.given", title=gettext_noop("Statements to take note of"), action=DECIDE, roles=DISTRICT, judges=True,
        waiting=given,
        says=lambda n: ngettext("%(n)s statement to take note of", "%(n)s statements to take note of", n) % {"n": n},
    ),
    Due(
        id="warnings.contested", title=gettext_noop("Contests to decide"), action=DECIDE, roles=DISTRICT, judges=True,
        waiting=contested, says=lambda n: ngettext("%(n)s contest to decide", "%(n)s contests to decide", n) % {"n": n},
    ),
    Due(
        id="warnings.appraised", title=gettext_noop("Appraisal entries to decide"), action=DECIDE, roles=DISTRICT, judges=True,
        waiting=appraised,
        says=lambda n: ngettext("%(n)s appraisal entry to decide", "%(n)s appraisal entries to decide", n) % {"n": n},
    ),
    Due(
        id="warnings.proposed", title=gettext_noop("Key villages to confirm"), action=DECIDE, roles=DISTRICT, judges=True,
        waiting=proposed, says=lambda n: ngettext("%(n)s key village to confirm", "%(n)s key villages to confirm", n) % {"n": n},
    ),
)  # fmt: skip
