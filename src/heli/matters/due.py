"""Whom matters and whistles wait for."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext_noop, ngettext

from heli.kernel.declare import Due, DueAsk
from heli.kernel.workdays import calendar
from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.ledger.matter import CHECK, DISPATCH, JUDGE
from heli.matters.ledger.whistle import HANDLE, RUNNING, URGE
from heli.matters.models import MatterState
from heli.matters.rules.urging import BEFORE, Urgency
from heli.records.due import judgement, work

S = MatterState
CENTRE = ("district_officer", "town_officer")
HEADING = gettext_noop("Matters")


def urging(
    colour: Urgency, right: str, role: str, *, title: str, order: int, more: Callable[[DueAsk], Mapping[str, object]]
) -> Due:
    """Whistles that a level urges in its colour; the next day they are the next level's."""
    return work(
        WHISTLES, RUNNING, right=right, name=f"urge_{colour.value}", roles=(role,), heading=HEADING, order=order, more=more,
        title=title, says=lambda n: ngettext("%(n)s whistle to urge", "%(n)s whistles to urge", n) % {"n": n},
    )  # fmt: skip


DUES = (
    work(
        MATTERS, [S.COLLECTED, S.FILED, S.CHECKED, S.TOLD, S.CALLED], right=DISPATCH, roles=CENTRE, heading=HEADING, order=40,
        title=gettext_noop("Matters to lead on"),
        says=lambda n: ngettext("%(n)s matter to lead on", "%(n)s matters to lead on", n) % {"n": n},
    ),
    work(
        MATTERS, [S.HANDLED], right=CHECK, name="sites", roles=("town_officer", "village_cadre", "grid_worker"),
        heading=HEADING, order=41, title=gettext_noop("Matters to look at on site"),
        says=lambda n: ngettext("%(n)s matter to look at on site", "%(n)s matters to look at on site", n) % {"n": n},
    ),
    judgement(
        MATTERS, "confirm", roles=("district_officer",), heading=HEADING, order=42,
        title=gettext_noop("Matters said to be impossible"),
        says=lambda n: ngettext("%(n)s matter said to be impossible", "%(n)s matters said to be impossible", n) % {"n": n},
    ),
    work(
        WHISTLES, RUNNING, right=HANDLE, speaks_for="body", roles=("department_liaison",),
        heading=HEADING, order=43, title=gettext_noop("Whistles to answer"),
        says=lambda n: ngettext("%(n)s whistle to answer", "%(n)s whistles to answer", n) % {"n": n},
    ),
    judgement(
        WHISTLES, "accept", roles=("district_officer",), heading=HEADING, order=44, title=gettext_noop("Returns to judge"),
        says=lambda n: ngettext("%(n)s return to judge", "%(n)s returns to judge", n) % {"n": n},
    ),
    urging(Urgency.YELLOW, URGE, "village_cadre", order=46, title=gettext_noop("Whistles to urge in yellow"), more=lambda ask: {
        "due_on__gt": ask.on, "due_on__lte": calendar().add(ask.on, BEFORE), "urged": "", "whistled_on__lt": ask.on,
    }),
    urging(Urgency.ORANGE, DISPATCH, "town_officer", order=47, title=gettext_noop("Whistles to urge in orange"), more=lambda ask: {
        "due_on": ask.on, "urged__in": ["", Urgency.YELLOW.value], "whistled_on__lt": ask.on,
    }),
    urging(Urgency.RED, JUDGE, "district_officer", order=48, title=gettext_noop("Whistles to urge in red"), more=lambda ask: {
        "due_on__lt": ask.on, "urged__in": ["", Urgency.YELLOW.value, Urgency.ORANGE.value],
    }),
    work(
        WHISTLES, RUNNING, right=HANDLE, name="urged", speaks_for="body", roles=("department_liaison",), heading=HEADING,
        order=49, more=lambda _ask: {"urged__gt": "", "replied_on": None, "due_on__lte": date.max},
        title=gettext_noop("To answer to being urged"),
        says=lambda n: ngettext("%(n)s to answer to being urged", "%(n)s to answer to being urged", n) % {"n": n},
    ),
    judgement(
        WHISTLES, "decline", roles=("district_officer",), heading=HEADING, order=45,
        title=gettext_noop("Time or another department asked for"),
        says=lambda n: ngettext("%(n)s asks for time or to hand on", "%(n)s ask for time or to hand on", n) % {"n": n},
    ),
)  # fmt: skip
