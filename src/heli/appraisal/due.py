"""Whom appraisals wait for: a second person for a grade, a third for an objection."""

from django.utils.translation import gettext_noop, ngettext

from heli.appraisal.ledger import APPRAISALS
from heli.records.due import judgement

OFFICES = ("town_officer", "district_officer")
DUES = (
    judgement(
        APPRAISALS, "confirm", roles=OFFICES, title=gettext_noop("Grades to confirm"),
        says=lambda n: ngettext("%(n)s grade to confirm", "%(n)s grades to confirm", n) % {"n": n},
    ),
    judgement(
        APPRAISALS, "rule", roles=OFFICES, title=gettext_noop("Objections to a grade"),
        says=lambda n: ngettext("%(n)s objection to a grade", "%(n)s objections to a grade", n) % {"n": n},
    ),
)  # fmt: skip
