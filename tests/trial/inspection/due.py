"""Whom inspections wait for."""

from django.utils.translation import gettext_noop, ngettext

from heli.records.due import judgement, work
from tests.trial.inspection.ledger import INSPECTION
from tests.trial.inspection.models import State

DUES = (
    work(
        INSPECTION, [State.FOUND], title=gettext_noop("Things to mend"), roles=("town_officer",),
        says=lambda n: ngettext("%(n)s thing to mend", "%(n)s things to mend", n) % {"n": n},
    ),
    judgement(
        INSPECTION, "close", title=gettext_noop("Things to look at again"), roles=("district_officer", "town_officer"),
        says=lambda n: ngettext("%(n)s thing to look at again", "%(n)s things to look at again", n) % {"n": n},
    ),
)  # fmt: skip
