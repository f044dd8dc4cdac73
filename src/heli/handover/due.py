"""Whom applications and request slips wait for."""

from django.utils.translation import gettext_noop, ngettext

from heli.handover.ledger import ADMISSIONS, SLIPS
from heli.handover.models import SlipState
from heli.records.due import judgement, work

HEADING = gettext_noop("Admission and handover")
DUES = (
    judgement(
        ADMISSIONS, "admit", roles=("district_officer",), heading=HEADING, order=60,
        title=gettext_noop("Applications to decide"),
        says=lambda n: ngettext("%(n)s application to decide", "%(n)s applications to decide", n) % {"n": n},
    ),
    work(
        SLIPS, [SlipState.TAKEN], roles=("village_cadre",), heading=HEADING, order=61,
        title=gettext_noop("Requests to carry out"),
        says=lambda n: ngettext("%(n)s request to carry out", "%(n)s requests to carry out", n) % {"n": n},
    ),
)  # fmt: skip
