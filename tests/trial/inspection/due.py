"""Whom inspections wait for."""

from django.utils.translation import ngettext

from heli.records.due import judgement, work
from tests.trial.inspection.ledger import INSPECTION
from tests.trial.inspection.models import State

DUES = (
    work(
        INSPECTION, [State.FOUND], roles=("town_officer",), leader="leader",
        says=lambda n: ngettext("%(n)s thing to mend", "%(n)s things to mend", n) % {"n": n},
    ),
    judgement(
        INSPECTION, "close", roles=("district_officer", "town_officer"),
        says=lambda n: ngettext("%(n)s thing to look at again", "%(n)s things to look at again", n) % {"n": n},
    ),
)  # fmt: skip
