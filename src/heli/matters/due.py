"""Whom matters and whistles wait for."""

from django.utils.translation import gettext_noop, ngettext

from heli.matters.ledger import MATTERS, WHISTLES
from heli.matters.ledger.matter import CHECK, DISPATCH
from heli.matters.ledger.whistle import HANDLE
from heli.matters.models import MatterState, WhistleState
from heli.records.due import judgement, work

S, W = MatterState, WhistleState
CENTRE = ("district_officer", "town_officer")
HEADING = gettext_noop("Matters")
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
        WHISTLES, [W.SENT, W.ARRIVED, W.ANSWERED], right=HANDLE, speaks_for="body", roles=("department_liaison",),
        heading=HEADING, order=43, title=gettext_noop("Whistles to answer"),
        says=lambda n: ngettext("%(n)s whistle to answer", "%(n)s whistles to answer", n) % {"n": n},
    ),
    judgement(
        WHISTLES, "accept", roles=("district_officer",), heading=HEADING, order=44, title=gettext_noop("Returns to judge"),
        says=lambda n: ngettext("%(n)s return to judge", "%(n)s returns to judge", n) % {"n": n},
    ),
    judgement(
        WHISTLES, "decline", roles=("district_officer",), heading=HEADING, order=45, title=gettext_noop("Time asked for"),
        says=lambda n: ngettext("%(n)s asks for time", "%(n)s ask for time", n) % {"n": n},
    ),
)  # fmt: skip
